"""The best selection, with a proof: column generation, and the integer optimum among the groups that could be in a better one.

The relaxation gives a bound and a price for every city and topic. A group whose worth falls short of its prices by more than the distance from
the bound to the best known selection cannot be in a better selection (its reduced cost says how much any selection with it loses against the
bound); all others are made known, so the optimum over the known groups is the optimum over all. Belongs here: solving an `Instance`, as it is
and with small changes. Must stay out: what the numbers stand for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tasks.matchmaking.cuts import violated_cuts
from tasks.matchmaking.groups import NOBODY, Prices, join
from tasks.matchmaking.instance import Instance
from tasks.matchmaking.integer import integer_optimum
from tasks.matchmaking.relaxation import DUAL, PRIMAL, Bounds, Cut, Floats, Relaxation, Relaxed, Rows
from tasks.matchmaking.search import NOTHING, TOLERANCE, Found, dive, search

CUT_ROUNDS = 12
"""Times the relaxation is cut before branching."""
LONG_LOOK = 300
"""Relaxations spent on the proof before HiGHS' own integer solver, with its cuts, takes over."""
GOOD_ENOUGH = 1e-3
"""Share of the bound within which a selection is good enough where the groups are too many to hold (it is then said to be within that gap)."""
PER_FIRST = 8
"""Groups of one topic and first member taken from one enumeration under prices."""


@dataclass(frozen=True)
class Solution:
    """The chosen groups (positions in the instance's), objective and a proven upper bound in steps, and what it took.

    `chosen` is None where the obligations cannot be met together.
    """

    chosen: tuple[int, ...] | None
    objective: float
    bound: float
    columns: int = 0
    iterations: int = 0


@dataclass(frozen=True)
class Change:
    """What is asked beyond the instance: city numbers that must be chosen, positions of groups that must not."""

    must: Sequence[int] = ()
    without: Sequence[int] = ()


class Solver:
    """Solves one instance, and then, from where it stands, the instance with small changes."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.relaxation = Relaxation(instance)
        self.relaxation.add(_first_groups(instance))
        self.iterations = 0
        self._cut_rows: dict[Cut, tuple[Rows, npt.NDArray[np.int64]]] = {}

    def best(self, change: Change | None = None) -> Solution:
        """The best selection under a change (none: of the instance) and the proof that it is."""
        base = self._bounds(change or Change())
        self.relaxation.bound(base)
        try:
            return self._best(base, change or Change())
        finally:
            self.relaxation.free(base)

    def _bounds(self, change: Change) -> Bounds:
        relaxation = self.relaxation
        relaxation.add(np.array(sorted(change.without), np.intp))
        columns = {row: relaxation.first_group + k for k, row in enumerate(relaxation.columns)} if change.without else {}
        return dict.fromkeys(change.must, (1.0, 1.0)) | {columns[row]: (0.0, 0.0) for row in change.without}

    def _best(self, base: Bounds, change: Change) -> Solution:
        relaxed = self._priced_out(change)
        if relaxed is None:
            return self._solution(NOTHING, 0.0, change)
        whole = self.relaxation.selection(relaxed)
        if whole is not None:
            return self._solution(Found(whole, relaxed.value, True), relaxed.value, change)
        found = dive(self.relaxation, base, relaxed)
        if not self.instance.complete and found.objective >= relaxed.value * (1 - GOOD_ENOUGH):
            return self._solution(found, relaxed.value, change)
        self.relaxation.add(self._could_be_better(relaxed, found.objective))
        found = self._proven(base, found)
        if not found.exhausted:
            found = integer_optimum(self.instance, self._could_be_better(relaxed, found.objective), change.must, change.without, found)
        return self._solution(found, found.objective, change)

    def _proven(self, base: Bounds, found: Found) -> Found:
        """The best selection of the known groups: cuts first, then branches."""
        for _ in range(CUT_ROUNDS):
            relaxed = self.relaxation.solve()
            if relaxed is None or relaxed.value <= found.objective + TOLERANCE:
                return replace(found, exhausted=True)
            whole = self.relaxation.selection(relaxed)
            if whole is not None:
                return Found(whole, relaxed.value, True)
            cuts = violated_cuts(self.relaxation, relaxed)
            if not cuts:
                break
            self.relaxation.cut(cuts)
        return search(self.relaxation, base, found, LONG_LOOK)

    def _solution(self, found: Found, bound: float, change: Change) -> Solution:
        met = found.chosen is not None and self._covers(found.chosen, {*self.instance.must, *change.must})
        return Solution(found.chosen if met else None, found.objective, bound, len(self.relaxation.columns), self.iterations)

    def _covers(self, chosen: tuple[int, ...], cities: set[int]) -> bool:
        return cities <= {int(self.instance.city_of[i]) for row in chosen for i in self.instance.groups.members(row)}

    def _priced_out(self, change: Change) -> Relaxed | None:
        """Solve the relaxation over all groups: make groups known that are worth more than their prices until there are none."""
        method = DUAL
        while True:
            self.iterations += 1
            relaxed = self.relaxation.solve(method)
            method = PRIMAL
            if relaxed is None:
                return None
            reduced = self._reduced_costs(relaxed)
            reduced[list(change.without)] = -math.inf
            reduced[self.relaxation.known] = -math.inf
            # Tie-breakers add less than one step, so a group short of its prices by less than a step may still be worth more.
            better = np.flatnonzero(reduced > -1.0)
            most = 2 * self.instance.n_cities
            if len(better) > most:
                better = better[np.argpartition(-reduced[better], most)[:most]]
            if not self.relaxation.add(np.sort(better)) and not self._enumerated(relaxed.prices):
                return relaxed

    def _enumerated(self, prices: Floats) -> bool:
        """Where not all groups are held: hold more that are worth more than their prices; False where there are none."""
        if self.instance.complete:
            return False
        of_applicant, of_topic = self._split(prices)
        more = self.instance.worth_more(Prices(of_applicant[:-1], of_topic, TOLERANCE), PER_FIRST)
        if len(more) == 0:
            return False
        first_new = len(self.instance.groups)
        self.instance = replace(self.instance, groups=join([self.instance.groups, more]))
        self.relaxation.extend(self.instance)
        return self.relaxation.add(np.arange(first_new, first_new + len(more))) > 0

    def _could_be_better(self, relaxed: Relaxed, known: float) -> Rows:
        """Groups that a selection better than `known` could have."""
        if not math.isfinite(known):
            return np.arange(len(self.instance.groups))
        return np.flatnonzero(self._reduced_costs(relaxed) >= known - relaxed.value - 1.0)

    def _reduced_costs(self, relaxed: Relaxed) -> Floats:
        """Worth of each group less the prices of its cities, its topic and the cuts it is in."""
        groups = self.instance.groups
        of_applicant, of_topic = self._split(relaxed.prices)
        paid = of_applicant[groups.first] + of_applicant[groups.second]
        paid += of_applicant[groups.third]
        paid += of_topic[groups.topic]
        for cut, price in zip(self.relaxation.cuts, relaxed.cut_prices, strict=False):  # cuts made since have no price yet
            if price:
                rows, times = self._in_cut(cut)
                paid[rows] += price * times
        reduced: Floats = groups.worth - paid
        return reduced

    def _in_cut(self, cut: Cut) -> tuple[Rows, npt.NDArray[np.int64]]:
        """Groups that count in a cut, and how often; found once."""
        if cut not in self._cut_rows:
            groups, city_of = self.instance.groups, np.append(self.instance.city_of, NOBODY)
            times = cut.all_times(np.column_stack([city_of[some] for some in (groups.first, groups.second, groups.third)]))
            rows = np.flatnonzero(times)
            self._cut_rows[cut] = rows, times[rows]
        return self._cut_rows[cut]

    def _split(self, prices: Floats) -> tuple[Floats, Floats]:
        """Prices by applicant (the last entry is nobody's: 0) and by topic."""
        return np.append(prices[self.instance.city_of], 0.0), prices[self.instance.n_cities :]


def _first_groups(instance: Instance) -> Rows:
    """The most valuable groups: enough for every city and topic to get a price."""
    n = min(len(instance.groups), 4 * instance.n_cities)
    return np.sort(np.argpartition(-instance.groups.worth, n - 1)[:n]) if n else np.zeros(0, np.intp)
