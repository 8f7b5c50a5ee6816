"""What the selection must look like: tables `twinnings`, `twinning_members` and `unplaced`, and the round as
a whole.

These are the hard rules of FAQ 1.1, 3.2, 3.6 and 3.8 as anyone can check them in the published tables,
whatever solver made them; all `stop`, since a twinning that breaks one cannot be announced.
"""

from __future__ import annotations

import polars as pl

from expectations.derived import (
    TOLERANCE,
    cities_given_out,
    members_with_standing,
    selectable_with_place,
    twinnings_with_members,
    unplaced_with_standing,
)
from expectations.model import CountRule, Limits, Rule, Suite
from expectations.vocabulary import described, dictionary_rule, rows, unique
from warehouse.dictionary.published import TWINNING_MEMBERS, TWINNINGS, UNPLACED

OURS = "computed by us: a fault of ours if it does not hold"
CAPACITY = "FAQ 3.8: at most 50 cities and 20 twinnings in both rounds together; what is promised must be there to give"


def suites(limits: Limits) -> tuple[Suite, ...]:
    """Columns as described, twinnings, their members, cities given out, who was not placed, and that nobody
    is missing.
    """
    tables = ("twinnings", "twinning_members", "unplaced", "eligibility")
    return (
        described(tables[:3]),
        Suite("twinnings", "twinnings", tables, twinnings_with_members, ("twinning_id",), _twinnings(limits)),
        Suite(
            "twinning_members",
            "twinning_members",
            (*tables, "applications"),
            members_with_standing,
            ("twinning_id", "application_id"),
            _members(),
        ),
        Suite(
            "cities_given_out", "twinning_members", tables, cities_given_out, ("city_id",), _cities(limits)
        ),
        Suite("unplaced", "unplaced", tables, unplaced_with_standing, ("application_id",), _unplaced()),
        Suite("selectable", "eligibility", tables, selectable_with_place, ("application_id",), _selectable()),
    )


def _twinnings(limits: Limits) -> tuple[Rule, ...]:
    return (
        CountRule("twinnings_within_capacity", "stop", CAPACITY, None, limits.max_twinnings,
                  f"{{observed}} twinnings; the round may give out {limits.max_twinnings}"),
        dictionary_rule(TWINNINGS),
        rows("twinning_once", "stop", OURS, "twinning_id", unique("twinning_id"), "the twinning is there more than once"),
        rows("two_or_three_cities", "stop", "FAQ 1.1: groupings of up to 3", "n_cities", pl.col("members").is_between(2, 3),
             "the twinning has {members} members; expected two or three"),
        rows("n_cities_counts_members", "stop", OURS, "n_cities", pl.col("n_cities") == pl.col("members"),
             "n_cities is {n_cities}, and the twinning has {members} members"),
        rows("topic_known", "stop", "a twinning is on one of the programme's topics (FAQ 1.2)", "topic", pl.col("topic").is_in(list(limits.topics)),
             "topic is {topic}, which is no topic of the programme"),
        rows("value_is_sum_of_aspects", "stop", "every part of a value has a named reason", "value",
             (pl.col("value") - pl.col("aspects_sum")).abs() <= TOLERANCE, "the value is {value}; its aspects sum to {aspects_sum}"),
        rows("conditional_if_tentative", "stop", "what still depends on something to come is said so", "conditional",
             pl.col("conditional") == pl.col("has_tentative"), "conditional is {conditional}; a tentative member: {has_tentative}"),
    )  # fmt: skip


def _members() -> tuple[Rule, ...]:
    return (
        dictionary_rule(TWINNING_MEMBERS),
        rows("twinning_known", "stop", OURS, "twinning_id", pl.col("twinning_known"), "there is no such twinning"),
        rows("no_ineligible_city", "stop", "only eligible and tentative applications may be twinned (FAQ 3.2)", "application_id",
             pl.col("status").is_in(["eligible", "tentative"]), "the status of this application is {status}"),
        rows("application_once", "stop", "one twinning a city", "application_id", unique("application_id"), "the application is in more than one place"),
        rows("one_twinning_a_city", "stop", "one twinning a city", "city_id", unique("city_id"), "city {city_id} is in more than one place"),
        rows("city_as_judged", "stop", OURS, "city_id", pl.col("city_id") == pl.col("judged_city_id"),
             "the city is {city_id}; the application was judged for {judged_city_id}"),
        rows("topic_is_common", "stop", "FAQ 3.6: a common topic is the one thing every twinning must have", "application_id", pl.col("topic_wanted"),
             "the twinning is on {topic}, which is none of the application's topics"),
    )  # fmt: skip


def _cities(limits: Limits) -> tuple[Rule, ...]:
    message = f"{{observed}} cities in twinnings; the round may give out {limits.max_cities}"
    return (CountRule("cities_within_capacity", "stop", CAPACITY, None, limits.max_cities, message),)


def _unplaced() -> tuple[Rule, ...]:
    return (
        dictionary_rule(UNPLACED),
        rows("application_once", "stop", OURS, "application_id", unique("application_id"), "the application is there more than once"),
        rows("not_placed_too", "stop", "nobody is told both that they were and that they were not selected", "application_id", ~pl.col("placed"),
             "the application is in a twinning and among the unplaced"),
        rows("could_be_selected", "stop", "who cannot be selected is told by eligibility, not here", "application_id",
             pl.col("status").is_in(["eligible", "tentative"]), "the status of this application is {status}"),
        rows("reason_given", "stop", "whoever is not selected is told why", "reason", pl.col("reason").str.strip_chars() != "", "the reason is blank"),
    )  # fmt: skip


def _selectable() -> tuple[Rule, ...]:
    return (
        rows("placed_or_unplaced", "stop", "nobody who could be selected may be forgotten", "application_id", pl.col("placed") | pl.col("unplaced"),
             "the application is {status}, and neither in a twinning nor among the unplaced"),
    )  # fmt: skip
