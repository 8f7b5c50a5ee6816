"""Every group that may be formed: pairs and threes with a common topic that keep the hard rules, in blocks.

Belongs here: enumerating all groups of the topic tables. Must stay out: what a pair is worth
(`tasks/matchmaking/value/topic_table.py`) and enumeration under prices, for calls with too many groups to
hold (`tasks/matchmaking/solver/large/priced_enumeration.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.solver.groups import Groups, join
from tasks.matchmaking.value.arrays import NOBODY, Flags
from tasks.matchmaking.value.topic_table import TopicTable

Numbers = npt.NDArray[Any]
"""Steps: whole numbers, or fractions where prices were taken off."""
Positions = npt.NDArray[np.intp]
"""Positions in the `members` of a topic table."""


def enumerate_groups(tables: Sequence[TopicTable], largest: int) -> Groups:
    """All groups of all topics of at most `largest` members, in order of topic, size and members."""
    return join([block for number, table in enumerate(tables) for block in _of_topic(number, table, largest)])


def _of_topic(number: int, table: TopicTable, largest: int) -> Iterator[Groups]:
    a, b, worth = pairs_of(table, table.single)
    yield block_of(number, table, (a, b), worth)
    if largest >= 3:
        for i in range(len(table.members) - 2):
            partners = np.flatnonzero(table.later[i])
            possible, worths = threes_with(i, partners, table, table.single)
            j, k = np.nonzero(possible)
            if len(j):
                yield block_of(number, table, (np.full(len(j), i), partners[j], partners[k]), worths[j, k])


def pairs_of(table: TopicTable, single: Numbers) -> tuple[Positions, Positions, Numbers]:
    """All pairs (a, b) of a topic with a < b, and their worth if the members' own points are `single`."""
    a, b = np.nonzero(table.later_pairs)
    worth: Numbers = (
        single[a] + single[b] + table.per_city[a, b] + table.pair[a, b] + table.gain[a, b] + table.gain[b, a]
    )
    return a, b, worth


def threes_with(i: int, partners: Positions, table: TopicTable, single: Numbers) -> tuple[Flags, Numbers]:
    """For all pairs [j, k] of the `partners` of `i` whether the three may be formed, and their worth.

    `partners` come after `i` and may be with it. All [j, k] are computed and then picked, which is several
    times faster than gathering entry by entry.
    """
    return threes_possible(i, partners[:, None], partners[None, :], table), worths(i, partners, table, single)


def threes_possible(i: int, j: Positions, k: Positions, table: TopicTable) -> Flags:
    """Whether `i` may be a three with its partners `j` and `k`, arrays of one shape or to be broadcast."""
    possible: Flags = table.later[j, k] & table.minimum.threes(i, j, k)
    return possible


def worths(i: int, partners: Positions, table: TopicTable, single: Numbers) -> Numbers:
    """What all pairs [j, k] of the `partners` of `i` are worth with it, whether they may be formed or not."""
    at = np.ix_(partners, partners)
    gain = table.gain[at]
    i_gains, i_gives = table.gain[i, partners], table.gain[partners, i]
    gains = np.maximum(gain, i_gives[:, None])
    own = single[partners] + table.pair[i, partners]
    worth = table.pair[at] + gains
    worth += gains.T
    worth += np.maximum(i_gains[:, None], i_gains[None, :])
    total: Numbers = worth + (own[:, None] + single[i]) + own[None, :]
    return total


def block_of(number: int, table: TopicTable, members: Sequence[Positions], worth: Numbers) -> Groups:
    """Groups of one size on the topic of this number, from the positions of their members."""
    first, second, *rest = (table.members[one] for one in members)
    third = rest[0] if rest else np.full(len(first), NOBODY, np.int32)
    return Groups(first, second, third, np.full(len(first), number, np.int32), worth.astype(np.int32))
