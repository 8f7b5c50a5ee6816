"""Aspect `hours`: the more of the working day two cities share, the easier their sessions are (FAQ 3.6).

What counts is the least that two cities share on any working day of the twinning: clocks change, and not
everywhere on the same day. Weights and office hours: `[hours]` of `programme/matchmaking.toml`. How many
shared hours a twinning needs at least is a hard rule (`tasks/matchmaking/value/hard_rules.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import combinations

import numpy as np

from programme.matchmaking import steps
from tasks.matchmaking.value.arrays import Flags, Ints
from tasks.matchmaking.value.aspects.definition import AspectValue, PairAspect
from tasks.matchmaking.value.facts import Facts, Group

_DAY = 24 * 60


def shared_minutes(i: int, j: int, facts: Facts) -> int | None:
    """The least minutes of a working day that two offices share, on any working day of the twinning.

    None where a time zone is unknown.
    """
    by_period = _by_period(i, j, facts)
    return min(by_period) if by_period else None


def usual_minutes(i: int, j: int, facts: Facts) -> int | None:
    """The minutes that two offices share on most working days; None where a time zone is unknown."""
    days: Counter[int] = Counter()
    for shared, n in zip(_by_period(i, j, facts), facts.periods, strict=False):
        days[shared] += n
    return min(days, key=lambda shared: (-days[shared], shared)) if days else None


def _by_period(i: int, j: int, facts: Facts) -> list[int]:
    """The minutes of the working day that two offices share in each period; none where a zone is unknown."""
    found = []
    for period in range(len(facts.periods)):
        a, b = facts.applicants[i].offset_in(period), facts.applicants[j].offset_in(period)
        if a is None or b is None:
            return []
        apart = abs(a - b) % _DAY
        found.append(max(0, facts.rules.hours.work_minutes - min(apart, _DAY - apart)))
    return found


def shared_minutes_of_all(facts: Facts) -> tuple[Ints, Flags]:
    """`shared_minutes` of all pairs, and for which pairs both time zones are known.

    Worked out once for each two clocks: thousands of cities live by a few dozen.
    """
    known = np.array([one.utc_offset is not None for one in facts.applicants], bool)
    clocks = [
        tuple(one.offset_in(period) or 0 for period in range(len(facts.periods))) for one in facts.applicants
    ]
    different = sorted(set(clocks))
    number = {clock: k for k, clock in enumerate(different)}
    least = np.full((len(different), len(different)), _DAY, np.int32)
    for period in range(len(facts.periods)):
        offset = np.array([clock[period] for clock in different], np.int32)
        apart = np.abs(offset[:, None] - offset[None, :]) % _DAY
        shared = np.maximum(0, facts.rules.hours.work_minutes - np.minimum(apart, _DAY - apart))
        least = np.minimum(least, shared)
    at = np.array([number[clock] for clock in clocks], np.intp)
    return least[at[:, None], at[None, :]], known[:, None] & known[None, :]


def shared_by_all(minutes: Callable[[int, int, Facts], int | None], group: Group, facts: Facts) -> int | None:
    """The fewest minutes (`shared_minutes` or `usual_minutes`) of any two; None where one is unknown."""
    found = [minutes(i, j, facts) for i, j in combinations(group, 2)]
    known = [one for one in found if one is not None]
    return min(known) if known and len(known) == len(found) else None


def shared_hours_in_words(i: int, j: int, facts: Facts) -> str:
    """The least and the usual shared hours of a working day: "2 working hours at least, usually 3"."""
    least, usual = shared_minutes(i, j, facts), usual_minutes(i, j, facts)
    if least is None or usual is None:
        return "an unknown number of working hours"
    words = f"{least / 60:g} working hours"
    return words if least == usual else f"{words} at least (usually {usual / 60:g})"


def _of_pair(i: int, j: int, facts: Facts) -> AspectValue:
    rules, shared = facts.rules.hours, shared_minutes(i, j, facts)
    names = f"{facts.applicants[i].city_name} and {facts.applicants[j].city_name}"
    if shared is None:
        return AspectValue(0, f"{names}: time zone unknown")
    above = max(0, shared - rules.least_shared_minutes)
    usual = usual_minutes(i, j, facts) or 0
    words = f"{names}: {shared / 60:g} shared working hours"
    words += "" if usual == shared else f" at least, usually {usual / 60:g}"
    return AspectValue(steps(rules.points_per_hour) * above // 60, words)


def _of_all_pairs(facts: Facts) -> Ints:
    rules = facts.rules.hours
    shared, known = shared_minutes_of_all(facts)
    shared -= rules.least_shared_minutes
    np.maximum(shared, 0, out=shared)
    shared *= steps(rules.points_per_hour)
    shared //= 60
    shared[~known] = 0
    return shared


HOURS = PairAspect("hours", _of_pair, _of_all_pairs, per_city=True)
