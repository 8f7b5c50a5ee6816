"""The rules between the tables of a version: whatever breaks one is told."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.vocabulary import OUTCOMES, RULES, STATUSES, Outcome, status_of
from tests.examples import examples
from tests.warehouse.published_tables import Tables, with_cell
from warehouse.dictionary import PUBLISHED_TABLES
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


BROKEN = [
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
    (
        "a twinning has two or three cities, as many as it says",
        "one city, and says so",
        lambda tables: _cell("twinnings", 0, n_cities=1)(_drop("twinning_members", 0)(tables)),
    ),
    (
        "a twinning has two or three cities, as many as it says",
        "two members of one city",
        lambda tables: with_cell(
            tables, "twinning_members", 1, city_id=tables["twinning_members"]["city_id"][0]
        ),
    ),
    (
        "a twinning has two or three cities, as many as it says",
        "no member",
        lambda tables: {**tables, "twinning_members": tables["twinning_members"].clear()},
    ),
    (
        "only eligible and tentative applications are in a twinning",
        "a member nobody judged",
        lambda tables: {
            **tables,
            "eligibility": tables["eligibility"].filter(
                pl.col("application_id") != tables["twinning_members"]["application_id"][0]
            ),
        },
    ),
    ("a city is in one twinning", "in two", _city_twice),
    (
        "a city is in one twinning",
        "twice in the same",
        lambda tables: with_cell(
            tables, "twinning_members", 1, city_id=tables["twinning_members"]["city_id"][0]
        ),
    ),
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
    ("sentence", "change"),
    [pytest.param(rule, change, id=f"{rule}: {name}") for rule, name, change in BROKEN],
)
def test_a_broken_rule_is_told(tables: Tables, sentence: str, change: Callable[[Tables], Tables]) -> None:
    assert broken_rules(tables) == []
    assert any(problem.startswith(f"{sentence}; not so: ") for problem in broken_rules(change(tables)))


def test_each_rule_has_a_case_that_breaks_it() -> None:
    assert {sentence for sentence, _, _ in BROKEN} == set(CHECKS)


def test_a_confirmed_twinning_may_outlive_a_new_doubt(tables: Tables) -> None:
    assert broken_rules(_doubted_member("confirmed")(tables)) == []


@pytest.mark.parametrize(
    "table",
    ["crosscheck", "eligibility_checks", "eligibility", "scores", "ranking", "unplaced", "twinning_members"],
)
def test_a_row_that_names_no_application_is_told(tables: Tables, table: str) -> None:
    wrong = with_cell(tables, table, 0, application_id="A99")
    assert f"{table}.application_id: 1 name no row of applications: A99" in broken_rules(wrong)


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(outcomes=st.lists(st.sampled_from(OUTCOMES), min_size=len(RULES), max_size=len(RULES)), data=st.data())
def test_exactly_the_status_that_follows_from_any_outcomes_passes(
    tables: Tables, outcomes: list[Outcome], data: st.DataObject
) -> None:
    sentence = "the status of an application follows from its rules"
    given_ = pl.DataFrame({"application_id": "A1", "rule": RULES, "given": outcomes})
    checks = tables["eligibility_checks"].join(given_, on=["application_id", "rule"], how="left")
    checks = checks.with_columns(outcome=pl.coalesce("given", "outcome")).drop("given")
    status = data.draw(st.sampled_from(STATUSES))
    row = tables["eligibility"]["application_id"].to_list().index("A1")
    changed = with_cell({**tables, "eligibility_checks": checks}, "eligibility", row, status=status)
    assert (CHECKS[sentence](changed) == []) == (status == status_of(outcomes))


@pytest.mark.parametrize(
    ("table", "column"),
    [("eligibility_checks", "outcome"), ("eligibility", "status")],
    ids=["an unknown outcome", "an unknown status"],
)
@pytest.mark.parametrize("status", STATUSES)
def test_a_word_the_programme_does_not_know_never_passes(
    tables: Tables, table: str, column: str, status: str
) -> None:
    known = with_cell(tables, "eligibility", 0, status=status)
    changed = with_cell(known, table, 0, **{column: "maybe"})
    assert CHECKS["the status of an application follows from its rules"](changed) == ["A1"]


@given(st.integers(0, 12))
def test_of_many_keys_five_are_named_and_the_rest_is_counted(n: int) -> None:
    keys = [f"A{number:02d}" for number in range(n)]
    frames = {
        name: PUBLISHED_TABLES[name].frame(
            [{"table": "t", "expectation": key, "severity": "stop", "message": ""} for key in keys]
            if name == "findings"
            else []
        )
        for name in PUBLISHED_TABLES
    }
    told = [problem for problem in broken_rules(frames) if problem.startswith("a version with a stop")]
    assert len(told) == min(n, 1)
    assert all(f" and {n - 5} more" in problem for problem in told if n > 5)
    assert all(problem.count("A") == min(n, 5) for problem in told)
