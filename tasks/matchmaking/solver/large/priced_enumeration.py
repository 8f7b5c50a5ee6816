"""Enumeration under prices: only the groups that are worth more than the prices of their cities and topic.

Prices are taken off the members' own points, so that the rule of the full enumeration
(`tasks/matchmaking/solver/enumeration.py`) serves here too: what remains must exceed a minimum.

Belongs here: finding these groups without forming all others. Must stay out: what the prices are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.solver.enumeration import (
    Numbers,
    Positions,
    block_of,
    pairs_of,
    threes_possible,
    worths,
)
from tasks.matchmaking.solver.groups import Groups
from tasks.matchmaking.value.topic_table import TopicTable


@dataclass(frozen=True)
class PriceFilter:
    """What a group must be worth to be enumerated, and where the enumeration may stop short.

    A group must be worth more than the prices of its applicants and its topic plus `least` (all in steps;
    `least` may be negative). Threes are looked for among the `partners` most promising partners of their
    first member only, and of those with the same topic and first member at most the `per_first` best are
    given; None: all.
    """

    applicant: npt.NDArray[np.float64]
    topic: npt.NDArray[np.float64]
    least: float
    partners: int | None = None
    per_first: int | None = None


def groups_worth_more(tables: Sequence[TopicTable], largest: int, prices: PriceFilter) -> Iterator[Groups]:
    """The groups that pass the filter, block by block, for callers who may have to stop."""
    for number, table in enumerate(tables):
        yield from _of_topic(number, table, largest, prices)


def _of_topic(number: int, table: TopicTable, largest: int, prices: PriceFilter) -> Iterator[Groups]:
    single = table.single - prices.applicant[table.members]
    least = prices.least + float(prices.topic[number])
    a, b, worth = pairs_of(table, single)
    more = worth > least
    yield _priced_block(number, table, (a[more], b[more]), prices, worth[more])
    if largest >= 3:
        for i in range(len(table.members) - 2):
            partners = _promising(i, table, single, replace(prices, least=least))
            j, k, worth = _threes_worth_more(i, partners, table, single, least)
            if prices.per_first is not None and len(j) > prices.per_first:
                best = np.sort(np.argpartition(-worth, prices.per_first)[: prices.per_first])
                j, k, worth = j[best], k[best], worth[best]
            if len(j):
                members = (np.full(len(j), i), partners[j], partners[k])
                yield _priced_block(number, table, members, prices, worth)


def _threes_worth_more(
    i: int, partners: Positions, table: TopicTable, single: Numbers, least: float
) -> tuple[Positions, Positions, Numbers]:
    """The pairs (j, k) of the `partners` that may be formed with `i` and are worth more than `least`.

    Few are worth more, so that only these are asked whether they may be formed.
    """
    worth = worths(i, partners, table, single)
    j, k = np.nonzero(worth > least)
    possible = threes_possible(i, partners[j], partners[k], table)
    j, k = j[possible], k[possible]
    return j, k, worth[j, k]


def _promising(i: int, table: TopicTable, single: Numbers, prices: PriceFilter) -> Positions:
    """The partners with whom, and with the best imaginable third member, a group could be worth more."""
    partners = np.flatnonzero(table.later[i])
    if len(partners) < 2:
        return partners
    at_most = single[partners] + table.pair[i, partners] + table.most_gain[partners]
    rest = single[i] + table.gain[i, partners].max() + table.most_pair[partners].max()
    promising = rest + at_most + at_most.max() > prices.least
    if prices.partners is not None and int(promising.sum()) > prices.partners:
        promising &= at_most >= np.partition(at_most, -prices.partners)[-prices.partners]
    chosen: Positions = partners[promising]
    return chosen


def _priced_block(
    number: int, table: TopicTable, members: Sequence[Positions], prices: PriceFilter, worth: Numbers
) -> Groups:
    """Groups of one size, with the prices put back (and rounded, since worths are whole steps)."""
    paid = sum((prices.applicant[table.members[one]] for one in members), np.zeros(len(worth)))
    return block_of(number, table, members, np.rint(worth + paid))
