"""What the selection must look like: tables `twinnings`, `twinning_members` and `unplaced`, and the round as
a whole.

These are the hard rules of FAQ 1.1, 3.2, 3.6 and 3.8 as anyone can check them in the published tables,
whatever solver made them; all `stop`, since a twinning that breaks one cannot be announced.
"""

from __future__ import annotations

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite

from expectations.limits import RoundLimits
from expectations.suites.common import (
    Expectations,
    application_once,
    expected,
    same,
    suite,
    true,
)
from expectations.suites.dictionary import cells_as_described
from programme.vocabulary import SELECTABLE
from warehouse.dictionary.published import TWINNING_MEMBERS, TWINNINGS, UNPLACED

OURS = "computed by us: a fault of ours if it does not hold"
CAPACITY = (
    "FAQ 3.8: at most 50 cities and 20 twinnings in both rounds together; "
    "what is promised must be there to give"
)
ONE_TWINNING = "one twinning a city"


def _what_a_twinning_says() -> Expectations:
    """The value and the condition of a twinning follow from its members."""
    return [
        *expected(
            "value_is_sum_of_aspects",
            "stop",
            "every part of a value has a named reason",
            "value",
            "the value is {value}; its aspects sum to {aspects_sum}",
            true("value_is_sum"),
        ),
        *expected(
            "conditional_if_tentative",
            "stop",
            "what still depends on something to come is said so",
            "conditional",
            "conditional is {conditional}; a tentative member: {has_tentative}",
            same("conditional", "has_tentative"),
        ),
    ]


def twinnings(limits: RoundLimits) -> ExpectationSuite:
    """The groups of two or three cities."""
    return suite(
        "twinnings",
        expected(
            "twinnings_within_capacity",
            "stop",
            CAPACITY,
            None,
            f"{{observed}} twinnings; the round may give out {limits.max_twinnings}",
            gxe.ExpectTableRowCountToBeBetween(max_value=limits.max_twinnings),
        ),
        cells_as_described(TWINNINGS),
        expected(
            "twinning_once",
            "stop",
            OURS,
            "twinning_id",
            "the twinning is there more than once",
            gxe.ExpectColumnValuesToBeUnique(column="twinning_id"),
        ),
        _cities_of_a_twinning(),
        expected(
            "topic_known",
            "stop",
            "a twinning is on one of the programme's topics (FAQ 1.2)",
            "topic",
            "topic is {topic}, which is no topic of the programme",
            gxe.ExpectColumnValuesToBeInSet(column="topic", value_set=list(limits.topics)),
        ),
        _what_a_twinning_says(),
    )


def _cities_of_a_twinning() -> Expectations:
    return [
        *expected(
            "two_or_three_cities",
            "stop",
            "FAQ 1.1: groupings of up to 3",
            "n_cities",
            "the twinning has {members} members; expected two or three",
            gxe.ExpectColumnValuesToBeBetween(column="members", min_value=2, max_value=3),
        ),
        *expected(
            "n_cities_counts_members",
            "stop",
            OURS,
            "n_cities",
            "n_cities is {n_cities}, and the twinning has {members} members",
            same("n_cities", "members"),
        ),
    ]


def twinning_members(limits: RoundLimits) -> ExpectationSuite:
    """The applications in the twinnings."""
    del limits
    return suite(
        "twinning_members",
        cells_as_described(TWINNING_MEMBERS),
        expected(
            "twinning_known",
            "stop",
            OURS,
            "twinning_id",
            "there is no such twinning",
            true("twinning_known"),
        ),
        expected(
            "no_ineligible_city",
            "stop",
            "only eligible and tentative applications may be twinned (FAQ 3.2)",
            "application_id",
            "the status of this application is {status}",
            *_selectable(),
        ),
        _one_twinning_a_city(),
        expected(
            "topic_is_common",
            "stop",
            "FAQ 3.6: a common topic is the one thing every twinning must have",
            "application_id",
            "the twinning is on {topic}, which is none of the application's topics",
            true("topic_wanted"),
        ),
    )


def _one_twinning_a_city() -> Expectations:
    return [
        *expected(
            "application_once",
            "stop",
            ONE_TWINNING,
            "application_id",
            "the application is in more than one place",
            gxe.ExpectColumnValuesToBeUnique(column="application_id"),
        ),
        *expected(
            "one_twinning_a_city",
            "stop",
            ONE_TWINNING,
            "city_id",
            "city {city_id} is in more than one place",
            gxe.ExpectColumnValuesToBeUnique(column="city_id"),
        ),
        *expected(
            "city_as_judged",
            "stop",
            OURS,
            "city_id",
            "the city is {city_id}; the application was judged for {judged_city_id}",
            same("city_id", "judged_city_id"),
        ),
    ]


def _selectable() -> Expectations:
    """The application has a status, and one with which it may be selected."""
    return [
        gxe.ExpectColumnValuesToNotBeNull(column="status"),
        gxe.ExpectColumnValuesToBeInSet(column="status", value_set=list(SELECTABLE)),
    ]


def cities_given_out(limits: RoundLimits) -> ExpectationSuite:
    """The cities in twinnings, each once."""
    return suite(
        "cities_given_out",
        expected(
            "cities_within_capacity",
            "stop",
            CAPACITY,
            None,
            f"{{observed}} cities in twinnings; the round may give out {limits.max_cities}",
            gxe.ExpectTableRowCountToBeBetween(max_value=limits.max_cities),
        ),
    )


def unplaced(limits: RoundLimits) -> ExpectationSuite:
    """The applications that could be selected and were not."""
    del limits
    return suite(
        "unplaced",
        cells_as_described(UNPLACED),
        application_once(OURS),
        expected(
            "not_placed_too",
            "stop",
            "nobody is told both that they were and that they were not selected",
            "application_id",
            "the application is in a twinning and among the unplaced",
            true("not_placed"),
        ),
        expected(
            "could_be_selected",
            "stop",
            "who cannot be selected is told by eligibility, not here",
            "application_id",
            "the status of this application is {status}",
            *_selectable(),
        ),
        expected(
            "reason_given",
            "stop",
            "whoever is not selected is told why",
            "reason",
            "the reason is blank",
            gxe.ExpectColumnValuesToMatchRegex(column="reason", regex=r"\S"),
        ),
    )


def selectable(limits: RoundLimits) -> ExpectationSuite:
    """The applications that could be selected."""
    del limits
    return suite(
        "selectable",
        expected(
            "placed_or_unplaced",
            "stop",
            "nobody who could be selected may be forgotten",
            "application_id",
            "the application is {status}, and neither in a twinning nor among the unplaced",
            true("placed_or_unplaced"),
        ),
    )
