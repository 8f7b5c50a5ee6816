"""How an open point can be answered: each answer with the decision that it records.

The desk and the review workbook offer the same answers. Belongs here: which answers a point has, and which
decision answers it. Must stay out: what a decision does (`tasks/decisions`), and recording it (`flows/`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import polars as pl

from pages.views.words import in_words
from programme.letter_vocabulary import RECONSIDER_OUTCOMES
from programme.vocabulary import (
    OPEN_POINT_KINDS,
    DecisionKind,
    OpenPointKind,
    Register,
)
from tasks.decisions.effective import effective_decisions

Tables = Mapping[str, pl.DataFrame]
Row = Mapping[str, Any]
TWINNING = re.compile(r"T-\d{4}-\d{2}-[0-9a-f]{8,}")
"""A twinning's id in a sentence."""
_OFFERED = re.compile(r"\(([\w.-]+)\) -?\d+ points")
REGISTER_NAMES: dict[Register, str] = {"cohort": "City Cohort", "gcom": "GCoM list"}


@dataclass(frozen=True)
class Answer:
    """One answer of a point: its name within the point, its words, and the decision that it stands for.

    `asks` names what a person has to add: a register's row, an evaluator, or a contact. `conditional` says
    that a twinning is confirmed although something is outstanding. `tone` is good, bad or plain.
    """

    name: str
    label: str
    kind: DecisionKind
    subject: str
    object: str | None = None
    value: str | None = None
    asks: str = ""
    conditional: bool = False
    tone: str = ""

    @property
    def phrases(self) -> str:
        """The key of the office's phrases for this answer."""
        return str(self.value) if self.kind == "rule" else self.kind


def point_id(point: Row) -> str:
    """The id of an open point: the same as long as kind, subject, matter and evidence are."""
    said = "\x1f".join(str(point[name] or "") for name in ("kind", "subject", "about", "evidence"))
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]


SETTLED_OUTSIDE: tuple[OpenPointKind, ...] = ("set_aside", "country", "disputed")
"""Kinds of points that no decision settles: an applicant is asked, an input corrected, evaluators talk."""


def answers(point: Row, tables: Tables, rows: Sequence[str] = ()) -> tuple[Answer, ...]:
    """The answers of a point (a row of `open_points`), the most likely first.

    `rows` are ids of register rows that may be the city. A point of a kind that is settled outside has none,
    but that its city withdraws.
    """
    kind: OpenPointKind = point["kind"]
    makers: Mapping[str, Callable[[Row, Tables, Sequence[str]], tuple[Answer, ...]]] = {
        "link": _link,
        "rule": _rule,
        "place": _place,
        "conflict": _conflict,
        "unconfirmed": _unconfirmed,
        "at_risk": _at_risk,
        "declined": _declined,
        "silent": _silent,
        "reconsider": _reconsider,
        "letter": _letter,
        "consent": _consent,
        "contested": _same_city,
        "replaced": _same_city,
    }
    made = makers[kind](point, tables, rows) if kind in makers else ()
    return (*made, *_withdraw(point, tables))


def is_answered_by(point: Row, decision: Row) -> bool:
    """Whether a decision is about what a point asks."""
    kinds, is_about = _ABOUT.get(decision["kind"], ((), _same_subject))
    return point["kind"] in kinds and is_about(point, decision)


def answered_by(point: Row, decisions: Sequence[Row]) -> Row | None:
    """The decision that answers a point, the newest of several; None while it is open."""
    return next((one for one in reversed(decisions) if is_answered_by(point, one)), None)


def pending(recorded: pl.DataFrame, decided: pl.DataFrame) -> Sequence[Row]:
    """The decisions in force that a version does not know yet; `decided` are those that it was made with."""
    in_force = effective_decisions(recorded)
    return in_force.filter(~pl.col("decision_id").is_in(decided["decision_id"].to_list())).rows(named=True)


def named_rows(evidence: str) -> list[str]:
    """The ids of the register rows that the evidence of a link offers."""
    return list(dict.fromkeys(_OFFERED.findall(evidence)))


def application_member(point: Row) -> str:
    """What a link of the point is about where a consortium's member is meant: `ID:member name`."""
    member = str(point["evidence"] or "").partition(": ")[0]
    return f"{point['subject']}:{member}"


def _same_subject(point: Row, decision: Row) -> bool:
    return bool(decision["subject"] == point["subject"])


def _same_matter(point: Row, decision: Row) -> bool:
    subjects = (point["subject"], application_member(point))
    return decision["subject"] in subjects and decision["object"] == point["about"]


def _one_of_two(point: Row, decision: Row) -> bool:
    return point["subject"] in (decision["subject"], decision["object"])


def _its_object(point: Row, decision: Row) -> bool:
    return bool(decision["object"] == point["subject"])


def _its_twinning(point: Row, decision: Row) -> bool:
    return decision["subject"] in (point["subject"], *TWINNING.findall(str(point["evidence"])))


_OF_APPLICATIONS = tuple(kind for kind in OPEN_POINT_KINDS if kind != "unconfirmed")
_ABOUT: dict[str, tuple[Collection[str], Callable[[Row, Row], bool]]] = {
    "withdraw": (_OF_APPLICATIONS, _same_subject),
    "merge": (_OF_APPLICATIONS, _one_of_two),
    "link": (("link", "rule"), _same_matter),
    "no_link": (("link", "rule"), _same_matter),
    "rule": (("link", "rule"), _same_matter),
    "waive": (("place",), _same_matter),
    "no_conflict": (("conflict",), _its_object),
    "confirm": (("unconfirmed",), _same_subject),
    "release": (("unconfirmed", "at_risk"), _its_twinning),
    "change_contact": (("letter",), _same_subject),
}
"""Kinds of decisions, with the kinds of points that they can answer and what must agree."""


def _link(point: Row, tables: Tables, rows: Sequence[str]) -> tuple[Answer, ...]:
    subject = _linked_subject(point, tables)
    register: Register = point["about"]
    return (
        *_rows_of(register, subject, rows),
        Answer("link", "Another row", "link", subject, register, asks="row"),
        Answer("no_link", "None: it has no row", "no_link", subject, register, tone="bad"),
    )


def _rows_of(register: Register, subject: str, rows: Sequence[str]) -> tuple[Answer, ...]:
    return tuple(
        Answer(f"link {row}", f"It is {row}", "link", subject, register, row, tone="good") for row in rows
    )


def _linked_subject(point: Row, tables: Tables) -> str:
    """The application, or one of its members where several names of it are looked up."""
    found = tables["crosscheck"].filter(application_id=point["subject"], register=point["about"])
    if found.height == 1:
        return str(point["subject"])
    said = str(point["evidence"])
    names = [name for name in found["member_name"].drop_nulls() if said.startswith(f"{name}: ")]
    return f"{point['subject']}:{max(names, key=len)}" if names else str(point["subject"])


def _rule(point: Row, tables: Tables, rows: Sequence[str]) -> tuple[Answer, ...]:
    subject, rule = str(point["subject"]), str(point["about"])
    linked: tuple[Answer, ...] = ()
    if rule in REGISTER_NAMES and rows:
        linked = _rows_of("cohort" if rule == "cohort" else "gcom", _linked_subject(point, tables), rows)
    return (
        Answer("met", "Met", "rule", subject, rule, "met", tone="good"),
        Answer("conditional", "Met on a condition", "rule", subject, rule, "conditional"),
        Answer("not_met", "Not met", "rule", subject, rule, "not_met", tone="bad"),
        *linked,
    )


def _place(point: Row, _tables: Tables, _rows: Sequence[str]) -> tuple[Answer, ...]:
    words = "The topic makes sense there"
    return (Answer("waive", words, "waive", str(point["subject"]), str(point["about"]), tone="good"),)


def _conflict(point: Row, _tables: Tables, _rows: Sequence[str]) -> tuple[Answer, ...]:
    words = "It is no conflict"
    return (Answer("no_conflict", words, "no_conflict", "", str(point["subject"]), asks="evaluator"),)


def _unconfirmed(point: Row, tables: Tables, _rows: Sequence[str]) -> tuple[Answer, ...]:
    twinning = str(point["subject"])
    conditional = tables["twinnings"].filter(twinning_id=twinning, conditional=True).height > 0
    words = "Confirm on its conditions" if conditional else "Confirm"
    return (
        Answer("confirm", words, "confirm", twinning, conditional=conditional, tone="good"),
        Answer("release", "Do not confirm", "release", twinning, tone="bad"),
    )


def _at_risk(point: Row, _tables: Tables, _rows: Sequence[str]) -> tuple[Answer, ...]:
    named = TWINNING.findall(str(point["evidence"]))
    return tuple(
        Answer(f"release {one}", f"Dissolve the twinning {one}", "release", one, tone="bad")
        for one in dict.fromkeys(named)
    )


def _declined(point: Row, _tables: Tables, _rows: Sequence[str]) -> tuple[Answer, ...]:
    words = "It takes the place after all"
    return (Answer("accept_place", words, "accept_place", str(point["subject"])),)


def _letter(point: Row, _tables: Tables, _rows: Sequence[str]) -> tuple[Answer, ...]:
    words = "Write to another contact"
    return (Answer("contact", words, "change_contact", str(point["subject"]), asks="contact", tone="good"),)


def _consent(point: Row, _tables: Tables, _rows: Sequence[str]) -> tuple[Answer, ...]:
    words = "The city agrees: partners get its contact"
    return (Answer("share_contact", words, "share_contact", str(point["subject"]), tone="good"),)


def _silent(point: Row, _tables: Tables, _rows: Sequence[str]) -> tuple[Answer, ...]:
    subject = str(point["subject"])
    return (
        Answer("accept_place", "It accepts its place", "accept_place", subject, tone="good"),
        Answer("decline_place", "It declines", "decline_place", subject, tone="bad"),
    )


def _reconsider(point: Row, _tables: Tables, _rows: Sequence[str]) -> tuple[Answer, ...]:
    subject = str(point["subject"])
    return tuple(
        Answer(f"reconsider {value}", in_words(value).capitalize(), "reconsider", subject, None, value)
        for value in RECONSIDER_OUTCOMES
    )


def _same_city(point: Row, tables: Tables, _rows: Sequence[str]) -> tuple[Answer, ...]:
    """Which of the forms of one city stands."""
    applications, ours = tables["applications"], str(point["subject"])
    city = applications.filter(application_id=ours)["city_id"].drop_nulls()
    others = applications.filter(pl.col("city_id").is_in(city.implode()))["application_id"].sort()
    made = []
    for other in others:
        if other != ours:
            made.append(Answer(f"merge {ours}", f"{ours} stands, not {other}", "merge", ours, other))
            made.append(Answer(f"merge {other}", f"{other} stands, not {ours}", "merge", other, ours))
    return tuple(made)


def _withdraw(point: Row, tables: Tables) -> tuple[Answer, ...]:
    subject = str(point["subject"])
    taking_part: Collection[str] = set(tables["applications"].filter(state="accepted")["application_id"])
    if point["kind"] == "unconfirmed" or subject not in taking_part:
        return ()
    return (Answer("withdraw", "The city withdraws", "withdraw", subject),)
