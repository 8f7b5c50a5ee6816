"""The list of applications with its filters, and the dossier of one.

Belongs here: lines, filters, the sections of a dossier. Must stay out: the form and the registers
(`desk/work/evidence.py`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from desk.views.texts import text_of
from pages.views.answers import REGISTER_NAMES
from pages.views.words import STATE_NAMES, STATUS_NAMES, UNPLACED_NAMES, country_name, in_words
from programme.vocabulary import Outcome

Tables = Mapping[str, pl.DataFrame]
Row = Mapping[str, Any]
SORTS = {"city": "City", "rank": "Rank", "received": "Received last"}
TONES = {
    "Eligible": "good",
    "Tentative": "warn",
    "Needs review": "warn",
    "Ineligible": "bad",
    "Set aside": "bad",
    "Late": "bad",
}
OUTCOME_TONES: dict[Outcome, str] = {
    "met": "good",
    "conditional": "warn",
    "unclear": "warn",
    "not_met": "bad",
    "not_applicable": "",
}


@dataclass(frozen=True)
class Line:
    """An application in the list; `standing` is its status, or what became of the form before it had one."""

    id: str
    city: str
    country: str
    region: str
    standing: str
    tone: str
    topics: tuple[str, ...]
    rank: int | None
    total: float | None
    place: str
    received: str
    open_points: int


@dataclass(frozen=True)
class Filters:
    """What the list is limited to; empty means everything. `text` is searched in city, country and id."""

    standing: str = ""
    region: str = ""
    topic: str = ""
    place: str = ""
    sort: str = "city"
    text: str = ""


def lines(tables: Tables, labels: Mapping[str, str], waiting: Iterable[str]) -> list[Line]:
    """Every application, by city; `labels` are topics by id, `waiting` the subjects of open points."""
    counts: dict[str, int] = {}
    for subject in waiting:
        counts[subject] = counts.get(subject, 0) + 1
    placed = dict(tables["twinning_members"].select("application_id", "twinning_id").iter_rows())
    states = dict(tables["twinnings"].select("twinning_id", "state").iter_rows())
    joined = (
        tables["applications"]
        .join(tables["eligibility"].select("application_id", "status"), on="application_id", how="left")
        .join(tables["ranking"], on="application_id", how="left")
        .join(tables["unplaced"].select("application_id", "kind"), on="application_id", how="left")
    )
    return [
        _line(row, labels, states.get(placed.get(row["application_id"], ""), ""), counts)
        for row in joined.iter_rows(named=True)
    ]


def _line(row: Row, labels: Mapping[str, str], twinning: str, counts: Mapping[str, int]) -> Line:
    status = STATUS_NAMES.get(row["status"]) if row["state"] == "accepted" else None
    standing = status or STATE_NAMES.get(row["state"], in_words(row["state"]))
    place = f"In a twinning, {twinning}" if twinning else UNPLACED_NAMES.get(row["kind"], "")
    return Line(
        id=row["application_id"],
        city=row["city_name"] or row["application_id"],
        country=country_name(row["country_iso3"]),
        region=row["region"] or "",
        standing=standing,
        tone=TONES.get(standing, ""),
        topics=tuple(labels.get(topic, in_words(topic)) for n in (1, 2, 3) if (topic := row[f"topic_{n}"])),
        rank=row["rank"],
        total=row["total"],
        place=place,
        received=text_of(row["submitted_at"]),
        open_points=counts.get(row["application_id"], 0),
    )


def chosen(every: Sequence[Line], filters: Filters) -> list[Line]:
    """The applications that the filters leave, in their order."""
    words = fold(filters.text).split()
    found = [
        one
        for one in every
        if filters.standing in ("", one.standing)
        and filters.region in ("", one.region)
        and (not filters.topic or filters.topic in one.topics)
        and (not filters.place or bool(one.place.startswith("In a twinning")) == (filters.place == "placed"))
        and all(word in fold(f"{one.city} {one.country} {one.id}") for word in words)
    ]
    if filters.sort == "rank":
        return sorted(found, key=lambda one: (one.rank is None, one.rank or 0, one.id))
    if filters.sort == "received":
        return sorted(found, key=lambda one: (one.received, one.id), reverse=True)
    return sorted(found, key=lambda one: (fold(one.city), one.id))


def fold(text: str) -> str:
    """A text without case and accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(one for one in apart if not unicodedata.combining(one)).casefold()


def choices(every: Sequence[Line]) -> dict[str, list[str]]:
    """What each filter can be set to."""
    return {
        "standing": sorted({one.standing for one in every}),
        "region": sorted({one.region for one in every} - {""}),
        "topic": sorted({topic for one in every for topic in one.topics}),
    }


@dataclass(frozen=True)
class RuleLine:
    """A rule of an application: outcome, evidence, where it came from, what the applicant is told."""

    rule: str
    outcome: str
    tone: str
    evidence: str
    source: str
    clause: str
    message: str
    overridden: str


@dataclass(frozen=True)
class LinkLine:
    """A link to a register: outcome, row, confidence and evidence."""

    register: str
    member: str
    outcome: str
    row: str
    confidence: float
    evidence: str
    by: str


@dataclass(frozen=True)
class PointLine:
    """Points for a criterion, what they rest on, and what would raise them."""

    criterion: str
    points: float
    weight: float
    source: str
    basis: str
    raise_by: str


@dataclass(frozen=True)
class Change:
    """What a version changed about the application, and why."""

    version: int
    what: str
    before: str
    after: str
    cause: str


def rules_of(tables: Tables, application_id: str) -> list[RuleLine]:
    """The rules of an application, in the order of the table."""
    rows = tables["eligibility_checks"].filter(application_id=application_id)
    return [
        RuleLine(
            in_words(row["rule"]),
            in_words(row["outcome"]),
            OUTCOME_TONES[row["outcome"]],
            row["evidence"] or "",
            row["source"] or "",
            row["clause"] or "",
            row["message"] or "",
            row["overridden_by"] or "",
        )
        for row in rows.iter_rows(named=True)
    ]


def links_of(tables: Tables, application_id: str) -> list[LinkLine]:
    """Every name of an application that was looked up."""
    rows = tables["crosscheck"].filter(application_id=application_id)
    return [
        LinkLine(
            REGISTER_NAMES[row["register"]],
            row["member_name"] or "",
            row["outcome"],
            row["register_id"] or "",
            row["confidence"],
            row["evidence"] or "",
            row["decided_by"] or "",
        )
        for row in rows.iter_rows(named=True)
    ]


def points_of(explanations: pl.DataFrame, application_id: str) -> list[PointLine]:
    """The points of an application by criterion (working table `explanations`)."""
    rows = explanations.filter(application_id=application_id)
    return [
        PointLine(
            in_words(row["criterion"]),
            row["points"],
            row["weight"],
            row["source"] or "",
            row["basis"] or "",
            row["raise_by"] or "",
        )
        for row in rows.iter_rows(named=True)
    ]


def changes_of(changes: Mapping[int, pl.DataFrame], application_id: str) -> list[Change]:
    """What the versions changed about an application, the newest first; `changes` are tables by version."""
    return [
        Change(
            version,
            in_words(row["what"]),
            text_of(row["before"]),
            text_of(row["after"]),
            row["cause"] or "",
        )
        for version in sorted(changes, reverse=True)
        for row in changes[version].filter(subject=application_id).iter_rows(named=True)
    ]
