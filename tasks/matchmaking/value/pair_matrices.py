"""The aspects of `aspects.py` for all pairs at once, as integer arrays in steps of 1/64 point.

Belongs here: the same definitions in arrays (a test draws random applicants and compares). Must stay out:
which groups are enumerated and how. With `fit` counting once for each city, `once` once a pair and gains per
city, the value of a pair is single_i + single_j + 2 fit_ij + once_ij + gain_ij + gain_ji, and of a three the
sum of its singles, fits and onces plus, for each city, the larger of its two gains.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from programme.matchmaking import steps
from tasks.matchmaking.value.aspects import cooperation_cost, funded_together, wish_steps
from tasks.matchmaking.value.facts import Facts

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
PAIR_ASPECTS = ("institutional", "geography", "hours")
UNKNOWN = -1
LEVELS = 6
"""Need and experience run from 0 to 5."""


@dataclass(frozen=True)
class TopicTable:
    """Everything about the applicants who share one topic, in ascending order of index: `members` (their
    indices), and arrays over them.

    `gain[a, b]` is what a gains from b; `allowed` says which pairs may be in one group at all; `teaches[a,
    b]` whether a gains enough from b.
    """

    topic: str
    members: Ints
    single: Ints
    fit: Ints
    once: Ints
    gain: Ints
    teaches: Flags
    allowed: Flags

    @cached_property
    def most_gain(self) -> Ints:
        """The most each applicant can gain from anyone."""
        most: Ints = self.gain.max(axis=1, initial=0)
        return most

    @cached_property
    def most_pair(self) -> Ints:
        """The most each applicant's fit and what counts once can be with anyone it may be with."""
        most: Ints = np.where(self.allowed, self.fit + self.once, 0).max(axis=1, initial=0)
        return most


@dataclass(frozen=True)
class PairMatrices:
    """Arrays over all pairs of applicants: `fit` of each pair aspect, `once` (wishes less cooperation), and
    whether they share enough hours.
    """

    fit: dict[str, Ints]
    wishes: Ints
    costs: Ints
    compatible: Flags


def pair_matrices(facts: Facts) -> PairMatrices:
    """The aspects that do not depend on the topic."""
    n = len(facts.applicants)
    wishes, costs = np.zeros((n, n), np.int32), np.zeros((n, n), np.int32)
    for i, j in facts.wishes:
        wishes[i, j] = wishes[j, i] = wish_steps(i, j, facts)
    for i, j in facts.cooperations:
        costs[i, j] = costs[j, i] = cooperation_cost(i, j, facts)
    hours, compatible = _hours(facts)
    city = _codes(applicant.city_id for applicant in facts.applicants)
    compatible &= city[:, None] != city[None, :]
    return PairMatrices(
        {"institutional": _institutional(facts), "geography": _geography(facts), "hours": hours},
        wishes,
        costs,
        compatible,
    )


def topic_table(topic: str, active: Iterable[int], facts: Facts, pairs: PairMatrices) -> TopicTable:
    """The table of one topic over those of the `active` applicants who chose it."""
    members = [i for i in sorted(active) if topic in facts.applicants[i].interests]
    interests = [facts.applicants[i].interests[topic] for i in members]
    rules = facts.rules
    by_priority = np.array([steps(points) for points in rules.topical.points_by_priority], np.int32)
    at = np.ix_(members, members)
    single = (
        by_priority[np.array([one.priority - 1 for one in interests], np.intp)]
        if members
        else np.zeros(0, np.int32)
    )
    single = single + np.array([facts.applicants[i].score for i in members], np.int32)
    need, experience = (
        np.array([getattr(one, name) for one in interests], np.int32) for name in ("need", "experience")
    )
    level = np.minimum(need[:, None], experience[None, :])
    allowed = pairs.compatible[at].copy()
    place = {i: k for k, i in enumerate(members)}
    for i, j in facts.cooperations:
        if i in place and j in place and funded_together(i, j, topic, facts):
            allowed[place[i], place[j]] = allowed[place[j], place[i]] = False
    return TopicTable(
        topic,
        np.array(members, np.int32),
        single.astype(np.int32),
        sum((pairs.fit[name][at] for name in PAIR_ASPECTS), np.zeros((len(members), len(members)), np.int32)),
        pairs.wishes[at] - pairs.costs[at],
        level * np.int32(steps(rules.complementarity.points_per_level)),
        level >= rules.complementarity.least_gain_in_three,
        allowed,
    )


def _institutional(facts: Facts) -> Ints:
    rules = facts.rules.institutional
    power = np.array(
        [{"full": 0, "partial": 1}.get(one.jurisdiction or "", 2) for one in facts.applicants], np.intp
    )
    worth = np.full((3, 3), steps(rules.otherwise), np.int32)
    worth[0, 0], worth[1, 1] = steps(rules.full_full), steps(rules.partial_partial)
    worth[0, 1] = worth[1, 0] = steps(rules.full_partial)
    kind = _codes(one.kind for one in facts.applicants)
    known = np.array([one.kind != "other" for one in facts.applicants], bool)
    same = (kind[:, None] == kind[None, :]) & known[:, None]
    total: Ints = worth[power[:, None], power[None, :]] + same * np.int32(steps(rules.same_kind))
    return total


def _geography(facts: Facts) -> Ints:
    rules, people = facts.rules.geography, facts.applicants
    population = np.array([one.population or 0 for one in people], np.float64)
    small, large = (
        np.minimum(population[:, None], population[None, :]),
        np.maximum(population[:, None], population[None, :]),
    )
    worth = np.zeros(small.shape, np.int32)
    for ratio, points in reversed(rules.size_steps):
        worth[(large <= small * ratio) & (small > 0)] = steps(points)
    setting = np.array([UNKNOWN if one.coastal is None else int(one.coastal) for one in people], np.int32)
    worth += ((setting[:, None] == setting[None, :]) & (setting[:, None] != UNKNOWN)) * np.int32(
        steps(rules.same_setting)
    )
    koeppen, group = (_codes(getattr(one.climate, name) for one in people) for name in ("koeppen", "group"))
    same_class = (koeppen[:, None] == koeppen[None, :]) & (koeppen[:, None] != UNKNOWN)
    same_group = (group[:, None] == group[None, :]) & (group[:, None] != UNKNOWN) & ~same_class
    worth += same_class * np.int32(steps(rules.same_climate)) + same_group * np.int32(
        steps(rules.same_climate_group)
    )
    return worth


def _hours(facts: Facts) -> tuple[Ints, Flags]:
    """Points for shared hours, and whether there are enough; a pair with an unknown time zone is not excluded
    (a finding says so).
    """
    rules = facts.rules.hours
    known = np.array([one.utc_offset is not None for one in facts.applicants], bool)
    offset = np.array([one.utc_offset or 0 for one in facts.applicants], np.int32)
    apart = np.abs(offset[:, None] - offset[None, :]) % 1440
    shared = np.maximum(0, rules.work_minutes - np.minimum(apart, 1440 - apart))
    both = known[:, None] & known[None, :]
    points = steps(rules.points_per_hour) * np.maximum(0, shared - rules.least_shared_minutes) // 60
    return np.where(both, points, 0).astype(np.int32), (shared >= rules.least_shared_minutes) | ~both


def _codes(values: Iterable[str | None]) -> Ints:
    """Equal values as equal numbers; None as UNKNOWN."""
    seen: dict[str, int] = {}
    return np.array(
        [UNKNOWN if value is None else seen.setdefault(value, len(seen)) for value in values], np.int32
    )
