"""Pricing: the reduced costs of groups, and which groups could still be in a better selection.

A group's reduced cost is its worth less the prices of its cities, its topic and the cuts it counts in. A
selection with a group of negative reduced cost falls short of the bound by at least as much.

Belongs here: reduced costs and reduced-cost fixing. Must stay out: solving
(`tasks/matchmaking/solver/column_generation.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.solver.cut import Cut
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.master_problem import Floats, MasterSolution, Rows
from tasks.matchmaking.value.arrays import NOBODY

SLACK = 1.0
"""Tie-breakers add less than one step, so a group short of its prices by less may still be worth more."""
AT_ONCE = 1 << 18
"""Groups that are counted at a time, so that what is laid out for them fits the processor's cache."""
Narrow = npt.NDArray[np.int32]
"""Positions of groups; there are fewer than 2**31."""
Times = npt.NDArray[np.int8]
"""How often groups count: at most once for each member."""


class ColumnPool:
    """Groups of an instance at the positions `rows` (None: all), to be priced again and again."""

    def __init__(self, instance: Instance, rows: Rows | None = None) -> None:
        self._instance, self._rows = instance, rows
        self.groups = instance.groups if rows is None else instance.groups.take(rows)
        city_of = np.append(instance.city_of, NOBODY)
        self._cities = tuple(
            city_of[some] for some in (self.groups.first, self.groups.second, self.groups.third)
        )
        self._n_cities = instance.n_cities
        self._in_cut: dict[Cut, tuple[Narrow, Times]] = {}

    def __len__(self) -> int:
        return len(self.groups)

    @property
    def rows(self) -> Rows:
        """Positions in the instance of all groups of the pool."""
        return np.arange(len(self)) if self._rows is None else self._rows

    def positions(self, which: Rows) -> Rows:
        """Positions in the instance of some of the pool's groups."""
        return which if self._rows is None else self._rows[which]

    def reduced_costs(self, solved: MasterSolution, cuts: list[Cut]) -> Floats:
        """Reduced cost of each group in steps; cuts added since the solution have no price yet."""
        of_city = np.append(solved.prices[: self._n_cities], 0.0)  # the last entry is the price of NOBODY
        first, second, third = self._cities
        paid = of_city[first]
        paid += of_city[second]
        paid += of_city[third]
        paid += solved.prices[self._n_cities :][self.groups.topic]
        for cut, price in zip(cuts, solved.cut_prices, strict=False):
            if price:
                rows, times = self._counting_in(cut)
                paid[rows] += price * times
        reduced: Floats = self.groups.worth - paid
        return reduced

    def distances(self, solved: MasterSolution, cuts: list[Cut]) -> Floats:
        """How far each group is from being in the best selection, in steps (0 or less, but for rounding).

        A selection with a group is worth at most the value of `solved` plus this: the group's reduced cost
        and those of its cities.
        """
        costs = np.append(solved.city_costs, 0.0)
        first, second, third = self._cities
        distances: Floats = self.reduced_costs(solved, cuts) + costs[first] + costs[second] + costs[third]
        return distances

    def could_improve(self, solved: MasterSolution, cuts: list[Cut], known: float) -> Rows:
        """Positions in the instance of the groups that a selection better than `known` could have."""
        slack = SLACK if self._instance.breaks_ties else 0.0
        return self.positions(np.flatnonzero(self.distances(solved, cuts) >= known - solved.value - slack))

    def restricted_to(self, positions: Rows) -> ColumnPool:
        """The pool of only these positions of the instance."""
        return ColumnPool(self._instance, positions)

    def _counting_in(self, cut: Cut) -> tuple[Narrow, Times]:
        """Which groups count in a cut, and how often.

        Some groups are looked at at a time, and little is kept: there may be millions of groups and hundreds
        of cuts.
        """
        if cut not in self._in_cut:
            rows, counts = [np.zeros(0, np.int32)], [np.zeros(0, np.int8)]
            for start in range(0, len(self), AT_ONCE):
                some = slice(start, start + AT_ONCE)
                members = np.column_stack([cities[some] for cities in self._cities])
                times = cut.times(members, self.groups.topic[some])
                there = np.flatnonzero(times)
                rows.append((there + start).astype(np.int32))
                counts.append(times[there].astype(np.int8))
            self._in_cut[cut] = np.concatenate(rows), np.concatenate(counts)
        return self._in_cut[cut]


@dataclass(frozen=True)
class ImprovingColumns:
    """Groups that could be in a selection better than the incumbent (reduced-cost fixing).

    `solved` is a solution, under `cuts`, of a master problem that holds for all selections but for what
    groups that were not priced in could add to it, at most `unpriced` steps.
    """

    pool: ColumnPool
    solved: MasterSolution
    cuts: tuple[Cut, ...]
    unpriced: float = 0.0

    def beyond(self, objective: float) -> ImprovingColumns:
        """Those that could be in a selection better than this objective."""
        return self._with(self.pool.could_improve(self.solved, list(self.cuts), objective - self.unpriced))

    def without(self, rows: Sequence[int]) -> ImprovingColumns:
        """All but the groups at some positions of the instance."""
        return self._with(np.setdiff1d(self.rows, np.array(rows, np.intp))) if len(rows) else self

    @property
    def rows(self) -> Rows:
        """Their positions in the instance."""
        return self.pool.rows

    def _with(self, rows: Rows) -> ImprovingColumns:
        return replace(self, pool=self.pool.restricted_to(rows))
