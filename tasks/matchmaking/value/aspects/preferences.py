"""Aspect `preferences`: cities that named each other in part F of the form are glad to meet (FAQ 3.7).

One direction counts too; both together count more.

Weights: `[preferences]` of `programme/matchmaking.toml`.
"""

from __future__ import annotations

import numpy as np

from programme.matchmaking import steps
from tasks.matchmaking.value.arrays import Ints
from tasks.matchmaking.value.aspects.definition import AspectValue, PairAspect
from tasks.matchmaking.value.facts import Facts

ORDINALS = {1: "first", 2: "second"}
"""Place of a preferred city on the form in words."""


def _steps_of_pair(i: int, j: int, facts: Facts) -> int:
    """Steps of the preferences between two applicants, in both directions."""
    rules = facts.rules.preferences
    choices = [facts.preferences[pair] for pair in ((i, j), (j, i)) if pair in facts.preferences]
    named = sum(steps(rules.first_choice if choice == 1 else rules.second_choice) for choice in choices)
    return named + (steps(rules.mutual) if len(choices) == 2 else 0)


def _of_pair(i: int, j: int, facts: Facts) -> AspectValue:
    words = [
        f"{facts.applicants[a].city_name} named {facts.applicants[b].city_name} "
        f"as {ORDINALS[facts.preferences[a, b]]} choice"
        for a, b in ((i, j), (j, i))
        if (a, b) in facts.preferences
    ]
    return AspectValue(_steps_of_pair(i, j, facts), "; ".join(words))


def _of_all_pairs(facts: Facts) -> Ints:
    worth = np.zeros((len(facts.applicants), len(facts.applicants)), np.int32)
    for i, j in facts.preferences:
        worth[i, j] = worth[j, i] = _steps_of_pair(i, j, facts)
    return worth


def _of_own(facts: Facts) -> Ints:
    """Half steps: a city has the points of its own choice, and half of those of naming each other."""
    rules = facts.rules.preferences
    own = np.zeros((len(facts.applicants), len(facts.applicants)), np.int32)
    for (i, j), choice in facts.preferences.items():
        own[i, j] = 2 * steps(rules.first_choice if choice == 1 else rules.second_choice)
        own[i, j] += steps(rules.mutual) if (j, i) in facts.preferences else 0
    return own


PREFERENCES = PairAspect(
    "preferences",
    _of_pair,
    _of_all_pairs,
    per_city=False,
    nothing="no preference named",
    of_own=_of_own,
)
