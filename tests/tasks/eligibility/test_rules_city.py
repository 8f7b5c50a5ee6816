"""Every cell of the rule table about the city: local government, population, GCoM, climate plan (FAQ 3.2,
3.3.1).
"""

from __future__ import annotations

import pytest

from tasks.eligibility.rules import city as rules_city
from tests.tasks.eligibility.making import case, linked_cohort, linked_gcom, member, none, review

MEMBER = linked_cohort(status="member")
TWO = {"applicant_type": "consortium", "members": [member("One"), member("Two")]}


def of(cases):
    return pytest.mark.parametrize(
        ("given", "outcome"), [pytest.param(given, outcome, id=name) for name, given, outcome in cases]
    )


LOCAL = [
    *((kind.replace("_", " "), {"applicant_type": kind, "mandate": None}, "met")
      for kind in ("city", "town", "consortium", "metropolitan_area", "county", "other_local_authority")),
    *((f"{kind} with an official letter".replace("_", " "), {"applicant_type": kind, "mandate": "official_letter"}, "conditional")
      for kind in ("national_authority", "regional_authority", "public_agency", "municipal_company", "private_company", "consultant", "university",
                   "ngo", "individual")),
    ("other kind, mandate in progress", {"applicant_type": "ngo", "mandate": "in_progress"}, "unclear"),
    ("other kind, confirmed but no letter", {"applicant_type": "ngo", "mandate": "confirmed"}, "unclear"),
    ("other kind, mandate left blank", {"applicant_type": "ngo", "mandate": None}, "unclear"),
    ("other kind without a mandate", {"applicant_type": "ngo", "mandate": "none"}, "not_met"),
    ("a cohort member is no exception", {"applicant_type": "ngo", "mandate": "none", "cohort": MEMBER}, "not_met"),
]  # fmt: skip


@of(LOCAL)
def test_local_government(given, outcome, setting):
    assert rules_city.local_government(case(**given), setting).outcome == outcome


POPULATION = [
    ("50,000 itself passes", {"population": 50_000}, "met"),
    ("one less does not", {"population": 49_999}, "not_met"),
    ("the cohort's figure is the best", {"population": None, "cohort": linked_cohort(population=60_000)}, "met"),
    ("the GCoM's figure", {"population": None, "gcom": (linked_gcom(population=49_000),)}, "not_met"),
    ("the gazetteer's, where no register has one", {"population": None, "gazetteer": 70_000}, "met"),
    ("the gazetteer is not heard beside a register", {"population": None, "gcom": (linked_gcom(population=70_000),), "gazetteer": 40_000}, "met"),
    ("register and form on either side", {"population": 51_000, "gcom": (linked_gcom(population=49_000),)}, "unclear"),
    ("the two registers on either side", {"population": None, "cohort": linked_cohort(population=51_000), "gcom": (linked_gcom(population=49_000),)}, "unclear"),
    ("gazetteer and form on either side", {"population": 51_000, "gazetteer": 49_000}, "unclear"),
    ("all differ on one side", {"population": 51_000, "cohort": linked_cohort(population=90_000), "gcom": (linked_gcom(population=500_000),)}, "met"),
    ("no figure anywhere", {"population": None}, "unclear"),
    ("nought is no figure", {"population": 0}, "unclear"),
    ("a consortium counts in total", {**TWO, "population": None, "gcom": (none("One"), none("Two"))}, "met"),
    ("a consortium too small in total", {**TWO, "members": [member("One", 20_000), member("Two", 29_999)], "population": None, "gcom": ()}, "not_met"),
    ("a member without a figure: the form's own total", {**TWO, "members": [member("One", None), member("Two")], "population": 55_000, "gcom": ()}, "met"),
    ("a member without a figure and no total", {**TWO, "members": [member("One", None), member("Two", 90_000)], "population": None, "gcom": ()}, "unclear"),
    ("two names of one signatory count once",
     {**TWO, "members": [member("One", None)], "population": None,
      "gcom": (linked_gcom("One", population=30_000), linked_gcom("Uno", population=30_000))}, "not_met"),
    ("a consortium's name means no place", {**TWO, "gcom": (), "gazetteer": 10_000}, "met"),
    ("a member on the register's word", {"population": 10_000, "cohort": MEMBER}, "met"),
    ("a member without any figure", {"population": None, "cohort": MEMBER}, "met"),
]  # fmt: skip


@of(POPULATION)
def test_population(given, outcome, setting):
    assert rules_city.population(case(**given), setting).outcome == outcome


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
    ("inactive signatory counts as none", {"gcom": (linked_gcom(status="withdrawn"),), "gcom_status": "not_signatory"}, "not_met"),
    ("inactive signatory that will sign", {"gcom": (linked_gcom(status="withdrawn"),), "gcom_status": "will_sign"}, "conditional"),
    ("inactive signatory that claims more", {"gcom": (linked_gcom(status="withdrawn"),)}, "unclear"),
    ("every member of a consortium", {**TWO, "gcom": (linked_gcom("One"), linked_gcom("Two", gcom_id="G2"))}, "met"),
    ("one member is to sign", {**TWO, "gcom": (linked_gcom("One"), none("Two")), "gcom_status": "will_sign"}, "conditional"),
    ("one member ambiguous", {**TWO, "gcom": (linked_gcom("One"), review("Two")), "gcom_status": "will_sign"}, "unclear"),
    ("one member without, nothing said", {**TWO, "gcom": (linked_gcom("One"), none("Two")), "gcom_status": None}, "not_met"),
    ("a consortium that names nobody", {**TWO, "members": None}, "unclear"),
    ("a cohort member", {"cohort": MEMBER, "gcom": (none(),), "gcom_status": "not_signatory"}, "met"),
    ("a cohort member's consortium that names nobody", {**TWO, "members": [], "cohort": MEMBER}, "met"),
]  # fmt: skip


@of(GCOM)
def test_gcom(given, outcome, setting):
    assert rules_city.gcom(case(**given), setting).outcome == outcome


def test_a_promise_to_sign_is_due_three_months_after_the_twinnings_start(setting):
    verdict = rules_city.gcom(case(gcom=(none(),), gcom_status="will_sign"), setting)
    assert verdict.evidence == "Alpha: no signatory found; commits to sign; due by 2026-01-06"
    assert "6 January 2026" in verdict.message


def test_a_persons_link_to_an_inactive_row_is_not_their_word_that_there_is_none(setting):
    linked = linked_gcom(status="suspended")
    verdict = rules_city.gcom(
        case(gcom=(type(linked)("Alpha", "linked", linked.row, decided=True),)), setting
    )
    assert (verdict.outcome, "a person decided" in verdict.evidence) == ("unclear", False)


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
    ("a member's plan in preparation", {**TWO, "members": [member("One"), member("Two", plan="in_preparation")]}, "not_met"),
    ("a member without a plan", {**TWO, "members": [member("One"), member("Two", plan="none")]}, "not_met"),
    ("a consortium that names nobody", {**TWO, "members": None}, "unclear"),
    ("a consortium that names nobody and has no plan", {**TWO, "members": None, "plan_status": "none"}, "not_met"),
    ("a cohort member without a plan", {"plan_status": "none", "cohort": MEMBER}, "met"),
]  # fmt: skip


@of(PLAN)
def test_climate_plan(given, outcome, setting):
    assert rules_city.climate_plan(case(**given), setting).outcome == outcome


ON_THE_REGISTERS_WORD = [
    ("population below", rules_city.population, {"population": 10_000}, "form 10,000"),
    (
        "no signatory",
        rules_city.gcom,
        {"gcom": (none(),), "gcom_status": "not_signatory"},
        "no signatory found",
    ),
    ("no plan", rules_city.climate_plan, {"plan_status": "none"}, "SECAP, none"),
]


@pytest.mark.parametrize(
    ("rule", "given", "against"), [pytest.param(*each[1:], id=each[0]) for each in ON_THE_REGISTERS_WORD]
)
def test_evidence_against_a_member_is_told_and_turns_nobody_away(rule, given, against, setting):
    verdict = rule(case(cohort=MEMBER, **given), setting)
    assert verdict.outcome == "met"
    assert verdict.source == "cohort register, version c0ffee00"
    assert against in verdict.contradiction


@pytest.mark.parametrize("rule", [rules_city.population, rules_city.gcom, rules_city.climate_plan])
def test_nothing_against_a_member_is_no_contradiction(rule, setting):
    assert rule(case(cohort=MEMBER), setting).contradiction is None


@pytest.mark.parametrize(
    ("says", "told"), [("will_sign", True), ("not_signatory", True), ("signatory", False), (None, False)]
)
def test_a_list_that_knows_more_than_the_form_is_told(says, told, setting):
    assert (rules_city.gcom(case(gcom_status=says), setting).contradiction is not None) == told


def test_every_source_of_a_population_is_in_the_evidence(setting):
    verdict = rules_city.population(
        case(
            population=51_000, cohort=linked_cohort(population=60_000), gcom=(linked_gcom(population=70_000),)
        ),
        setting,
    )
    assert verdict.evidence == "cohort 60,000; gcom 70,000; form 51,000"
    assert verdict.source == "cohort register, version c0ffee00"


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
    assert rules_city.is_document(cell) is is_one
