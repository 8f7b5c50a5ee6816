"""The rules between the tables of a version: whatever breaks one is told."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tests.warehouse.published_tables import Tables, with_cell
from warehouse.snapshots.verify_rules import CHECKS, broken_rules


def _drop(table: str, row: int) -> Callable[[Tables], Tables]:
    return lambda tables: {
        **tables,
        table: tables[table].with_row_index("n").filter(pl.col("n") != row).drop("n"),
    }


def _cell(table: str, row: int, **cells: object) -> Callable[[Tables], Tables]:
    return lambda tables: with_cell(tables, table, row, **cells)


def _ineligible_member(tables: Tables) -> Tables:
    checks = tables["eligibility_checks"].with_columns(
        pl.when((pl.col("application_id") == "A1") & (pl.col("rule") == "gcom"))
        .then(pl.lit("not_met"))
        .otherwise("outcome")
        .alias("outcome")
    )
    changed = with_cell({**tables, "eligibility_checks": checks}, "eligibility", 0, status="ineligible")
    return {**changed, "ranking": changed["ranking"].filter(pl.col("application_id") != "A1")}


def _doubted_member(state: str) -> Callable[[Tables], Tables]:
    def change(tables: Tables) -> Tables:
        checks = tables["eligibility_checks"].with_columns(
            pl.when((pl.col("application_id") == "A1") & (pl.col("rule") == "gcom"))
            .then(pl.lit("unclear"))
            .otherwise("outcome")
            .alias("outcome")
        )
        changed = with_cell({**tables, "eligibility_checks": checks}, "eligibility", 0, status="needs_review")
        changed = {**changed, "ranking": changed["ranking"].filter(pl.col("application_id") != "A1")}
        return with_cell(changed, "twinnings", 0, state=state)

    return change


def _city_twice(tables: Tables) -> Tables:
    second = tables["twinnings"].with_columns(twinning_id=pl.lit("T2"), topic=pl.lit("finance"))
    return {
        **tables,
        "twinnings": pl.concat([tables["twinnings"], second]),
        "twinning_members": pl.concat(
            [tables["twinning_members"], tables["twinning_members"].with_columns(twinning_id=pl.lit("T2"))]
        ),
    }


RULES = [
    (
        "every accepted application is judged, and no other",
        "late judged",
        _cell("applications", 0, state="late"),
    ),
    (
        "every accepted application is judged, and no other",
        "accepted not judged",
        _cell("applications", 5, state="accepted"),
    ),
    (
        "every judged application has every rule checked once",
        "a rule left out",
        _drop("eligibility_checks", 3),
    ),
    (
        "the status of an application follows from its rules",
        "better than its rules",
        _cell("eligibility", 3, status="eligible"),
    ),
    ("only eligible and tentative applications are in a twinning", "ineligible member", _ineligible_member),
    (
        "only eligible and tentative applications are in a twinning",
        "doubted member",
        _doubted_member("proposed"),
    ),
    (
        "only eligible and tentative applications are ranked",
        "doubted ranked",
        _cell("ranking", 0, application_id="A4"),
    ),
    ("a twinning has two or three cities, as many as it says", "one city", _drop("twinning_members", 0)),
    (
        "a twinning has two or three cities, as many as it says",
        "says three",
        _cell("twinnings", 0, n_cities=3),
    ),
    ("a city is in one twinning", "in two", _city_twice),
    (
        "the value of a twinning is the sum of its aspects",
        "a little more",
        _cell("twinnings", 0, value=2.80001),
    ),
    (
        "an application stands for the same city in every table",
        "another city",
        _cell("twinning_members", 0, city_id="UTM-A9"),
    ),
    (
        "the topic of a twinning is one of each member's topics",
        "another topic",
        _cell("twinnings", 0, topic="ports"),
    ),
    (
        "a twinning is conditional exactly if a member is tentative",
        "not told",
        _cell("twinnings", 0, conditional=False),
    ),
    ("points are at most what the criterion can give", "too many", _cell("scores", 0, points=25.001)),
    ("an application is placed or unplaced, not both", "both", _cell("unplaced", 0, application_id="A1")),
    ("a version with a stop finding is not published", "a stop", _cell("findings", 0, severity="stop")),
]


@pytest.mark.parametrize(
    ("sentence", "change"), [pytest.param(rule, change, id=f"{rule}: {name}") for rule, name, change in RULES]
)
def test_a_broken_rule_is_told(tables: Tables, sentence: str, change: Callable[[Tables], Tables]) -> None:
    assert broken_rules(tables) == []
    assert any(problem.startswith(f"{sentence}; not so: ") for problem in broken_rules(change(tables)))


def test_each_rule_has_a_case_that_breaks_it() -> None:
    assert {sentence for sentence, _, _ in RULES} == set(CHECKS)


def test_a_confirmed_twinning_may_outlive_a_new_doubt(tables: Tables) -> None:
    assert broken_rules(_doubted_member("confirmed")(tables)) == []


@pytest.mark.parametrize(
    "table",
    ["crosscheck", "eligibility_checks", "eligibility", "scores", "ranking", "unplaced", "twinning_members"],
)
def test_a_row_that_names_no_application_is_told(tables: Tables, table: str) -> None:
    wrong = with_cell(tables, table, 0, application_id="A99")
    assert f"{table}.application_id: 1 name no row of applications: A99" in broken_rules(wrong)
