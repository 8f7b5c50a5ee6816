"""A country that is not known is the first open point, told once, before what depends on it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from programme.programme import read_programme
from tasks.eligibility.checks import check_rule
from tasks.eligibility.judge import EligibilityInputs
from tasks.eligibility.rules.case import RegisterLink, RuleSettings
from tasks.eligibility.scan_letters import open_points
from tests.tasks.eligibility.making import World, case, linked_cohort, none, review

PROGRAMME = read_programme()
SETTINGS = RuleSettings(PROGRAMME.rounds.get("2025-07"), PROGRAMME.eligibility, PROGRAMME.topics.ids)
MESSAGE = (
    "Your form names no country that we could recognise. Please tell us in which country your city lies; "
    "then we look for it in the registers."
)
UNKNOWN = {"country": "Atlantis", "country_iso3": None}
CASES = [
    ("nothing could be searched", {"cohort": none(), **UNKNOWN}, "cohort", True),
    (
        "the form claims nothing",
        {"cohort": none(), "cohort_status": "not_applied", **UNKNOWN},
        "cohort",
        True,
    ),
    ("the list of signatories", {"gcom": (none(),), **UNKNOWN}, "gcom", True),
    ("it commits to sign", {"gcom": (none(),), "gcom_status": "will_sign", **UNKNOWN}, "gcom", True),
    ("a person linked it", {"cohort": linked_cohort(), **UNKNOWN}, "cohort", False),
    ("a person said that there is no row", {"cohort": none(decided=True), **UNKNOWN}, "cohort", False),
    ("a link that a person has to decide", {"cohort": review(), **UNKNOWN}, "cohort", False),
    ("a known country", {"cohort": none()}, "cohort", False),
    ("another rule", {"mandate": "none", **UNKNOWN}, "mandate", False),
]


@pytest.mark.parametrize(
    ("changes", "rule", "waits"), [pytest.param(*each[1:], id=each[0]) for each in CASES]
)
def test_which_rules_wait_for_the_country(changes, rule, waits) -> None:
    verdict = check_rule(rule, case(**changes), SETTINGS, {}).verdict
    assert (verdict.message == MESSAGE) is waits
    if waits:
        assert (verdict.outcome, verdict.evidence) == ("unclear", "the country is not known")


def test_the_country_is_the_first_open_point_and_told_once(judged) -> None:
    world = World({"S1": {**UNKNOWN, "population": None, "mandate": "in_progress", "plan_status": None}})
    result = judged(_unlinked(world))
    assert result.eligibility["reasons"].item().startswith(MESSAGE)
    points = open_points(result.checks, result.eligibility)
    assert points[0].rule == "country"
    assert points[0].message == MESSAGE
    assert [point.message for point in points].count(MESSAGE) == 1
    assert {"gcom", "cohort"}.isdisjoint(point.rule for point in points)


def _unlinked(world: World) -> EligibilityInputs:
    """A round in which no name was found in any register."""
    inputs = world.inputs()
    nothing = pl.lit(None, dtype=pl.String)
    return replace(
        inputs, crosscheck=inputs.crosscheck.with_columns(outcome=pl.lit("none"), register_id=nothing)
    )


def test_a_consortium_waits_where_no_member_could_be_searched() -> None:
    links = (RegisterLink("A", "none"), RegisterLink("B", "linked", {"status": "active", "gcom_id": "G1"}))
    verdict = check_rule("gcom", case(gcom=links, **UNKNOWN), SETTINGS, {}).verdict
    assert verdict.message != MESSAGE
