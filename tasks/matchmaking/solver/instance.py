"""The choice as numbers only: groups with their worth, cities, capacity and balance.

Belongs here: building an instance from a reduced problem and its groups. Must stay out: solving
(`tasks/matchmaking/solver/column_generation.py`) and words.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.feasibility.reduced_problem import ReducedProblem
from tasks.matchmaking.problem import BaselineTwinnings, Capacity
from tasks.matchmaking.solver.balance import BalanceClass, balance_classes
from tasks.matchmaking.solver.decided_tables import decided_tables
from tasks.matchmaking.solver.enumeration import enumerate_groups
from tasks.matchmaking.solver.groups import Groups
from tasks.matchmaking.solver.incumbent import TOLERANCE
from tasks.matchmaking.value.arrays import NOBODY, Flags, Ints

WHOLE_STEP = 0.99
"""One step of value, less what a computer may round."""
TIE_LEVELS = 4096
"""Ties are broken by a number of 12 bits for each group; all of a selection's together stay below one step of
value.
"""


@dataclass(frozen=True)
class Instance:
    """One choice to be made.

    `groups` are the groups to choose from. `city_of` maps applicants to city numbers (equal for two
    applications of one city), of which there are `n_cities`; `n_topics` counts the topics anybody chose.
    `required` are numbers of cities that must be chosen. `classes` are what the balance counts. `marks` (of
    applicants, the last for NOBODY) and `topic_marks` are what ties are broken by, where `breaks_ties`.
    """

    groups: Groups
    city_of: Ints
    n_cities: int
    n_topics: int
    capacity: Capacity
    classes: tuple[BalanceClass, ...]
    required: tuple[int, ...]
    marks: npt.NDArray[np.uint64]
    topic_marks: npt.NDArray[np.uint64]
    breaks_ties: bool = True

    @property
    def least_gain(self) -> float:
        """By how many steps a selection must be worth more to count as better.

        Without tie-breakers all worths are whole steps, so that less than one step more is nothing.
        """
        return TOLERANCE if self.breaks_ties else WHOLE_STEP

    def tie_breakers(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """A fraction of a step for each of the groups at the given positions.

        It depends on their members and topic alone. Of equal selections the one with the larger sum is taken,
        so that the answer does not depend on the solver's path.
        """
        if not self.breaks_ties:
            return np.zeros(len(rows))
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


def instance_of(reduced: ReducedProblem, groups: Groups) -> Instance:
    """The choice among some groups of a reduced problem; those that would break a pin are left out."""
    facts = reduced.facts
    numbers = {city: number for number, city in enumerate(sorted(facts.by_city))}
    return Instance(
        groups=groups.take(~_broken_pins(groups, reduced)) if reduced.pins else groups,
        city_of=np.array([numbers[one.city_id] for one in facts.applicants], np.int32),
        n_cities=len(numbers),
        n_topics=len(facts.topics),
        capacity=reduced.capacity,
        classes=balance_classes(reduced, numbers),
        required=tuple(sorted({numbers[city] for city in _must_be_placed(reduced)})),
        marks=np.array([_mark(one.application_id) for one in facts.applicants] + [0], np.uint64),
        topic_marks=np.array([_mark(topic) for topic in facts.topics], np.uint64),
    )


def _must_be_placed(reduced: ReducedProblem) -> set[str]:
    """Cities that are pinned, or all that is left of a confirmed twinning."""
    return {city for pin in reduced.pins for city in (pin.city_a, pin.city_b)} | set(reduced.claims)


def full_instance(reduced: ReducedProblem, baseline: BaselineTwinnings) -> Instance:
    """The choice among all groups that a reduced problem allows."""
    tables = decided_tables(reduced, baseline)
    return instance_of(reduced, enumerate_groups(tables, reduced.facts.rules.largest_group))


def _broken_pins(groups: Groups, reduced: ReducedProblem) -> Flags:
    """Groups that have one of two pinned cities without the other, or both on another topic."""
    broken = np.zeros(len(groups), bool)
    topics = reduced.facts.topics
    for pin in reduced.pins:
        a, b = (groups.has(reduced.facts.by_city.get(city, ())) for city in (pin.city_a, pin.city_b))
        broken |= a != b
        if pin.topic is not None:
            broken |= a & (groups.topic != (topics.index(pin.topic) if pin.topic in topics else NOBODY))
    return broken


def _mark(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
