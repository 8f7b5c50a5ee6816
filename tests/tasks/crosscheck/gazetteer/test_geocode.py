"""Which place a name or a row of a register is, and in which time zone a city lies."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.linking import LinkingRules
from tasks.crosscheck.gazetteer.divisions import coded_divisions, known_divisions
from tasks.crosscheck.gazetteer.geocode_names import geocode_names, timezones
from tasks.crosscheck.gazetteer.geodesy import distance_km
from tasks.crosscheck.linkage.index import build_index
from tests.tasks.crosscheck.making import small_gazetteer

SMALL = small_gazetteer()
NAMES: dict[str, tuple[str, str, int | None, int | None]] = {
    "by name": ("Turin", "ITA", None, 1),
    "the population tells which": ("Springfield", "USA", 117_000, 2),
    "another population": ("Springfield", "USA", 150_000, 3),
    "without one the larger": ("Springfield", "USA", None, 3),
    "the state tells against the population": ("Springfield, IL", "USA", 155_000, 2),
    "a state where none is": ("Springfield, Oregon", "USA", None, None),
    "the whole name before a part of it": ("Saint-Étienne", "FRA", 600, 5),
    "unknown": ("Nowhere", "ITA", None, None),
    "another country": ("Torino", "GRC", None, None),
}


@pytest.mark.parametrize(("name", "country", "people", "place"), NAMES.values(), ids=NAMES.keys())
def test_the_place_of_a_name(
    name: str, country: str, people: int | None, place: int | None, rules: LinkingRules
) -> None:
    schema = {"id": pl.UInt32, "name": pl.String, "country_iso3": pl.String, "population": pl.Int64}
    names = pl.DataFrame([(0, name, country, people)], schema=schema, orient="row")
    assert geocode_names(names, SMALL, rules)["place"].to_list() == ([] if place is None else [place])


ZONES = {
    "the nearest place": ("CHN", 44.0, 86.0, "Asia/Urumqi"),
    "the other one": ("CHN", 39.0, 117.0, "Asia/Shanghai"),
    "a degree of longitude is shorter in the north": ("USA", 60.0, -82.0, "America/New_York"),
    "the nearest of its country only": ("ITA", 45.43, 4.39, "Europe/Rome"),
    "without a position the most populous": ("CHN", None, None, "Asia/Shanghai"),
}


@pytest.mark.parametrize(("country", "lat", "lon", "zone"), ZONES.values(), ids=ZONES.keys())
def test_the_time_zone_of_a_position(country: str, lat: float | None, lon: float | None, zone: str) -> None:
    schema = {
        "application_id": pl.String,
        "country_iso3": pl.String,
        "latitude": pl.Float64,
        "longitude": pl.Float64,
    }
    cities = pl.DataFrame([("S1", country, lat, lon)], schema=schema, orient="row")
    assert timezones(cities, SMALL).rows() == [("S1", zone)]
    nowhere = cities.with_columns(country_iso3=pl.lit(None, dtype=pl.String))
    assert timezones(nowhere, SMALL).is_empty()


ROWS: dict[str, tuple[dict[str, object], tuple[int | None, bool | None]]] = {
    "near": ({"name": "Torino", "latitude": 45.1, "longitude": 7.7}, (1, True)),
    "no position": ({"name": "Torino"}, (1, True)),
    "far, but the only place of the name": (
        {"name": "Torino", "latitude": 38.0, "longitude": 15.0},
        (1, True),
    ),
    "far in its own country, by another name": (
        {"name": "Peking", "country_iso3": "CHN", "latitude": 43.8, "longitude": 87.6},
        (8, False),
    ),
    "a position abroad is none": ({"name": "Turin", "latitude": 37.98, "longitude": 23.73}, (1, True)),
    "a position where nothing is is none": (
        {"name": "Turin", "latitude": 7.69, "longitude": 45.07},
        (1, True),
    ),
    "the near one of two": (
        {"name": "Springfield", "country_iso3": "USA", "latitude": 39.8, "longitude": -89.6},
        (2, True),
    ),
    "nearness before population": (
        {
            "name": "Springfield",
            "country_iso3": "USA",
            "population": 155_000,
            "latitude": 39.8,
            "longitude": -89.6,
        },
        (2, True),
    ),
    "population without a position": (
        {"name": "Springfield", "country_iso3": "USA", "population": 116_000},
        (2, True),
    ),
    "the state": ({"name": "Springfield", "country_iso3": "USA", "region": "Illinois"}, (2, True)),
    "a typing error near the place, with its inhabitants": (
        {"name": "Torimo", "latitude": 45.1, "longitude": 7.7, "population": 800_000},
        (1, True),
    ),
    "a typing error near the place": ({"name": "Torimo", "latitude": 45.1, "longitude": 7.7}, (None, None)),
    "a neighbour of a similar name": (
        {"name": "Torimo", "latitude": 45.1, "longitude": 7.7, "population": 3_000},
        (None, None),
    ),
    "a short name: nearly the same inhabitants": (
        {"name": "Torimo", "latitude": 45.1, "longitude": 7.7, "population": 430_000},
        (None, None),
    ),
    "a long name, at the very place of the town": (
        {
            "name": "Springfields",
            "country_iso3": "USA",
            "latitude": 39.8,
            "longitude": -89.64,
            "population": 500_000,
        },
        (2, True),
    ),
    "a long name, not at the very place": (
        {
            "name": "Springfields",
            "country_iso3": "USA",
            "latitude": 39.9,
            "longitude": -89.7,
            "population": 500_000,
        },
        (None, None),
    ),
    "inhabitants that the gazetteer does not know": (
        {"name": "Cortes", "country_iso3": "ESP", "latitude": 41.9, "longitude": -1.4, "population": 3_100},
        (9, True),
    ),
    "a neighbour of a similar name, and a place of its own": (
        {
            "name": "Étienne",
            "country_iso3": "FRA",
            "latitude": 45.43,
            "longitude": 4.39,
            "population": 172_000,
        },
        (6, True),
    ),
    "a typing error without a position": ({"name": "Torimo"}, (None, None)),
    "a typing error far away": ({"name": "Torimo", "latitude": 38.0, "longitude": 15.0}, (None, None)),
    "unknown": ({"name": "Nowhere", "latitude": 45.1, "longitude": 7.7}, (None, None)),
}


@pytest.mark.parametrize(("row", "expected"), ROWS.values(), ids=ROWS.keys())
def test_the_place_of_a_row_of_a_register(
    row: dict[str, object], expected: tuple[int | None, bool | None], rules: LinkingRules
) -> None:
    register = pl.DataFrame([{"register_id": "R1", "country_iso3": "ITA", **row}])
    assert build_index(register, SMALL, rules).rows.select("place", "surely").row(0) == expected


def test_a_row_gets_its_place_s_other_names_only_if_it_is_surely_that_place(rules: LinkingRules) -> None:
    near, far, abroad = (39.9, 116.4), (43.8, 87.6), (37.98, 23.73)
    rows = [(f"R{n}", "Peking", "CHN", *at) for n, at in enumerate((near, far, abroad))]
    schema = ["register_id", "name", "country_iso3", "latitude", "longitude"]
    register = pl.DataFrame(rows, schema=schema, orient="row")
    keys = build_index(register, SMALL, rules).keys.filter(pl.col("key") == "北京")
    assert sorted(keys["id"].to_list()) == [0, 2]


def test_a_row_of_the_usa_lies_in_the_state_of_its_place(rules: LinkingRules) -> None:
    rows = [("R1", "Springfield", "USA", 39.8, -89.6), ("R2", "Torino", "ITA", 45.1, 7.7)]
    schema = ["register_id", "name", "country_iso3", "latitude", "longitude"]
    index = build_index(pl.DataFrame(rows, schema=schema, orient="row"), SMALL, rules)
    assert index.rows["regions"].to_list() == [["USA-IL"], None]


def test_a_division_is_known_by_code_by_name_and_by_the_register(rules: LinkingRules) -> None:
    register = pl.DataFrame(
        {"country_iso3": ["USA", "ITA", "ITA"], "region": ["State of Oregon", "Contea di Montefeltro", ""]}
    )
    known = known_divisions(register, rules)
    regions = {(iso3, key): region for iso3, key, region in known.iter_rows()}
    assert regions["USA", "oregon"] == regions["USA", "or"] == "USA-OR"
    assert regions["ITA", "contea di montefeltro"] == "contea di montefeltro"
    assert ("ITA", "") not in regions
    assert known.unique(["country_iso3", "region_key"]).height == known.height
    assert coded_divisions(rules)["region"].str.contains("^[A-Z]{3}-").all()


DISTANCES = {
    "Torino to Athens": ((45.07, 7.69, 37.98, 23.73), 1_546),
    "across the date line": ((0.0, 179.5, 0.0, -179.5), 111),
    "the poles": ((90.0, 0.0, -90.0, 0.0), 20_015),
    "the same position": ((10.0, 10.0, 10.0, 10.0), 0),
}


def km(*degrees: float | None) -> float | None:
    return pl.select(distance_km(*(pl.lit(value, dtype=pl.Float64) for value in degrees))).item()  # type: ignore[no-any-return]


@pytest.mark.parametrize(("degrees", "expected"), DISTANCES.values(), ids=DISTANCES.keys())
def test_distances(degrees: tuple[float, ...], expected: float) -> None:
    assert km(*degrees) == pytest.approx(expected, abs=2)


def test_a_distance_to_an_unknown_position_is_unknown() -> None:
    assert km(1.0, 1.0, None, 1.0) is None


LATITUDE, LONGITUDE = st.floats(-90, 90), st.floats(-180, 180)


@given(LATITUDE, LONGITUDE, LATITUDE, LONGITUDE)
def test_a_distance_is_the_same_both_ways(a: float, b: float, c: float, d: float) -> None:
    there, back = km(a, b, c, d), km(c, d, a, b)
    assert there is not None
    assert 0 <= there <= 20_016
    assert back == pytest.approx(there, abs=1e-6)
