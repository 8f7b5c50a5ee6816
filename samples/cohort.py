"""The invented register of the UTM City Cohort: one life per city, and the register as it stood on a day.

Belongs here: who applied when, what was decided when. The two registers are the same lives seen on two days:
ids stay, pending cities become members, new ones appear. Must stay out: the signatories (`signatories.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from samples.case import Case
from samples.dice import dice
from samples.files import Cell
from samples.first_call import FIRST_CALL
from samples.places import Place, all_places, place
from samples.second_call import SECOND_CALL

SIZE_AT_FIRST = 106
"""Rows of the first register: the size of the cohort in August 2025 (FAQ 1.1)."""


@dataclass(frozen=True)
class Life:
    """A cohort application: made on a day, decided on another (or not yet), with its outcome."""

    applied: date
    decided: date | None = None
    outcome: str = "member"

    def status_on(self, day: date) -> str:
        """State of the application at the end of `day`: empty before it was made."""
        if self.applied > day:
            return ""
        return self.outcome if self.decided and self.decided <= day else "pending"


AUTUMN, WINTER = date(2025, 10, 14), date(2025, 11, 18)
LIVES = {
    "Da Nang VN": Life(date(2025, 5, 12), AUTUMN),
    "Tallinn EE": Life(date(2025, 6, 2), AUTUMN),
    "Rabat MA": Life(date(2025, 6, 20)),
    "Peine DE": Life(date(2025, 6, 11)),
    "Juigalpa NI": Life(date(2025, 6, 15), AUTUMN),
    "Dunaújváros HU": Life(date(2025, 5, 30), WINTER),
    "Doetinchem NL": Life(date(2025, 6, 25), AUTUMN, "rejected"),
    "Romagna": Life(date(2025, 6, 30), AUTUMN),
    "Lago": Life(date(2025, 6, 5)),
    "Tipitapa NI": Life(date(2023, 11, 6), date(2024, 2, 1), "rejected"),
    "Plovdiv BG": Life(date(2024, 9, 3), date(2024, 12, 10), "withdrawn"),
    "Kaunas LT": Life(date(2025, 9, 2), WINTER),
    "Skopje MK": Life(date(2025, 9, 6)),
    "Suva FJ": Life(date(2025, 11, 10)),
    "Cebu City PH": Life(date(2025, 12, 1)),
    "Kathmandu NP": Life(date(2025, 10, 27)),
    "Tbilisi GE": Life(date(2025, 10, 20), date(2025, 12, 9)),
    "Fortaleza BR": Life(date(2026, 1, 5)),
    "Reno": Life(date(2025, 11, 15)),
    "Victoria PH": Life(date(2025, 11, 25)),
}
"""Handles of applicants whose life is not simply that of a member of some years."""
NEVER_APPLIED = {"Harare ZW", "Gaborone BW", "Port Louis MU", "Asunción PY"}
ALSO_MEMBERS = ("Springfield US #1", "San Fernando PH #2", "Portland US #2")
"""Namesakes of applicants: without them no name would be ambiguous in this register."""
NAMES = {
    "Munich DE": "Munich",
    "Sevilla ES": "Seville",
    "Gothenburg SE": "Gothenburg",
    "Kobe JP": "Kobe City",
    "Utrecht NL": "Utrecht (NL)",
}
POPULATIONS = {"Doetinchem NL": 58_300, "Juigalpa NI": 50_000, "Peine DE": 49_953, "Dunaújváros HU": 50_084}


@dataclass(frozen=True)
class Entry:
    """One row's worth: the applicant's handle, its name in the register, where it is, its life."""

    handle: str
    name: str
    place: Place
    population: int
    life: Life


@cache
def entries() -> tuple[Entry, ...]:
    """All entries that ever appear, in the order of their ids: those of the first register, then the newer
    ones.
    """
    known = {entry.handle: entry for entry in _applicants()} | {key: _member(key) for key in ALSO_MEMBERS}
    first = [entry for entry in known.values() if entry.life.status_on(FIRST_CALL.register_as_of)]
    newer = [entry for entry in known.values() if not entry.life.status_on(FIRST_CALL.register_as_of)]
    first += _others(
        SIZE_AT_FIRST - len(first), {(entry.place.name, entry.place.iso2) for entry in known.values()}
    )
    return (*_shuffled(first), *_shuffled(newer))


def _applicants() -> Iterable[Entry]:
    for case in (*FIRST_CALL.cases, *SECOND_CALL.cases):
        handle = register_handle(case)
        if handle not in NEVER_APPLIED:
            yield _consortium(case) if case.members else _member(handle)


def register_handle(case: Case) -> str:
    """Under which handle the case's applicant stands in this register: two forms of one city share it."""
    return case.handle if case.members else case.city


def _consortium(case: Case) -> Entry:
    return Entry(
        case.handle,
        case.typed,
        case.place,
        sum(place(key).population for key in case.members),
        LIVES[case.handle],
    )


def _member(key: str) -> Entry:
    where = place(key)
    return Entry(
        key,
        NAMES.get(key, where.name),
        where,
        POPULATIONS.get(key, where.population),
        LIVES.get(key) or _long_ago(key),
    )


def _long_ago(key: str) -> Life:
    draw = dice("cohort life", key)
    applied = date(2022, 1, 10) + timedelta(days=draw.randrange(0, 1000))
    return Life(applied, applied + timedelta(days=draw.randrange(40, 160)))


def _others(how_many: int, taken: set[tuple[str, str]]) -> list[Entry]:
    large = [
        p for p in all_places() if 120_000 <= p.population <= 4_000_000 and (p.name, p.iso2) not in taken
    ]
    chosen: dict[str, Place] = {}
    for candidate in dice("cohort others").sample(large, len(large)):
        if len(chosen) == how_many:
            break
        chosen.setdefault(candidate.iso2, candidate)
    return [_member(p.key) for p in chosen.values()]


def _shuffled(items: list[Entry]) -> list[Entry]:
    return dice("cohort order", len(items)).sample(items, len(items))


@cache
def utm_ids() -> dict[str, str]:
    """Handle -> id in the register, the same in every version of it."""
    return {entry.handle: f"SAMPLE-UTM-{number:03d}" for number, entry in enumerate(entries(), start=1)}


def register_on(day: date, gcom_ids: dict[str, str]) -> list[dict[str, Cell]]:
    """The register as published on `day`, one row per application made by then, in the order of the ids."""
    return [_row(entry, day, gcom_ids) for entry in entries() if entry.life.status_on(day)]


def _row(entry: Entry, day: date, gcom_ids: dict[str, str]) -> dict[str, Cell]:
    draw = dice("cohort row", entry.handle)
    decided = entry.life.decided if entry.life.decided and entry.life.decided <= day else None
    knows_position = draw.random() < 0.7
    return {
        "utm_id": utm_ids()[entry.handle],
        "name": entry.name,
        "country": entry.place.country,
        "population": entry.population if entry.handle in POPULATIONS or draw.random() < 0.85 else None,
        "status": entry.life.status_on(day),
        "applied_on": entry.life.applied.isoformat(),
        "decided_on": decided.isoformat() if decided else None,
        "gcom_id": gcom_ids.get(entry.handle) if draw.random() < 0.5 else None,
        "latitude": round(entry.place.latitude, 3) if knows_position else None,
        "longitude": round(entry.place.longitude, 3) if knows_position else None,
    }
