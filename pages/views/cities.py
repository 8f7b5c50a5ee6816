"""Who is meant by an application: its city, as every page names it.

Belongs here: one record per application with name, country, position. Must stay out: what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pages.views.words import country_name

Tables = Mapping[str, pl.DataFrame]
"""The tables of a version by name."""


@dataclass(frozen=True)
class City:
    """The city that an application speaks for.

    `position` is in degrees north and east, None where none is known; `population` are inhabitants;
    `timezone` is an IANA time zone.
    """

    application_id: str
    name: str
    country: str
    region: str | None
    position: tuple[float, float] | None
    population: int | None
    timezone: str | None


def cities(tables: Tables) -> dict[str, City]:
    """The city of every application, by the application's id; without a name it goes by that id."""
    return {
        row["application_id"]: City(
            application_id=row["application_id"],
            name=row["city_name"] or row["application_id"],
            country=country_name(row["country_iso3"]),
            region=row["region"],
            position=_position(row["latitude"], row["longitude"]),
            population=row["population"],
            timezone=row["timezone"],
        )
        for row in tables["applications"].iter_rows(named=True)
    }


def _position(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    return None if latitude is None or longitude is None else (latitude, longitude)
