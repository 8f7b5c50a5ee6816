"""Where a city lies: a position abroad or of a namesake never counts, and whatever does not agree is told."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.programme import Programme
from tasks.crosscheck.gazetteer.place_map import PlaceMap, kilometres
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.round.cities import LocatedCities, cities
from tests.examples import examples
from warehouse.dictionary.inputs import COHORT, GCOM, SUBMISSIONS
from warehouse.dictionary.published import CROSSCHECK

ABROAD, NAME, DIVISION = (
    "position_lies_in_country",
    "position_agrees_with_name",
    "position_agrees_with_division",
)
IN_THE_WEST = [("Fremantle", -32.05, 115.75), ("Bunbury", -33.33, 115.64), ("Albany", -35.02, 117.88)]
"""Other rows of a division, which tell where it lies."""
CASES = [
    ("its own position", ("Torino", "ITA", 870_000), (45.07, 7.69), (45.07, 7.69), "Europe/Rome", []),
    (
        "a namesake abroad",
        ("Birmingham", "GBR", 1_140_000),
        (33.52, -86.8),
        (52.48, -1.9),
        "Europe/London",
        [ABROAD],
    ),
    (
        "another one",
        ("Valencia", "VEN", 1_380_000),
        (39.47, -0.38),
        (10.16, -68.0),
        "America/Caracas",
        [ABROAD],
    ),
    (
        "the other hemisphere",
        ("Newcastle", "AUS", 322_000),
        (54.97, -1.61),
        (-32.93, 151.78),
        "Australia/Sydney",
        [ABROAD],
    ),
    (
        "far away in its country",
        ("Changwon", "KOR", 1_072_657),
        (35.15, 126.95),
        (35.23, 128.68),
        "Asia/Seoul",
        [NAME],
    ),
    (
        "a namesake of its country; the inhabitants tell",
        ("Springfield, IL", "USA", 116_565),
        (42.1, -72.59),
        (39.8, -89.64),
        "America/Chicago",
        [NAME],
    ),
    (
        "the middle of the country",
        ("Glasgow", "GBR", 632_350),
        (55.0, -4.0),
        (55.86, -4.26),
        "Europe/London",
        [NAME],
    ),
    (
        "the other Congo",
        ("Lubumbashi", "COG", 1_794_118),
        (-11.67, 27.48),
        None,
        "Africa/Brazzaville",
        [ABROAD],
    ),
    (
        "a place nobody knows, in its country",
        ("Zzyzxville", "FRA", None),
        (45.75, 4.85),
        (45.75, 4.85),
        "Europe/Paris",
        [],
    ),
    (
        "a place nobody knows, abroad",
        ("Zzyzxville", "FRA", None),
        (51.5, -0.1),
        None,
        "Europe/Paris",
        [ABROAD],
    ),
    ("in the sea", ("Zzyzxville", "FRA", None), (0.0, 0.0), None, "Europe/Paris", [ABROAD]),
    (
        "a territory of the country",
        ("Zzyzxville", "USA", None),
        (18.4, -66.1),
        (18.4, -66.1),
        "America/Puerto_Rico",
        [],
    ),
    (
        "close to a border",
        ("Tijuana", "MEX", 1_810_000),
        (32.53, -117.02),
        (32.53, -117.02),
        "America/Tijuana",
        [],
    ),
    ("no position stated", ("Kópavogur", "ISL", None), None, (64.11, -21.91), "Atlantic/Reykjavik", []),
    ("no country", ("Torino", None, None), (45.07, 7.69), None, None, []),
]


def located(
    programme: Programme,
    gazetteer: Gazetteer,
    name: tuple[str, str | None, int | None],
    position: tuple[float, float] | None,
    region: str | None = None,
    others: list[tuple[str, float, float]] | None = None,
    kind: str = "city",
) -> LocatedCities:
    """The city of one form that is linked to a row of the GCoM with a position."""
    city, country, people = name
    north, east = position or (None, None)
    form = {"row": 2, "submission_id": "S1", "city_name": city, "country_iso3": country, "population": people}
    row = {
        "row": 2,
        "gcom_id": "G1",
        "name": city,
        "country_iso3": country,
        "region": region,
        "status": "active",
    }
    row |= {"latitude": north, "longitude": east, "population": people}
    more = [
        row | {"row": n, "gcom_id": f"G{n}", "name": other, "latitude": lat, "longitude": lon}
        for n, (other, lat, lon) in enumerate(others or [], 3)
    ]
    link = {"application_id": "S1", "register": "gcom", "member_name": city, "outcome": "linked"}
    link |= {"register_id": "G1", "evidence": "x", "decided_by": "rules"}
    gcom = GCOM.frame([row, *more]).rename({"gcom_id": "register_id"})
    return cities(
        SUBMISSIONS.frame([form | {"applicant_type": kind}]).with_columns(is_group=pl.lit(value=False)),
        CROSSCHECK.frame([link]),
        {"cohort": COHORT.empty().rename({"utm_id": "register_id"}), "gcom": gcom},
        gazetteer,
        programme.linking,
        programme.regions,
    )


@pytest.mark.parametrize(
    ("name", "stated", "expected", "zone", "told"), [pytest.param(*each[1:], id=each[0]) for each in CASES]
)
def test_which_position_counts(
    name: tuple[str, str | None, int | None],
    stated: tuple[float, float] | None,
    expected: tuple[float, float] | None,
    zone: str | None,
    told: list[str],
    programme: Programme,
    gazetteer: Gazetteer,
) -> None:
    found = located(programme, gazetteer, name, stated)
    (row,) = found.table.rows(named=True)
    if expected is None:
        assert (row["latitude"], row["longitude"]) == (None, None)
    else:
        assert kilometres(row["latitude"], row["longitude"], *expected) < 5
    assert row["timezone"] == zone
    assert found.findings["expectation"].to_list() == told
    assert (found.findings["row_key"] == "S1").all()


def test_a_wrong_country_is_told_with_where_the_position_lies(
    programme: Programme, gazetteer: Gazetteer
) -> None:
    findings = located(programme, gazetteer, ("Lubumbashi", "COG", 1_794_118), (-11.67, 27.48)).findings
    assert findings["message"].to_list() == [
        "The country is COG, where we know no place of that name; the position in the gcom register "
        "(-11.67, 27.48) lies near Lubumbashi in COD. No position was taken. Please check the country of the "
        "form and of the register."
    ]


def test_the_division_tells_namesakes_of_a_country_apart(programme: Programme, gazetteer: Gazetteer) -> None:
    """The inhabitants are like those of the small Perth; the division says the large one."""
    perth = ("Perth", "AUS", 27_432)
    (row,) = located(
        programme, gazetteer, perth, (56.395, -3.43), "Western Australia", IN_THE_WEST
    ).table.rows(named=True)
    assert (round(row["latitude"]), row["timezone"]) == (-32, "Australia/Perth")


def test_a_division_that_contradicts_position_and_inhabitants_is_told(
    programme: Programme, gazetteer: Gazetteer
) -> None:
    around = [("Quilmes", -34.72, -58.25), ("Morón", -34.65, -58.62), ("Tandil", -37.32, -59.13)]
    found = located(
        programme, gazetteer, ("San Justo", "ARG", 22_521), (-30.79, -60.59), "Buenos Aires", around
    )
    assert round(found.table["latitude"].item(), 1) == -30.8
    assert found.findings["expectation"].to_list() == [DIVISION]


def test_the_middle_of_an_area_may_lie_apart_from_the_place_that_names_it(
    programme: Programme, gazetteer: Gazetteer
) -> None:
    county = located(programme, gazetteer, ("Pingtung", "TWN", 800_000), (22.3, 120.6), kind="county")
    assert (county.table["latitude"].item(), county.findings.is_empty()) == (22.3, True)


@pytest.fixture(scope="module")
def place_map(gazetteer: Gazetteer) -> PlaceMap:
    return PlaceMap(gazetteer.places)


NAMES = [
    ("Perth", "AUS"),
    ("Medford", "USA"),
    ("Lubumbashi", "COG"),
    ("Zzyzxville", "FRA"),
    ("Córdoba", "ARG"),
    ("Basel", "CHE"),
]


@settings(max_examples=examples(4))
@given(
    name=st.sampled_from(NAMES),
    people=st.sampled_from([None, 500, 60_000, 2_000_000]),
    stated=st.one_of(st.none(), st.tuples(st.floats(-90, 90), st.floats(-180, 180))),
    kind=st.sampled_from(["city", "county"]),
)
def test_no_position_lies_outside_its_country(
    name: tuple[str, str],
    people: int | None,
    stated: tuple[float, float] | None,
    kind: str,
    programme: Programme,
    gazetteer: Gazetteer,
    place_map: PlaceMap,
) -> None:
    """Whatever the register states; and where it was not taken, a finding says so."""
    found = located(programme, gazetteer, (*name, people), stated, kind=kind)
    (row,) = found.table.rows(named=True)
    assert (row["latitude"] is None) == (row["longitude"] is None)
    if row["latitude"] is not None:
        near = place_map.nearest(row["latitude"], row["longitude"])
        home = programme.regions.with_territories(name[1])
        close = stated is not None and bool(near.km <= programme.linking.limits.near_km)
        assert near.country_iso3 in home or close
    if stated is not None and (row["latitude"], row["longitude"]) != stated:
        assert not found.findings.is_empty()
