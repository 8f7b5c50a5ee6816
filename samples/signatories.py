"""The invented list of GCoM signatories, about 2,000 real cities: the same content in both rounds.

Belongs here: which cities stand in it, under which name. Must stay out: the cohort (`cohort.py`).
"""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from functools import cache

from samples.calls import FIRST_CALL, SECOND_CALL
from samples.cities import City, all_cities, find_city
from samples.files import Cell
from samples.seeded_random import seeded_random

SIZE = 2_000
MOST_OF_ONE_COUNTRY = 60
UNSIGNED = {"Rabat MA", "Suva FJ", "Purranque CL", "Pune IN", "Gaborone BW", "Khulna BD", "Skopje MK"}
"""Applicants, and one member of a consortium, that do not stand in the list."""
INACTIVE = {"Kathmandu NP": "inactive"}
NAMES = {
    "Munich DE": "München",
    "Gent BE": "Ghent",
    "Gothenburg SE": "Göteborg",
    "Thessaloníki GR": "Thessaloniki",
    "San Lazzaro IT": "San Lazzaro di Savena",
    "Haiphong VN": "Hải Phòng",
    "Kochi IN": "Cochin",
    "Bursa TR": "Bursa Metropolitan Municipality",
    "Montevideo UY": "Intendencia de Montevideo",
}
NAMESAKES = (
    "Springfield US #1",
    "Springfield US #3",
    "Springfield US #4",
    "San Fernando PH #2",
    "Portland US #2",
    "Victoria PH #2",
    "San José CR #2",
    "Valencia VE",
    "Córdoba ES",
    "Córdoba MX",
    "Cuenca ES",
    "Mérida VE",
    "Mérida ES",
    "Victoria CA",
    "Santiago PH",
)
TWICE = ("Bursa TR", "Lima PE", "Porto PT")
"""Listed a second time by an older signature, without figures, as real lists do."""


@cache
def _listed() -> tuple[tuple[str, City], ...]:
    """(key, city) of every row, in the order of the ids; a key that ends in `again` is a second listing."""
    cases = (*FIRST_CALL.cases, *SECOND_CALL.cases)
    wanted = [key for case in cases for key in (case.members or (case.city,)) if key not in UNSIGNED]
    named = {key: find_city(key) for key in (*wanted, *NAMESAKES)}
    rows = [*named.items(), *((f"{key} again", find_city(key)) for key in TWICE)]
    rows += _others(
        SIZE - len(rows),
        {(p.name, p.iso2) for p in named.values()}
        | {(find_city(key).name, find_city(key).iso2) for key in UNSIGNED},
    )
    return tuple(sorted(rows, key=lambda row: (row[1].country, row[1].name, row[1].geoname_id, row[0])))


def _others(how_many: int, taken: set[tuple[str, str]]) -> list[tuple[str, City]]:
    large = [p for p in all_cities() if p.population >= 40_000 and (p.name, p.iso2) not in taken]
    chosen: list[tuple[str, City]] = []
    per_country: dict[str, int] = {}
    for candidate in seeded_random("signatories").sample(large, len(large)):
        if len(chosen) < how_many and per_country.get(candidate.iso2, 0) < MOST_OF_ONE_COUNTRY:
            chosen.append((f"{candidate.key} {candidate.geoname_id}", candidate))
            per_country[candidate.iso2] = per_country.get(candidate.iso2, 0) + 1
    return chosen


@cache
def gcom_ids() -> dict[str, str]:
    """Key of a city -> its id in the list (of the first listing, for those listed twice)."""
    return {key: f"SAMPLE-G{number:04d}" for number, (key, _) in enumerate(_listed(), start=1)}


def is_active(key: str) -> bool:
    """Whether the city stands in the list with an active signature."""
    return key in gcom_ids() and key not in INACTIVE


def signatory_list() -> list[dict[str, Cell]]:
    """The list, one row per signatory, in the order of the ids."""
    return [_row(key, where) for key, where in _listed()]


def _row(key: str, where: City) -> dict[str, Cell]:
    rng = seeded_random("signatory", key)
    again = key.endswith(" again")
    bare = again or (rng.random() < 0.05 and key not in NAMES)
    return {
        "gcom_id": gcom_ids()[key],
        "name": NAMES.get(key)
        or (_written(where.name, rng.random()) if _is_other(key, where) else where.name),
        "country": where.country,
        "region": where.state or None,
        "population": None if bare else where.population,
        "latitude": None if bare else round(where.latitude, 3),
        "longitude": None if bare else round(where.longitude, 3),
        "signed_on": (date(2009, 1, 1) + timedelta(days=rng.randrange(0, 5_800))).isoformat(),
        "status": INACTIVE.get(key),
    }


def _is_other(key: str, where: City) -> bool:
    """Whether the row only fills the list.

    Only such rows get spellings by chance; those of applicants stay as their case needs them.
    """
    return key.endswith(f" {where.geoname_id}")


def _written(name: str, chance: float) -> str:
    """The name as such lists have it: some without diacritics, a few with an administrative word."""
    if chance < 0.12:
        return "".join(
            letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter)
        )
    return f"City of {name}" if chance < 0.16 else name
