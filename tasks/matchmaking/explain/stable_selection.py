"""The best selection without blocking groups, and its price; or that there is none.

That a group k does not block is linear in the selection x, once it is known whether all twinnings and all
places are given out. Let OK be the groups that leave one of k's cities at least as well off as k does (or
without which somebody loses a place that must be kept). For each city i of k

    x(OK)  >=  x(groups with i that are not OK)

that is: who has less than k gives, is kept by another of k's cities. If nobody of k has a place, it fits only
where twinnings and places are left; four whole variables say that. Only rows that a solution breaks are added
(lazy constraints), first to the linear relaxation and then to HiGHS' integer program. Since that knows fewer
rows, what it proves holds for every selection without blocking groups; its first solution that none blocks is
the best.

The problem is NP-hard with groups of three, and there need be no such selection (C. Ng, D. S. Hirschberg,
Three-dimensional stable matching problems, SIAM J. Discrete Mathematics 4 (1991) 245-252).

Belongs here: the search, and dictionary STABLE_SELECTION. Must stay out: which groups block (`blocking.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import polars as pl

from programme.matchmaking import STEPS_PER_POINT
from programme.selection_vocabulary import StableOutcome
from tasks.matchmaking.certificate.certify import objective_of
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.explain.blocking import Wishes, ids, is_worked_out, twinning_at, wishes_of
from tasks.matchmaking.explain.unplaced import described
from tasks.matchmaking.solver.master_problem import INTEGRALITY, Floats, MasterProblem, MasterSolution, Rows
from tasks.matchmaking.solver.mip import INTEGER
from tasks.matchmaking.value.arrays import NOBODY, Flags
from warehouse.dictionary.blocking import STABLE_SELECTION

RELAXED_ROUNDS = 40
"""Times that rows are added to the linear relaxation."""
ROWS_AT_ONCE = 200
"""Groups whose rows are added to the relaxation at a time, the most violated first."""
NODES = 300
"""Nodes of HiGHS' integer solver between two looks at the rows."""
MOST_WORK = 12_000_000
"""Work of the integer program, each time the square of the number of groups; then what is known is told."""
VIOLATED = 1e-4
FULL, NO_PLACE, ONE_PLACE, TWO_PLACES = range(4)
"""Whole variables: all twinnings are given out; at most so many places are left."""
Row = tuple[float, Flags, Flags, dict[int, float]]
"""Lower bound, groups that count once, groups that count -1, and the coefficients of the whole variables."""


@dataclass(frozen=True)
class Stable:
    """What the search came to: positions of the groups of the best selection found that none blocks.

    `bound` is an objective that no such selection exceeds, in steps; minus infinity where there is none.
    """

    chosen: tuple[int, ...] | None
    bound: float


def best_stable(choice: Choice) -> Stable:
    """The best selection without blocking groups, as far as the limits of this module lead."""
    chosen, instance = choice.solution.chosen or (), choice.instance
    wishes = wishes_of(instance, choice.facts)
    if not wishes.blocking(chosen) and choice.solution.proven:
        return Stable(chosen, objective_of(instance, chosen))
    search = _Search(wishes)
    bound = search.relaxed()
    return Stable(None, bound) if math.isinf(bound) else search.whole(bound)


def stable_table(choice: Choice) -> pl.DataFrame:
    """Dictionary STABLE_SELECTION."""
    nothing: dict[str, object] = {"joins": "", "leaves": "", "twinnings": "", "proven": False}
    if not is_worked_out(choice):
        return STABLE_SELECTION.frame([nothing | {"outcome": "not_worked_out"}])
    found, before = best_stable(choice), choice.solution.chosen or ()
    best = objective_of(choice.instance, before)
    if math.isinf(found.bound):
        return STABLE_SELECTION.frame([nothing | {"outcome": "none", "proven": True}])
    at_least = max(0.0, best - math.floor(found.bound + INTEGRALITY)) / STEPS_PER_POINT
    if found.chosen is None:
        return STABLE_SELECTION.frame([nothing | {"outcome": "bounded", "price_at_least": at_least}])
    price = max(0.0, best - objective_of(choice.instance, found.chosen)) / STEPS_PER_POINT
    outcome: StableOutcome = "is_stable" if set(found.chosen) == set(before) else "found"
    had, has = (
        {i for k in some for i in choice.instance.groups.members(k)} for some in (before, found.chosen)
    )
    others = sorted(set(found.chosen) - set(before))
    row: dict[str, object] = {
        "outcome": outcome,
        "price": price,
        "price_at_least": min(at_least, price),
        "proven": at_least >= price,
        "joins": ids(has - had, choice.facts),
        "leaves": ids(had - has, choice.facts),
        "twinnings": "; ".join(described(twinning_at(choice, k), choice) for k in others),
    }
    return STABLE_SELECTION.frame([row])


class _Search:
    """The master problem over all groups, with the rows added so far."""

    def __init__(self, wishes: Wishes) -> None:
        self.wishes = wishes
        self.instance = replace(wishes.instance, breaks_ties=False)
        self.n = len(self.instance.groups)
        self.master = MasterProblem(self.instance)
        self.master.add_groups(np.arange(self.n))
        unmet = self.master.layout.unmet
        self.master.set_bounds(dict.fromkeys(range(unmet.start, unmet.stop), (0.0, 0.0)))
        self.first = self.master.first_group
        self.flags = self.first + self.n
        self._added: set[int] = set()
        self._add_flags()

    def _add_flags(self) -> None:
        """Each of the whole variables is 0 unless so many twinnings or places are given out."""
        highs, capacity, totals = self.master.highs, self.instance.capacity, self.master.layout.totals
        nothing = np.zeros(0, np.int32)
        highs.addCols(4, np.zeros(4), np.zeros(4), np.ones(4), 0, np.zeros(4, np.int32), nothing, np.zeros(0))
        least = [capacity.max_twinnings, *(capacity.max_cities - left for left in range(3))]
        for flag, many in enumerate(least):
            total = totals.start if flag == FULL else totals.start + 1
            self._row(0.0, [total, self.flags + flag], [1.0, -float(max(0, many))])

    def _row(self, lower: float, index: Sequence[int], values: Sequence[float]) -> None:
        bounds = np.array([lower]), np.array([math.inf])
        start = np.zeros(1, np.int32)
        self.master.highs.addRows(
            1, *bounds, len(index), start, np.array(index, np.int32), np.array(values, float)
        )

    def relaxed(self) -> float:
        """A bound on every selection that none blocks, from the linear relaxation."""
        bound = math.inf
        for _ in range(RELAXED_ROUNDS):
            solved = self.master.solve()
            if solved is None:
                return -math.inf
            bound = solved.value
            broken = self._broken(self._parts(solved))
            if not self._add(broken[:ROWS_AT_ONCE]):
                break
        return bound

    def whole(self, bound: float) -> Stable:
        """The best selection that none blocks, within the limits; `bound` is known before."""
        master, highs = self.master, self.master.highs
        for option, value in (
            ("presolve", "choose"),
            ("solver", "choose"),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", self.instance.least_gain),
            ("mip_max_nodes", NODES),
        ):
            highs.setOptionValue(option, value)
        whole = np.arange(self.first, self.flags + 4, dtype=np.int32)
        highs.changeColsIntegrality(len(whole), whole, np.full(len(whole), INTEGER, np.uint8))
        for _ in range(MOST_WORK // self.n**2):
            solved = master.solve_whole()
            if solved is None:
                return Stable(None, -math.inf if master.is_settled else bound)
            bound = min(bound, solved.value if master.is_settled else float(highs.getInfo().mip_dual_bound))
            chosen = tuple(int(k) for k in np.flatnonzero(self._parts(solved) > 0.5))
            blocking = self.wishes.blocking(chosen)
            if not blocking:
                return Stable(chosen, bound)
            if not self._add(blocking):
                raise ArithmeticError("the solver broke a row that it was given")
        return Stable(None, bound)

    def _parts(self, solved: MasterSolution) -> Floats:
        return solved.variables[self.first : self.first + self.n]

    def _add(self, groups: Sequence[int]) -> bool:
        """Add the rows of some groups; whether any of them was new."""
        new = [k for k in groups if k not in self._added]
        self._added.update(new)
        for k in new:
            for lower, plus, minus, flags in self._rows(k):
                ones, less = np.flatnonzero(plus), np.flatnonzero(minus)
                index = [*(self.first + ones), *(self.first + less), *(self.flags + f for f in flags)]
                self._row(lower, index, [*[1.0] * len(ones), *[-1.0] * len(less), *flags.values()])
        return bool(new)

    def _rows(self, k: int) -> Iterator[Row]:
        """What says that a group does not block."""
        every = np.arange(self.n)
        ok, having = (some[0] for some in self._told(np.array([k]), every))
        having = [one for one in having if one.any()]
        touch = np.any(having, axis=0)
        none = np.zeros(self.n, bool)
        left = TWO_PLACES if len(having) == 3 else ONE_PLACE
        yield 1.0, touch, none, {FULL: 1.0, left: 1.0}
        pairs = self.wishes.sizes == 2
        for one in having:
            # A three takes the place of a pair only where a place is left.
            yield 0.0, ok, one & ~ok & ~(pairs & (len(having) == 3)), {}
            if len(having) == 3:
                yield 0.0, ok, one & ~ok, {NO_PLACE: 1.0}
        for one, other in combinations(having, 2) if len(having) == 3 else ():
            yield -1.0, ok, (one ^ other) & ~ok, {}

    def _told(self, rows: Rows, groups: Rows) -> tuple[Flags, Flags]:
        """For some groups (rows) what others (columns) are to them: OK; and having each of their cities.

        The second array has an axis for the city of the row between the two.
        """
        cities, own, binds = self.wishes.cities, self.wishes.own, self.wishes.binds
        same = cities[rows][:, :, None, None] == cities[groups][None, None, :, :]
        same &= (cities[rows] != NOBODY)[:, :, None, None]
        enough = same & (own[groups][None, None, :, :] >= own[rows][:, :, None, None])
        having = same.any(axis=3)
        lost = (binds[groups][None, :, :] & ~same.any(axis=1)).any(axis=2)
        return enough.any(axis=(1, 3)) | (lost & having.any(axis=1)), having

    def _broken(self, parts: Floats) -> list[int]:
        """The groups whose rows a solution of the relaxation breaks, the most violated first."""
        there = np.flatnonzero(parts > INTEGRALITY)
        ok, having = self._told(np.arange(self.n), there)
        x, sizes, capacity = parts[there], self.wishes.sizes, self.instance.capacity
        three = sizes == 3
        twinnings, places = float(x.sum()), float(sizes[there] @ x)
        full = min(1.0, twinnings / max(1, capacity.max_twinnings))
        given = [min(1.0, places / max(1, capacity.max_cities - left)) for left in range(3)]
        good = (ok * x).sum(axis=1)
        worse = having & ~ok[:, None, :]
        broken = 1.0 - (having.any(axis=1) * x).sum(axis=1) - full - np.where(three, given[2], given[1])
        sums = (worse * x).sum(axis=2)
        pairs = (worse * (x * (sizes[there] == 2))).sum(axis=2)
        of_one = np.where(three[:, None], np.maximum(sums - pairs, sums - given[0]), sums)
        broken = np.maximum(broken, (of_one - good[:, None]).max(axis=1))
        worst = np.argsort(-broken, kind="stable")
        return [int(k) for k in worst[: int((broken > VIOLATED).sum())]]
