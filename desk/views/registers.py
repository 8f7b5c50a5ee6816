"""Rows of a register that may be a city: those that the linker names, then those most like its name.

Belongs here: finding them, their distance and their likeness. Must stay out: reading a register
(`desk/work/evidence.py`) and which row is right (a person says).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

import polars as pl
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from pages.views.words import country_name
from programme.vocabulary import Register

ID_COLUMNS: dict[Register, str] = {"cohort": "utm_id", "gcom": "gcom_id"}
EARTH_KM = 6371.0
ALIKE = 60
"""Likeness of names (0-100) from which a row is offered that the linker does not name."""
_TOKEN = re.compile(r"[\w.-]+")
_POINTS = re.compile(r"\((?P<id>[\w.-]+)\) (?P<points>-?\d+) points")
Position = tuple[float, float]


@dataclass(frozen=True)
class RegisterRow:
    """A row of a register. `status` says what the register notes: member, pending, active and so on."""

    id: str
    name: str
    country: str
    population: int | None
    position: Position | None
    status: str
    since: str


@dataclass(frozen=True)
class Candidate:
    """A row that may be the city, its distance from where the form's city lies, and the linker's points.

    `named` says that the linker names it.
    """

    row: RegisterRow
    distance_km: int | None
    points: int | None
    named: bool


def register_row(frame: pl.DataFrame, register: Register, row_id: str | None) -> RegisterRow | None:
    """The row of that id; None where there is none."""
    if not row_id:
        return None
    found = frame.filter(pl.col(ID_COLUMNS[register]) == row_id)
    return _row(found.row(0, named=True), register) if found.height else None


def candidates(
    frame: pl.DataFrame,
    register: Register,
    *,
    name: str,
    country: str | None,
    evidence: str,
    position: Position | None,
    most: int = 6,
) -> list[Candidate]:
    """The rows that may be the city `name` of `country` (ISO 3): first those that `evidence` names."""
    by_id = {key: n for n, key in enumerate(frame[ID_COLUMNS[register]])}
    named = list(dict.fromkeys(token for token in _TOKEN.findall(evidence) if token in by_id))
    points = {found["id"]: int(found["points"]) for found in _POINTS.finditer(evidence)}
    near = [one for one in _alike(frame, register, name, country, most) if one not in named]
    return [
        Candidate(row, _distance(position, row.position), points.get(row.id), row.id in named)
        for key in [*named, *near][: max(most, len(named))]
        for row in [_row(frame.row(by_id[key], named=True), register)]
    ]


def _alike(
    frame: pl.DataFrame, register: Register, name: str, country: str | None, most: int
) -> Sequence[str]:
    """Ids of the rows of a country whose names are most like a name."""
    if not name or country is None:
        return []
    rows = frame.filter(pl.col("country_iso3") == country)
    names = dict(zip(rows[ID_COLUMNS[register]], rows["name"].fill_null(""), strict=True))
    found = process.extract(
        name, names, scorer=fuzz.token_set_ratio, processor=default_process, limit=most, score_cutoff=ALIKE
    )
    return [str(key) for _, _, key in sorted(found, key=lambda one: (-one[1], one[2]))]


def _row(row: dict[str, object], register: Register) -> RegisterRow:
    latitude, longitude = row.get("latitude"), row.get("longitude")
    known = isinstance(latitude, float) and isinstance(longitude, float)
    population = row.get("population")
    since = row.get("applied_on" if register == "cohort" else "signed_on")
    return RegisterRow(
        id=str(row[ID_COLUMNS[register]]),
        name=str(row["name"] or ""),
        country=country_name(row.get("country_iso3")),  # type: ignore[arg-type]
        population=population if isinstance(population, int) else None,
        position=(latitude, longitude) if known else None,  # type: ignore[arg-type]
        status=str(row.get("status") or ""),
        since=str(since or ""),
    )


def _distance(one: Position | None, other: Position | None) -> int | None:
    """The distance between two positions in whole kilometres; None where one is not known."""
    if one is None or other is None:
        return None
    (lat1, lon1), (lat2, lon2) = ((radians(a), radians(b)) for a, b in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(2 * EARTH_KM * asin(min(1.0, sqrt(half))))
