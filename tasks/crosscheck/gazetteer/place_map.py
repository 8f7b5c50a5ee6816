"""The map of all places: which place is nearest to a position, anywhere or in some countries.

Belongs here: nearness. Must stay out: which place a name means (`geocode_names.py`), and which position of a
city counts (`tasks/crosscheck/round/positions.py`).
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tasks.crosscheck.gazetteer.geodesy import EARTH_RADIUS_KM

if TYPE_CHECKING:
    from scipy.spatial import cKDTree


@dataclass(frozen=True)
class Place:
    """One place of the gazetteer; `km` is its distance from the position that was asked about."""

    place: int
    name: str
    country_iso3: str
    latitude: float
    longitude: float
    population: int
    timezone: str
    admin1: str | None
    km: float = 0.0


class PlaceMap:
    """The places of a gazetteer (see `Gazetteer.places`), searchable by position."""

    def __init__(self, places: pl.DataFrame) -> None:
        self.places = places
        self._points = unit_vectors(*(places[axis].to_numpy() for axis in ("latitude", "longitude")))

    @cached_property
    def _everywhere(self) -> cKDTree:
        from scipy.spatial import cKDTree  # noqa: PLC0415  a third of a second that quick commands must not pay

        return cKDTree(self._points)

    @cached_property
    def _rows_of(self) -> dict[str, NDArray[np.intp]]:
        """The rows of each country."""
        numbered = self.places.select("country_iso3").with_row_index("at")
        grouped = numbered.group_by("country_iso3").agg("at").iter_rows()
        return {str(country): np.array(rows, np.intp) for country, rows in grouped}

    def nearest(self, latitude: float, longitude: float) -> Place:
        """The nearest place of all; of equally near ones, the first by id."""
        distance, at = self._everywhere.query(unit_vectors(latitude, longitude))
        return self._place(int(at), float(distance))

    def nearest_of_each(self, latitudes: pl.Series, longitudes: pl.Series) -> list[Place]:
        """The nearest place of each position."""
        if latitudes.is_empty():
            return []
        found = self._everywhere.query(unit_vectors(latitudes.to_numpy(), longitudes.to_numpy()))
        return [self._place(int(at), float(distance)) for distance, at in zip(*found, strict=True)]

    def nearest_in(self, countries: Collection[str], latitude: float, longitude: float) -> Place | None:
        """The nearest place of some countries; None where they have none."""
        parts = [self._rows_of[country] for country in sorted(countries) if country in self._rows_of]
        if not parts:
            return None
        rows = np.concatenate(parts)
        chords = np.linalg.norm(self._points[rows] - unit_vectors(latitude, longitude), axis=1)
        first = int(np.argmin(chords))
        return self._place(int(rows[first]), float(chords[first]))

    def by_id(self, place: int) -> Place:
        """The place of a GeoNames id."""
        return self._place(self._at[place], 0.0)

    @cached_property
    def _at(self) -> dict[int, int]:
        return {place: at for at, place in enumerate(self.places["place"].to_list())}

    def _place(self, at: int, chord: float) -> Place:
        row = self.places.row(at, named=True)
        return Place(
            **{name: row[name] for name in Place.__annotations__ if name != "km"}, km=_km_of_chord(chord)
        )


def unit_vectors(latitude: object, longitude: object) -> NDArray[np.float64]:
    """Positions in degrees as points of the unit sphere, in the last axis."""
    north, east = np.radians(latitude), np.radians(longitude)  # type: ignore[call-overload]  # numbers or arrays
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=-1)


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance between two positions in degrees."""
    chord = np.linalg.norm(unit_vectors(latitude, longitude) - unit_vectors(other_latitude, other_longitude))
    return _km_of_chord(float(chord))


def _km_of_chord(chord: float) -> float:
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, chord / 2))
