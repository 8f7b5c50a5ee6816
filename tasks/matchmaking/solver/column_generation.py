"""Column generation: the best selection of an instance, with a proof.

The master problem gives a bound and a price for every city and topic. A group whose worth falls short of its
prices by more than the distance from the bound to the incumbent cannot be in a better selection. All other
groups are priced in, so the optimum over the known groups is the optimum over all.

Belongs here: solving an `Instance` that holds all its groups, as it is and under small restrictions. Must
stay out: what the numbers stand for, and calls with too many groups to hold
(`tasks/matchmaking/solver/large/`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from tasks.matchmaking.solver.branch_and_bound import MOST_WORK, search
from tasks.matchmaking.solver.diving import dive
from tasks.matchmaking.solver.incumbent import NO_INCUMBENT, TOLERANCE, Incumbent
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.master_problem import (
    DUAL,
    PRIMAL,
    Bounds,
    Floats,
    MasterProblem,
    MasterSolution,
    Rows,
)
from tasks.matchmaking.solver.mip import integer_optimum
from tasks.matchmaking.solver.pricing import SLACK, ColumnPool, ImprovingColumns
from tasks.matchmaking.solver.restriction import NO_RESTRICTION, Restriction
from tasks.matchmaking.solver.separation import branching_counts, violated_cuts

CUT_ROUNDS = 15
"""Times the master problem is cut before branching."""
FIRST_GROUPS, PRICED_GROUPS = 8, 4
"""Groups made known for each city that can be selected, at the start and after each pricing (at least two and
one for each that applied): fewer would need more pricings, more would slow the master problem down.
"""
MOST_TIED = 5_000
"""Groups that could be in a selection of the same worth, up to which ties are broken."""
FIRST_NODES, NODES = 30, 400
"""Nodes of our search among the known groups, for a good selection, and of the one for the proof, before
HiGHS' own integer solver takes over.
"""


@dataclass(frozen=True)
class ProvenSolution:
    """The chosen groups and a proof of how good they are.

    `chosen` are positions in the instance's groups, None where the obligations cannot be met together;
    `objective` and the proven upper `bound` are in steps, tie-breakers included. It took `columns` known
    groups and `iterations` solutions of the master problem.
    """

    chosen: tuple[int, ...] | None
    objective: float
    bound: float
    columns: int = 0
    iterations: int = 0

    @property
    def proven(self) -> bool:
        """Whether nothing worth a step more can exist."""
        return worth_the_same(self.bound, self.objective)


@dataclass(frozen=True)
class Limits:
    """How long a solver searches; without limits until the proof is done.

    `nodes` are those of HiGHS' own integer solver (None: any number), which takes over after the `searched`
    nodes of ours. Work is
    counted in simplex iterations, so that an answer never depends on the machine; `out_of_time` asks a clock
    beside that. Whoever looks on is told the bound and the best objective so far (in steps) by `progress`.
    """

    nodes: int | None = None
    searched: int = NODES
    out_of_time: Callable[[], bool] = lambda: False
    progress: Callable[[float, float], None] = lambda _bound, _best: None


NO_LIMITS = Limits()


def worth_the_same(bound: float, objective: float) -> bool:
    """Whether a bound is within the same step as an objective: what is left are tie-breakers."""
    known = math.isfinite(objective)
    return known and math.floor(bound + TOLERANCE) <= math.floor(objective + TOLERANCE)


class ColumnGeneration:
    """Solves one instance, and then, from where it stands, the instance under small restrictions.

    `work` is what that took so far, in simplex iterations. After `most_pricings` no more groups are priced in
    where all they could add are tie-breakers: many applicants are alike then.
    """

    most_pricings: int = 30

    def __init__(self, instance: Instance, limits: Limits = NO_LIMITS) -> None:
        self.instance, self.limits, self.work = instance, limits, 0
        self.master = MasterProblem(instance)
        self.master.add_groups(_first_groups(instance))
        self.iterations = 0
        self._all = ColumnPool(instance)
        self._unpriced = 0.0

    def best(self, restriction: Restriction = NO_RESTRICTION) -> ProvenSolution:
        """The best selection under a restriction (none: of the instance) and the proof that it is."""
        base, before = self._bounds(restriction), self.master.work
        self.master.set_bounds(base)
        incumbent, bound = self._best(base, restriction)
        self.work += self.master.work - before
        self.master.restore_bounds(base)
        required = {*self.instance.required, *restriction.required}
        met = incumbent.chosen is not None and self._covers(incumbent.chosen, required)
        return ProvenSolution(
            incumbent.chosen if met else None,
            incumbent.objective,
            bound,
            len(self.master.columns),
            self.iterations,
        )

    def priced_out(self) -> MasterSolution | None:
        """The solution of the master problem over all groups, with all cuts; None where decisions clash."""
        solved = self._root(NO_RESTRICTION)
        return None if solved is None else replace(solved, value=self._bound(solved))

    def _bound(self, solved: MasterSolution) -> float:
        """What no selection exceeds: the last solution, and what groups that are not known could add."""
        return solved.value + self._unpriced

    def _bounds(self, restriction: Restriction) -> Bounds:
        """The bounds that hold a restriction; the excluded groups have to be known for that."""
        if not restriction.excluded:
            return restriction.bounds
        master = self.master
        master.add_groups(np.array(sorted(restriction.excluded), np.intp))
        columns = {row: master.first_group + k for k, row in enumerate(master.columns)}
        return {**restriction.bounds, **{columns[row]: (0.0, 0.0) for row in restriction.excluded}}

    def _covers(self, chosen: tuple[int, ...], cities: set[int]) -> bool:
        groups, city_of = self.instance.groups, self.instance.city_of
        return cities <= {int(city_of[i]) for row in chosen for i in groups.members(row)}

    def _best(self, base: Bounds, restriction: Restriction) -> tuple[Incumbent, float]:
        """The best selection and its bound: price out, dive, and prove where the two differ."""
        solved = self._root(restriction)
        if solved is None:
            return NO_INCUMBENT, -math.inf
        incumbent = dive(self.master, base, solved)
        self.limits.progress(self._bound(solved), incumbent.objective)
        if incumbent.objective >= self._bound(solved) - self.instance.least_gain:
            return incumbent, incumbent.objective
        return self._proven(base, restriction, solved, incumbent)

    def _root(self, restriction: Restriction) -> MasterSolution | None:
        """The solution of the master problem over all groups; None where the bounds cannot hold."""
        return self._priced_out(self._all, restriction)

    def _proven(
        self, base: Bounds, restriction: Restriction, solved: MasterSolution, incumbent: Incumbent
    ) -> tuple[Incumbent, float]:
        """Close the gap between incumbent and bound: cut, dive again, search what could improve."""
        improving = self._improving(self._all, solved, incumbent)
        if self._only_ties_left(solved, incumbent, improving):
            return incumbent, self._bound(solved)
        tighter, incumbent = self._cut_down(improving.pool, base, restriction, solved, incumbent)
        if tighter is None:
            return incumbent, incumbent.objective
        bound = self._bound(tighter)
        self.limits.progress(bound, incumbent.objective)
        improving = self._improving(improving.pool, tighter, incumbent)
        if self._only_ties_left(tighter, incumbent, improving):
            return incumbent, bound
        incumbent = self._searched(improving, restriction, incumbent)
        bound = incumbent.objective if incumbent.exhausted else bound
        self.limits.progress(bound, incumbent.objective)
        return incumbent, bound

    def _only_ties_left(
        self, solved: MasterSolution, incumbent: Incumbent, improving: ImprovingColumns
    ) -> bool:
        """Whether nothing is worth more than the incumbent, and too many groups are worth as much.

        That is so where many applicants are alike. Then the first best selection is taken, since all others
        would have to be compared to find the one with the largest tie-breakers.
        """
        return worth_the_same(self._bound(solved), incumbent.objective) and len(improving.rows) > MOST_TIED

    def _improving(self, pool: ColumnPool, solved: MasterSolution, incumbent: Incumbent) -> ImprovingColumns:
        improving = ImprovingColumns(pool, solved, tuple(self.master.cuts), self._unpriced)
        return improving.beyond(incumbent.objective)

    def _searched(
        self, improving: ImprovingColumns, restriction: Restriction, incumbent: Incumbent
    ) -> Incumbent:
        """The best of the incumbent and all selections of improving groups.

        The search has a master problem of its own that knows only these, since most groups that became known
        on the way are not among them.
        """
        improving = improving.without(restriction.excluded)
        master, base = MasterProblem(self.instance), restriction.bounds
        master.add_groups(improving.rows[self.master.known[improving.rows]])
        master.add_cuts([*improving.cuts, *branching_counts(master)])
        master.set_bounds(base)
        bound, known = improving.solved.value + improving.unpriced, incumbent.objective

        def stop() -> bool:
            self.limits.progress(bound, known)
            return self.limits.out_of_time()

        first, most = min(FIRST_NODES, self.limits.searched), self.limits.searched
        found = search(master, base, incumbent, first, stop=stop)
        found = search(master, base, found, most, improving.beyond(found.objective), stop)
        self.work += master.work
        if found.exhausted or self.limits.nodes == 0 or master.work >= MOST_WORK or stop():
            return found
        left = improving.beyond(found.objective).rows
        return integer_optimum(self.instance, left, restriction, found, self.limits.nodes)

    def _cut_down(
        self,
        pool: ColumnPool,
        base: Bounds,
        restriction: Restriction,
        solved: MasterSolution,
        incumbent: Incumbent,
    ) -> tuple[MasterSolution | None, Incumbent]:
        """Cut the master problem and dive again from there; no solution where nothing better can be left."""
        now: MasterSolution | None = solved
        for _ in range(CUT_ROUNDS):
            cuts = violated_cuts(self.master, solved)
            if not cuts:
                break
            self.master.add_cuts(cuts)
            now = self._priced_out(pool, restriction)
            if now is None or self._bound(now) <= incumbent.objective + self.instance.least_gain:
                return None, incumbent
            solved = now
        again, least = dive(self.master, base, solved), self.instance.least_gain
        incumbent = max(incumbent, again, key=lambda one: one.objective)
        return (None if incumbent.objective >= self._bound(solved) - least else solved), incumbent

    def _priced_out(
        self, pool: ColumnPool, restriction: Restriction, method: int = DUAL
    ) -> MasterSolution | None:
        """Solve the master problem over all groups of a pool.

        Groups that are worth more than their prices are made known until there are none. `method` is the
        simplex method of the first solution.
        """
        held_back = np.zeros(len(self.master.known), bool)
        held_back[list(restriction.excluded)] = True
        self._unpriced = 0.0
        for pricing in count():
            self.iterations += 1
            solved = self.master.solve(method)
            if solved is None:
                return None
            method = PRIMAL
            reduced = pool.reduced_costs(solved, self.master.cuts)
            better = np.flatnonzero(reduced > -SLACK)
            positions = pool.positions(better)
            new = ~(self.master.known[positions] | held_back[positions])
            if pricing >= self.most_pricings and new.any():
                more = self.instance.capacity.max_twinnings * float(reduced[better[new]].max())
                if worth_the_same(solved.value + more, solved.value):
                    self._unpriced = max(0.0, more)
                    return solved
            if not self.master.add_groups(most_reduced(positions[new], reduced[better[new]], self._at_once)):
                return solved
        return None

    @property
    def _at_once(self) -> int:
        """Groups made known at a time."""
        return max(self.instance.n_cities, PRICED_GROUPS * self.instance.capacity.max_cities)


def most_reduced(positions: Rows, reduced: Floats, most: int) -> Rows:
    """The positions of the `most` largest reduced costs, in order of position."""
    return np.sort(positions if len(positions) <= most else positions[np.argpartition(-reduced, most)[:most]])


def _first_groups(instance: Instance) -> Rows:
    """The most valuable groups: enough for every city and topic to get a price."""
    worth = instance.groups.worth
    n = min(len(worth), max(2 * instance.n_cities, FIRST_GROUPS * instance.capacity.max_cities))
    return np.sort(np.argpartition(-worth, n - 1)[:n]) if n else np.zeros(0, np.intp)
