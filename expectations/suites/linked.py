"""What the cross-check must look like: tables `crosscheck`, `cities` and `named_partners`.

All of it is computed by us from the inputs, so what does not hold is a fault of ours and a `stop`; `warn` is
what the world brings (a place without a position, a country in no region).
"""

from __future__ import annotations

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite
from great_expectations.expectations.row_conditions import Column

from expectations.limits import RoundLimits
from expectations.suites.common import (
    Expectations,
    application_once,
    expected,
    filled_only_where,
    same,
    suite,
    true,
)
from expectations.suites.dictionary import cells_as_described
from warehouse.dictionary.published import CROSSCHECK
from warehouse.dictionary.working import CITIES, NAMED_PARTNERS

OURS = "computed by us from the inputs: a fault of ours if it does not hold"
NO_PLACE = (
    "matchmaking then knows no distance or working hours for it; a person may add the city to a register"
)
DECIDED_BY = "^(?:rules|decision [0-9a-zA-Z]+)$"
COUNTRY_IS_KNOWN = Column("country_iso3").is_not_null()
"""Where it is not, that is told already, and the place cannot be known."""
LINKED, NOT_LINKED = Column("outcome") == "linked", Column("outcome") != "linked"


def _what_a_link_names() -> Expectations:
    """A link names a row of the register that exists, and how sure it is."""
    return [
        *expected(
            "linked_names_row",
            "stop",
            OURS,
            "register_id",
            "the outcome is {outcome}, and the register's row is {register_id}",
            *filled_only_where("register_id", LINKED, NOT_LINKED),
        ),
        *expected(
            "linked_row_exists",
            "stop",
            OURS,
            "register_id",
            "{register_id} is not in the register {register}",
            true("register_id_known"),
        ),
        *expected(
            "linked_has_confidence",
            "stop",
            OURS,
            "confidence",
            "linked without a confidence",
            gxe.ExpectColumnValuesToNotBeNull(column="confidence", row_condition=LINKED),
        ),
    ]


def crosscheck(limits: RoundLimits) -> ExpectationSuite:
    """The links of applications to the two registers."""
    del limits
    return suite(
        "crosscheck",
        cells_as_described(CROSSCHECK),
        expected(
            "link_once",
            "stop",
            OURS,
            None,
            "this link is there more than once",
            gxe.ExpectCompoundColumnsToBeUnique(column_list=list(CROSSCHECK.key), ignore_row_if="never"),
        ),
        expected(
            "application_known",
            "stop",
            OURS,
            "application_id",
            "there is no form of this application",
            true("application_known"),
        ),
        _what_a_link_names(),
        expected(
            "decider_named",
            "stop",
            OURS,
            "decided_by",
            "decided by neither the rules nor a decision",
            gxe.ExpectColumnValuesToMatchRegex(column="decided_by", regex=DECIDED_BY),
        ),
    )


def cities(limits: RoundLimits) -> ExpectationSuite:
    """The city of each application."""
    return suite("cities", cells_as_described(CITIES), _every_form_has_a_city(), _city_ids(), _places(limits))


def _every_form_has_a_city() -> Expectations:
    return [
        *application_once(OURS),
        *expected(
            "form_known",
            "stop",
            OURS,
            "application_id",
            "there is no form of this application",
            true("form_known"),
        ),
        *expected(
            "every_form_has_city",
            "stop",
            "a form without a city would silently take no part",
            "city_id",
            "the form was read, and no city was made of it",
            gxe.ExpectColumnValuesToNotBeNull(column="city_id"),
        ),
        *expected(
            "looked_up_in_both",
            "stop",
            OURS,
            None,
            "not looked up in both registers",
            true("looked_up_in_both"),
        ),
    ]


def _city_ids() -> Expectations:
    return [
        *expected(
            "city_id_from_best_source",
            "stop",
            "the same city must have the same id in every round",
            "city_id",
            "city_id is {city_id}; expected the cohort's id, else the GCoM's, else country and name",
            same("city_id", "expected_city_id"),
        ),
        *expected(
            "cohort_id_as_linked",
            "stop",
            OURS,
            "cohort_id",
            "cohort_id is {cohort_id}, and the cross-check linked {linked_cohort_id}",
            gxe.ExpectColumnPairValuesToBeEqual(column_A="cohort_id", column_B="linked_cohort_id"),
        ),
    ]


def _places(limits: RoundLimits) -> Expectations:
    return [
        *expected(
            "position_found",
            "warn",
            NO_PLACE,
            "latitude",
            "no position was found for {city_name}",
            gxe.ExpectColumnValuesToNotBeNull(column="latitude", row_condition=COUNTRY_IS_KNOWN),
            gxe.ExpectColumnValuesToNotBeNull(column="longitude", row_condition=COUNTRY_IS_KNOWN),
        ),
        *expected(
            "timezone_found",
            "warn",
            NO_PLACE,
            "timezone",
            "no time zone was found for {city_name}",
            gxe.ExpectColumnValuesToNotBeNull(column="timezone", row_condition=COUNTRY_IS_KNOWN),
        ),
        *expected(
            "region_known",
            "warn",
            "the balance of the selection counts regions",
            "region",
            "the country {country_iso3} is in no region of programme/regions.toml; please add it to one",
            gxe.ExpectColumnValuesToNotBeNull(column="region", row_condition=COUNTRY_IS_KNOWN),
            gxe.ExpectColumnValuesToBeInSet(column="region", value_set=list(limits.regions)),
        ),
    ]


def named_partners(limits: RoundLimits) -> ExpectationSuite:
    """The partner cities that applicants named."""
    del limits
    return suite(
        "named_partners",
        cells_as_described(NAMED_PARTNERS),
        expected(
            "linked_names_city",
            "stop",
            OURS,
            "city_id",
            "the outcome is {outcome}, and the city is {city_id}",
            *filled_only_where("city_id", LINKED, NOT_LINKED),
        ),
        expected(
            "not_itself",
            "warn",
            "a preference for oneself counts for nothing; the applicant may have meant another city",
            "city_id",
            "the preferred partner city is the applicant itself",
            true("other_city"),
        ),
    )
