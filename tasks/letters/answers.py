"""What cities answered, and who has not: the open points that follow from letters and answers.

Belongs here: declines, silence after the day by which a place is accepted, requests for reconsideration,
letters that did not arrive; each with what follows from it. Must stay out: other open points
(`tasks/publish/open_points.py`) and the clock: `today` is handed down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

import polars as pl

from programme.counts import listed
from programme.letter_vocabulary import PLACED, TOLD, LetterState
from programme.vocabulary import OpenPointKind
from tasks.letters.outbox import Letter

POINT_COLUMNS = ("kind", "subject", "city_name", "country_iso3", "about", "evidence")
_NOT_ARRIVED: Mapping[LetterState, str] = {
    "sending": "its sending was cut short; whether it arrived is not known",
    "bounced": "it came back; another address is needed",
    "no_address": "no usable address is known",
    "failed": "the mail server refused it",
    "refused": "no safe message could be built from what the form holds",
}
_SMALLEST = 2
"""Cities that a twinning has at least (FAQ 1.1)."""


def answer_points(
    decisions: pl.DataFrame,
    letters: Iterable[Letter],
    tables: Mapping[str, pl.DataFrame],
    answer_until: Callable[[date], date],
    today: date,
) -> pl.DataFrame:
    """The open points as rows of `POINT_COLUMNS`, the most urgent kind first.

    `decisions` are those in force (dictionary table DECISIONS), `letters` those of the round in the order
    they were made, `tables` those of the version that counts. `answer_until` gives the last day to accept a
    place, by the day of the letter.
    """
    last = {letter.application_id: letter for letter in letters if letter.state != "replaced"}
    rows = [
        *_declined(decisions, tables),
        *_silent(decisions, last.values(), tables, answer_until, today),
        *_reconsidered(decisions),
        *_not_arrived(last.values()),
    ]
    names = {row[0]: row[1:] for row in _cities(tables).iter_rows()}
    whole = [
        (kind, subject, *names.get(subject, (None, None)), about, said) for kind, subject, about, said in rows
    ]
    return pl.DataFrame(whole, schema=dict.fromkeys(POINT_COLUMNS, pl.String()), orient="row")


Found = tuple[OpenPointKind, str, str, str]


def _cities(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return tables["applications"].select("application_id", "city_name", "country_iso3")


def _placed(tables: Mapping[str, pl.DataFrame]) -> set[str]:
    """The applications in a twinning; a scan before the first version has no twinnings."""
    members = tables.get("twinning_members")
    return set() if members is None else set(members["application_id"])


def _of_kind(decisions: pl.DataFrame, kind: str) -> pl.DataFrame:
    return decisions.filter(pl.col("kind") == kind).sort("subject")


def _declined(decisions: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> Iterator[Found]:
    """Cities that declined and are still in a twinning."""
    placed = _placed(tables)
    for name in _of_kind(decisions, "decline_place")["subject"]:
        if name in placed:
            yield "declined", name, "place", f"declined its place. {_what_follows(name, tables)}"


def _silent(
    decisions: pl.DataFrame,
    letters: Iterable[Letter],
    tables: Mapping[str, pl.DataFrame],
    answer_until: Callable[[date], date],
    today: date,
) -> Iterator[Found]:
    """Cities with a place that have not answered in time."""
    answers = decisions.filter(pl.col("kind").is_in(["accept_place", "decline_place"]))
    answered = set(answers["subject"])
    placed = _placed(tables)
    for letter in sorted(letters, key=lambda one: one.application_id):
        name = letter.application_id
        waits = letter.kind in PLACED and letter.state in TOLD and name in placed and name not in answered
        if waits and today > (until := answer_until(letter.on)):
            said = f"has not answered; its answer was due on {until.day} {until:%B %Y}"
            yield "silent", name, "place", f"{said}. {_what_follows(name, tables)}"


def _what_follows(name: str, tables: Mapping[str, pl.DataFrame]) -> str:
    """What becomes of the twinning without that city."""
    members = tables["twinning_members"]
    twinning = members.filter(pl.col("application_id") == name)["twinning_id"][0]
    others = members.filter((pl.col("twinning_id") == twinning) & (pl.col("application_id") != name))
    names = dict(_cities(tables).select("application_id", "city_name").iter_rows())
    left = listed(str(names.get(one) or one) for one in others["application_id"].sort())
    if others.height >= _SMALLEST:
        return f"Twinning {twinning} can go on with {left}, or is matched anew."
    return f"Twinning {twinning} ends without it; {left} is matched anew."


def _reconsidered(decisions: pl.DataFrame) -> Iterator[Found]:
    """Requests for reconsideration that nobody has settled."""
    still_open = _of_kind(decisions, "reconsider").filter(pl.col("value").is_null())
    for name, decision, at in still_open.select("subject", "decision_id", "decided_at").iter_rows():
        said = f"asked on {at.day} {at:%B %Y} to be looked at again (decision {decision}); not settled yet"
        yield "reconsider", name, "result", said


def _not_arrived(letters: Iterable[Letter]) -> Iterator[Found]:
    for letter in sorted(letters, key=lambda one: one.application_id):
        if why := _NOT_ARRIVED.get(letter.state):
            yield "letter", letter.application_id, letter.kind, f"letter {letter.letter_id}: {why}"
