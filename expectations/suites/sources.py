"""What is expected of every source alike: how many rows, dates not ahead of the run, positions on land maps.

Belongs here: rules that several input suites share and that need the limits. Must stay out: rules of a single table.
"""

from __future__ import annotations

from datetime import UTC, timedelta

import polars as pl

from expectations.model import CountRule, Limits, RowRule, Rule, ShareRule
from expectations.vocabulary import if_known, rows
from programme.expectations import ExpectedCount


def count_of(source: str, expected: ExpectedCount) -> CountRule:
    """The number of rows a source brings, from `programme/expectations.toml`."""
    message = f"{source} has {{observed}} rows; expected {expected.minimum} to {expected.maximum}"
    return CountRule("row_count", expected.severity, expected.why, expected.minimum, expected.maximum, message)


def not_ahead(column: str, limits: Limits) -> RowRule:
    """A moment or day no later than the run, with the tolerance of the rules."""
    clock = limits.counts.clock
    latest = limits.as_of.astimezone(UTC) + timedelta(hours=clock.tolerance_hours)
    # A day counts from its first moment in UTC, so that days and moments are compared alike.
    holds = pl.col(column).cast(pl.Datetime("us", "UTC")) <= latest
    return rows(f"{column}_not_ahead", clock.severity, clock.why, column, if_known(holds, column), f"{column} is {{{column}}}, ahead of this run")


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
            "position_not_origin", "warn", why, "latitude", if_known(~origin, "latitude", "longitude"), "the position is 0, 0, in the Gulf of Guinea"
        ),
    )


def population_rule(limits: Limits) -> RowRule:
    """Inhabitants a place can have."""
    expected = limits.counts.population
    holds = if_known(pl.col("population") <= expected.maximum, "population")
    message = f"population is {{population}}; more than {expected.maximum} is taken for a separator misread"
    return rows("population_plausible", expected.severity, expected.why, "population", holds, message)
