"""Which names of a round are looked up, and where."""

from __future__ import annotations

import polars as pl
import pytest

from programme.linking import LinkingRules
from tasks.crosscheck.round.queries import NO_NAME, is_group, register_queries, usable_submissions
from warehouse.dictionary import INPUT_TABLES

Row = dict[str, object]


def queried(rows: list[Row], rules: LinkingRules) -> list[tuple[str, str, str, int | None]]:
    given = [
        {
            "row": n,
            "country": "x",
            "country_iso3": "ITA",
            "applicant_type": "city",
            "submission_id": "S1",
            **row,
        }
        for n, row in enumerate(rows)
    ]
    forms = usable_submissions(INPUT_TABLES["submissions"].frame(given)).with_columns(is_group=is_group())
    made = register_queries(forms, rules)
    return made.select("application_id", "register", "member_name", "population").rows()


def member(name: str, population: int | None = None) -> Row:
    return {"name": name, "population": population, "plan_status": "none"}


CASES: dict[str, tuple[list[Row], list[tuple[str, str, str, int | None]]]] = {
    "a city": (
        [{"city_name": "Torino", "population": 5}],
        [("S1", "cohort", "Torino", 5), ("S1", "gcom", "Torino", 5)],
    ),
    "a damaged name is repaired": (
        [{"city_name": "Saint-&Eacute;tienne"}],
        [("S1", "cohort", "Saint-Étienne", None), ("S1", "gcom", "Saint-Étienne", None)],
    ),
    "no name": ([{"city_name": "\x00"}], [("S1", "cohort", NO_NAME, None), ("S1", "gcom", NO_NAME, None)]),
    "a consortium": (
        [
            {
                "city_name": "Two Rivers",
                "applicant_type": "consortium",
                "population": 9,
                "members": [member("A", 1), member("B")],
            }
        ],
        [("S1", "cohort", "Two Rivers", 9), ("S1", "gcom", "A", 1), ("S1", "gcom", "B", None)],
    ),
    "a member named twice": (
        [
            {
                "city_name": "Two Rivers",
                "applicant_type": "consortium",
                "members": [member("A", 1), member(" A ", 2)],
            }
        ],
        [("S1", "cohort", "Two Rivers", None), ("S1", "gcom", "A", 1)],
    ),
    "a consortium without members": (
        [{"city_name": "Two Rivers", "applicant_type": "consortium"}],
        [("S1", "cohort", "Two Rivers", None), ("S1", "gcom", "Two Rivers", None)],
    ),
    "members of a city": (
        [{"city_name": "Torino", "members": [member("A")]}],
        [("S1", "cohort", "Torino", None), ("S1", "gcom", "Torino", None)],
    ),
    "an id given twice": (
        [{"city_name": "Torino"}, {"city_name": "Roma"}],
        [("S1", "cohort", "Roma", None), ("S1", "gcom", "Roma", None)],
    ),
}


@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES.keys())
def test_queries(
    rows: list[Row], expected: list[tuple[str, str, str, int | None]], rules: LinkingRules
) -> None:
    assert queried(rows, rules) == expected


def test_no_submissions_give_no_queries(rules: LinkingRules) -> None:
    assert queried([], rules) == []


def test_the_later_row_counts_wherever_it_stands(rules: LinkingRules) -> None:
    rows: list[Row] = [{"row": 7, "city_name": "later"}, {"row": 3, "city_name": "earlier"}]
    assert {name for _, _, name, _ in queried(rows, rules)} == {"later"}


def test_columns_are_those_of_the_linker(rules: LinkingRules) -> None:
    forms = INPUT_TABLES["submissions"].empty().with_columns(is_group=pl.lit(value=False))
    assert register_queries(forms, rules).columns[-3:] == ["name", "country_iso3", "population"]
