"""What is expected of every source alike: how many rows, dates the round can have, positions that are whole.

Belongs here: rules that several input suites share and that need the limits. Must stay out: rules of a single
table, and the clock: the findings are published, and the same inputs must give the same bytes whenever they
are checked.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

import polars as pl

from expectations.model import CountRule, Limits, RowRule, Rule, ShareRule, Verdict
from expectations.vocabulary import if_known, rows
from programme.expectations import ExpectedCount


def count_of(source: str, expected: ExpectedCount) -> CountRule:
    """The number of rows a source brings, from `programme/expectations.toml`."""
    message = f"{source} has {{observed}} rows; expected {expected.minimum} to {expected.maximum}"
    return CountRule(
        "row_count", expected.severity, expected.why, expected.minimum, expected.maximum, message
    )


def dates_possible(limits: Limits, *columns: str) -> RowRule:
    """Moments and days no later than the round's data can be of."""
    latest = datetime.combine(limits.latest, time.max, UTC)
    expected = limits.counts.latest_date
    # A day counts from its first moment in UTC, so that days and moments are compared alike.
    verdicts = (
        Verdict(
            column,
            if_known(pl.col(column).cast(pl.Datetime("us", "UTC")) <= latest, column),
            f"{column} is {{{column}}}; no date of this round can be after {limits.latest}",
        )
        for column in columns
    )
    return RowRule("dates_possible", expected.severity, expected.why, tuple(verdicts))


def country_rules(limits: Limits, rows_named: str) -> tuple[Rule, ...]:
    """Countries recognised: which are not, and that most are."""
    known = pl.col("country_iso3").is_not_null()
    share = limits.counts.recognised_countries
    return (
        rows("country_recognised", "warn", "cities are looked up within their country; this row can never be linked", "country_iso3", known,
             "the country {country} was not recognised, so this row is never linked"),
        ShareRule("countries_recognised", share.severity, share.why, "country_iso3", known, share.minimum,
                  f"the country was recognised in {{observed}} of the {rows_named}; expected at least {share.minimum:.0%}"),
    )  # fmt: skip


def position_rules() -> tuple[Rule, ...]:
    """A position is whole, and not the origin that a form tool writes for 'unknown'."""
    why = "distances and time zones would be computed from it; the gazetteer is the better source then"
    both = pl.col("latitude").is_null() == pl.col("longitude").is_null()
    origin = (pl.col("latitude") == 0) & (pl.col("longitude") == 0)
    return (
        rows("position_whole", "warn", why, "latitude", both, "only one of latitude and longitude is given"),
        rows(
            "position_not_origin",
            "warn",
            why,
            "latitude",
            if_known(~origin, "latitude", "longitude"),
            "the position is 0, 0, in the Gulf of Guinea",
        ),
    )


def population_rule(limits: Limits) -> RowRule:
    """Inhabitants a place can have."""
    expected = limits.counts.population
    holds = if_known(pl.col("population") <= expected.maximum, "population")
    message = f"population is {{population}}; more than {expected.maximum} is taken for a separator misread"
    return rows("population_plausible", expected.severity, expected.why, "population", holds, message)
