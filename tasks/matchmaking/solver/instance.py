"""The choice as numbers only: groups with their worth, cities, capacities and balance; what the solver sees.

Belongs here: building it from a setting. Must stay out: solving (`solver.py`) and words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt

from programme.matchmaking import steps
from tasks.matchmaking.feasibility.reduced_problem import ReducedProblem
from tasks.matchmaking.problem import Capacity, Previous
from tasks.matchmaking.solver.balance import Class, classes_of
from tasks.matchmaking.solver.groups import NOBODY, Groups, Prices, enumerate_groups, enumerated, join
from tasks.matchmaking.value.pair_matrices import Flags, Ints, TopicTable, pair_matrices, topic_table

TIE_LEVELS = 4096
"""Ties are broken by a number of 12 bits for each group; all of a selection's together stay below one step of
value.
"""
MOST_GROUPS = 12_000_000
"""Above this many possible groups (by estimate) they are not all held, but enumerated again whenever prices
have changed.
"""


@dataclass(frozen=True)
class Instance:
    """One choice to be made.

    `groups` are all groups if `complete`, else those found worth their prices so far. `city_of` maps
    applicants to city numbers (equal for two applications of one city); `must` are city numbers that have to
    be chosen; `marks` and `topic_marks` are what ties are broken by.
    """

    setting: ReducedProblem
    tables: tuple[TopicTable, ...]
    groups: Groups
    complete: bool
    city_of: Ints
    n_cities: int
    capacity: Capacity
    classes: tuple[Class, ...]
    must: tuple[int, ...]
    marks: npt.NDArray[np.uint64]
    topic_marks: npt.NDArray[np.uint64]

    @property
    def n_topics(self) -> int:
        """Number of topics anybody chose."""
        return len(self.tables)

    def tie_breakers(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """For groups at the given positions a fraction of a step, from their members and topic alone: of
        equal selections the one with the larger sum is taken, so that the answer does not depend on the
        solver's path.
        """
        some = self.groups.take(rows)
        mixed = (
            self.marks[some.first]
            + self.marks[some.second]
            + self.marks[some.third]
            + self.topic_marks[some.topic]
        )
        mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
        return (mixed >> np.uint64(52)).astype(np.float64) / (
            TIE_LEVELS * max(1, self.capacity.max_twinnings)
        )

    def worth_more(
        self, prices: Prices, most_per_first: int | None = None, most: int | None = None
    ) -> Groups | None:
        """Groups worth more than their prices, enumerated afresh; None if there are more than `most`. Those
        of pinned cities are always held.
        """
        blocks, n = [], 0
        for block in enumerated(
            self.open_tables, self.setting.facts.rules.largest_group, prices, most_per_first
        ):
            blocks.append(block)
            n += len(block)
            if most is not None and n > most:
                return None
        return join(blocks)

    @cached_property
    def open_tables(self) -> tuple[TopicTable, ...]:
        """The tables with nobody allowed beside a pinned city: of its few groups most would break the pin,
        and hide those that count.
        """
        return tuple(_restricted(table, self.setting, to_pinned=False) for table in self.tables)


def instance_of(setting: ReducedProblem, previous: Previous) -> Instance:
    """The choice that a setting leaves, with the stability bonus for what the version before had."""
    tables = [_with_bonus(_with_forbids(table, setting), setting, previous) for table in _tables(setting)]
    complete = estimated_groups(tables) <= MOST_GROUPS
    groups = (
        enumerate_groups(tables, setting.facts.rules.largest_group)
        if complete
        else _pairs_and_pinned(tables, setting)
    )
    numbers = {city: number for number, city in enumerate(sorted(setting.facts.by_city))}
    return Instance(
        setting=setting,
        tables=tuple(tables),
        groups=_without_broken_pins(groups, setting),
        complete=complete,
        city_of=np.array([numbers[one.city_id] for one in setting.facts.applicants], np.int32),
        n_cities=len(numbers),
        capacity=setting.capacity,
        classes=classes_of(setting, numbers),
        must=tuple(sorted({numbers[city] for pin in setting.pins for city in (pin.city_a, pin.city_b)})),
        marks=np.array([_mark(one.application_id) for one in setting.facts.applicants] + [0], np.uint64),
        topic_marks=np.array([_mark(topic) for topic in setting.facts.topics], np.uint64),
    )


def _pairs_and_pinned(tables: Sequence[TopicTable], setting: ReducedProblem) -> Groups:
    """All pairs, and all threes with a pinned city."""
    rest = enumerate_groups([_restricted(table, setting, to_pinned=False) for table in tables], 2)
    pinned = [_restricted(table, setting, to_pinned=True) for table in tables] if setting.pins else []
    return join([rest, enumerate_groups(pinned, setting.facts.rules.largest_group)])


def _restricted(table: TopicTable, setting: ReducedProblem, *, to_pinned: bool) -> TopicTable:
    """The table with only those pairs allowed that have a pinned city, or only those that have none."""
    pinned = {
        i
        for pin in setting.pins
        for city in (pin.city_a, pin.city_b)
        for i in setting.facts.by_city.get(city, ())
    }
    if not pinned and not to_pinned:
        return table
    is_pinned = np.isin(table.members, sorted(pinned))
    either = is_pinned[:, None] | is_pinned[None, :]
    return replace(table, allowed=table.allowed & (either if to_pinned else ~either))


def estimated_groups(tables: Sequence[TopicTable]) -> float:
    """About how many threes there are: all of a topic's, times the share of pairs that may be together,
    squared and three quarters.
    """
    return sum(
        len(t.members) ** 3 / 6 * 0.75 * float(t.allowed.mean()) ** 2 for t in tables if len(t.members)
    )


def _tables(setting: ReducedProblem) -> list[TopicTable]:
    pairs = pair_matrices(setting.facts)
    return [topic_table(topic, setting.free, setting.facts, pairs) for topic in setting.facts.topics]


def _with_forbids(table: TopicTable, setting: ReducedProblem) -> TopicTable:
    """The table with forbidden pairs excluded."""
    place, allowed = _places(table), table.allowed.copy()
    for item in setting.forbids:
        if item.topic in (None, table.topic):
            for a in setting.facts.by_city.get(item.city_a, ()):
                for b in setting.facts.by_city.get(item.city_b, ()):
                    if a in place and b in place:
                        allowed[place[a], place[b]] = allowed[place[b], place[a]] = False
    return replace(table, allowed=allowed)


def _with_bonus(table: TopicTable, setting: ReducedProblem, previous: Previous) -> TopicTable:
    """The table with the bonus for each city that stays selected and each pair that stays together on its
    topic.
    """
    rules, by_city, place = setting.facts.rules.stability, setting.facts.by_city, _places(table)
    single, once = table.single.copy(), table.once.copy()
    for topic, cities in twinnings_before(previous):
        here = [place[i] for city in cities for i in by_city.get(city, ()) if i in place]
        single[here] += steps(rules.stays_selected)
        for a, b in combinations(here if topic == table.topic else [], 2):
            once[a, b] += steps(rules.stays_together)
            once[b, a] += steps(rules.stays_together)
    return replace(table, single=single, once=once)


def twinnings_before(previous: Previous) -> list[tuple[str, tuple[str, ...]]]:
    """Topic and cities of each twinning of the version before, in order of id."""
    members = (
        previous.members.sort("twinning_id", "city_id")
        .group_by("twinning_id", maintain_order=True)
        .agg("city_id")
    )
    topics = dict(previous.twinnings.select("twinning_id", "topic").iter_rows())
    return [(topics[name], tuple(cities)) for name, cities in members.iter_rows() if name in topics]


def _places(table: TopicTable) -> dict[int, int]:
    return {int(i): k for k, i in enumerate(table.members)}


def _without_broken_pins(groups: Groups, setting: ReducedProblem) -> Groups:
    return groups.take(~_broken_pins(groups, setting)) if setting.pins else groups


def _broken_pins(groups: Groups, setting: ReducedProblem) -> Flags:
    """Groups that would break a pin: they have one of two pinned cities without the other, or both on another
    topic.
    """
    broken = np.zeros(len(groups), bool)
    topics = setting.facts.topics
    for pin in setting.pins:
        a, b = (groups.has(setting.facts.by_city.get(city, ())) for city in (pin.city_a, pin.city_b))
        broken |= a != b
        if pin.topic is not None:
            broken |= a & (groups.topic != (topics.index(pin.topic) if pin.topic in topics else NOBODY))
    return broken


def _mark(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
