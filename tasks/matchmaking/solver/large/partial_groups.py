"""The groups that are held from the start where there are too many to hold all, and how many there are.

Groups with a pinned city are held from the start and left out of every later enumeration: most of them break
the pin, and they look best, because a city that must be chosen has a price below zero.

Belongs here: estimating, and telling pinned from other groups. Must stay out: prices
(`tasks/matchmaking/solver/large/priced_enumeration.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tasks.matchmaking.feasibility.reduced_problem import ReducedProblem
from tasks.matchmaking.solver.enumeration import enumerate_groups
from tasks.matchmaking.solver.groups import Groups, join
from tasks.matchmaking.value.arrays import Flags
from tasks.matchmaking.value.topic_table import TopicTable


def estimated_groups(tables: Sequence[TopicTable]) -> float:
    """About how many groups of three there are.

    All of a topic's, times the square of the share of pairs that may be together, and three quarters.
    """
    return sum(
        len(t.members) ** 3 / 6 * 0.75 * float(t.allowed.mean()) ** 2 for t in tables if len(t.members)
    )


def pairs_and_pinned(tables: Sequence[TopicTable], reduced: ReducedProblem) -> Groups:
    """All pairs, and all groups of three with a pinned city."""
    rest = enumerate_groups(unpinned_tables(tables, reduced), 2)
    pinned = [_restricted(table, _is_pinned(table, reduced)) for table in tables] if reduced.pins else []
    return join([rest, enumerate_groups(pinned, reduced.facts.rules.largest_group)])


def unpinned_tables(tables: Sequence[TopicTable], reduced: ReducedProblem) -> tuple[TopicTable, ...]:
    """The tables with only those pairs allowed that have no pinned city."""
    if not reduced.pins:
        return tuple(tables)
    return tuple(_restricted(table, ~_is_pinned(table, reduced)) for table in tables)


def _is_pinned(table: TopicTable, reduced: ReducedProblem) -> Flags:
    """For all pairs of a topic whether one of the two is pinned."""
    cities = {city for pin in reduced.pins for city in (pin.city_a, pin.city_b)}
    pinned = np.isin(table.members, [i for city in cities for i in reduced.facts.by_city.get(city, ())])
    either: Flags = pinned[:, None] | pinned[None, :]
    return either


def _restricted(table: TopicTable, which: Flags) -> TopicTable:
    return replace(table, allowed=table.allowed & which)
