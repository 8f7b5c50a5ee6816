"""Where each city lies: one position of several that are stated, and the time zone there.

Belongs here: judging what a register states by the country and by the place of that name. A position abroad,
such as that of a namesake, never counts. Must stay out: which place a city is (`places.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from programme.regions import Regions
from tasks.crosscheck.gazetteer.place_map import Place, PlaceMap, kilometres
from warehouse.dictionary.findings import Finding

AREAS = ("consortium", "metropolitan_area", "county", "other_local_authority")
"""Applicants that are no single city: the middle of their area may lie far from the place that gives the
name.
"""
_AGREES, _ABROAD, _DIVISION = (
    "position_agrees_with_name",
    "position_lies_in_country",
    "position_agrees_with_division",
)


@dataclass(frozen=True)
class StatedPosition:
    """A position in degrees, and the register that states it."""

    register: str
    latitude: float
    longitude: float

    @property
    def in_words(self) -> str:
        """The register and the position, for a message."""
        return f"the position in the {self.register} register ({self.latitude:.2f}, {self.longitude:.2f})"


@dataclass(frozen=True)
class CityToPlace:
    """What is known of one city: positions stated, the better register first; the place of its name; and a
    namesake in the division that the register states, where that place lies elsewhere.
    """

    application_id: str
    country_iso3: str | None
    applicant_type: str | None
    stated: tuple[StatedPosition, ...]
    place: Place | None
    surely: bool
    rival: Place | None = None


@dataclass(frozen=True)
class Located:
    """Where a city lies, None where nobody knows; `timezone` is None where the country's has to do."""

    latitude: float | None
    longitude: float | None
    timezone: str | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Atlas:
    """What positions are judged by: all places, the countries' territories, and what is near and far in
    km.
    """

    places: PlaceMap
    regions: Regions
    near_km: float
    far_km: float


def locate(city: CityToPlace, atlas: Atlas) -> Located:
    """The position that counts.

    One that agrees with the place of the name; else the place itself, where it is surely the city; else one
    that lies in the country.
    """
    located = _position(city, atlas)
    if city.rival is None or city.place is None:
        return located
    return replace(located, findings=(*located.findings, _two_namesakes(city, city.place, city.rival)))


def _position(city: CityToPlace, atlas: Atlas) -> Located:
    if city.country_iso3 is None:
        return Located(None, None, None)
    home = atlas.regions.with_territories(city.country_iso3)
    place = city.place
    if place is not None:
        for one in city.stated:
            if _km(place, one) <= atlas.near_km:
                return Located(one.latitude, one.longitude, place.timezone)
    at_home = [one for one in city.stated if _country_at(one, atlas) in home]
    if place is None:
        return _by_register(at_home[0], home, atlas) if at_home else _nowhere(city, atlas)
    if at_home and _may_differ(city, place, at_home[0], atlas):
        found = _by_register(at_home[0], home, atlas)
        return found if _is_area(city, place, at_home[0], atlas) else _doubted(city, place, at_home[0], found)
    findings = [_not_taken(city, place, one, atlas) for one in city.stated]
    return Located(place.latitude, place.longitude, place.timezone, tuple(findings))


def _is_area(city: CityToPlace, place: Place, one: StatedPosition, atlas: Atlas) -> bool:
    return city.applicant_type in AREAS and _km(place, one) <= atlas.far_km


def _may_differ(city: CityToPlace, place: Place, one: StatedPosition, atlas: Atlas) -> bool:
    """Whether a position counts although it is not near the place of that name."""
    return not city.surely or _is_area(city, place, one, atlas)


def _by_register(one: StatedPosition, home: frozenset[str], atlas: Atlas) -> Located:
    near = atlas.places.nearest_in(home, one.latitude, one.longitude)
    return Located(one.latitude, one.longitude, near.timezone if near else None)


def _doubted(city: CityToPlace, place: Place, one: StatedPosition, found: Located) -> Located:
    message = (
        f"{_first_upper(one.in_words)} lies {_km(place, one):.0f} km from the place of that name "
        f"that we know ({place.latitude:.2f}, {place.longitude:.2f}). The register's position was taken; "
        "please check it."
    )
    finding = Finding("cities", _AGREES, message, row_key=city.application_id, column="latitude")
    return Located(found.latitude, found.longitude, found.timezone, (finding,))


def _not_taken(city: CityToPlace, place: Place, one: StatedPosition, atlas: Atlas) -> Finding:
    there = _country_at(one, atlas)
    abroad = there not in atlas.regions.with_territories(str(city.country_iso3))
    where = f", in the country {there}" if abroad else ""
    message = (
        f"{_first_upper(one.in_words)} lies {_km(place, one):.0f} km from {place.name} "
        f"in {city.country_iso3}{where}. The gazetteer's position of {place.name} was taken "
        f"({place.latitude:.2f}, {place.longitude:.2f}); please correct the register."
    )
    expectation = _ABROAD if abroad else _AGREES
    return Finding("cities", expectation, message, row_key=city.application_id, column="latitude")


def _two_namesakes(city: CityToPlace, place: Place, rival: Place) -> Finding:
    taken, other = (f"({one.latitude:.2f}, {one.longitude:.2f})" for one in (place, rival))
    message = (
        f"Two places of {city.country_iso3} are called {place.name}. The one at {taken} was taken, because "
        "position and inhabitants are like it; the division in the gcom register is that of the one at "
        f"{other}. Please check which of them it is."
    )
    return Finding("cities", _DIVISION, message, row_key=city.application_id, column="latitude")


def _nowhere(city: CityToPlace, atlas: Atlas) -> Located:
    """No place of that name in the country, and every position stated lies abroad."""
    return Located(None, None, None, tuple(_abroad(city, one, atlas) for one in city.stated))


def _abroad(city: CityToPlace, one: StatedPosition, atlas: Atlas) -> Finding:
    near = atlas.places.nearest(one.latitude, one.longitude)
    message = (
        f"The country is {city.country_iso3}, where we know no place of that name; {one.in_words} lies near "
        f"{near.name} in {near.country_iso3}. No position was taken. "
        "Please check the country of the form and of the register."
    )
    return Finding("cities", _ABROAD, message, row_key=city.application_id, column="country_iso3")


def _country_at(one: StatedPosition, atlas: Atlas) -> str:
    return atlas.places.nearest(one.latitude, one.longitude).country_iso3


def _km(place: Place, one: StatedPosition) -> float:
    return kilometres(place.latitude, place.longitude, one.latitude, one.longitude)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def stated_positions(row: dict[str, object], registers: Sequence[str]) -> tuple[StatedPosition, ...]:
    """The positions of a row with `*_latitude` and `*_longitude` of each register; one axis alone is none."""
    found = []
    for register in registers:
        north, east = row[f"{register}_latitude"], row[f"{register}_longitude"]
        if isinstance(north, float) and isinstance(east, float):
            found.append(StatedPosition(register, north, east))
    return tuple(found)
