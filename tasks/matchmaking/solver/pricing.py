"""The groups a relaxation is priced against: all of an instance, or those of them that could still matter.

Belongs here: reduced costs. A group's reduced cost is its worth less the prices of its cities, its topic and
the cuts it counts in: what a selection with it loses against the bound is at least what it falls short.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.solver.group_rows import Cut
from tasks.matchmaking.solver.groups import NOBODY
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.master_problem import Floats, Relaxed, Rows

SLACK = 1.0
"""Tie-breakers add less than one step, so a group short of its prices by less may still be worth more."""


class Pool:
    """Groups of an instance at the positions `rows` (None: all)."""

    def __init__(self, instance: Instance, rows: Rows | None = None) -> None:
        self._instance, self.rows = instance, rows
        self.groups = instance.groups if rows is None else instance.groups.take(rows)
        city_of = np.append(instance.city_of, NOBODY)
        self._cities = tuple(
            city_of[some] for some in (self.groups.first, self.groups.second, self.groups.third)
        )
        self._n_cities = instance.n_cities
        self._in_cut: dict[Cut, tuple[Rows, npt.NDArray[np.int64]]] = {}

    def __len__(self) -> int:
        return len(self.groups)

    def positions(self, which: Rows) -> Rows:
        """Positions in the instance of some of the pool's groups."""
        return which if self.rows is None else self.rows[which]

    def reduced_costs(self, relaxed: Relaxed, cuts: list[Cut]) -> Floats:
        """Reduced cost of each group in steps; cuts made since the relaxation was solved have no price
        yet.
        """
        of_city = np.append(relaxed.prices[: self._n_cities], 0.0)  # the last entry is the price of NOBODY
        first, second, third = self._cities
        paid = of_city[first]
        paid += of_city[second]
        paid += of_city[third]
        paid += relaxed.prices[self._n_cities :][self.groups.topic]
        for cut, price in zip(cuts, relaxed.cut_prices, strict=False):
            if price:
                rows, times = self._counting_in(cut)
                paid[rows] += price * times
        reduced: Floats = self.groups.worth - paid
        return reduced

    def could_be_better(self, relaxed: Relaxed, cuts: list[Cut], known: float) -> Rows:
        """Positions in the instance of the groups that a selection better than `known` could have."""
        return self.positions(
            np.flatnonzero(self.reduced_costs(relaxed, cuts) >= known - relaxed.value - SLACK)
        )

    def narrowed(self, positions: Rows) -> Pool:
        """The pool of only these positions of the instance."""
        return Pool(self._instance, positions)

    def _counting_in(self, cut: Cut) -> tuple[Rows, npt.NDArray[np.int64]]:
        if cut not in self._in_cut:
            times = cut.times(np.column_stack(self._cities), self.groups.topic)
            rows = np.flatnonzero(times)
            self._in_cut[cut] = rows, times[rows]
        return self._in_cut[cut]


@dataclass(frozen=True)
class Near:
    """The groups that could be in a selection better than the best known: by their reduced costs in a
    relaxation that holds for all selections.
    """

    pool: Pool
    relaxed: Relaxed
    cuts: tuple[Cut, ...]

    def than(self, objective: float) -> Near:
        """Those that could be in one better than this."""
        return self._with(self.pool.could_be_better(self.relaxed, list(self.cuts), objective))

    def without(self, rows: Sequence[int]) -> Near:
        """All but the groups at some positions of the instance."""
        return self._with(np.setdiff1d(self.rows, np.array(rows, np.intp))) if len(rows) else self

    @property
    def rows(self) -> Rows:
        """Their positions in the instance."""
        return self.pool.positions(np.arange(len(self.pool)))

    def _with(self, rows: Rows) -> Near:
        return Near(self.pool.narrowed(rows), self.relaxed, self.cuts)
