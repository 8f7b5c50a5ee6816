"""Every cell of the rule `gcom` (FAQ 3.2)."""

from __future__ import annotations

import pytest

from tasks.eligibility.rules.gcom import gcom
from tests.tasks.eligibility.making import case, linked_cohort, linked_gcom, member, none, review

MEMBER = linked_cohort(status="member")
TWO = {"applicant_type": "consortium", "members": [member("One"), member("Two")]}
GCOM = [
    ("active signatory", {}, "met"),
    ("active signatory, the form blank", {"gcom_status": None}, "met"),
    ("not linked, will sign", {"gcom": (none(),), "gcom_status": "will_sign"}, "conditional"),
    ("link ambiguous", {"gcom": (review(),), "gcom_status": "will_sign"}, "unclear"),
    ("form says signatory, no link found", {"gcom": (none(),)}, "unclear"),
    ("neither", {"gcom": (none(),), "gcom_status": "not_signatory"}, "not_met"),
    ("neither, left blank", {"gcom": (none(),), "gcom_status": None}, "not_met"),
    ("no_link, form says signatory", {"gcom": (none(decided=True),)}, "not_met"),
    ("no_link, will sign", {"gcom": (none(decided=True),), "gcom_status": "will_sign"}, "conditional"),
    ("no_link, not a signatory", {"gcom": (none(decided=True),), "gcom_status": "not_signatory"}, "not_met"),
    (
        "inactive signatory counts as none",
        {"gcom": (linked_gcom(status="withdrawn"),), "gcom_status": "not_signatory"},
        "not_met",
    ),
    (
        "inactive signatory that will sign",
        {"gcom": (linked_gcom(status="withdrawn"),), "gcom_status": "will_sign"},
        "conditional",
    ),
    ("inactive signatory that claims more", {"gcom": (linked_gcom(status="withdrawn"),)}, "unclear"),
    (
        "every member of a consortium",
        {**TWO, "gcom": (linked_gcom("One"), linked_gcom("Two", gcom_id="G2"))},
        "met",
    ),
    (
        "one member is to sign",
        {**TWO, "gcom": (linked_gcom("One"), none("Two")), "gcom_status": "will_sign"},
        "conditional",
    ),
    (
        "one member ambiguous",
        {**TWO, "gcom": (linked_gcom("One"), review("Two")), "gcom_status": "will_sign"},
        "unclear",
    ),
    (
        "one member without, nothing said",
        {**TWO, "gcom": (linked_gcom("One"), none("Two")), "gcom_status": None},
        "not_met",
    ),
    ("a consortium that names nobody", {**TWO, "members": None}, "unclear"),
    ("a cohort member", {"cohort": MEMBER, "gcom": (none(),), "gcom_status": "not_signatory"}, "met"),
    ("a cohort member's consortium that names nobody", {**TWO, "members": [], "cohort": MEMBER}, "met"),
]


@pytest.mark.parametrize(("given", "outcome"), [pytest.param(*each[1:], id=each[0]) for each in GCOM])
def test_gcom(given, outcome, rule_settings):
    assert gcom(case(**given), rule_settings).outcome == outcome


def test_a_promise_to_sign_is_due_three_months_after_the_twinnings_start(rule_settings):
    verdict = gcom(case(gcom=(none(),), gcom_status="will_sign"), rule_settings)
    assert verdict.evidence == "Alpha: no signatory found; commits to sign; due by 2026-01-06"
    assert "6 January 2026" in verdict.message


def test_a_persons_link_to_an_inactive_row_is_not_their_word_that_there_is_none(rule_settings):
    linked = linked_gcom(status="suspended")
    verdict = gcom(case(gcom=(type(linked)("Alpha", "linked", linked.row, decided=True),)), rule_settings)
    assert (verdict.outcome, "a person decided" in verdict.evidence) == ("unclear", False)


@pytest.mark.parametrize(
    ("says", "told"), [("will_sign", True), ("not_signatory", True), ("signatory", False), (None, False)]
)
def test_a_list_that_knows_more_than_the_form_is_told(says, told, rule_settings):
    assert (gcom(case(gcom_status=says), rule_settings).contradiction is not None) == told
