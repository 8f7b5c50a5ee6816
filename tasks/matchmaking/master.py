"""The master problem in HiGHS: which groups are known to it, its relaxation with prices, and its integer optimum.

One variable a city says whether it is selected, one a topic how many twinnings it has, so that capacities, balance and obligations are about
few variables, and a group has at most four entries: its cities and its topic. Belongs here: everything that knows HiGHS. Imported lazily
there, because the command line must start without it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.groups import NOBODY
from tasks.matchmaking.instance import Class, Instance

BIG = 1e7
"""Price of leaving an obligation unmet, in steps: above the value of any selection's twinnings, so that it happens only if it must."""
INTEGER = 1
FRACTION = 1e-7
"""A group chosen to more than this part, and less than one by more than this, is fractional."""


class Master:
    """The known groups of an instance as a HiGHS model."""

    def __init__(self, instance: Instance) -> None:
        import highspy  # noqa: PLC0415  150 ms that only solving should pay

        self.instance = instance
        self.known = np.zeros(len(instance.groups), bool)
        self.columns: list[int] = []
        self.highs: Any = highspy.Highs()
        self._infinity = highspy.kHighsInf
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-6)):
            self.highs.setOptionValue(option, value)
        self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._build()
        self.n_fixed = self.highs.getNumCol()

    @property
    def n_columns(self) -> int:
        """Number of groups in the model."""
        return len(self.columns)

    def _build(self) -> None:
        """Rows first (cities, topics, the two capacities), then the variables that stand in them."""
        it = self.instance
        n = it.n_cities + it.n_topics
        lower = np.concatenate([np.zeros(n), [-self._infinity] * 2])
        upper = np.concatenate([np.zeros(n), [float(it.capacity.max_twinnings), float(it.capacity.max_cities)]])
        nothing = np.zeros(0, np.int32)
        self.highs.addRows(n + 2, lower, upper, 0, np.zeros(n + 2, np.int32), nothing, np.zeros(0))
        selected = np.ones(it.n_cities)
        least = np.zeros(it.n_cities)
        least[it.must] = 1.0
        self._variables(np.zeros(it.n_cities), least, selected, [[(c, -1.0), (n + 1, 1.0)] for c in range(it.n_cities)])
        many = np.full(it.n_topics, float(it.capacity.max_twinnings))
        self._variables(np.zeros(it.n_topics), np.zeros(it.n_topics), many, [[(it.n_cities + t, -1.0), (n, 1.0)] for t in range(it.n_topics)])
        self._variables(np.full(len(it.must), -BIG), np.zeros(len(it.must)), np.ones(len(it.must)), [[(int(c), 1.0)] for c in it.must])
        for one in it.classes:
            self._balance(one)

    def _variables(
        self, cost: npt.NDArray[np.float64], lower: npt.NDArray[np.float64], upper: npt.NDArray[np.float64], entries: list[list[tuple[int, float]]]
    ) -> None:
        starts = np.cumsum([0, *(len(column) for column in entries)])[:-1].astype(np.int32)
        rows = np.array([row for column in entries for row, _ in column], np.int32)
        values = np.array([value for column in entries for _, value in column])
        self.highs.addCols(len(cost), cost, lower, upper, len(rows), starts, rows, values)

    def _balance(self, one: Class) -> None:
        """One row: the class's count, plus what it falls short, less what it exceeds, lies within its bounds."""
        offset = self.instance.n_cities if one.subject == "topic" else 0
        row = self.highs.getNumRow()
        columns = (one.members + offset).astype(np.int32)
        self.highs.addRows(
            1, np.array([float(one.least)]), np.array([float(one.most)]), len(columns), np.zeros(1, np.int32), columns, np.ones(len(columns))
        )
        cost = np.full(2, -float(one.price))
        self._variables(cost, np.zeros(2), np.full(2, self._infinity), [[(row, 1.0)], [(row, -1.0)]])

    def add(self, rows: npt.NDArray[np.intp]) -> None:
        """Make groups known; those known already are passed over."""
        new = rows[~self.known[rows]]
        if len(new) == 0:
            return
        self.known[new] = True
        it, groups = self.instance, self.instance.groups
        third = groups.third[new]
        entries = np.stack(
            [
                it.city_of[groups.first[new]],
                it.city_of[groups.second[new]],
                np.where(third == NOBODY, NOBODY, it.city_of[third]),
                it.n_cities + groups.topic[new],
            ],
            axis=1,
        )
        there = entries != NOBODY
        starts = np.concatenate([[0], np.cumsum(there.sum(axis=1))])[:-1].astype(np.int32)
        index = entries[there].astype(np.int32)
        unbounded = np.full(len(new), self._infinity)  # a city's row already keeps it at one; a bound of its own would hide part of the price
        self.highs.addCols(len(new), it.objective[new], np.zeros(len(new)), unbounded, len(index), starts, index, np.ones(len(index)))
        self.columns += new.tolist()

    def relax(self) -> tuple[float, npt.NDArray[np.float64]]:
        """Value of the relaxation and the prices of cities and topics."""
        self.highs.run()
        if self.highs.getModelStatus() != self._optimal:
            raise RuntimeError(f"the relaxation of the matching ended with {self.highs.getModelStatus()}")
        duals = np.array(self.highs.getSolution().row_dual)
        return self.highs.getInfo().objective_function_value, duals[: self.instance.n_cities + self.instance.n_topics]

    def integral(self) -> tuple[int, ...] | None:
        """The groups of the relaxation just solved, sorted, if it happens to be a selection (no group in part, no obligation unmet)."""
        values = np.array(self.highs.getSolution().col_value)
        parts = values[self.n_fixed :]
        if self._unmet(values) or np.abs(parts - np.round(parts)).max(initial=0.0) > FRACTION:
            return None
        return tuple(sorted(self.columns[k] for k in np.flatnonzero(parts > 0.5)))

    def restrict_to(self, rows: npt.NDArray[np.intp]) -> None:
        """Leave only these of the known groups free to be chosen."""
        free = np.zeros(len(self.known), bool)
        free[rows] = True
        index = np.arange(self.n_fixed, self.n_fixed + self.n_columns, dtype=np.int32)
        self.highs.changeColsBounds(len(index), index, np.zeros(len(index)), free[self.columns].astype(np.float64))

    def best_integer(self) -> tuple[tuple[int, ...] | None, float]:
        """The best selection of known groups, sorted, and its objective; None where an obligation cannot be met."""
        index = np.arange(self.n_fixed, self.n_fixed + self.n_columns, dtype=np.int32)
        self.highs.changeColsIntegrality(len(index), index, np.full(len(index), INTEGER, np.uint8))
        self.highs.run()
        if self.highs.getModelStatus() != self._optimal:
            raise RuntimeError(f"the matching ended with {self.highs.getModelStatus()}")
        values = np.array(self.highs.getSolution().col_value)
        if values[: self.n_fixed].size and self._unmet(values):
            return None, -np.inf
        chosen = sorted(self.columns[k] for k in np.flatnonzero(values[self.n_fixed :] > 0.5))
        return tuple(chosen), float(self.highs.getInfo().objective_function_value)

    def _unmet(self, values: npt.NDArray[np.float64]) -> bool:
        first = self.instance.n_cities + self.instance.n_topics
        return bool((values[first : first + len(self.instance.must)] > 0.5).any())
