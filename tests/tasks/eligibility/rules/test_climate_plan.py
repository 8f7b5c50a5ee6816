"""Every cell of the rule `climate_plan` (FAQ 3.2)."""

from __future__ import annotations

import pytest

from tasks.eligibility.rules.climate_plan import climate_plan, is_document
from tests.tasks.eligibility.making import case, linked_cohort, member

MEMBER = linked_cohort(status="member")
TWO = {"applicant_type": "consortium", "members": [member("One"), member("Two")]}
PLAN = [
    *((f"{kind} adopted", {"plan_type": kind}, "met") for kind in ("SECAP", "SEACAP", "CAP", "other")),
    ("coverage left blank", {"plan_covers_whole_city": None}, "unclear"),
    ("document missing", {"plan_url": None}, "unclear"),
    ("document is a word", {"plan_url": "attached"}, "unclear"),
    ("kind left blank", {"plan_type": None}, "unclear"),
    ("adopted, of no kind", {"plan_type": "none"}, "unclear"),
    ("status left blank", {"plan_status": None}, "unclear"),
    ("in preparation", {"plan_status": "in_preparation"}, "not_met"),
    ("none", {"plan_status": "none"}, "not_met"),
    ("none by its kind alone", {"plan_status": None, "plan_type": "none"}, "not_met"),
    ("part of the city only", {"plan_covers_whole_city": False}, "not_met"),
    ("every member of a consortium", {**TWO}, "met"),
    ("every member, the consortium's own status blank", {**TWO, "plan_status": None}, "met"),
    ("a member's status blank", {**TWO, "members": [member("One"), member("Two", plan=None)]}, "unclear"),
    (
        "a member's plan in preparation",
        {**TWO, "members": [member("One"), member("Two", plan="in_preparation")]},
        "not_met",
    ),
    ("a member without a plan", {**TWO, "members": [member("One"), member("Two", plan="none")]}, "not_met"),
    ("a consortium that names nobody", {**TWO, "members": None}, "unclear"),
    (
        "a consortium that names nobody and has no plan",
        {**TWO, "members": None, "plan_status": "none"},
        "not_met",
    ),
    ("a cohort member without a plan", {"plan_status": "none", "cohort": MEMBER}, "met"),
]


@pytest.mark.parametrize(("given", "outcome"), [pytest.param(*each[1:], id=each[0]) for each in PLAN])
def test_climate_plan(given, outcome, rule_settings):
    assert climate_plan(case(**given), rule_settings).outcome == outcome


@pytest.mark.parametrize(
    ("cell", "is_one"),
    [
        ("https://example.org/p.pdf", True),
        ("plan.pdf", True),
        ("  example.org/x  ", True),
        ("yes", False),
        ("see the annex.", False),
        ("", False),
        (None, False),
    ],
)
def test_what_can_be_the_address_of_a_document(cell, is_one):
    assert is_document(cell) is is_one


ASKED = [
    (
        "only the document",
        {"plan_url": None},
        "Please send us the adopted plan, or the address where we can read it.",
    ),
    (
        "only the coverage",
        {"plan_covers_whole_city": None},
        "Please tell us whether it covers the whole city.",
    ),
    ("in preparation", {"plan_status": "in_preparation"}, "your form says that it is in preparation."),
    ("none", {"plan_status": "none"}, "your form says that there is none."),
    (
        "two members without",
        {**TWO, "members": [member("One", plan="none"), member("Two", plan="none")]},
        "One and Two",
    ),
]


@pytest.mark.parametrize(("given", "said"), [pytest.param(*each[1:], id=each[0]) for each in ASKED])
def test_nobody_is_asked_for_what_the_form_says_already(given, said, rule_settings):
    message = climate_plan(case(**given), rule_settings).message
    assert message.endswith(said) or said in message
    assert message.count("Please") <= 1
