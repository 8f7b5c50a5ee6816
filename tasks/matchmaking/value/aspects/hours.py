"""Aspect `hours`: the more of the working day two cities share, the easier their sessions are (FAQ 3.6).

Weights and office hours: `[hours]` of `programme/matchmaking.toml`. How many shared hours a twinning needs at
least is a hard rule (`tasks/matchmaking/value/hard_rules.py`).
"""

from __future__ import annotations

import numpy as np

from programme.matchmaking import steps
from tasks.matchmaking.value.arrays import Flags, Ints
from tasks.matchmaking.value.aspects.definition import AspectValue, PairAspect
from tasks.matchmaking.value.facts import Facts

_DAY = 24 * 60


def shared_minutes(i: int, j: int, facts: Facts) -> int | None:
    """Minutes of the working day that two offices share; None where a time zone is unknown."""
    a, b = facts.applicants[i].utc_offset, facts.applicants[j].utc_offset
    if a is None or b is None:
        return None
    apart = abs(a - b) % _DAY
    return max(0, facts.rules.hours.work_minutes - min(apart, _DAY - apart))


def shared_minutes_of_all(facts: Facts) -> tuple[Ints, Flags]:
    """`shared_minutes` of all pairs, and for which pairs both time zones are known."""
    known = np.array([one.utc_offset is not None for one in facts.applicants], bool)
    offset = np.array([one.utc_offset or 0 for one in facts.applicants], np.int32)
    apart = np.abs(offset[:, None] - offset[None, :]) % _DAY
    shared = np.maximum(0, facts.rules.hours.work_minutes - np.minimum(apart, _DAY - apart))
    return shared.astype(np.int32), known[:, None] & known[None, :]


def _of_pair(i: int, j: int, facts: Facts) -> AspectValue:
    rules, shared = facts.rules.hours, shared_minutes(i, j, facts)
    names = f"{facts.applicants[i].city_name} and {facts.applicants[j].city_name}"
    if shared is None:
        return AspectValue(0, f"{names}: time zone unknown")
    above = max(0, shared - rules.least_shared_minutes)
    return AspectValue(
        steps(rules.points_per_hour) * above // 60, f"{names}: {shared / 60:g} shared working hours"
    )


def _of_all_pairs(facts: Facts) -> Ints:
    rules = facts.rules.hours
    shared, known = shared_minutes_of_all(facts)
    points = steps(rules.points_per_hour) * np.maximum(0, shared - rules.least_shared_minutes) // 60
    return np.where(known, points, 0).astype(np.int32)


HOURS = PairAspect("hours", _of_pair, _of_all_pairs, per_city=True)
