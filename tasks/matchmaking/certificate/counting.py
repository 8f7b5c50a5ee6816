"""What the rows of a certificate count of each group, and what prices on them charge it.

Belongs here: rows and counting. Must stay out: finding prices (`relaxation.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tasks.matchmaking.solver.balance import BalanceClass
from tasks.matchmaking.solver.cut import Cut
from tasks.matchmaking.solver.groups import Groups
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.value.arrays import NOBODY, Flags, Wide

Prices = dict[int, int]
"""Number of a row to its price in parts of a step; rows without a price are left out."""


@dataclass(frozen=True)
class Row:
    """One row: how often each group counts in it, within which bounds, and what a unit missed costs.

    `name` is that of the certificate (`city`, `twinnings`, `cities`, `class`, `wants`, `count`) and `of` the
    city, class or cut. `cost` (steps) is what a unit short of `least` or over `most` costs; 0: none may be.
    """

    name: str
    of: int
    least: float
    most: float
    cost: float = 0.0
    cut: Cut | None = None


def rows_of(instance: Instance, cuts: Sequence[Cut]) -> list[Row]:
    """All rows of a choice; `cuts` are of three cities each."""
    capacity, required = instance.capacity, set(instance.required)
    rows = [Row("city", c, 1.0 if c in required else -math.inf, 1.0) for c in range(instance.n_cities)]
    rows += [
        Row("twinnings", 0, -math.inf, float(capacity.max_twinnings)),
        Row("cities", 0, -math.inf, float(capacity.max_cities)),
    ]
    for number, one in enumerate(instance.classes):
        rows.append(Row("class", number, float(one.least), float(one.most), float(one.price)))
    for number, one in enumerate(instance.classes):
        if one.subject != "topic" and 1 <= one.least <= 2:
            rows.append(Row("wants", number, float(one.least), math.inf, float(one.price)))
    return rows + [Row("count", number, -math.inf, 1.0, cut=cut) for number, cut in enumerate(cuts)]


class Counting:
    """How often the groups of an instance count in any row."""

    def __init__(self, instance: Instance, groups: Groups) -> None:
        self.instance, self.groups = instance, groups
        self.members = np.append(instance.city_of, NOBODY)[groups.members_array()].astype(np.int64)

    def times(self, row: Row) -> Wide:
        """How often each group counts."""
        match row.name:
            case "city":
                return self._sum(self.members == row.of)
            case "twinnings":
                return np.ones(len(self.groups), np.int64)
            case "cities":
                return self._sum(self.members != NOBODY)
            case "count":
                return self.of_cut(row.cut)
        one = self.instance.classes[row.of]
        count = self._in_class(one)
        return np.minimum(count, one.least) if row.name == "wants" else count

    def _in_class(self, one: BalanceClass) -> Wide:
        if one.subject == "topic":
            return np.isin(self.groups.topic, one.members).astype(np.int64)
        inside = np.append(np.isin(np.arange(self.instance.n_cities), one.members), [False])
        return self._sum(inside[self.members])

    def of_cut(self, cut: Cut | None) -> Wide:
        """How often each group counts in a cut."""
        if cut is None:
            return np.zeros(len(self.groups), np.int64)
        return cut.times(self.members, self.groups.topic)

    @staticmethod
    def _sum(flags: Flags) -> Wide:
        counts: Wide = flags.sum(axis=1, dtype=np.int64)
        return counts

    def charges(self, rows: Sequence[Row], prices: Prices) -> Wide:
        """What the rows charge each group, in parts of a step."""
        it, total = self.instance, np.zeros(len(self.groups), np.int64)
        of_city, threes = np.zeros(it.n_cities + 1, np.int64), _Threes(it.n_cities)
        for number, price in prices.items():
            row = rows[number]
            if row.name == "city":
                of_city[row.of] += price
            elif row.name == "class" and it.classes[row.of].subject != "topic":
                of_city[it.classes[row.of].members] += price
            elif row.cut is not None and is_three(row.cut):
                threes.add(row.cut.cities, price)
            else:
                total += price * self.times(row)
        total += of_city[self.members].sum(axis=1)
        return total + threes.charges(self.members)


def is_three(cut: Cut) -> bool:
    """Whether a cut says: of three cities at most one group has two or more."""
    return (len(cut.cities), cut.enough, cut.most, cut.topic, cut.alone) == (3, 2, 1, None, False)


class _Threes:
    """The prices of cuts of three cities, added up by pairs of cities."""

    def __init__(self, n_cities: int) -> None:
        self._of_pair: Wide | None = None
        self._n = n_cities
        self._whole: dict[tuple[int, ...], int] = {}

    def add(self, cities: tuple[int, ...], price: int) -> None:
        if self._of_pair is None:
            self._of_pair = np.zeros((self._n + 1, self._n + 1), np.int64)
        for a in cities:
            for b in cities:
                if a != b:
                    self._of_pair[a, b] += price
        self._whole[cities] = self._whole.get(cities, 0) + price

    def charges(self, members: Wide) -> Wide:
        """A group is charged for each pair it has; one that is all three was charged three times."""
        if self._of_pair is None:
            return np.zeros(len(members), np.int64)
        first, second, third = members.T
        of = self._of_pair
        total: Wide = of[first, second] + of[first, third] + of[second, third]
        ordered = np.sort(members, axis=1)
        for cities, price in self._whole.items():
            total[(ordered == cities).all(axis=1)] -= 2 * price
        return total
