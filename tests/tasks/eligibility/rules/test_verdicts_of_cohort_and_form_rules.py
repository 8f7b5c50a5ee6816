"""The whole verdict of each branch of the cohort rule and of those on the form, word for word."""

from __future__ import annotations

from datetime import date

import pytest

from programme.vocabulary import RULES
from tasks.eligibility.rules.registry import RULE_FUNCTIONS
from tasks.eligibility.rules.verdict import Verdict
from tests.tasks.eligibility.making import case, linked_cohort, none, review

COHORT = "cohort register, version c0ffee00"
MEMBER = "Your city is an accepted member of the UTM City Cohort."
BEFORE, AFTER, TOO_LATE = date(2025, 7, 1), date(2025, 7, 21), date(2025, 9, 5)

PENDING = (
    "The UTM City Cohort has not decided on your city yet; your city can take part only if it is accepted."
)
NEEDED = (
    "A city must be in the UTM City Cohort, or apply to it by 4 September 2025; we found no application "
    "of yours."
)
WITHDRAWN = (
    "A city must be in the UTM City Cohort, or apply to it by 4 September 2025; your application there is "
    "withdrawn."
)
COHORT_CASES = [
    (
        "cohort",
        {"cohort": linked_cohort(status="member"), "cohort_status": "member"},
        Verdict("met", "U1 is member", COHORT, MEMBER, scenario=1),
    ),
    (
        "cohort",
        {"cohort": linked_cohort(status="rejected")},
        Verdict(
            "not_met",
            "U1 is rejected",
            COHORT,
            "The UTM City Cohort did not accept your city, so it cannot take part in this call.",
            final=True,
        ),
    ),
    (
        "cohort",
        {},
        Verdict("conditional", "U1 is pending, applied on 2025-07-01", COHORT, PENDING, scenario=2),
    ),
    (
        "cohort",
        {"cohort": linked_cohort(applied_on=None)},
        Verdict(
            "unclear",
            "U1 is pending, date unknown",
            COHORT,
            "Please tell us when your city applied to the UTM City Cohort.",
        ),
    ),
    (
        "cohort",
        {"cohort": linked_cohort(applied_on=TOO_LATE)},
        Verdict(
            "not_met",
            "U1 is pending, applied on 2025-09-05",
            COHORT,
            "Your city applied to the UTM City Cohort after the deadline of 4 September 2025.",
            final=True,
        ),
    ),
    (
        "cohort",
        {"cohort": review()},
        Verdict(
            "unclear",
            "link ambiguous",
            COHORT,
            "We could not tell which city of the UTM City Cohort is yours; please send us its name or id "
            "there.",
        ),
    ),
    ("cohort", {"cohort": none(), "cohort_status": None}, Verdict("not_met", "no row found", COHORT, NEEDED)),
    (
        "cohort",
        {"cohort": none(decided=True), "cohort_status": None},
        Verdict("not_met", "no row (a person decided)", COHORT, NEEDED),
    ),
    (
        "cohort",
        {"cohort": linked_cohort(status="withdrawn"), "cohort_status": "not_applied"},
        Verdict("not_met", "cohort application withdrawn", COHORT, WITHDRAWN),
    ),
    (
        "cohort",
        {"cohort": none(), "cohort_status": "member"},
        Verdict(
            "unclear",
            "no row found; the form says member",
            COHORT,
            "Your form says that your city is a member of the UTM City Cohort; we did not find it there. "
            "Please send us the name or id under which it joined.",
        ),
    ),
    (
        "cohort",
        {"cohort": linked_cohort(status="withdrawn"), "cohort_status": "applied"},
        Verdict(
            "unclear",
            "cohort application withdrawn; the form says applied",
            COHORT,
            "Your form says that your city has applied to the UTM City Cohort; the cohort has its "
            "application as withdrawn. Please tell us whether it still stands.",
        ),
    ),
    (
        "cohort",
        {"cohort": none(decided=True), "cohort_applied_on": AFTER},
        Verdict(
            "conditional", "no row (a person decided); the form says applied", "form", PENDING, scenario=3
        ),
    ),
    (
        "cohort",
        {"cohort": none(decided=True), "cohort_status": "member"},
        Verdict("not_met", "no row (a person decided); the form says member", COHORT, NEEDED),
    ),
    (
        "cohort",
        {"cohort": linked_cohort(applied_on=None), "cohort_applied_on": BEFORE},
        Verdict("conditional", "U1 is pending, applied on 2025-07-01", COHORT, PENDING, scenario=2),
    ),
    (
        "cohort",
        {"cohort": linked_cohort(), "submitted_at": None},
        Verdict("conditional", "U1 is pending, applied on 2025-07-01", COHORT, PENDING),
    ),
]
FORM = [
    (
        "mandate",
        {},
        Verdict(
            "met", "mandate: official_letter", "form", "You hold a mandate to apply on behalf of the city."
        ),
    ),
    (
        "mandate",
        {"mandate": "in_progress"},
        Verdict(
            "unclear",
            "mandate: in_progress",
            "form",
            "Your form says that the mandate is in progress; please tell us once it is given.",
        ),
    ),
    (
        "mandate",
        {"mandate": "none"},
        Verdict(
            "not_met",
            "mandate: none",
            "form",
            "An official mandate to apply on behalf of the city is needed; your form says that there is "
            "none.",
        ),
    ),
    (
        "mandate",
        {"mandate": None},
        Verdict(
            "unclear",
            "mandate left blank",
            "form",
            "Please tell us whether you hold a mandate to apply on behalf of the city.",
        ),
    ),
    (
        "mandate",
        {"competing_forms": ("S2", "S3")},
        Verdict(
            "unclear",
            "another department of the same city applied with other topics: S2, S3",
            "form",
            "More than one department of your city applied, with different topics; "
            "please tell us which application stands.",
        ),
    ),
    (
        "participation",
        {},
        Verdict(
            "met",
            "English: yes, resources: yes",
            "form",
            "You confirmed that your team can work in English and that resources are committed.",
        ),
    ),
    (
        "participation",
        {"english_confirmed": False, "resources_confirmed": False},
        Verdict(
            "not_met",
            "English: no, resources: no",
            "form",
            "Your form says no to the question whether your team can work in English and your city commits "
            "the resources; taking part needs it.",
        ),
    ),
    (
        "participation",
        {"english_confirmed": None, "resources_confirmed": None},
        Verdict(
            "unclear",
            "English: blank, resources: blank",
            "form",
            "Please tell us whether your team can work in English and your city commits the resources; "
            "your form leaves it blank.",
        ),
    ),
    ("motivation", {}, Verdict("met", "40 words; the minimum is 40", "form", "You gave your motivation.")),
    (
        "motivation",
        {"motivation": "one two"},
        Verdict(
            "unclear",
            "2 words; the minimum is 40",
            "form",
            "Your motivation has only 2 words; please say more about why you apply, what you expect and "
            "what you would share.",
        ),
    ),
    (
        "motivation",
        {"motivation": None},
        Verdict(
            "not_met",
            "left blank",
            "form",
            "Your form gives no motivation; it asks why you apply, what you expect and what you would share.",
        ),
    ),
    (
        "topic",
        {"topic_2": "ports", "topic_3": "other"},
        Verdict("met", "topics: cooling, ports", "form", "You named at least one of the programme's topics."),
    ),
    (
        "topic",
        {"topic_1": "other"},
        Verdict(
            "unclear",
            "only a topic outside the twelve",
            "form",
            "Your form names none of the programme's twelve topics; please name at least one of them.",
        ),
    ),
    (
        "topic",
        {"topic_1": None},
        Verdict(
            "not_met",
            "left blank",
            "form",
            ("Your form names no topic; at least one of the programme's twelve is needed."),
        ),
    ),
]


@pytest.mark.parametrize(
    ("rule", "given", "verdict"),
    [
        pytest.param(*each, id=f"{each[0]}: {each[2].outcome}, {each[2].evidence}")
        for each in [*COHORT_CASES, *FORM]
    ],
)
def test_the_whole_verdict(rule, given, verdict, rule_settings):
    assert RULE_FUNCTIONS[rule](case(**given), rule_settings) == verdict


def test_the_registry_holds_every_rule_once_in_the_order_of_the_vocabulary():
    assert tuple(RULE_FUNCTIONS) == RULES
