"""Aspect `selection`: the better applications come first; the selection score (0-110) counts (FAQ 3.5).

Weights: `[selection]` of `programme/matchmaking.toml`.
"""

from __future__ import annotations

import numpy as np

from tasks.matchmaking.value.arrays import Ints
from tasks.matchmaking.value.aspects.definition import CityAspect
from tasks.matchmaking.value.facts import Facts, Group


def _of_city(i: int, _topic: str, facts: Facts) -> int:
    return facts.applicants[i].score


def _of_all_cities(_topic: str, facts: Facts) -> Ints:
    return np.array([one.score for one in facts.applicants], np.int32)


def _reason(group: Group, _topic: str, facts: Facts) -> str:
    return "selection scores of " + ", ".join(facts.applicants[i].city_name for i in group)


SELECTION = CityAspect("selection", _of_city, _of_all_cities, _reason)
