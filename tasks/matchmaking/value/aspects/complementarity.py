"""Aspect `complementarity`: a city gains from the partner who has most of what it needs (FAQ 3.6).

Both directions count. Weights: `[complementarity]` of `programme/matchmaking.toml`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from programme.matchmaking import steps
from tasks.matchmaking.value.arrays import Ints
from tasks.matchmaking.value.aspects.definition import GainAspect
from tasks.matchmaking.value.facts import Facts


def level_gained(i: int, j: int, topic: str, facts: Facts) -> int:
    """Levels (0-5) that applicant i gains from j: no more than i needs, no more than j can give."""
    return min(facts.applicants[i].interest(topic).need, facts.applicants[j].interest(topic).experience)


def levels_gained(topic: str, indices: Sequence[int], facts: Facts) -> Ints:
    """`level_gained` for some applicants, as an array [who gains, from whom]."""
    interests = [facts.applicants[i].interest(topic) for i in indices]
    need = np.array([one.need for one in interests], np.int32)
    experience = np.array([one.experience for one in interests], np.int32)
    levels: Ints = np.minimum(need[:, None], experience[None, :])
    return levels


def _steps_per_level(facts: Facts) -> int:
    return steps(facts.rules.complementarity.points_per_level)


def _reason(i: int, j: int, topic: str, facts: Facts) -> str:
    one, partner = facts.applicants[i], facts.applicants[j]
    return (
        f"{one.city_name} gains {level_gained(i, j, topic, facts)} of 5 from {partner.city_name} "
        f"(need {one.interest(topic).need}, experience there {partner.interest(topic).experience})"
    )


COMPLEMENTARITY = GainAspect("complementarity", level_gained, levels_gained, _steps_per_level, _reason)
