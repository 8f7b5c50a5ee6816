"""Every group that may be formed: pairs and threes with a common topic that keep the hard rules, with their values, in arrays.

Belongs here: enumeration in blocks. Must stay out: the worth of a pair (`matrices.py`) and the choice (`solver.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.matrices import Flags, Ints, TopicTable

NOBODY = -1
"""What `third` holds for a pair."""


@dataclass(frozen=True)
class Groups:
    """One row a group: indices of its members (first < second < third, third NOBODY for a pair), number of its topic, value in steps."""

    first: Ints
    second: Ints
    third: Ints
    topic: Ints
    value: Ints

    def __len__(self) -> int:
        return len(self.value)

    def take(self, which: npt.NDArray[np.generic]) -> Groups:
        """The groups at the given positions (or where a flag is true)."""
        return Groups(self.first[which], self.second[which], self.third[which], self.topic[which], self.value[which])

    def members(self, row: int) -> tuple[int, ...]:
        """Member indices of one group."""
        return tuple(int(x) for x in (self.first[row], self.second[row], self.third[row]) if x != NOBODY)

    @property
    def sizes(self) -> Ints:
        """Number of cities of each group."""
        return np.where(self.third == NOBODY, 2, 3).astype(np.int32)

    def has(self, indices: Iterable[int]) -> Flags:
        """Which groups have any of the given members."""
        wanted = np.array(sorted(indices), np.int32)
        return np.isin(self.first, wanted) | np.isin(self.second, wanted) | np.isin(self.third, wanted)


def enumerate_groups(tables: list[TopicTable], largest: int) -> Groups:
    """All groups of all topics, in order of topic, size and members."""
    blocks = [block for number, table in enumerate(tables) for block in _of_topic(number, table, largest)]
    return join(blocks)


def join(blocks: list[Groups]) -> Groups:
    """Several blocks as one."""
    if not blocks:
        nothing = np.zeros(0, np.int32)
        return Groups(nothing, nothing, nothing, nothing, nothing)
    names = ("first", "second", "third", "topic", "value")
    return Groups(*(np.concatenate([getattr(block, name) for block in blocks]) for name in names))


def _of_topic(number: int, table: TopicTable, largest: int) -> Iterator[Groups]:
    above = np.triu(table.allowed, 1)
    a, b = np.nonzero(above)
    value = table.single[a] + table.single[b] + 2 * table.fit[a, b] + table.once[a, b] + table.gain[a, b] + table.gain[b, a]
    yield _block(number, table, a, b, None, value)
    if largest >= 3:
        for i in range(len(table.members) - 2):
            yield from _threes_with(i, number, table, above)


def _threes_with(i: int, number: int, table: TopicTable, above: Flags) -> Iterator[Groups]:
    """Threes whose first member is `i`: pairs (j, k) of its later partners that may also be together and where each city gains enough."""
    later = np.flatnonzero(above[i])
    if len(later) < 2:
        return
    at = np.ix_(later, later)
    among = above[at]
    teaches = table.teaches[at]
    from_i, to_i = table.teaches[later, i], table.teaches[i, later]
    everyone = among & (to_i[:, None] | to_i[None, :]) & (teaches | from_i[:, None]) & (teaches.T | from_i[None, :])
    j, k = np.nonzero(everyone)
    if len(j) == 0:
        return
    b, c = later[j], later[k]
    pair = table.fit + table.once
    gains = (
        np.maximum(table.gain[i, b], table.gain[i, c])
        + np.maximum(table.gain[b, i], table.gain[b, c])
        + np.maximum(table.gain[c, i], table.gain[c, b])
    )
    value = table.single[i] + table.single[b] + table.single[c] + pair[i, b] + pair[i, c] + pair[b, c] + gains
    yield _block(number, table, np.full(len(b), i), b, c, value)


def _block(number: int, table: TopicTable, a: Ints, b: Ints, c: Ints | None, value: Ints) -> Groups:
    third = np.full(len(a), NOBODY, np.int32) if c is None else table.members[c]
    return Groups(table.members[a], table.members[b], third, np.full(len(a), number, np.int32), value.astype(np.int32))
