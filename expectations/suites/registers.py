"""What the two registers must look like once read: tables `cohort` and `gcom`.

The registers outrank the form, so a register cut off, doubled or misread is a `stop`; an oddity of one city
in it is a `warn` for the ops team to tell the register's keeper.
"""

from __future__ import annotations

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite
from great_expectations.expectations.row_conditions import Column

from expectations.limits import RoundLimits
from expectations.suites.common import (
    Expectations,
    countries_recognised,
    country_recognised,
    dates_possible,
    expected,
    population_plausible,
    position,
    row_count,
    suite,
    true,
)
from expectations.suites.dictionary import cells_as_described
from warehouse.dictionary.inputs import COHORT, GCOM

KEEPER = "the register's keeper has to say which is right; until then its row counts as it stands"


def cohort(limits: RoundLimits) -> ExpectationSuite:
    """The register of the UTM City Cohort."""
    return suite(
        "cohort",
        row_count("cohort", limits.counts.cohort),
        cells_as_described(COHORT),
        _cohort_rows(),
        country_recognised(),
        countries_recognised(limits, "cohort"),
        position(),
        population_plausible(limits),
        _cohort_dates(),
        dates_possible(limits, days=["applied_on", "decided_on"]),
        expected(
            "gcom_id_known",
            "warn",
            "the name is looked up in its place",
            "gcom_id",
            "the register names the signatory {gcom_id}, which is not in the GCoM list",
            true("gcom_id_known"),
        ),
    )


def _cohort_rows() -> Expectations:
    return [
        *expected(
            "utm_id_once",
            "stop",
            "cities are known by this id in every round; twice, one city's status would answer for another",
            "utm_id",
            "this cohort id is used by more than one row",
            gxe.ExpectColumnValuesToBeUnique(column="utm_id"),
        ),
        *expected(
            "city_once",
            "warn",
            KEEPER,
            "name",
            "the register has {name}, {country} more than once",
            gxe.ExpectCompoundColumnsToBeUnique(column_list=["name", "country"], ignore_row_if="never"),
        ),
        *expected(
            "has_members",
            "stop",
            "a cohort without any member is another file or a status column misread; "
            "nobody would be in scenario 1",
            "status",
            "{observed} of the cohort are members; expected at least 1%",
            gxe.ExpectColumnValuesToBeInSet(column="status", value_set=["member"], mostly=0.01),
        ),
    ]


def _cohort_decision_dates() -> Expectations:
    """A decision on a cohort application has a day, and the days are in order."""
    decided = Column("status").is_in(["member", "rejected"])
    return [
        *expected(
            "decision_dated",
            "warn",
            KEEPER,
            "decided_on",
            "the status is {status}, and the day of the decision is not given",
            gxe.ExpectColumnValuesToNotBeNull(column="decided_on", row_condition=decided),
        ),
        *expected(
            "dates_in_order",
            "warn",
            KEEPER,
            "decided_on",
            "decided on {decided_on}, before it applied on {applied_on}",
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="decided_on",
                column_B="applied_on",
                or_equal=True,
                ignore_row_if="either_value_is_missing",
            ),
        ),
    ]


def _cohort_dates() -> Expectations:
    pending = Column("status") == "pending"
    return [
        *expected(
            "pending_has_date",
            "warn",
            "scenarios 2 and 3 differ by this date; without it eligibility asks a person",
            "applied_on",
            "the cohort application is pending, and the day it was made is not given",
            gxe.ExpectColumnValuesToNotBeNull(column="applied_on", row_condition=pending),
        ),
        *expected(
            "pending_not_decided",
            "warn",
            KEEPER,
            "decided_on",
            "the cohort application is pending, and yet a day of decision is given: {decided_on}",
            gxe.ExpectColumnValuesToBeNull(column="decided_on", row_condition=pending),
        ),
        *_cohort_decision_dates(),
    ]


def gcom(limits: RoundLimits) -> ExpectationSuite:
    """The list of signatories of the Global Covenant of Mayors."""
    return suite(
        "gcom",
        row_count("gcom", limits.counts.gcom),
        cells_as_described(GCOM),
        expected(
            "gcom_id_once",
            "stop",
            "signatories are known by this id; twice, one city's signature would answer for another",
            "gcom_id",
            "this GCoM id is used by more than one row",
            gxe.ExpectColumnValuesToBeUnique(column="gcom_id"),
        ),
        expected(
            "has_active",
            "stop",
            "a list without an active signatory is a status column misread; nobody would have signed",
            "status",
            "{observed} of the signatories are active; expected at least 1%",
            gxe.ExpectColumnValuesToBeInSet(column="status", value_set=["active"], mostly=0.01),
        ),
        country_recognised(),
        countries_recognised(limits, "signatories"),
        position(),
        population_plausible(limits),
        dates_possible(limits, days=["signed_on"]),
    )
