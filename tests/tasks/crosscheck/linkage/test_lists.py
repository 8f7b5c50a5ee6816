"""Lists and registers under the headings people write."""

from __future__ import annotations

import polars as pl
import pytest

from programme.problems import ProblemsError
from tasks.crosscheck.linkage.lists import read_queries, read_register, unusable_rows

HEADINGS = {
    "the usual": ["id", "name", "iso3", "state", "population", "lat", "lng"],
    "the contract's": ["gcom_id", "name", "country", "region", "population", "latitude", "longitude"],
    "in capitals": ["ID", "City name", "COUNTRY", "Province", "Inhabitants", "Lat", "Lon"],
}
COUNTRIES = [
    ("ITA", "ITA"),
    ("IT", "ITA"),
    ("Italy", "ITA"),
    ("Italia", "ITA"),
    ("Atlantis", None),
    ("", None),
]
NUMBERS = [
    ("3503.0", 3503),
    ("3,503", 3503),
    ("3.503", 3503),
    ("91.07", 91),
    ("3503.25", 3503),
    ("1.0204", 1),
    ("870456", 870_456),
    ("", None),
    ("many", None),
    ("-5", None),
]


@pytest.mark.parametrize("headings", HEADINGS.values(), ids=HEADINGS.keys())
def test_headings(headings: list[str]) -> None:
    table = pl.DataFrame(
        [["R1", "Torino", "Italy", "Piedmont", "870456", "45.07", "7.69"]], schema=headings, orient="row"
    )
    assert read_register(table, "x").row(0) == ("R1", "Torino", "ITA", "Piedmont", 870_456, 45.07, 7.69)


@pytest.mark.parametrize(("written", "iso3"), COUNTRIES)
def test_countries_in_any_form(written: str, iso3: str | None) -> None:
    assert read_queries(pl.DataFrame({"name": ["Torino"], "country": [written]}), "x")[
        "country_iso3"
    ].to_list() == [iso3]


@pytest.mark.parametrize(("written", "people"), NUMBERS)
def test_populations_in_any_form(written: str, people: int | None) -> None:
    assert read_queries(pl.DataFrame({"name": ["a"], "country": ["ITA"], "population": [written]}), "x")[
        "population"
    ].to_list() == [people]


def test_all_missing_columns_are_named_at_once() -> None:
    with pytest.raises(ProblemsError) as raised:
        read_register(pl.DataFrame({"town": ["Torino"]}), "list.csv")
    assert len(raised.value.problems) == 3
    assert all("list.csv" in str(item) and "town" in str(item) for item in raised.value.problems)


def test_every_row_of_a_list_is_a_query() -> None:
    queries = read_queries(pl.DataFrame({"name": ["a", None, "a"], "country": ["ITA", "ITA", None]}), "x")
    assert queries["query_id"].to_list() == ["0", "1", "2"]


def test_rows_that_cannot_be_used_are_counted() -> None:
    rows = [
        ("1", "Torino", "Italy"),
        ("1", "Roma", "Italy"),
        (None, "Napoli", "Italy"),
        ("2", None, "Italy"),
        ("3", "Poseidonis", "Atlantis"),
    ]
    table = pl.DataFrame(rows, schema=["id", "name", "country"], orient="row")
    note = unusable_rows(table, "r.csv")
    assert note is not None
    assert note.startswith(
        "r.csv: of 5 rows 2 without an id or a name; 1 with the id of an earlier row; "
        "1 in no country that is known"
    )
    assert unusable_rows(table[:1], "r.csv") is None
