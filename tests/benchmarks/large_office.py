"""An office in which a round of 1,000 applications was processed: the forms of the samples, sent by many."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from flows.context import AppContext, open_context
from flows.settings import read_settings
from programme.vocabulary import GATES
from samples.calls import FIRST_CALL
from samples.cities import City, all_cities
from samples.files import as_json
from samples.submissions import canonical_rows
from tests.flows.office import Office
from tests.hostile.small_round import relaxed_rules

ROUND = "2025-07"
APPLICATIONS = 1_000
LARGE_ENOUGH = 60_000
"""Cities of fewer inhabitants are left out, as the programme does."""


def applicants(count: int) -> list[City]:
    """Cities of all continents, no name twice in a country."""
    by_name = {(one.name, one.iso2): one for one in all_cities() if one.population >= LARGE_ENOUGH}
    every = sorted(by_name.values(), key=lambda one: (one.geoname_id * 7919) % 1_000_003)
    return every[:count]


def forms(count: int) -> list[dict[str, Any]]:
    """The forms of that many cities, their answers those of the samples in turn."""
    answers = [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
        for row in canonical_rows(FIRST_CALL)
        if row["city_name"]
    ]
    return [
        {
            **answers[n % len(answers)],
            "submission_id": f"L-{n:04}",
            "city_name": city.name,
            "country": city.country,
            "applicant_type": "city",
            "members": "",
            "population": city.population,
            "contact_name": f"Fictional Person {n}",
            "contact_email": f"person{n}@example.org",
        }
        for n, city in enumerate(applicants(count))
    ]


def cohort(count: int) -> list[dict[str, Any]]:
    """Two of three cities are members."""
    return [
        {
            "utm_id": f"UTM-{n:04}",
            "name": city.name,
            "country": city.country,
            "population": city.population,
            "status": "member",
            "applied_on": date(2024, 5, 6).isoformat(),
            "decided_on": date(2024, 6, 6).isoformat(),
            "gcom_id": None,
            "latitude": city.latitude,
            "longitude": city.longitude,
        }
        for n, city in enumerate(applicants(count))
        if n % 3
    ]


def gcom(count: int) -> list[dict[str, Any]]:
    """Every second city is a signatory."""
    return [
        {
            "gcom_id": f"G-{n:04}",
            "name": city.name,
            "country": city.country,
            "region": None,
            "population": city.population,
            "latitude": city.latitude,
            "longitude": city.longitude,
            "signed_on": date(2022, 7, 19).isoformat(),
            "status": "active",
        }
        for n, city in enumerate(applicants(count))
        if n % 2
    ]


def make_office(folder: Path, count: int = APPLICATIONS) -> AppContext:
    """The office in a folder, its round processed by rules in which nothing stops it."""
    place = folder / "inputs" / ROUND
    place.mkdir(parents=True)
    for name, rows in (("submissions", forms(count)), ("cohort", cohort(count)), ("gcom", gcom(count))):
        (place / f"{name}.json").write_bytes(as_json(rows))
    environment = {
        "CITY2CITY_DATA": str(folder / "data"),
        "CITY2CITY_PROGRAMME": str(relaxed_rules(folder / "rules")),
    }
    context = open_context(read_settings(environment))
    Office(context, folder / "inputs").run(ROUND, "measured", *(one for one in GATES[:-1]))
    return context
