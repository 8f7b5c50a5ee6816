"""The master problem in HiGHS: the linear relaxation over the groups known so far, its prices and its bounds.

A group has at most four entries: its cities and its topic. One variable a city says whether it is selected,
one a topic how many twinnings it has, so that capacity, balance and obligations are about few variables.

Belongs here: everything that knows HiGHS. It is imported when solving begins, because the command line must
start without it. Must stay out: which groups become known and what is branched on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.solver.balance import BalanceClass
from tasks.matchmaking.solver.cut import Cut, cut_number
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.master_layout import MasterLayout
from tasks.matchmaking.value.arrays import NOBODY

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
"""Positions of groups in an instance."""
Bounds = Mapping[int, tuple[float, float]]
"""Variable, or key of a cut (`cut_key`), to lower and upper bound."""

UNMET_PRICE = float(2**21)
"""Price of an obligation that is not met, in steps: far above what meeting it could cost elsewhere."""
FEASIBLE, DUAL, PRIMAL = 2, 1, 4
"""HiGHS' numbers of a solution that keeps all bounds, and of the two simplex methods."""
SOLVE, COLUMNS_AT_ONCE = 10, 2_500
"""What a call of the solver takes beside its iterations, in iterations; so many columns double one."""
INTEGRALITY = 1e-6
"""A variable nearer than this to a whole number is whole."""


@dataclass(frozen=True)
class MasterSolution:
    """An optimum of the master problem.

    `value` is in steps, tie-breakers included; `variables` has the value of every variable; `prices` the dual
    of every city and topic, `cut_prices` that of every cut, and `counted` what counts in it. `city_costs`
    are what selecting each city costs beyond these (0 or less; 0 where it is selected in part). `duals` are
    those of all rows: cities, topics, the two totals, the balance, cuts.
    """

    value: float
    variables: Floats
    prices: Floats
    cut_prices: Floats
    counted: Floats
    city_costs: Floats
    duals: Floats


class MasterProblem:
    """The master problem over the groups known so far.

    `columns` are their positions in the instance, in the order in which they became known; `known` says the
    same as a flag for each of the instance's groups. `work` is what solving it took so far.
    """

    def __init__(self, instance: Instance) -> None:
        import highspy  # noqa: PLC0415  150 ms that only solving should pay

        self.instance, self.layout = instance, MasterLayout(instance)
        self.known = np.zeros(len(instance.groups), bool)
        self.columns: list[int] = []
        self.work = 0
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

    def _build(self) -> None:
        """Rows first (cities, topics, the two totals), then the variables that stand in them."""
        it, capacity = self.instance, self.instance.capacity
        n = it.n_cities + it.n_topics
        zeros, starts, nothing = np.zeros(n + 2), np.zeros(n + 2, np.int32), np.zeros(0, np.int32)
        self.highs.addRows(n + 2, zeros, zeros, 0, starts, nothing, np.zeros(0))
        required = np.zeros(it.n_cities)
        required[list(it.required)] = 1.0
        most = float(capacity.max_twinnings)
        self._variables(0.0, required, 1.0, [[(c, -1.0), (n + 1, 1.0)] for c in range(it.n_cities)])
        self._variables(
            0.0,
            np.zeros(it.n_topics),
            most,
            [[(it.n_cities + t, -1.0), (n, 1.0)] for t in range(it.n_topics)],
        )
        self._variables(0.0, np.zeros(1), most, [[(n, -1.0)]])
        self._variables(0.0, np.zeros(1), float(capacity.max_cities), [[(n + 1, -1.0)]])
        self._variables(-UNMET_PRICE, np.zeros(it.n_cities), 1.0, [[(c, 1.0)] for c in range(it.n_cities)])
        self.shortfalls = [self._balance(one) for one in it.classes]

    def _variables(
        self, cost: float, lower: Floats, upper: float, entries: list[list[tuple[int, float]]]
    ) -> None:
        """Add variables of one cost and upper bound, each with its (row, value) entries."""
        n = len(entries)
        starts = np.cumsum([0, *(len(column) for column in entries)])[:-1].astype(np.int32)
        rows = np.array([row for column in entries for row, _ in column], np.int32)
        values = np.array([value for column in entries for _, value in column])
        self.highs.addCols(n, np.full(n, cost), lower, np.full(n, upper), len(rows), starts, rows, values)

    def _balance(self, one: BalanceClass) -> int:
        """One row: the class's count, plus what it falls short, less what it exceeds, lies within its bounds.

        Returns the number of the variable that says what it falls short.
        """
        offset = self.instance.n_cities if one.subject == "topic" else 0
        row = self.highs.getNumRow()
        columns = (one.members + offset).astype(np.int32)
        lower, upper = np.array([float(one.least)]), np.array([float(one.most)])
        self.highs.addRows(
            1, lower, upper, len(columns), np.zeros(1, np.int32), columns, np.ones(len(columns))
        )
        self._variables(-float(one.price), np.zeros(2), self._infinity, [[(row, 1.0)], [(row, -1.0)]])
        return int(self.highs.getNumCol()) - 2

    def add_groups(self, rows: Rows) -> int:
        """Make groups known (those known already are passed over); returns how many were new."""
        new = rows[~self.known[rows]]
        if len(new) == 0:
            return 0
        self.known[new] = True
        groups = self.instance.groups.take(new)
        members = np.append(self.instance.city_of, NOBODY)[groups.members_array()].astype(np.int64)
        topics = groups.topic.astype(np.int64)
        self._members = np.concatenate([self._members, members])
        self._topics = np.concatenate([self._topics, topics])
        times = [cut.times(members, topics) for cut in self.cuts]
        rows_of_cuts = [np.where(count > 0, self._first_cut + k, NOBODY) for k, count in enumerate(times)]
        entries = np.column_stack([members, self.instance.n_cities + topics, *rows_of_cuts])
        there = entries != NOBODY
        values = np.column_stack([np.ones((len(new), 4)), *times])[there]
        starts = np.concatenate([[0], np.cumsum(there.sum(axis=1))])[:-1].astype(np.int32)
        index = entries[there].astype(np.int32)
        cost = groups.worth + self.instance.tie_breakers(new)
        # No upper bound of its own: a city's row keeps it at one already, and a bound would hide a price.
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

    def add_cuts(self, cuts: Sequence[Cut]) -> None:
        """Add rows that hold for every selection, so they stay."""
        for cut in cuts:
            times = cut.times(self._members, self._topics)
            having = np.flatnonzero(times)
            index, values = (self.first_group + having).astype(np.int32), times[having].astype(np.float64)
            if cut.shortfall is not None:
                index, values = np.append(index, np.int32(cut.shortfall)), np.append(values, 1.0)
            lower, upper = np.array([cut.lower]), np.array([cut.upper])
            self.highs.addRows(1, lower, upper, len(index), np.zeros(1, np.int32), index, values)
            self.cuts.append(cut)

    def counted(self, solved: MasterSolution, cuts: Sequence[Cut]) -> list[float]:
        """How much counts in each of some cuts, which need not be rows yet."""
        parts = solved.variables[self.first_group :]
        chosen = np.flatnonzero(parts > INTEGRALITY)
        return [float(parts[chosen] @ cut.times(self._members[chosen], self._topics[chosen])) for cut in cuts]

    def extend(self, instance: Instance) -> None:
        """Take the same instance with more groups appended."""
        self.known = np.append(self.known, np.zeros(len(instance.groups) - len(self.known), bool))
        self.instance, self.layout = instance, MasterLayout(instance)

    def set_costs(self, worth: Floats) -> None:
        """Give the known groups another worth, in the order of `columns`."""
        index = np.arange(self.first_group, self.first_group + len(self.columns), dtype=np.int32)
        self.highs.changeColsCost(len(index), index, worth)

    def set_bounds(self, bounds: Bounds) -> None:
        """Set the bounds of some variables and cuts."""
        columns = {variable: pair for variable, pair in bounds.items() if variable >= 0}
        if columns:
            index = np.array(list(columns), np.int32)
            lower, upper = (np.array([pair[k] for pair in columns.values()]) for k in (0, 1))
            self.highs.changeColsBounds(len(index), index, lower, upper)
        for key, (lowest, highest) in bounds.items():
            if key < 0:
                self.highs.changeRowBounds(self._first_cut + cut_number(key), lowest, highest)

    def own_bounds(self, key: int) -> tuple[float, float]:
        """The bounds a variable or cut has when nothing is imposed on it."""
        if key < 0:
            return (cut := self.cuts[cut_number(key)]).lower, cut.upper
        return self.layout.own_bounds(key, self._infinity)

    def restore_bounds(self, keys: Iterable[int]) -> None:
        """Give some variables and cuts their own bounds back."""
        self.set_bounds({key: self.own_bounds(key) for key in keys})

    def move_bounds(self, base: Bounds, left: Bounds, entered: Bounds) -> None:
        """Go from the bounds of one node of a search to those of another, both beside the bounds `base`."""
        gone = [key for key in left if key not in entered]
        self.restore_bounds(key for key in gone if key not in base)
        self.set_bounds({key: base[key] for key in gone if key in base})
        self.set_bounds({key: bounds for key, bounds in entered.items() if left.get(key) != bounds})

    @property
    def is_settled(self) -> bool:
        """Whether the last solution is an optimum, or none exists."""
        return self.highs.getModelStatus() in self._settled

    def solve_whole(self) -> MasterSolution | None:
        """The best whole solution found by HiGHS' own integer solver; None where it found none."""
        self.highs.run()
        found = self.highs.getInfo().primal_solution_status == FEASIBLE
        return self._solution() if found else None

    def solve(self, method: int = DUAL) -> MasterSolution | None:
        """Solve from where the solver stood last; None where the bounds cannot hold.

        After new bounds the last prices still hold, so the dual method is short; after new groups the last
        selection does, so the primal is. Raises `ArithmeticError` where HiGHS settles neither an optimum nor
        infeasibility: taken for "nothing fits" that would make a proof of what is none.
        """
        for attempt in (method, PRIMAL + DUAL - method, DUAL):
            self.highs.setOptionValue("simplex_strategy", attempt)
            self.highs.run()
            iterations = max(0, self.highs.getInfo().simplex_iteration_count)
            self.work += (SOLVE + iterations) * (1 + len(self.columns) // COLUMNS_AT_ONCE)
            status = self.highs.getModelStatus()
            if status in self._settled:
                break
            self.highs.clearSolver()
        if status not in self._settled:
            raise ArithmeticError(
                f"the solver ended with {self.highs.modelStatusToString(status)} instead of an optimum"
            )
        return self._solution() if status == self._optimal else None

    def _solution(self) -> MasterSolution:
        solution = self.highs.getSolution()
        duals = np.array(solution.row_dual)
        return MasterSolution(
            value=self.highs.getInfo().objective_function_value,
            variables=np.array(solution.col_value),
            prices=duals[: self.layout.topics.stop],
            cut_prices=duals[self._first_cut :],
            counted=np.array(solution.row_value)[self._first_cut :],
            city_costs=self._city_costs(np.array(solution.col_value), np.array(solution.col_dual)),
            duals=duals,
        )

    def _city_costs(self, values: Floats, reduced: Floats) -> Floats:
        """Reduced costs of the cities that are not selected at all; for all others 0."""
        if len(reduced) == 0:  # the integer solver answers without prices
            return np.zeros(self.instance.n_cities)
        return np.where(
            values[self.layout.cities] <= INTEGRALITY, np.minimum(reduced[self.layout.cities], 0.0), 0.0
        )

    def basis(self) -> object:
        """Where the solver stands, to come back to; good until a group or a cut is added."""
        return self.highs.getBasis()

    def start_from(self, basis: object) -> None:
        """Go back to where the solver stood."""
        self.highs.setBasis(basis)

    def selection(self, solved: MasterSolution) -> tuple[int, ...] | None:
        """The groups chosen (positions in the instance, sorted); None if any is chosen in part."""
        parts = solved.variables[self.first_group :]
        if np.abs(parts - np.rint(parts)).max(initial=0.0) > INTEGRALITY:
            return None
        return tuple(sorted(self.columns[k] for k in np.flatnonzero(parts > 0.5)))

    def all_met(self, solved: MasterSolution) -> bool:
        """Whether every required city is selected."""
        return bool(solved.variables[self.layout.unmet].max(initial=0.0) <= INTEGRALITY)
