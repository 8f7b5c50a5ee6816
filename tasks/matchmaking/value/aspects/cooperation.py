"""Aspect `cooperation`: the programme does not repeat what two cities already do together (FAQ 3.6, 3.7).

An earlier cooperation costs points. Weights: `[cooperation]` of `programme/matchmaking.toml`. That a pair
with a funded initiative on the same topic is not matched at all is a hard rule
(`tasks/matchmaking/value/hard_rules.py`).
"""

from __future__ import annotations

import numpy as np

from programme.matchmaking import steps
from tasks.matchmaking.value.arrays import Ints
from tasks.matchmaking.value.aspects.definition import AspectValue, PairAspect
from tasks.matchmaking.value.facts import Facts


def _cost(i: int, j: int, facts: Facts) -> int:
    """Steps that the earlier cooperations of a pair cost: only the dearest counts."""
    known, rules = facts.cooperations_of(i, j), facts.rules.cooperation
    costs = (steps(rules.funded_elsewhere if one.funded else rules.not_funded) for one in known)
    return max(costs, default=0)


def _of_pair(i: int, j: int, facts: Facts) -> AspectValue:
    cost = _cost(i, j, facts)
    if not cost:
        return AspectValue(0, "")
    a, b = facts.applicants[i].city_name, facts.applicants[j].city_name
    return AspectValue(-cost, f"{a} and {b} have worked together before")


def _of_all_pairs(facts: Facts) -> Ints:
    worth = np.zeros((len(facts.applicants), len(facts.applicants)), np.int32)
    for i, j in facts.cooperations:
        worth[i, j] = worth[j, i] = -_cost(i, j, facts)
    return worth


COOPERATION = PairAspect(
    "cooperation", _of_pair, _of_all_pairs, per_city=False, nothing="no earlier cooperation known"
)
