"""Every cell of the rule `cohort`, and the three scenarios of FAQ 3.2."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tasks.eligibility.rules.case import RegisterLink
from tasks.eligibility.rules.cohort import cohort
from tests.tasks.eligibility.making import COHORT_ROW, case, linked_cohort, none, review

BEFORE, SAME_DAY, AFTER, LAST_DAY, TOO_LATE = (
    date(2025, 7, 1),
    date(2025, 7, 20),
    date(2025, 7, 21),
    date(2025, 9, 4),
    date(2025, 9, 5),
)
CASES = [
    # The register has a row: it counts.
    ("member", linked_cohort(status="member"), {"cohort_status": "member"}, "met", 1),
    ("member, form blank", linked_cohort(status="member"), {"cohort_status": None}, "met", 1),
    (
        "member, form says not applied",
        linked_cohort(status="member"),
        {"cohort_status": "not_applied"},
        "met",
        1,
    ),
    ("pending, before the form", linked_cohort(applied_on=BEFORE), {}, "conditional", 2),
    ("pending, the day of the form", linked_cohort(applied_on=SAME_DAY), {}, "conditional", 2),
    ("pending, the day after", linked_cohort(applied_on=AFTER), {}, "conditional", 3),
    ("pending, on the deadline day", linked_cohort(applied_on=LAST_DAY), {}, "conditional", 3),
    ("pending, a day too late", linked_cohort(applied_on=TOO_LATE), {}, "not_met", None),
    (
        "pending, form says member",
        linked_cohort(applied_on=BEFORE),
        {"cohort_status": "member"},
        "conditional",
        2,
    ),
    (
        "pending, form says not applied",
        linked_cohort(applied_on=BEFORE),
        {"cohort_status": "not_applied"},
        "conditional",
        2,
    ),
    (
        "pending, date from the form",
        linked_cohort(applied_on=None),
        {"cohort_applied_on": AFTER},
        "conditional",
        3,
    ),
    (
        "pending, the register's date counts",
        linked_cohort(applied_on=TOO_LATE),
        {"cohort_applied_on": BEFORE},
        "not_met",
        None,
    ),
    ("pending, no date anywhere", linked_cohort(applied_on=None), {}, "unclear", None),
    (
        "pending, the form's time unreadable",
        linked_cohort(applied_on=BEFORE),
        {"submitted_at": None},
        "conditional",
        None,
    ),
    ("rejected", linked_cohort(status="rejected"), {}, "not_met", None),
    (
        "rejected, form says member",
        linked_cohort(status="rejected"),
        {"cohort_status": "member"},
        "not_met",
        None,
    ),
    (
        "withdrawn counts as none: nothing claimed",
        linked_cohort(status="withdrawn"),
        {"cohort_status": "not_applied"},
        "not_met",
        None,
    ),
    ("withdrawn counts as none: form says applied", linked_cohort(status="withdrawn"), {}, "unclear", None),
    (
        "withdrawn counts as none: form says member",
        linked_cohort(status="withdrawn"),
        {"cohort_status": "member"},
        "unclear",
        None,
    ),
    (
        "withdrawn, linked by a person: still open",
        RegisterLink("Alpha", "linked", COHORT_ROW | {"status": "withdrawn"}, decided=True),
        {},
        "unclear",
        None,
    ),
    # The register has none.
    ("ambiguous", review(), {"cohort_status": "not_applied"}, "unclear", None),
    ("form says member, no row found", none(), {"cohort_status": "member"}, "unclear", None),
    (
        "form says applied, no row found",
        none(),
        {"cohort_status": "applied", "cohort_applied_on": BEFORE},
        "unclear",
        None,
    ),
    ("nothing claimed", none(), {"cohort_status": "not_applied"}, "not_met", None),
    ("left blank", none(), {"cohort_status": None}, "not_met", None),
    # A person said that there is none: the form decides between conditional and not met.
    (
        "no_link, form says applied before",
        none(decided=True),
        {"cohort_applied_on": BEFORE},
        "conditional",
        2,
    ),
    (
        "no_link, form says applied in parallel",
        none(decided=True),
        {"cohort_applied_on": AFTER},
        "conditional",
        3,
    ),
    ("no_link, form says applied, no date", none(decided=True), {}, "conditional", None),
    (
        "no_link, form says applied on the last day",
        none(decided=True),
        {"cohort_applied_on": LAST_DAY},
        "conditional",
        3,
    ),
    (
        "no_link, form says applied too late",
        none(decided=True),
        {"cohort_applied_on": TOO_LATE},
        "not_met",
        None,
    ),
    ("no_link, form says member", none(decided=True), {"cohort_status": "member"}, "not_met", None),
    ("no_link, nothing claimed", none(decided=True), {"cohort_status": "not_applied"}, "not_met", None),
]


@pytest.mark.parametrize(
    ("link", "form", "outcome", "scenario"), [pytest.param(*each[1:], id=each[0]) for each in CASES]
)
def test_cohort(link, form, outcome, scenario, rule_settings):
    found = cohort(case(cohort=link, **form), rule_settings)
    assert (found.outcome, found.scenario) == (outcome, scenario)


DIFFERENCES = [
    (
        "member",
        linked_cohort(status="member"),
        {"cohort_status": "applied"},
        "the form says applied, the register member",
    ),
    ("pending", linked_cohort(), {"cohort_status": "member"}, "the form says member, the register pending"),
    (
        "rejected",
        linked_cohort(status="rejected"),
        {"cohort_status": "member"},
        "the form says member, the register rejected",
    ),
    (
        "dates across the deadline",
        linked_cohort(applied_on=TOO_LATE),
        {"cohort_applied_on": BEFORE},
        "the form says applied on 2025-07-01, the register 2025-09-05",
    ),
    (
        "the last day is in time: across it",
        linked_cohort(applied_on=LAST_DAY),
        {"cohort_applied_on": TOO_LATE},
        "the form says applied on 2025-09-05, the register 2025-09-04",
    ),
    (
        "the last day is in time: both in time",
        linked_cohort(applied_on=LAST_DAY),
        {"cohort_applied_on": BEFORE},
        None,
    ),
    (
        "the last day is in time: the form's",
        linked_cohort(applied_on=BEFORE),
        {"cohort_applied_on": LAST_DAY},
        None,
    ),
    ("dates that change nothing", linked_cohort(applied_on=BEFORE), {"cohort_applied_on": AFTER}, None),
    ("rejected after it applied", linked_cohort(status="rejected"), {"cohort_status": "applied"}, None),
    (
        "not applied yet when the form was sent",
        linked_cohort(applied_on=AFTER),
        {"cohort_status": "not_applied"},
        None,
    ),
    (
        "applied before, but says not",
        linked_cohort(applied_on=BEFORE),
        {"cohort_status": "not_applied"},
        "the form says not_applied, the register pending",
    ),
    ("agreed", linked_cohort(), {}, None),
    ("form blank", linked_cohort(status="member"), {"cohort_status": None}, None),
]


@pytest.mark.parametrize(
    ("link", "form", "told"), [pytest.param(*each[1:], id=each[0]) for each in DIFFERENCES]
)
def test_a_form_that_differs_from_the_register_is_told(link, form, told, rule_settings):
    assert cohort(case(cohort=link, **form), rule_settings).contradiction == told


def test_the_day_a_form_was_sent_is_the_day_in_the_rounds_time_zone(rule_settings):
    # 22:30 in UTC is already the next day in Brussels: an application to the cohort made that day was made on
    # the day of the form.
    late_evening = datetime(2025, 7, 20, 22, 30, tzinfo=UTC)
    assert (
        cohort(
            case(submitted_at=late_evening, cohort=linked_cohort(applied_on=AFTER)), rule_settings
        ).scenario
        == 2
    )
