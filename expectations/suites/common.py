"""How suites are written: what ties a native expectation to our findings, and what several tables share.

Belongs here: `expected` and `suite`, and expectations that return for many tables. Must stay out:
expectations of one table, and the clock: findings are published, and the same inputs must give the same bytes
whenever they are checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.row_conditions import Column, ComparisonCondition

from expectations.limits import RoundLimits
from programme.expectations import ExpectedCount
from programme.vocabulary import Severity

SEVERITIES: dict[Severity, FailureSeverity] = {
    "stop": FailureSeverity.CRITICAL,
    "warn": FailureSeverity.WARNING,
}
Expectations = list[Expectation]


def expected(
    name: str, severity: Severity, why: str, column: str | None, message: str, *natives: Expectation
) -> Expectations:
    """Native expectations that fail as one, under a stable name of ours (findings are counted by it).

    `why` is the reason for the severity; `column` the column a finding is about (None: the row as a whole);
    `message` what it says, with columns of the suite's frame in braces, or `{observed}` where the expectation
    is about the table as a whole. All of it is noted in the expectation itself.
    """
    noted = {
        "meta": {"name": name, "column": column, "message": message},
        "notes": why,
        "severity": SEVERITIES[severity],
    }
    return [native.copy(update=noted) for native in natives]


def suite(name: str, *expectations: Iterable[Expectation]) -> ExpectationSuite:
    """A suite of Great Expectations from groups of expectations, in order."""
    return ExpectationSuite(name, expectations=[each for group in expectations for each in group])


def true(column: str) -> Expectation:
    """Every row answers yes; a null answer is a no."""
    return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=[True])


def same(column: str, other: str) -> Expectation:
    """Both columns hold the same cell, and hold one."""
    return gxe.ExpectColumnPairValuesToBeEqual(column_A=column, column_B=other, ignore_row_if="neither")


def filled_only_where(column: str, holds: ComparisonCondition, fails: ComparisonCondition) -> Expectations:
    """The column is filled exactly where the first condition holds; the second is its opposite."""
    return [
        gxe.ExpectColumnValuesToNotBeNull(column=column, row_condition=holds),
        gxe.ExpectColumnValuesToBeNull(column=column, row_condition=fails),
    ]


def row_count(source: str, bounds: ExpectedCount) -> Expectations:
    """The number of rows a source brings, from `programme/expectations.toml`."""
    return expected(
        "row_count",
        bounds.severity,
        bounds.why,
        None,
        f"{source} has {{observed}} rows; expected {bounds.minimum} to {bounds.maximum} ([{source}] in "
        "programme/expectations.toml)",
        gxe.ExpectTableRowCountToBeBetween(min_value=bounds.minimum, max_value=bounds.maximum),
    )


def dates_possible(
    limits: RoundLimits, *, moments: Iterable[str] = (), days: Iterable[str] = ()
) -> Expectations:
    """Moments and days no later than the round's data can be of."""
    latest = datetime.combine(limits.latest, time.max)
    bound = limits.counts.latest_date
    bounded = [(name, latest.replace(tzinfo=UTC)) for name in moments] + [(name, latest) for name in days]
    return [
        each
        for column, last in bounded
        for each in expected(
            "dates_possible",
            bound.severity,
            bound.why,
            column,
            f"{column} is {{{column}}}; no date of this round can be after {limits.latest}",
            gxe.ExpectColumnValuesToBeBetween(column=column, max_value=last),
        )
    ]


def countries_recognised(limits: RoundLimits, rows_named: str) -> Expectations:
    """Most countries are recognised."""
    share = limits.counts.recognised_countries
    return expected(
        "countries_recognised",
        share.severity,
        share.why,
        "country_iso3",
        f"the country was recognised in {{observed}} of the {rows_named}; "
        f"expected at least {share.minimum:.0%}",
        gxe.ExpectColumnValuesToNotBeNull(column="country_iso3", mostly=share.minimum),
    )


def country_recognised() -> Expectations:
    """Each country of a register is recognised."""
    return expected(
        "country_recognised",
        "warn",
        "cities are looked up within their country; this row can never be linked",
        "country_iso3",
        "the country {country} was not recognised, so this row is never linked",
        gxe.ExpectColumnValuesToNotBeNull(column="country_iso3"),
    )


def application_once(why: str) -> Expectations:
    """Each application has one row; `why` says what follows if it has more."""
    return expected(
        "application_once",
        "stop",
        why,
        "application_id",
        "the application is there more than once",
        gxe.ExpectColumnValuesToBeUnique(column="application_id"),
    )


def position() -> Expectations:
    """A position is whole, and not the origin that a form tool writes for 'unknown'."""
    why = "distances and time zones would be computed from it; the gazetteer is the better source then"
    latitude, longitude = Column("latitude"), Column("longitude")
    return [
        *expected(
            "position_whole",
            "warn",
            why,
            "latitude",
            "only one of latitude and longitude is given",
            gxe.ExpectColumnValuesToNotBeNull(column="latitude", row_condition=longitude.is_not_null()),
            gxe.ExpectColumnValuesToNotBeNull(column="longitude", row_condition=latitude.is_not_null()),
        ),
        *expected(
            "position_not_origin",
            "warn",
            why,
            "latitude",
            "the position is 0, 0, in the Gulf of Guinea",
            gxe.ExpectColumnValuesToNotBeInSet(
                column="latitude", value_set=[0.0], row_condition=longitude == 0
            ),
        ),
    ]


def population_plausible(limits: RoundLimits) -> Expectations:
    """Inhabitants a place can have."""
    bound = limits.counts.population
    return expected(
        "population_plausible",
        bound.severity,
        bound.why,
        "population",
        f"population is {{population}}; more than {bound.maximum} is taken for a separator misread",
        gxe.ExpectColumnValuesToBeBetween(column="population", max_value=bound.maximum),
    )
