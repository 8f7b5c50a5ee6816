"""Every group that may be formed: pairs and threes with a common topic that keep the hard rules, with their
worth, in arrays.

Belongs here: enumeration in blocks, of all groups or of those worth more than given prices. Must stay out:
the worth of a pair (`matrices.py`) and the choice (`solver.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.value.pair_matrices import Flags, Ints, TopicTable

Numbers = npt.NDArray[Any]
"""Steps: whole numbers, or with prices taken off."""
NOBODY = -1
"""What `third` holds for a pair."""


@dataclass(frozen=True)
class Groups:
    """One row a group: indices of its members (first < second < third, third NOBODY for a pair), number of
    its topic, worth in steps (its value, and the bonus for what the version before had).
    """

    first: Ints
    second: Ints
    third: Ints
    topic: Ints
    worth: Ints

    def __len__(self) -> int:
        return len(self.worth)

    def take(self, which: npt.NDArray[np.generic]) -> Groups:
        """The groups at the given positions (or where a flag is true)."""
        return Groups(
            self.first[which], self.second[which], self.third[which], self.topic[which], self.worth[which]
        )

    def among(self, others: Groups) -> Flags:
        """Which groups are the same as one of the others."""
        same: Flags = np.isin(self.codes(), others.codes())
        return same

    def distinct(self) -> Groups:
        """Each group once, in order of its first row."""
        return self.take(np.sort(np.unique(self.codes(), return_index=True)[1]))

    def codes(self) -> npt.NDArray[np.int64]:
        """One number a group, equal for equal groups (of fewer than 65,535 applicants)."""
        code = self.topic.astype(np.int64)
        for members in (self.first, self.second, self.third):
            code = (code << 16) + (members + 1)
        return code

    def members(self, row: int) -> tuple[int, ...]:
        """Member indices of one group."""
        return tuple(int(x) for x in (self.first[row], self.second[row], self.third[row]) if x != NOBODY)

    def has(self, indices: Iterable[int]) -> Flags:
        """Which groups have any of the given members."""
        wanted = sorted(indices)
        last = max((int(some.max(initial=0)) for some in (self.first, self.second, self.third)), default=0)
        flags = np.zeros(max([last, *wanted]) + 2, bool)  # the last entry answers for NOBODY
        flags[wanted] = True
        either: Flags = flags[self.first] | flags[self.second] | flags[self.third]
        return either


@dataclass(frozen=True)
class Prices:
    """What a group must be worth to be enumerated: the prices of its applicants and its topic, plus `least`
    (steps; may be negative).

    `partners`: threes are looked for among so many of the first member's most promising partners only (None:
    among all).
    """

    applicant: npt.NDArray[np.float64]
    topic: npt.NDArray[np.float64]
    least: float
    partners: int | None = None


def enumerate_groups(
    tables: Sequence[TopicTable],
    largest: int,
    prices: Prices | None = None,
    most_per_first: int | None = None,
) -> Groups:
    """All groups of all topics, in order of topic, size and members; under prices, only those worth more, and
    of the threes that share topic and first member at most the `most_per_first` best.
    """
    return join(list(enumerated(tables, largest, prices, most_per_first)))


def enumerated(
    tables: Sequence[TopicTable], largest: int, prices: Prices | None, most_per_first: int | None = None
) -> Iterator[Groups]:
    """The same, block by block, for those who may have to stop."""
    for number, table in enumerate(tables):
        yield from _of_topic(number, table, largest, prices, most_per_first)


def join(blocks: Sequence[Groups]) -> Groups:
    """Several blocks as one."""
    if not blocks:
        nothing = np.zeros(0, np.int32)
        return Groups(nothing, nothing, nothing, nothing, nothing)
    names = ("first", "second", "third", "topic", "worth")
    return Groups(*(np.concatenate([getattr(block, name) for block in blocks]) for name in names))


def _of_topic(
    number: int, table: TopicTable, largest: int, prices: Prices | None, most: int | None
) -> Iterator[Groups]:
    """Prices are taken off the members' singles, so that one rule serves both: what remains must exceed
    `least`.
    """
    single: Numbers = table.single if prices is None else table.single - prices.applicant[table.members]
    least = None if prices is None else prices.least + prices.topic[number]
    pair = table.fit + table.once
    later = np.triu(table.allowed, 1)
    a, b = np.nonzero(later)
    worth: Numbers = (
        single[a] + single[b] + table.fit[a, b] + pair[a, b] + table.gain[a, b] + table.gain[b, a]
    )
    if least is not None:
        a, b, worth = a[worth > least], b[worth > least], worth[worth > least]
    yield _block(number, table, a, b, None, prices, worth)
    if largest >= 3:
        for i in range(len(table.members) - 2):
            j, k, worth = _threes_with(
                i, table, single, pair, later, least, prices.partners if prices else None
            )
            if most is not None and len(j) > most:
                best = np.sort(np.argpartition(-worth, most)[:most])
                j, k, worth = j[best], k[best], worth[best]
            if len(j):
                yield _block(number, table, np.full(len(j), i), j, k, prices, worth)


def _threes_with(
    i: int,
    table: TopicTable,
    single: Numbers,
    pair: Ints,
    later: Flags,
    least: float | None,
    most: int | None = None,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Numbers]:
    """Threes whose first member is `i`: pairs (j, k) of its later partners that may also be together and
    where each city gains enough.

    Computed densely for all (j, k) and then picked: several times faster than gathering entry by entry.
    """
    partners = np.flatnonzero(later[i])
    if least is not None:
        partners = _promising(i, partners, table, single, pair, least, most)
    at = np.ix_(partners, partners)
    gain, teaches = table.gain[at], table.teaches[at]
    i_gains, i_gives = table.gain[i, partners], table.gain[partners, i]
    i_learns, i_teaches = table.teaches[i, partners], table.teaches[partners, i]
    gains = np.maximum(gain, i_gives[:, None])
    fine = teaches | i_teaches[:, None]
    own = single[partners] + pair[i, partners]
    worth = pair[at] + gains
    worth += gains.T
    worth += np.maximum(i_gains[:, None], i_gains[None, :])
    worth = worth + (own[:, None] + single[i]) + own[None, :]
    possible = later[at] & fine & fine.T & (i_learns[:, None] | i_learns[None, :])
    if least is not None:
        possible &= worth > least
    j, k = np.nonzero(possible)
    return partners[j], partners[k], worth[j, k]


def _promising(
    i: int,
    partners: npt.NDArray[np.intp],
    table: TopicTable,
    single: Numbers,
    pair: Ints,
    least: float,
    most: int | None,
) -> npt.NDArray[np.intp]:
    """Of the partners those with whom, and with the best imaginable third, a group would be worth more than
    `least`; at most the best `most`.
    """
    if len(partners) < 2:
        return partners
    at_most = single[partners] + pair[i, partners] + table.most_gain[partners]
    rest = single[i] + table.gain[i, partners].max() + table.most_pair[partners].max()
    promising = rest + at_most + at_most.max() > least
    if most is not None and int(promising.sum()) > most:
        promising &= at_most >= np.partition(at_most, -most)[-most]
    chosen: npt.NDArray[np.intp] = partners[promising]
    return chosen


def _block(
    number: int,
    table: TopicTable,
    a: npt.NDArray[np.intp],
    b: npt.NDArray[np.intp],
    c: npt.NDArray[np.intp] | None,
    prices: Prices | None,
    worth: Numbers,
) -> Groups:
    """One block; prices that were taken off are put back (and rounded: worths are whole steps)."""
    third = np.full(len(a), NOBODY, np.int32) if c is None else table.members[c]
    if prices is not None:
        paid = (
            prices.applicant[table.members[a]]
            + prices.applicant[table.members[b]]
            + (0 if c is None else prices.applicant[third])
        )
        worth = np.rint(worth + paid)
    return Groups(
        table.members[a], table.members[b], third, np.full(len(a), number, np.int32), worth.astype(np.int32)
    )
