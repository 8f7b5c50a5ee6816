"""The map of the sea, rivers and lakes: distances of known cities, and what holds at any position."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.water.water_map import SEARCHED_KM, WaterDistance, water_map

BY_THE_SEA = {
    "Rotterdam": (51.92, 4.48),
    "Tokyo": (35.69, 139.69),
    "Stockholm": (59.33, 18.06),
    "La Paz (Mexico)": (24.14, -110.31),
    "Singapore": (1.29, 103.85),
    "London": (51.51, -0.12),
    "Guayaquil": (-2.2, -79.9),
    "Bangkok": (13.75, 100.5),
    "Hamburg": (53.55, 9.99),
    "Malé, an island smaller than a cell": (4.175, 73.509),
    "Suva, beside the date line": (-18.14, 178.44),
    "Rome": (41.89, 12.48),
}
ON_GREAT_WATER = {
    "Manaus": (-3.1, -60.02),
    "Chongqing": (29.56, 106.55),
    "Nanjing": (32.06, 118.78),
    "Vienna": (48.2, 16.37),
    "Baku, on an inland sea": (40.38, 49.85),
    "Chicago": (41.85, -87.65),
    "Montreal": (45.5, -73.57),
}
INLAND = {
    "Yaoundé": (3.87, 11.52),
    "Lubumbashi": (-11.66, 27.48),
    "Botosani": (47.75, 26.67),
    "Madrid": (40.42, -3.7),
    "Nairobi": (-1.28, 36.82),
    "Mexico City": (19.43, -99.13),
    "Jaipur": (26.9, 75.8),
    "La Paz (Bolivia)": (-16.5, -68.15),
}


@pytest.mark.parametrize("position", [pytest.param(at, id=name) for name, at in BY_THE_SEA.items()])
def test_cities_by_the_sea_are_near_it(position: tuple[float, float]) -> None:
    sea = water_map().at(*position).sea_km
    assert sea is not None
    assert sea <= 40


@pytest.mark.parametrize("position", [pytest.param(at, id=name) for name, at in ON_GREAT_WATER.items()])
def test_cities_on_a_great_river_or_lake_are_near_it(position: tuple[float, float]) -> None:
    navigable = water_map().at(*position).navigable_km
    assert navigable is not None
    assert navigable <= 10


@pytest.mark.parametrize("position", [pytest.param(at, id=name) for name, at in INLAND.items()])
def test_inland_cities_are_far_from_both(position: tuple[float, float]) -> None:
    found = water_map().at(*position)
    assert found.sea_km is None or found.sea_km > 50
    assert found.navigable_km is None or found.navigable_km > 10


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_any_position_has_distances_in_range(latitude: float, longitude: float) -> None:
    found = water_map().at(latitude, longitude)
    for km in (found.sea_km, found.navigable_km, found.inland_water_km):
        assert km is None or 0 <= km <= SEARCHED_KM
    if found.navigable_km is not None:
        assert found.inland_water_km is not None
        assert found.inland_water_km <= found.navigable_km


@given(st.floats(-60, 70), st.floats(-180, 180), st.floats(0, 2 * math.pi))
def test_a_step_of_one_kilometre_changes_a_distance_by_no_more(
    latitude: float, longitude: float, direction: float
) -> None:
    north, east = math.cos(direction) / 111.2, math.sin(direction) / 111.2
    here = water_map().at(latitude, longitude)
    there = water_map().at(latitude + north, longitude + east / math.cos(math.radians(latitude)))
    for name in ("sea_km", "inland_water_km"):
        before, after = getattr(here, name), getattr(there, name)
        if before is not None and after is not None and max(before, after) < SEARCHED_KM / 2:
            assert abs(before - after) <= 1 + 0.01 * before + 0.2


def test_distances_are_told_in_words() -> None:
    assert (
        WaterDistance(191.4, None, 57.4).in_words
        == "191 km from the sea, more than 300 km from a great river or lake and 57 km from any other "
        "on our map"
    )
