"""The first call as the rule_settings of the rules, and a way to judge a small round."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from programme.programme import Programme
from programme.rounds import Round
from tasks.eligibility.judge import EligibilityInputs, Judged, judge
from tasks.eligibility.rules.case import RuleSettings
from tests.tasks.eligibility.making import World

VERSIONS = {"cohort": "c0ffee00", "gcom": "badcafe0"}


@pytest.fixture(scope="session")
def round_(programme: Programme) -> Round:
    """The first call: deadline 4 September 2025, 23:59:59 in Brussels; originally 7 August."""
    return programme.rounds.get("2025-07")


@pytest.fixture(scope="session")
def rule_settings(programme: Programme, round_: Round) -> RuleSettings:
    """The first call, the limits the program ships with, register versions as in a real run."""
    return RuleSettings(round_, programme.eligibility, programme.topics.ids, VERSIONS)


Judge = Callable[[World | EligibilityInputs], Judged]


@pytest.fixture(scope="session")
def judged(programme: Programme, round_: Round) -> Judge:
    """Judge a small round by the rules the program ships with."""

    def run(world: World | EligibilityInputs) -> Judged:
        inputs = world.inputs() if isinstance(world, World) else world
        return judge(inputs, programme=programme, round_=round_, register_versions=VERSIONS)

    return run
