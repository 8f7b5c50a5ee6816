"""The linear relaxation in HiGHS: which groups are known to it, its value, its prices, and bounds that come
and go.

One variable a city says whether it is selected, one a topic how many twinnings it has, so that capacities,
balance and obligations are about few variables, and a group has at most four entries: its cities and its
topic. Belongs here: everything that knows HiGHS. Imported when solving begins, because the command line must
start without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.solver.balance import Class
from tasks.matchmaking.solver.group_rows import Cut, of_cut
from tasks.matchmaking.solver.groups import NOBODY
from tasks.matchmaking.solver.instance import Instance

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
Bounds = Mapping[int, tuple[float, float]]
"""Variable, or cut (`of_cut`), to lower and upper bound."""

UNMET = float(2**21)
"""Price of an obligation that cannot be met, in steps: far above what meeting it could cost elsewhere, so
that it stays unmet only if it must.
"""
DUAL, PRIMAL = 1, 4
"""HiGHS' numbers of the two simplex methods."""
FRACTION = 1e-6
"""A variable nearer than this to a whole number is whole."""


@dataclass(frozen=True)
class Relaxed:
    """A solved relaxation: its value in steps, the value of every variable, the price of every city and
    topic, and of every cut with what counts in it.
    """

    value: float
    variables: Floats
    prices: Floats
    cut_prices: Floats
    counted: Floats


class Relaxation:
    """The relaxation over the groups known so far. Variables in order: cities, topics, the totals of
    twinnings and cities, unmet obligations, balance, then known groups."""

    def __init__(self, instance: Instance) -> None:
        import highspy  # noqa: PLC0415  150 ms that only solving should pay

        self.instance = instance
        self.known = np.zeros(len(instance.groups), bool)
        self.columns: list[int] = []
        self.cuts: list[Cut] = []
        self._members, self._topics = np.zeros((0, 3), np.int64), np.zeros(0, np.int64)
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self._infinity: float = highspy.kHighsInf
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._settled = (self._optimal, highspy.HighsModelStatus.kInfeasible)
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 0),
            ("presolve", "off"),
            ("solver", "simplex"),
        ):
            self.highs.setOptionValue(option, value)
        self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._build()
        self.first_group: int = self.highs.getNumCol()
        self._first_cut: int = self.highs.getNumRow()
        self.solved = 0

    @property
    def first_unmet(self) -> int:
        """Number of the first variable that says whether an obligation is unmet."""
        return self.instance.n_cities + self.instance.n_topics + 2

    @property
    def cities(self) -> slice:
        """The variables that say which cities are selected."""
        return slice(0, self.instance.n_cities)

    @property
    def topics(self) -> slice:
        """The variables that say how many twinnings each topic has."""
        return slice(self.instance.n_cities, self.first_unmet - 2)

    @property
    def totals(self) -> slice:
        """The variables that say how many twinnings and how many cities there are in all."""
        return slice(self.first_unmet - 2, self.first_unmet)

    def _build(self) -> None:
        """Rows first (cities, topics, the two totals), then the variables that stand in them."""
        it = self.instance
        n = it.n_cities + it.n_topics
        self.highs.addRows(
            n + 2,
            np.zeros(n + 2),
            np.zeros(n + 2),
            0,
            np.zeros(n + 2, np.int32),
            np.zeros(0, np.int32),
            np.zeros(0),
        )
        least = np.zeros(it.n_cities)
        least[list(it.must)] = 1.0
        self._variables(0.0, least, 1.0, [[(c, -1.0), (n + 1, 1.0)] for c in range(it.n_cities)])
        self._variables(
            0.0,
            np.zeros(it.n_topics),
            float(it.capacity.max_twinnings),
            [[(it.n_cities + t, -1.0), (n, 1.0)] for t in range(it.n_topics)],
        )
        self._variables(0.0, np.zeros(1), float(it.capacity.max_twinnings), [[(n, -1.0)]])
        self._variables(0.0, np.zeros(1), float(it.capacity.max_cities), [[(n + 1, -1.0)]])
        self._variables(-UNMET, np.zeros(it.n_cities), 1.0, [[(c, 1.0)] for c in range(it.n_cities)])
        self.shorts = [self._balance(one) for one in it.classes]

    def _variables(
        self, cost: float, lower: Floats, upper: float, entries: list[list[tuple[int, float]]]
    ) -> None:
        n = len(entries)
        starts = np.cumsum([0, *(len(column) for column in entries)])[:-1].astype(np.int32)
        rows = np.array([row for column in entries for row, _ in column], np.int32)
        values = np.array([value for column in entries for _, value in column])
        self.highs.addCols(n, np.full(n, cost), lower, np.full(n, upper), len(rows), starts, rows, values)

    def _balance(self, one: Class) -> int:
        """One row: the class's count, plus what it falls short, less what it exceeds, lies within its bounds.

        Returns the number of the variable that says what it falls short.
        """
        offset = self.instance.n_cities if one.subject == "topic" else 0
        row = self.highs.getNumRow()
        columns = (one.members + offset).astype(np.int32)
        self.highs.addRows(
            1,
            np.array([float(one.least)]),
            np.array([float(one.most)]),
            len(columns),
            np.zeros(1, np.int32),
            columns,
            np.ones(len(columns)),
        )
        self._variables(-float(one.price), np.zeros(2), self._infinity, [[(row, 1.0)], [(row, -1.0)]])
        return int(self.highs.getNumCol()) - 2

    def add(self, rows: Rows) -> int:
        """Make groups known (those known already are passed over); returns how many were new."""
        new = rows[~self.known[rows]]
        if len(new) == 0:
            return 0
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
        members, topics = entries[:, :3].astype(np.int64), groups.topic[new].astype(np.int64)
        self._members, self._topics = (
            np.concatenate([self._members, members]),
            np.concatenate([self._topics, topics]),
        )
        times = [cut.times(members, topics) for cut in self.cuts]
        rows_of_cuts = [np.where(count > 0, self._first_cut + k, NOBODY) for k, count in enumerate(times)]
        entries = np.column_stack([entries, *rows_of_cuts])
        there = entries != NOBODY
        values = np.column_stack([np.ones((len(new), 4)), *times])[there]
        starts = np.concatenate([[0], np.cumsum(there.sum(axis=1))])[:-1].astype(np.int32)
        index = entries[there].astype(np.int32)
        cost = groups.worth[new] + it.tie_breakers(new)
        # No upper bound of its own: a city's row keeps it at one already, and a bound would hide part of the
        # price.
        unbounded = np.full(len(new), self._infinity)
        self.highs.addCols(len(new), cost, np.zeros(len(new)), unbounded, len(index), starts, index, values)
        self.columns += new.tolist()
        return len(new)

    def cities_of(self, column: int) -> tuple[int, ...]:
        """City numbers of a known group, ascending."""
        return tuple(sorted(city for city in self._members[column].tolist() if city != NOBODY))

    def topic_of(self, column: int) -> int:
        """Topic number of a known group."""
        return int(self._topics[column])

    def cut(self, cuts: Sequence[Cut]) -> None:
        """Hold the relaxation to these; they hold for every selection, so they stay."""
        for cut in cuts:
            times = cut.times(self._members, self._topics)
            having = np.flatnonzero(times)
            index, values = (self.first_group + having).astype(np.int32), times[having].astype(np.float64)
            if cut.short is not None:
                index, values = np.append(index, np.int32(cut.short)), np.append(values, 1.0)
            lower, upper = np.array([cut.lower]), np.array([cut.upper])
            self.highs.addRows(1, lower, upper, len(index), np.zeros(1, np.int32), index, values)
            self.cuts.append(cut)

    def counted(self, relaxed: Relaxed, cuts: Sequence[Cut]) -> list[float]:
        """How much counts in each of some cuts in a solution."""
        parts = relaxed.variables[self.first_group :]
        chosen = np.flatnonzero(parts > FRACTION)
        return [float(parts[chosen] @ cut.times(self._members[chosen], self._topics[chosen])) for cut in cuts]

    def extend(self, instance: Instance) -> None:
        """The same instance with more groups appended."""
        self.known = np.append(self.known, np.zeros(len(instance.groups) - len(self.known), bool))
        self.instance = instance

    def reprice(self, worth: Floats) -> None:
        """Give the known groups another worth, in the order in which they became known."""
        index = np.arange(self.first_group, self.first_group + len(self.columns), dtype=np.int32)
        self.highs.changeColsCost(len(index), index, worth)

    def bound(self, bounds: Bounds) -> None:
        """Set the bounds of some variables and cuts."""
        columns = {variable: pair for variable, pair in bounds.items() if variable >= 0}
        if columns:
            index = np.array(list(columns), np.int32)
            self.highs.changeColsBounds(
                len(index), index, *(np.array([pair[k] for pair in columns.values()]) for k in (0, 1))
            )
        for key, (lower, upper) in bounds.items():
            if key < 0:
                self.highs.changeRowBounds(self._first_cut + of_cut(key), lower, upper)

    def free(self, variables: Bounds) -> None:
        """Give some variables their own bounds back."""
        self.bound({variable: self.own_bounds(variable) for variable in variables})

    def own_bounds(self, variable: int) -> tuple[float, float]:
        """The bounds a variable or cut has when nothing is imposed on it."""
        it = self.instance
        if variable < 0:
            return self.cuts[of_cut(variable)].lower, self.cuts[of_cut(variable)].upper
        if variable < it.n_cities:
            return (1.0 if variable in it.must else 0.0), 1.0
        if variable < it.n_cities + it.n_topics:
            return 0.0, float(it.capacity.max_twinnings)
        if variable < self.first_unmet:
            return 0.0, float(
                it.capacity.max_cities if variable == self.first_unmet - 1 else it.capacity.max_twinnings
            )
        return 0.0, 1.0 if variable < self.first_unmet + it.n_cities else self._infinity

    def solve(self, method: int = DUAL) -> Relaxed | None:
        """Solve it from where it stood last; None where the bounds cannot hold. Raises `ArithmeticError`
        where that cannot be told.

        After new bounds the last prices still hold, so the dual method is short; after new groups the last
        selection does, so the primal is.
        """
        self.solved += 1
        for attempt in (method, PRIMAL + DUAL - method, DUAL):
            self.highs.setOptionValue("simplex_strategy", attempt)
            self.highs.run()
            status = self.highs.getModelStatus()
            if status in self._settled:
                break
            self.highs.clearSolver()
        if status not in self._settled:
            # taken for "nothing fits" it would make a proof of what is none
            raise ArithmeticError(
                f"the solver ended with {self.highs.modelStatusToString(status)} instead of an optimum"
            )
        if status != self._optimal:
            return None
        solution = self.highs.getSolution()
        duals = np.array(solution.row_dual)
        prices, of_cuts = duals[: self.instance.n_cities + self.instance.n_topics], duals[self._first_cut :]
        counted = np.array(solution.row_value)[self._first_cut :]
        return Relaxed(
            self.highs.getInfo().objective_function_value,
            np.array(solution.col_value),
            prices,
            of_cuts,
            counted,
        )

    def basis(self) -> object:
        """Where the solver stands, to come back to; good until a group or a cut is added."""
        return self.highs.getBasis()

    def start_from(self, basis: object) -> None:
        """Go back to where the solver stood."""
        self.highs.setBasis(basis)

    def selection(self, relaxed: Relaxed) -> tuple[int, ...] | None:
        """The groups chosen, sorted, if no group is chosen in part; None otherwise."""
        parts = relaxed.variables[self.first_group :]
        if np.abs(parts - np.rint(parts)).max(initial=0.0) > FRACTION:
            return None
        return tuple(sorted(self.columns[k] for k in np.flatnonzero(parts > 0.5)))

    def all_met(self, relaxed: Relaxed) -> bool:
        """Whether every obligation is met."""
        return bool(
            relaxed.variables[self.first_unmet : self.first_unmet + self.instance.n_cities].max(initial=0.0)
            <= FRACTION
        )
