"""What tentative cities still have to bring, and by when."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.eligibility.conditions import conditions
from warehouse.dictionary.published import APPLICATIONS, ELIGIBILITY, ELIGIBILITY_CHECKS

STATUSES = {"S1": "tentative", "S2": "tentative", "S3": "needs_review", "S4": "eligible"}
CHECKS = [
    ("S1", "gcom", "conditional"),
    ("S1", "cohort", "conditional"),
    ("S1", "mandate", "met"),
    ("S2", "mandate", "conditional"),
    ("S3", "gcom", "conditional"),
]
START, THREE_MONTHS_LATER = date(2025, 10, 6), date(2026, 1, 6)


def tables():
    """Four cities and the outcomes of some rules."""
    return {
        "applications": APPLICATIONS.frame(
            [{"application_id": key, "city_name": f"City {key}", "country_iso3": "KEN"} for key in STATUSES]
        ),
        "eligibility": ELIGIBILITY.frame(
            [{"application_id": key, "status": status} for key, status in STATUSES.items()]
        ),
        "eligibility_checks": ELIGIBILITY_CHECKS.frame(
            [{"application_id": key, "rule": rule, "outcome": outcome} for key, rule, outcome in CHECKS]
        ),
    }


def test_each_tentative_city_has_its_conditions_the_earliest_first(round_, programme):
    found = conditions(tables(), round_, programme.eligibility, date(2025, 9, 10))
    assert [(one.application_id, one.rule, one.due, one.overdue) for one in found] == [
        ("S1", "cohort", START, False),
        ("S2", "mandate", START, False),
        ("S1", "gcom", THREE_MONTHS_LATER, False),
    ]
    assert found[2].what == "its signature of the Global Covenant of Mayors"


@pytest.mark.parametrize(
    ("today", "overdue"),
    [
        pytest.param(START, set(), id="on the day it is not overdue"),
        pytest.param(date(2025, 10, 7), {"cohort"}, id="the day after it is"),
        pytest.param(THREE_MONTHS_LATER, {"cohort"}, id="three months"),
        pytest.param(date(2026, 1, 7), {"cohort", "gcom"}, id="more than three months"),
    ],
)
def test_overdue(today, overdue, round_, programme):
    found = conditions(tables(), round_, programme.eligibility, today, {"S1"})
    assert {one.rule for one in found if one.overdue} == overdue
