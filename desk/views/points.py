"""The queue of open points, and one point with all that a person needs to answer it.

Belongs here: lines of the queue, counts by kind, what comes before and after, what the form said of the
matter, answers with what each would change. Must stay out: the candidates of a link (`registers.py`), the
comparison with registers (`comparison.py`) and recording an answer (`desk/work/answering.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from desk.views.decisions import in_a_sentence, remembered
from desk.views.texts import readable, text_of
from pages.views.answers import Answer
from pages.views.words import POINT_NAMES, country_name, in_words, moment
from programme.desk import DeskRules
from programme.vocabulary import OPEN_POINT_KINDS, RuleName
from tasks.decisions.effects import effect_of
from tasks.decisions.kinds import NO_TWINNING

Row = Mapping[str, Any]
Tables = Mapping[str, pl.DataFrame]

COLUMNS: dict[RuleName | str, tuple[str, ...]] = {
    "on_time": ("submitted_at",),
    "local_government": ("applicant_type", "organisation", "mandate", "mandate_url"),
    "population": ("population", "members", "applicant_type"),
    "gcom": ("gcom_status", "city_name", "country", "members"),
    "climate_plan": ("plan_type", "plan_status", "plan_covers_whole_city", "plan_url", "members"),
    "cohort": ("cohort_status", "cohort_applied_on", "city_name", "country", "population"),
    "mandate": ("mandate", "mandate_url", "contact_role", "organisation", "applicant_type"),
    "participation": ("english_confirmed", "resources_confirmed"),
    "motivation": ("motivation", "action_summary"),
    "topic": ("topic_1", "topic_2", "topic_3", "motivation"),
    "topic_place": ("topic_1", "topic_2", "topic_3", "action_summary", "motivation"),
    "country": ("country", "city_name", "organisation"),
    "data_consent": ("data_consent", "contact_role"),
    "scores": ("motivation", "action_summary", "action_stage"),
    "sender": ("submitted_at", "organisation", "applicant_type", "contact_role", "mandate", "mandate_url"),
    "form": ("city_name", "country", "applicant_type", "topic_1"),
}
"""The columns of the form that a matter rests on, in the order in which they are read."""
HAS_REGISTERS = ("cohort", "gcom", "population", "climate_plan", "country")
"""Matters for which the registers are shown beside the form."""


@dataclass(frozen=True)
class Line:
    """A point in the queue; `answer` is the answer that was given (empty: it is open), `by` who gave it."""

    id: str
    kind: str
    city: str
    country: str
    subject: str
    about: str
    evidence: str
    answer: str
    by: str
    decision: str


@dataclass(frozen=True)
class KindCount:
    """How many points of a kind there are, and how many of them are open."""

    kind: str
    name: str
    all: int
    open: int


@dataclass(frozen=True)
class Said:
    """A cell of the form: its column, what was understood, and what was written where that differs."""

    name: str
    value: str
    written: str
    rule: str


@dataclass(frozen=True)
class ShownAnswer:
    """An answer: its words, its key on the keyboard, what it would change, the reasons that go with it."""

    answer: Answer
    label: str
    key: str
    effect: str
    reasons: tuple[str, ...]


def line(point: Row, answer: Row | None) -> Line:
    """A point of the queue, and the decision that answers it."""
    country = point["country_iso3"]
    return Line(
        id=point["id"],
        kind=POINT_NAMES.get(point["kind"], in_words(point["kind"])),
        city=point["city_name"] or "City unknown",
        country=country_name(country) if country else "",
        subject=point["subject"],
        about=in_words(point["about"] or ""),
        evidence=readable(point["evidence"] or ""),
        answer=in_a_sentence(answer) if answer else "",
        by=f"{answer['decided_by']}, {moment(answer['decided_at'])}" if answer else "",
        decision=answer["decision_id"] if answer else "",
    )


def counts(points: Sequence[tuple[Row, Row | None]]) -> list[KindCount]:
    """The kinds that there are, the most urgent first."""
    found = []
    for kind in OPEN_POINT_KINDS:
        ours = [answer for point, answer in points if point["kind"] == kind]
        if ours:
            name = POINT_NAMES.get(kind, in_words(kind))
            found.append(KindCount(kind, name, len(ours), sum(one is None for one in ours)))
    return found


def neighbours(ids: Sequence[str], here: str, order: Sequence[str]) -> tuple[str | None, str | None]:
    """The open point before and after a point; `ids` are open, `order` is the whole queue."""
    places = {name: n for n, name in enumerate(order)}
    at = places.get(here, -1)
    before = [name for name in ids if places[name] < at]
    after = [name for name in ids if places[name] > at]
    first = next((name for name in ids if name != here), None)
    return (before[-1] if before else None), (after[0] if after else first)


def said(
    columns: Sequence[str], cells: Mapping[str, Any], readings: Mapping[str, tuple[str, str]]
) -> list[Said]:
    """What the form says in these columns; a blank cell says so."""
    return [
        Said(
            in_words(name),
            text_of(cells.get(name)),
            readings[name][0] if name in readings and readings[name][0] != text_of(cells.get(name)) else "",
            in_words(readings[name][1]) if name in readings else "",
        )
        for name in columns
    ]


def shown_answers(
    answers: Sequence[Answer],
    point: Row,
    tables: Tables,
    recorded: Sequence[Row],
    rules: DeskRules,
    names: Mapping[str, str],
) -> list[ShownAnswer]:
    """The answers with keys 1 to 9, effects and reasons; `names` are names of register rows by id."""
    return [
        ShownAnswer(
            answer,
            _label(answer, names),
            str(number) if number < 10 else "",
            "" if answer.asks else readable(effect_of(decision_of(answer), tables)),
            tuple(remembered(recorded, answer, rules.phrases_for(point["kind"], answer.phrases))),
        )
        for number, answer in enumerate(answers, 1)
    ]


def _label(answer: Answer, names: Mapping[str, str]) -> str:
    """The words of an answer; a register's row goes by its name."""
    row = answer.value if answer.kind == "link" else None
    return f"It is {names[row]} ({row})" if row in names and row is not None else answer.label


def decision_of(answer: Answer, extra: str = "") -> dict[str, Any]:
    """The decision that an answer stands for; `extra` is what it asks a person for."""
    return {
        "kind": answer.kind,
        "subject": extra if answer.asks == "evaluator" else answer.subject,
        "object": answer.object,
        "value": extra if answer.asks == "row" else answer.value,
        **NO_TWINNING,
    }
