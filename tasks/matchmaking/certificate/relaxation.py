"""The linear relaxation of a choice as a certificate prices it: one row for everything a price may be set on.

It differs from the solver's master problem in three ways. Every selection keeps every row by itself, so that
any prices prove something. Rows that the search branches on may be broken at a high price, so that there are
prices where nothing fits. And prices are rounded to whole parts of a step.

Belongs here: the linear program, exact prices and the bound that they prove. Must stay out: what a row counts
(`counting.py`), the tree (`tree.py`) and its statements (`certify.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from tasks.matchmaking.certificate.counting import Counting, Prices, Row, rows_of
from tasks.matchmaking.solver.cut import Cut
from tasks.matchmaking.solver.groups import Groups
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.master_problem import Floats
from tasks.matchmaking.value.arrays import Wide

PARTS = 2**16
"""Parts of a step in which prices are whole numbers."""
BROKEN = float(2**21)
"""Price of breaking a row that the search branched on, in steps: far above any worth."""
Limits = dict[int, tuple[float, float]]
"""Number of a row that is branched on to the least and the most that it may count."""


class Relaxation:
    """The linear relaxation over some groups of an instance, and the bounds that its prices prove."""

    def __init__(self, instance: Instance, groups: Groups, cuts: Sequence[Cut]) -> None:
        import highspy  # noqa: PLC0415  150 ms that only solving should pay

        self.instance, self.counting = instance, Counting(instance, groups)
        self.rows = rows_of(instance, cuts)
        self.work = 0
        self._short: dict[int, int] = {}
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self._infinity: float = highspy.kHighsInf
        self._optimal = highspy.HighsModelStatus.kOptimal
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("presolve", "off"),
            ("solver", "simplex"),
        ):
            self._highs.setOptionValue(option, value)
        self._highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        n = len(groups)
        nothing = np.zeros(n, np.int32), np.zeros(0, np.int32), np.zeros(0)
        self._highs.addCols(
            n, groups.worth.astype(np.float64), np.zeros(n), np.full(n, self._infinity), 0, *nothing
        )
        for row in self.rows:
            self._add(row)

    def _add(self, row: Row) -> None:
        times = self.counting.times(row)
        index = np.flatnonzero(times).astype(np.int32)
        values = times[index].astype(np.float64)
        if row.name == "wants":  # what a class falls short is paid once
            index, values = np.append(index, np.int32(self._short[row.of])), np.append(values, 1.0)
        lower, upper = np.array([row.least]), np.array([row.most])
        self._highs.addRows(1, lower, upper, len(index), np.zeros(1, np.int32), index, values)
        if row.name != "wants" and row.cost:
            at = np.array([self._highs.getNumRow() - 1], np.int32)
            if row.name == "class":
                self._short[row.of] = int(self._highs.getNumCol())
            for sign in (1.0, -1.0):
                self._highs.addCol(-row.cost, 0.0, self._infinity, 1, at, np.array([sign]))

    def add_cuts(self, cuts: Sequence[Cut]) -> None:
        """Add cuts of three cities, which every selection keeps."""
        for cut in cuts:
            self._append(Row("count", self._next(), -math.inf, 1.0, cut=cut))

    def branch_row(self, cut: Cut) -> int:
        """The number of a row to branch on, which is added if there is none yet."""
        for number, row in enumerate(self.rows):
            if row.cut == cut and row.cost:
                return number
        self._append(Row("count", self._next(), -math.inf, math.inf, BROKEN, cut))
        return len(self.rows) - 1

    def _next(self) -> int:
        return sum(row.name == "count" for row in self.rows)

    def _append(self, row: Row) -> None:
        self.rows.append(row)
        self._add(row)

    def solve(self, limits: Limits) -> Floats:
        """In which part each group is chosen, under the limits of a node; `prices` tells the prices then."""
        for number, row in enumerate(self.rows):
            if row.cost == BROKEN:
                least, most = limits.get(number, (-math.inf, math.inf))
                self._highs.changeRowBounds(number, least, most)
        self._highs.run()
        if self._highs.getModelStatus() != self._optimal:
            self._highs.clearSolver()
            self._highs.run()
        self.work += 10 + max(0, self._highs.getInfo().simplex_iteration_count)
        solution = self._highs.getSolution()
        self._duals = np.array(solution.row_dual)
        parts: Floats = np.array(solution.col_value)[: len(self.counting.groups)]
        return parts

    def take(self, duals: Floats) -> None:
        """Take prices from elsewhere, one for each row."""
        self._duals = duals

    def prices(self, limits: Limits) -> Prices:
        """The last prices in whole parts of a step, each of the sign that its row allows."""
        found: Prices = {}
        spent: dict[int, int] = {}
        for number, (row, dual) in enumerate(zip(self.rows, self._duals.tolist(), strict=True)):
            least, most = limits.get(number, (row.least, row.most))
            price = round(dual * PARTS)
            if math.isinf(most if price > 0 else least):
                price = 0
            if row.name in {"class", "wants"}:
                top = round(row.cost) * PARTS
                price = max(min(price, top), spent.get(row.of, 0) - top)
                if row.name == "class":
                    spent[row.of] = max(0, -price)
            if price:
                found[number] = price
        return found

    def fixed(self, prices: Prices, limits: Limits) -> int:
        """What the rows of a node give at most for these prices, in parts of a step."""
        total = 0
        for number, price in prices.items():
            row = self.rows[number]
            least, most = limits.get(number, (row.least, row.most))
            total += price * round(most if price > 0 else least)
        return total

    def reduced(self, prices: Prices, counting: Counting | None = None) -> Wide:
        """What each group is worth above its prices, in parts of a step."""
        counting = counting or self.counting
        worth = counting.groups.worth.astype(np.int64) * PARTS
        return worth - counting.charges(self.rows, prices)

    def bound(self, prices: Prices, limits: Limits) -> int:
        """What no selection of these groups exceeds, in parts of a step."""
        excess = max(0, int(self.reduced(prices).max(initial=0)))
        return self.fixed(prices, limits) + self.instance.capacity.max_twinnings * excess
