"""Every cell of the rule `population` (FAQ 3.2)."""

from __future__ import annotations

import pytest

from tasks.eligibility.rules.population import population
from tests.tasks.eligibility.making import case, linked_cohort, linked_gcom, member, none

MEMBER = linked_cohort(status="member")
TWO = {"applicant_type": "consortium", "members": [member("One"), member("Two")]}
POPULATION = [
    ("50,000 itself passes", {"population": 50_000}, "met"),
    ("one less does not", {"population": 49_999}, "not_met"),
    (
        "the cohort's figure is the best",
        {"population": None, "cohort": linked_cohort(population=60_000)},
        "met",
    ),
    ("the GCoM's figure", {"population": None, "gcom": (linked_gcom(population=49_000),)}, "not_met"),
    ("the gazetteer's, where no register has one", {"population": None, "gazetteer": 70_000}, "met"),
    (
        "the gazetteer is not heard beside a register",
        {"population": None, "gcom": (linked_gcom(population=70_000),), "gazetteer": 40_000},
        "met",
    ),
    (
        "register and form on either side",
        {"population": 51_000, "gcom": (linked_gcom(population=49_000),)},
        "unclear",
    ),
    (
        "the two registers on either side",
        {
            "population": None,
            "cohort": linked_cohort(population=51_000),
            "gcom": (linked_gcom(population=49_000),),
        },
        "unclear",
    ),
    ("gazetteer and form on either side", {"population": 51_000, "gazetteer": 49_000}, "unclear"),
    (
        "all differ on one side",
        {
            "population": 51_000,
            "cohort": linked_cohort(population=90_000),
            "gcom": (linked_gcom(population=500_000),),
        },
        "met",
    ),
    ("no figure anywhere", {"population": None}, "unclear"),
    ("nought is no figure", {"population": 0}, "unclear"),
    ("a consortium counts in total", {**TWO, "population": None, "gcom": (none("One"), none("Two"))}, "met"),
    (
        "a consortium too small in total",
        {**TWO, "members": [member("One", 20_000), member("Two", 29_999)], "population": None, "gcom": ()},
        "not_met",
    ),
    (
        "a member without a figure: the form's own total",
        {**TWO, "members": [member("One", None), member("Two")], "population": 55_000, "gcom": ()},
        "met",
    ),
    (
        "a member without a figure and no total",
        {**TWO, "members": [member("One", None), member("Two", 90_000)], "population": None, "gcom": ()},
        "unclear",
    ),
    (
        "two names of one signatory count once",
        {
            **TWO,
            "members": [member("One", None)],
            "population": None,
            "gcom": (linked_gcom("One", population=30_000), linked_gcom("Uno", population=30_000)),
        },
        "not_met",
    ),
    ("a consortium's name means no place", {**TWO, "gcom": (), "gazetteer": 10_000}, "met"),
    ("a member on the register's word", {"population": 10_000, "cohort": MEMBER}, "met"),
    ("a member without any figure", {"population": None, "cohort": MEMBER}, "met"),
]


@pytest.mark.parametrize(("given", "outcome"), [pytest.param(*each[1:], id=each[0]) for each in POPULATION])
def test_population(given, outcome, rule_settings):
    assert population(case(**given), rule_settings).outcome == outcome


def test_every_source_of_a_population_is_in_the_evidence(rule_settings):
    verdict = population(
        case(
            population=51_000, cohort=linked_cohort(population=60_000), gcom=(linked_gcom(population=70_000),)
        ),
        rule_settings,
    )
    assert verdict.evidence == "cohort 60,000; gcom 70,000; form 51,000"
    assert verdict.source == "cohort register, version c0ffee00"
