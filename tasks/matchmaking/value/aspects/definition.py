"""The three shapes an aspect can have, and what follows from the shape alone.

An aspect says its points twice: for one city, pair or group in plain Python, with the reason in words, and
for all of them at once as an integer array. The shape derives the rest: the value of a group, and the column
of many groups that the robustness scenarios move. A test draws random applicants and holds the two forms of
every aspect together.

Belongs here: `CityAspect` (points of each city by itself), `PairAspect` (points of two cities together) and
`GainAspect` (what a city gains from its best partner). Must stay out: any rule of the programme.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from typing import Protocol, TypeVar

import numpy as np

from programme.vocabulary import Aspect
from tasks.matchmaking.value.arrays import NOBODY, Ints, Wide
from tasks.matchmaking.value.facts import Facts, Group

T = TypeVar("T")


@dataclass(frozen=True)
class AspectValue:
    """What one aspect adds to a value: whole steps of 1/64 point, and the reason in words."""

    steps: int
    reason: str


class AspectDefinition(Protocol):
    """What every aspect answers, whatever its shape."""

    @property
    def name(self) -> Aspect:
        """The aspect's name in `programme/vocabulary.py`."""

    def value(self, group: Group, topic: str, facts: Facts, /) -> AspectValue:
        """The aspect of one group of two or three members on one topic."""

    def column(self, members: Ints, topics: Ints, facts: Facts, /) -> Wide:
        """Steps of many groups.

        `members` has one row of three indices a group (the third NOBODY in a pair), `topics` the position of
        each group's topic in `Facts.topics`.
        """

    def own(self, members: Ints, topics: Ints, facts: Facts, /) -> Wide:
        """Half steps that each member of many groups brings home: the shape of `members`, 0 for NOBODY.

        Those of a group's members sum to twice its steps.
        """


@dataclass(frozen=True)
class CityAspect:
    """Points of each city by itself; a group has their sum.

    `of_city(i, topic, facts)` gives the steps of one applicant, `of_all_cities(topic, facts)` those of every
    applicant, `reason(group, topic, facts)` the words.
    """

    name: Aspect
    of_city: Callable[[int, str, Facts], int]
    of_all_cities: Callable[[str, Facts], Ints]
    reason: Callable[[Group, str, Facts], str]

    def value(self, group: Group, topic: str, facts: Facts) -> AspectValue:
        """The aspect of one group."""
        total = sum(self.of_city(i, topic, facts) for i in group)
        return AspectValue(total, self.reason(group, topic, facts))

    def column(self, members: Ints, topics: Ints, facts: Facts) -> Wide:
        """Steps of many groups."""
        points: Wide = self._of_members(members, topics, facts).sum(axis=1, dtype=np.int64)
        return points

    def own(self, members: Ints, topics: Ints, facts: Facts) -> Wide:
        """Half steps of each member: its own points."""
        return 2 * self._of_members(members, topics, facts)

    def _of_members(self, members: Ints, topics: Ints, facts: Facts) -> Wide:
        by_topic = [np.append(self.of_all_cities(topic, facts), 0) for topic in facts.topics]
        if not by_topic:
            return np.zeros(members.shape, np.int64)
        points: Wide = np.stack(by_topic, axis=1)[members, topics[:, None]].astype(np.int64)
        return points


@dataclass(frozen=True)
class PairAspect:
    """Points of two cities together, on any topic.

    `of_pair(i, j, facts)` gives steps and words of one pair, i < j (empty words where there is nothing to
    say); `of_all_pairs(facts)` the steps of every pair, as a symmetric array. With `per_city` the points
    count once for each city, shared among its partners: twice in a pair, once for each pair of a three;
    otherwise once for each pair. `nothing` is the reason where no pair has one. `of_own(facts)` is an array
    [i, j] of the half steps that i has of the pair (i, j), where the two do not have half each.
    """

    name: Aspect
    of_pair: Callable[[int, int, Facts], AspectValue]
    of_all_pairs: Callable[[Facts], Ints]
    per_city: bool
    nothing: str = ""
    of_own: Callable[[Facts], Ints] | None = None

    def value(self, group: Group, _topic: str, facts: Facts) -> AspectValue:
        """The aspect of one group."""
        pairs = [self.of_pair(i, j, facts) for i, j in combinations(group, 2)]
        times = 2 if self.per_city and len(group) == 2 else 1
        words = "; ".join(one.reason for one in pairs if one.reason)
        return AspectValue(times * sum(one.steps for one in pairs), words or self.nothing)

    def column(self, members: Ints, _topics: Ints, facts: Facts) -> Wide:
        """Steps of many groups."""
        present, at = _present(members)
        padded = np.pad(self.of_all_pairs(_among(present, facts)), ((0, 1), (0, 1)))
        total = np.zeros(len(members), np.int64)
        for a, b in combinations(range(3), 2):
            total += padded[at[:, a], at[:, b]]
        return np.where(self.per_city & (members[:, 2] == NOBODY), 2 * total, total)

    def own(self, members: Ints, _topics: Ints, facts: Facts) -> Wide:
        """Half steps of each member: what it has of its pairs."""
        present, at = _present(members)
        here = _among(present, facts)
        of_pairs = self.of_all_pairs(here) if self.of_own is None else self.of_own(here)
        padded = np.pad(of_pairs, ((0, 1), (0, 1)))
        own = np.zeros(members.shape, np.int64)
        for a, b in permutations(range(3), 2):
            own[:, a] += padded[at[:, a], at[:, b]]
        own[self.per_city & (members[:, 2] == NOBODY)] *= 2
        return own


@dataclass(frozen=True)
class GainAspect:
    """What each city gains from the partner who can give it most, in levels of 0 to 5 on one topic.

    `level(i, j, topic, facts)` is what i gains from j, `levels(topic, indices, facts)` the same for some
    applicants as an array [who gains, from whom]; `steps_per_level(facts)` prices a level; `reason(i, j,
    topic, facts)` says in words what i gains from its best partner j. Of equal partners the first one is
    named. Only one aspect may have this shape: with two, a city's best partner could differ between them, and
    the enumeration holds one array of gains.
    """

    name: Aspect
    level: Callable[[int, int, str, Facts], int]
    levels: Callable[[str, Sequence[int], Facts], Ints]
    steps_per_level: Callable[[Facts], int]
    reason: Callable[[int, int, str, Facts], str]

    def value(self, group: Group, topic: str, facts: Facts) -> AspectValue:
        """The aspect of one group."""
        total, words = 0, []
        for i in group:
            level, partner = max((self.level(i, j, topic, facts), -j) for j in group if j != i)
            total += level * self.steps_per_level(facts)
            words.append(self.reason(i, -partner, topic, facts))
        return AspectValue(total, "; ".join(words))

    def column(self, members: Ints, topics: Ints, facts: Facts) -> Wide:
        """Steps of many groups."""
        total: Wide = self._gained(members, topics, facts).sum(axis=1)
        return total

    def own(self, members: Ints, topics: Ints, facts: Facts) -> Wide:
        """Half steps of each member: what it gains itself."""
        return 2 * self._gained(members, topics, facts)

    def _gained(self, members: Ints, topics: Ints, facts: Facts) -> Wide:
        gained = np.zeros(members.shape, np.int64)
        for rows, topic, some in self._by_topic(members, topics, facts):
            present, at = _present(some)
            padded = np.pad(self.levels(topic, present, facts), ((0, 1), (0, 1)))
            for k in range(3):
                first, second = at[:, (k + 1) % 3], at[:, (k + 2) % 3]
                gained[rows, k] = np.maximum(padded[at[:, k], first], padded[at[:, k], second])
        return gained * self.steps_per_level(facts)

    @staticmethod
    def _by_topic(members: Ints, topics: Ints, facts: Facts) -> Iterator[tuple[Wide, str, Ints]]:
        """Rows of the groups on each topic that has any, the topic, and the members of these groups."""
        for number, topic in enumerate(facts.topics):
            rows = np.flatnonzero(topics == number)
            if len(rows):
                yield rows, topic, members[rows]


def _present(members: Ints) -> tuple[list[int], Wide]:
    """Who is a member of any of these groups, ascending, and each member's place there; the last place, one
    beyond them, is that of NOBODY.
    """
    present = np.unique(members[members != NOBODY])
    at: Wide = np.where(members == NOBODY, len(present), np.searchsorted(present, members))
    return present.tolist(), at


def _among(present: Sequence[int], facts: Facts) -> Facts:
    """The facts of some applicants alone, at their places in `present`: of thousands few are in groups that
    are looked at, and what is laid out for all pairs of them is small.
    """
    if len(present) == len(facts.applicants):
        return facts
    place = {i: k for k, i in enumerate(present)}

    def kept(of_pairs: Mapping[tuple[int, int], T]) -> dict[tuple[int, int], T]:
        return {
            (place[i], place[j]): value for (i, j), value in of_pairs.items() if i in place and j in place
        }

    return replace(
        facts,
        applicants=tuple(facts.applicants[i] for i in present),
        preferences=kept(facts.preferences),
        cooperations=kept(facts.cooperations),
        overridden=kept(facts.overridden),
    )
