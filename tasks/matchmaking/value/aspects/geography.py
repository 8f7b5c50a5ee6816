"""Aspect `geography`: cities of similar size, setting and climate keep working together (FAQ 3.6).

Weights: `[geography]` of `programme/matchmaking.toml`.
"""

from __future__ import annotations

import numpy as np

from programme.matchmaking import steps
from tasks.matchmaking.value.arrays import UNKNOWN, Ints, add_where, codes, same_and_known
from tasks.matchmaking.value.aspects.definition import AspectValue, PairAspect
from tasks.matchmaking.value.facts import Applicant, Facts

ROWS_AT_ONCE = 256
"""Cities whose sizes are compared with all others at a time."""


def _of_pair(i: int, j: int, facts: Facts) -> AspectValue:
    a, b = facts.applicants[i], facts.applicants[j]
    parts = [_size(a, b, facts), _climate(a, b, facts), _setting(a, b, facts)]
    words = ", ".join(part.reason for part in parts if part.reason) or "little in common"
    return AspectValue(sum(part.steps for part in parts), f"{a.city_name} and {b.city_name}: {words}")


def _size(a: Applicant, b: Applicant, facts: Facts) -> AspectValue:
    """The points of the smallest ratio that the larger city does not exceed."""
    if a.population and b.population:
        small, large = sorted((a.population, b.population))
        for ratio, points in facts.rules.geography.size_steps:
            if large <= small * ratio:
                return AspectValue(steps(points), f"sizes within a factor of {ratio:g}")
    return AspectValue(0, "")


def _climate(a: Applicant, b: Applicant, facts: Facts) -> AspectValue:
    """The same Köppen-Geiger class, or at least the same main group."""
    rules = facts.rules.geography
    if a.climate.koeppen is None or b.climate.koeppen is None:
        return AspectValue(0, "")
    if a.climate.koeppen == b.climate.koeppen:
        return AspectValue(steps(rules.same_climate), f"climate {a.climate.koeppen}")
    if a.climate.group == b.climate.group:
        return AspectValue(steps(rules.same_climate_group), f"both {a.climate.group}")
    return AspectValue(0, "")


def _setting(a: Applicant, b: Applicant, facts: Facts) -> AspectValue:
    """Both on the coast or both inland."""
    if a.coastal is None or a.coastal != b.coastal:
        return AspectValue(0, "")
    return AspectValue(
        steps(facts.rules.geography.same_setting), f"both {'coastal' if a.coastal else 'inland'}"
    )


def _of_all_pairs(facts: Facts) -> Ints:
    rules = facts.rules.geography
    coastal = [UNKNOWN if one.coastal is None else int(one.coastal) for one in facts.applicants]
    koeppen = same_and_known(codes(one.climate.koeppen for one in facts.applicants))
    group = same_and_known(codes(one.climate.group for one in facts.applicants)) & ~koeppen
    total = _sizes(facts)
    add_where(total, same_and_known(np.array(coastal, np.int32)), steps(rules.same_setting))
    add_where(total, koeppen, steps(rules.same_climate))
    add_where(total, group, steps(rules.same_climate_group))
    return total


def _sizes(facts: Facts) -> Ints:
    """Some rows at a time: the ratios of all pairs of thousands of cities would take a gigabyte."""
    population = np.array([one.population or 0 for one in facts.applicants], np.float64)
    worth = np.zeros((len(population), len(population)), np.int32)
    for start in range(0, len(population), ROWS_AT_ONCE):
        some = population[start : start + ROWS_AT_ONCE, None]
        small, large = np.minimum(some, population), np.maximum(some, population)
        for ratio, points in reversed(facts.rules.geography.size_steps):
            worth[start : start + ROWS_AT_ONCE][(large <= small * ratio) & (small > 0)] = steps(points)
    return worth


GEOGRAPHY = PairAspect("geography", _of_pair, _of_all_pairs, per_city=True)
