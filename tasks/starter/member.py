"""A twinning with its cities, as a starter tells of them.

Belongs here: taking them from the published tables. Must stay out: anything that is proposed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from programme.countries.names import country_names


@dataclass(frozen=True)
class City:
    """One city of a twinning; `need` and `experience` are 0-5 by its own word, None where it says nothing."""

    application_id: str
    name: str
    country_iso3: str | None
    timezone: str | None
    need: int | None
    experience: int | None

    @property
    def country(self) -> str:
        """The country in English."""
        names = {one.iso3: one.usual[0] for one in country_names() if one.usual}
        return names.get(self.country_iso3 or "", self.country_iso3 or "an unknown country")


@dataclass(frozen=True)
class Twinning:
    """One twinning of a version; `topic` is the label. `conditional`: a member has something to bring yet."""

    twinning_id: str
    topic: str
    conditional: bool
    cities: tuple[City, ...]

    @property
    def names(self) -> str:
        """The cities' names, as a title has them."""
        return " – ".join(city.name for city in self.cities)


def twinnings_of(tables: Mapping[str, pl.DataFrame], topics: Mapping[str, str]) -> list[Twinning]:
    """Every twinning of a version, in order of its id; `topics` maps a topic to its label."""
    about = tables["applications"].select("application_id", "city_name", "country_iso3", "timezone")
    members = (
        tables["twinning_members"]
        .join(about, on="application_id", how="left")
        .sort("twinning_id", "city_name", "application_id")
    )
    cities: dict[str, list[City]] = {}
    for row in members.iter_rows(named=True):
        name = row["city_name"] or row["application_id"]
        city = City(
            row["application_id"], name, row["country_iso3"], row["timezone"], row["need"], row["experience"]
        )
        cities.setdefault(row["twinning_id"], []).append(city)
    found = tables["twinnings"].sort("twinning_id").select("twinning_id", "topic", "conditional")
    return [
        Twinning(name, topics.get(topic, topic), conditional, tuple(cities.get(name, ())))
        for name, topic, conditional in found.iter_rows()
    ]


def most(cities: Sequence[City], what: str) -> list[City]:
    """The cities with the greatest `need` or `experience`; none where all say the same or nothing."""
    said = {city.application_id: getattr(city, what) for city in cities if getattr(city, what) is not None}
    if len(set(said.values())) < 2:
        return []
    return [city for city in cities if said.get(city.application_id) == max(said.values())]
