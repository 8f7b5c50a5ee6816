"""The first call as the setting of the rules, and a way to judge a small round."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from programme.programme import Programme
from programme.rounds import Round
from tasks.eligibility.judge import EligibilityInputs, Judged, judge
from tasks.eligibility.rules.case import RuleSettings
from tests.tasks.eligibility.making import World


@pytest.fixture(scope="session")
def round_(programme: Programme) -> Round:
    """The first call: deadline 4 September 2025, 23:59:59 in Brussels; originally 7 August."""
    return programme.rounds.get("2025-07")


@pytest.fixture(scope="session")
def setting(programme: Programme, round_: Round) -> RuleSettings:
    """The first call, the limits the program ships with, register versions as in a real run."""
    return RuleSettings(
        round_, programme.eligibility, programme.topics.ids, {"cohort": "c0ffee00", "gcom": "badcafe0"}
    )


Judge = Callable[[World | EligibilityInputs], Judged]


@pytest.fixture(scope="session")
def judged(programme: Programme, round_: Round) -> Judge:
    """Judge a small round by the rules the program ships with."""

    def run(world: World | EligibilityInputs) -> Judged:
        material = world.material() if isinstance(world, World) else world
        return judge(material, programme, round_, {"cohort": "c0ffee00", "gcom": "badcafe0"})

    return run
