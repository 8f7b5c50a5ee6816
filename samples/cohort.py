"""The invented register of the UTM City Cohort, as it stood on any day.

Belongs here: who applied when, and what was decided when. The two registers are the same applications seen on
two days: ids stay, pending cities become members, new ones appear. Must stay out: the signatories
(`signatories.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from samples.calls import FIRST_CALL, SECOND_CALL
from samples.case import SampleCase
from samples.cities import City, all_cities, find_city
from samples.files import Cell
from samples.seeded_random import seeded_random

SIZE_AT_FIRST = 106
"""Rows of the first register: the size of the cohort in August 2025 (FAQ 1.1)."""


@dataclass(frozen=True)
class CohortApplication:
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
COHORT_APPLICATIONS = {
    "Da Nang VN": CohortApplication(date(2025, 5, 12), AUTUMN),
    "Tallinn EE": CohortApplication(date(2025, 6, 2), AUTUMN),
    "Rabat MA": CohortApplication(date(2025, 6, 20)),
    "Peine DE": CohortApplication(date(2025, 6, 11)),
    "Juigalpa NI": CohortApplication(date(2025, 6, 15), AUTUMN),
    "Dunaújváros HU": CohortApplication(date(2025, 5, 30), WINTER),
    "Doetinchem NL": CohortApplication(date(2025, 6, 25), AUTUMN, "rejected"),
    "Romagna": CohortApplication(date(2025, 6, 30), AUTUMN),
    "Lago": CohortApplication(date(2025, 6, 5)),
    "Tipitapa NI": CohortApplication(date(2023, 11, 6), date(2024, 2, 1), "rejected"),
    "Plovdiv BG": CohortApplication(date(2024, 9, 3), date(2024, 12, 10), "withdrawn"),
    "Kaunas LT": CohortApplication(date(2025, 9, 2), WINTER),
    "Skopje MK": CohortApplication(date(2025, 9, 6)),
    "Suva FJ": CohortApplication(date(2025, 11, 10)),
    "Cebu City PH": CohortApplication(date(2025, 12, 1)),
    "Kathmandu NP": CohortApplication(date(2025, 10, 27)),
    "Tbilisi GE": CohortApplication(date(2025, 10, 20), date(2025, 12, 9)),
    "Fortaleza BR": CohortApplication(date(2026, 1, 5)),
    "Reno": CohortApplication(date(2025, 11, 15)),
    "Victoria PH": CohortApplication(date(2025, 11, 25)),
}
"""Handles of applicants that have not simply been members for some years."""
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
class RegisterEntry:
    """What one row says: the applicant's handle, its name in the register, its city, its application."""

    handle: str
    name: str
    city: City
    population: int
    application: CohortApplication


@cache
def entries() -> tuple[RegisterEntry, ...]:
    """All entries that ever appear, by id: those of the first register, then newer ones."""
    known = {entry.handle: entry for entry in _applicants()} | {key: _member(key) for key in ALSO_MEMBERS}
    first = [entry for entry in known.values() if entry.application.status_on(FIRST_CALL.register_as_of)]
    newer = [entry for entry in known.values() if not entry.application.status_on(FIRST_CALL.register_as_of)]
    first += _others(
        SIZE_AT_FIRST - len(first), {(entry.city.name, entry.city.iso2) for entry in known.values()}
    )
    return (*_shuffled(first), *_shuffled(newer))


def _applicants() -> Iterable[RegisterEntry]:
    for case in (*FIRST_CALL.cases, *SECOND_CALL.cases):
        handle = register_handle(case)
        if handle not in NEVER_APPLIED:
            yield _consortium(case) if case.members else _member(handle)


def register_handle(case: SampleCase) -> str:
    """Under which handle the case's applicant stands in this register: two forms of one city share it."""
    return case.handle if case.members else case.city


def _consortium(case: SampleCase) -> RegisterEntry:
    return RegisterEntry(
        case.handle,
        case.typed,
        case.real_city,
        sum(find_city(key).population for key in case.members),
        COHORT_APPLICATIONS[case.handle],
    )


def _member(key: str) -> RegisterEntry:
    found = find_city(key)
    return RegisterEntry(
        key,
        NAMES.get(key, found.name),
        found,
        POPULATIONS.get(key, found.population),
        COHORT_APPLICATIONS.get(key) or _years_ago(key),
    )


def _years_ago(key: str) -> CohortApplication:
    rng = seeded_random("cohort life", key)
    applied = date(2022, 1, 10) + timedelta(days=rng.randrange(0, 1000))
    return CohortApplication(applied, applied + timedelta(days=rng.randrange(40, 160)))


def _others(how_many: int, taken: set[tuple[str, str]]) -> list[RegisterEntry]:
    large = [
        p for p in all_cities() if 120_000 <= p.population <= 4_000_000 and (p.name, p.iso2) not in taken
    ]
    chosen: dict[str, City] = {}
    for candidate in seeded_random("cohort others").sample(large, len(large)):
        if len(chosen) == how_many:
            break
        chosen.setdefault(candidate.iso2, candidate)
    return [_member(p.key) for p in chosen.values()]


def _shuffled(items: list[RegisterEntry]) -> list[RegisterEntry]:
    return seeded_random("cohort order", len(items)).sample(items, len(items))


@cache
def utm_ids() -> dict[str, str]:
    """Handle -> id in the register, the same in every version of it."""
    return {entry.handle: f"SAMPLE-UTM-{number:03d}" for number, entry in enumerate(entries(), start=1)}


def register_on(day: date, gcom_ids: dict[str, str]) -> list[dict[str, Cell]]:
    """The register as published on `day`, one row per application made by then, in the order of the ids."""
    return [_row(entry, day, gcom_ids) for entry in entries() if entry.application.status_on(day)]


def _row(entry: RegisterEntry, day: date, gcom_ids: dict[str, str]) -> dict[str, Cell]:
    rng = seeded_random("cohort row", entry.handle)
    decided = entry.application.decided
    knows_position = rng.random() < 0.7
    return {
        "utm_id": utm_ids()[entry.handle],
        "name": entry.name,
        "country": entry.city.country,
        "population": entry.population if entry.handle in POPULATIONS or rng.random() < 0.85 else None,
        "status": entry.application.status_on(day),
        "applied_on": entry.application.applied.isoformat(),
        "decided_on": decided.isoformat() if decided and decided <= day else None,
        "gcom_id": gcom_ids.get(entry.handle) if rng.random() < 0.5 else None,
        "latitude": round(entry.city.latitude, 3) if knows_position else None,
        "longitude": round(entry.city.longitude, 3) if knows_position else None,
    }
