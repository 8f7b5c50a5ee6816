"""Every expectation fails where it should: a valid round with one thing broken, and the rows that must be
named for it.
"""

from __future__ import annotations

import pytest

from expectations.adapter import validate
from expectations.check import STAGE_NAMES, check_suite, stage_suites
from expectations.limits import RoundLimits
from expectations.table_suite import TableSuite
from tests.expectations.cases_inputs import INPUTS
from tests.expectations.cases_results import RESULTS
from tests.expectations.changes import Case, Tables, put

CASES = [*INPUTS, *RESULTS]


def _suite(case: Case) -> TableSuite:
    return next(suite for suite in stage_suites(case.stage) if suite.name == case.suite)


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.id}" for n, case in enumerate(CASES)])
def test_what_is_broken_is_named(case: Case, world: Tables, limits: RoundLimits) -> None:
    suite = _suite(case)
    expected = [item for item in suite.expected(limits) if item.name == case.name]
    found = check_suite(suite, expected, case.change(world))
    keys = [_without_row(suite, finding.row_key) for finding in found]
    assert keys == [None] if None in case.keys else sorted(map(str, keys)) == sorted(map(str, case.keys))
    assert {finding.severity for finding in found} == {expected[0].severity}
    assert not any("could not be evaluated" in item.message or "{" in item.message for item in found)


def _without_row(suite: TableSuite, key: str | None) -> str | None:
    """The key without the number of the row that ends it where a table has no other name for a row."""
    return key.rsplit(" ", 1)[0] if key and suite.row_key[1:] and suite.row_key[-1] == "row" else key


@pytest.mark.long
def test_every_expectation_has_a_case_that_fails_it(world: Tables, limits: RoundLimits) -> None:
    """Not only every name but every native expectation behind it; what the dictionary says is broken cell by
    cell in `test_dictionary_cells.py`.
    """
    unbroken = {
        (stage, suite.name, n): item
        for stage in STAGE_NAMES
        for suite in stage_suites(stage)
        for n, item in enumerate(suite.expected(limits))
    }
    named = {(stage, suite, item.name) for (stage, suite, _), item in unbroken.items()}
    assert named == {(case.stage, case.suite, case.name) for case in CASES}
    for case in CASES:
        suite = _suite(case)
        numbers = [n for n, item in enumerate(suite.expected(limits)) if item.name == case.name]
        expected = [suite.expected(limits)[n] for n in numbers]
        outcomes = validate(suite.frame(case.change(world)), expected)
        for n, outcome in zip(numbers, outcomes, strict=True):
            if not outcome.holds and not outcome.raised:
                unbroken.pop((case.stage, case.suite, n), None)
    left = [key for key, item in unbroken.items() if item.name != "cells_as_described"]
    assert left == []


def test_every_expectation_says_why(limits: RoundLimits) -> None:
    expected = [
        item for stage in STAGE_NAMES for suite in stage_suites(stage) for item in suite.expected(limits)
    ]
    assert [item.name for item in expected if len(item.why) < 15 or not item.message] == []


def test_nothing_is_said_of_the_place_of_a_city_whose_country_is_not_known(
    world: Tables, limits: RoundLimits
) -> None:
    """The country is asked for; what depends on it would only repeat that, with a text such as "nothing"."""
    suite = next(suite for suite in stage_suites("linked") if suite.name == "cities")
    unknown = put(
        "cities",
        {"application_id": "S3"},
        country_iso3=None,
        region=None,
        latitude=None,
        longitude=None,
        timezone=None,
    )
    assert check_suite(suite, suite.expected(limits), unknown(world)) == []
