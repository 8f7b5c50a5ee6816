"""What the feedback of cities must look like: table `feedback`, with the application that each row is of.

Each row is one city's word about one session. What does not fit is left out of the report, so all is a `warn`
but the shape of the cells. Comments are personal and never shown.
"""

from __future__ import annotations

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite

from expectations.limits import RoundLimits
from expectations.suites.common import Expectations, expected, row_count, suite, true
from expectations.suites.dictionary import cells_as_described
from warehouse.dictionary.inputs import FEEDBACK

NOT_COUNTED = "the report leaves the row out; the city should be asked"


def _about_members() -> Expectations:
    """The row is of a city of a twinning of the round."""
    return [
        *expected(
            "twinning_known",
            "warn",
            NOT_COUNTED,
            "twinning_id",
            "there is no twinning of this id in the round",
            true("twinning_known"),
        ),
        *expected(
            "city_is_member",
            "warn",
            NOT_COUNTED,
            "city",
            "no city of this name or id is in the twinning, or more than one is",
            gxe.ExpectColumnValuesToNotBeNull(column="application_id"),
        ),
    ]


def feedback(limits: RoundLimits) -> ExpectationSuite:
    """What cities said of the sessions of their twinning."""
    return suite(
        "feedback",
        row_count("feedback", limits.counts.feedback),
        cells_as_described(FEEDBACK),
        _about_members(),
        expected(
            "session_takes_place",
            "warn",
            NOT_COUNTED,
            "session",
            f"the session is {{session}}; expected 1 to {limits.sessions}",
            gxe.ExpectColumnValuesToBeBetween(column="session", min_value=1, max_value=limits.sessions),
        ),
        expected(
            "answered_once",
            "warn",
            "two answers of one city about one session cannot both be meant; a person should ask which",
            "session",
            "this city answered for this session more than once",
            gxe.ExpectCompoundColumnsToBeUnique(
                column_list=["twinning_id", "application_id", "session"], ignore_row_if="any_value_is_missing"
            ),
        ),
        expected(
            "something_said",
            "warn",
            NOT_COUNTED,
            "usefulness",
            "the row has neither a score nor whether the city would do it again",
            true("something_said"),
        ),
    )
