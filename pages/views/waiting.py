"""What waits for a person, and how each kind of it is answered.

Belongs here: the words. Must stay out: which points are open (`tasks/publish/open_points.py`).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pages.views.words import POINT_NAMES, country_name, in_words
from programme.counts import counted
from programme.vocabulary import OPEN_POINT_KINDS, OpenPointKind

RECORD = "city2city decide {round}"
WHY = "--reason TEXT --by WHO"
ANSWERS: dict[OpenPointKind, str] = {
    "declined": f"Withdraw the application: {RECORD} withdraw APPLICATION {WHY}. Release its twinning where "
    "it is confirmed, run the round, approve, and send letters.",
    "silent": f"Ask the city once more. Then {RECORD} accept_place APPLICATION {WHY}, or decline_place.",
    "reconsider": f"Look at it again. Then {RECORD} reconsider APPLICATION upheld|changed|taken_back {WHY}",
    "letter": f"A letter came back or has no address: {RECORD} change_contact APPLICATION --contact "
    f"'NAME <ADDRESS>' {WHY}. One whose sending was cut short: city2city letters {{round}} says what to do.",
    "at_risk": f"Settle what is open of the city, or dissolve the twinning: {RECORD} release TWINNING {WHY}",
    "set_aside": "Ask the applicant (the early scan drafts the letter). Then mend the cell with a line in "
    "the round's corrections file, or have the form sent again.",
    "country": "Ask the applicant (the early scan drafts the letter). Then mend the cell with a line in the "
    "round's corrections file, or have the form sent again.",
    "link": f"{RECORD} link APPLICATION cohort|gcom REGISTER_ID {WHY}, or no_link where it has no row",
    "contested": "Two senders apply for one city. Ask the city which form stands, then: "
    f"{RECORD} merge STANDS REPLACED {WHY}, or withdraw APPLICATION",
    "replaced": "Another sender's form stands in the place of an earlier one. Ask the city whether that is "
    f"right, then: {RECORD} merge STANDS REPLACED {WHY}",
    "rule": f"{RECORD} rule APPLICATION RULE OUTCOME {WHY}",
    "place": "Ask the city (the early scan drafts a letter). Until you agree, it takes no part on the topic. "
    f"If the topic makes sense there: {RECORD} waive APPLICATION topic_place {WHY}",
    "conflict": f"Ask the evaluator. Where it is none: {RECORD} no_conflict EVALUATOR APPLICATION {WHY}",
    "consent": "Ask the city for its consent or for another contact, and correct the form. Until then its "
    "contact is given to nobody.",
    "disputed": "Let the evaluators talk: the chair's workbook (city2city assign --collect) has every score. "
    "New scores go into the evaluations.",
    "unconfirmed": f"{RECORD} confirm TWINNING {WHY}",
}
"""How each kind of open point is answered."""

OFFICE, COMMITTEE, CHAIR = "the office", "the committee", "the chair of the evaluators"
OWNERS: dict[OpenPointKind, str] = {
    "declined": COMMITTEE,
    "reconsider": COMMITTEE,
    "at_risk": COMMITTEE,
    "unconfirmed": COMMITTEE,
    "conflict": CHAIR,
    "disputed": CHAIR,
}
"""Whose a kind of open point is; every other kind is the office's."""
_DECIDE = {
    "declined": "withdraw {subject}",
    "silent": "accept_place {subject}",
    "reconsider": "reconsider {subject} upheld",
    "letter": "change_contact {subject} --contact 'NAME <ADDRESS>'",
    "link": "link {subject} {about} REGISTER_ID",
    "contested": "merge {subject} REPLACED",
    "replaced": "merge {subject} REPLACED",
    "rule": "rule {subject} {about} met",
    "place": "waive {subject} topic_place",
    "conflict": "no_conflict EVALUATOR {subject}",
    "consent": "share_contact {subject}",
    "unconfirmed": "confirm {subject}",
}
_OTHERWISE = {
    "at_risk": "city2city explain {round} {subject}",
    "set_aside": "city2city scan {round}",
    "country": "city2city scan {round}",
    "disputed": "city2city assign {round} --collect DIR",
}


def owner_of(kind: OpenPointKind) -> str:
    """Who answers an open point of this kind."""
    return OWNERS.get(kind, OFFICE)


def ready_command(row: Mapping[str, Any], round_id: str) -> str:
    """The command that answers an open point, with its ids; what only a person knows is in capitals."""
    kind = row["kind"]
    words = {"round": round_id, "subject": _word(row["subject"]), "about": _word(row["about"])}
    if kind in _DECIDE:
        return f"{RECORD} {_DECIDE[kind]} {WHY}".format(**words)
    return _OTHERWISE[kind].format(**words)


def _word(text: str | None) -> str:
    """A text as one word of a command, quoted where a shell would take it apart."""
    return shlex.quote(text or "")


def with_commands(points: Iterable[Mapping[str, Any]], round_id: str) -> list[dict[str, Any]]:
    """Open points as rows, each with its owner and the command that answers it."""
    return [
        {
            "kind": in_words(row["kind"]),
            "owner": owner_of(row["kind"]),
            **{name: row[name] for name in ("subject", "city_name", "country_iso3", "about", "evidence")},
            "command": ready_command(row, round_id),
        }
        for row in points
    ]


def waiting_by_owner(points: Iterable[Mapping[str, Any]]) -> list[str]:
    """What waits for whom, one sentence for each of them."""
    counts: dict[str, dict[OpenPointKind, int]] = {}
    for row in points:
        kinds = counts.setdefault(owner_of(row["kind"]), {})
        kinds[row["kind"]] = kinds.get(row["kind"], 0) + 1
    return [f"For {owner}: {open_points_text(kinds)}" for owner, kinds in sorted(counts.items())]


@dataclass(frozen=True)
class OpenPoint:
    """One point: whose it is (an application's or a twinning's id, and the city or cities), what of it, and
    what is known.
    """

    subject: str
    city: str
    about: str
    evidence: str


@dataclass(frozen=True)
class PointGroup:
    """The open points of one kind, with how they are answered."""

    kind: OpenPointKind
    title: str
    answer: str
    points: tuple[OpenPoint, ...]


def open_points_text(points: Mapping[OpenPointKind, int]) -> str:
    """The number of open points, and of each kind, in one sentence."""
    if not points:
        return "No open points."
    kinds = ", ".join(f"{in_words(kind)} {count}" for kind, count in points.items())
    return f"{counted(sum(points.values()), 'open point')}: {kinds}."


def point_groups(points: pl.DataFrame, round_id: str) -> list[PointGroup]:
    """Open points (`open_points` of `tasks/publish/open_points.py`) by kind, the most urgent kind first."""
    by_kind: dict[OpenPointKind, list[OpenPoint]] = {kind: [] for kind in OPEN_POINT_KINDS}
    for row in points.iter_rows(named=True):
        country = f", {country_name(row['country_iso3'])}" if row["country_iso3"] else ""
        city = f"{row['city_name'] or 'City unknown'}{country}"
        by_kind[row["kind"]].append(
            OpenPoint(row["subject"], city, in_words(row["about"] or ""), row["evidence"] or "")
        )
    return [
        PointGroup(kind, POINT_NAMES[kind], ANSWERS[kind].format(round=round_id), tuple(found))
        for kind, found in by_kind.items()
        if found
    ]
