"""The best selection, with a proof: column generation, and the integer optimum among the groups that could be
in a better one.

The relaxation gives a bound and a price for every city and topic. A group whose worth falls short of its
prices by more than the distance from the bound to the best known selection cannot be in a better selection;
all others are made known, so the optimum over the known groups is the optimum over all. Belongs here: solving
an `Instance`, as it is and with small changes. Must stay out: what the numbers stand for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tasks.matchmaking.solver.branch_and_bound import NOTHING, TOLERANCE, Incumbent, dive, search
from tasks.matchmaking.solver.cuts import counts, violated_cuts
from tasks.matchmaking.solver.groups import Groups, Prices, join
from tasks.matchmaking.solver.instance import MOST_GROUPS, Instance
from tasks.matchmaking.solver.master_problem import DUAL, PRIMAL, Bounds, Relaxation, Relaxed, Rows
from tasks.matchmaking.solver.mip import integer_optimum
from tasks.matchmaking.solver.pricing import SLACK, Near, Pool

CUT_ROUNDS = 15
"""Times the relaxation is cut before branching."""
_FIRST, _PRICED = 8, 4
"""Groups made known for each city that can be selected, at the start and after each pricing (at least two and
one for each that applied): fewer would need more pricings, more would slow every relaxation.
"""
FIRST_NODES, NODES = 30, 400
"""Nodes of our search among the known groups, for a good selection, and of the one for the proof, before
HiGHS' own integer solver takes over.
"""
GOOD_ENOUGH = 1e-3
"""Share of the bound within which a selection is good enough where the groups are too many to hold (it is
then said to be within that gap).
"""
PARTNERS = 48
"""Of so many partners each, threes are enumerated under prices before all are."""
PER_FIRST = 8
"""Groups of one topic and first member taken from one enumeration under prices."""
NEARLY = 64.0
"""A group this many steps (a point) short of its prices is nearly worth them."""


@dataclass(frozen=True)
class Solution:
    """The chosen groups (positions in the instance's), objective and a proven upper bound in steps, and what
    it took.

    `chosen` is None where the obligations cannot be met together.
    """

    chosen: tuple[int, ...] | None
    objective: float
    bound: float
    columns: int = 0
    iterations: int = 0


@dataclass(frozen=True)
class Change:
    """What is asked beyond the instance: city numbers that must be chosen, positions of groups that must
    not.
    """

    must: Sequence[int] = ()
    without: Sequence[int] = ()


class Solver:
    """Solves one instance, and then, from where it stands, the instance with small changes."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.relaxation = Relaxation(instance)
        self.relaxation.add(_first_groups(instance))
        self.iterations = 0
        self._all = Pool(instance)
        self._few_are_not_enough = False

    def best(self, change: Change | None = None) -> Solution:
        """The best selection under a change (none: of the instance) and the proof that it is."""
        change = change or Change()
        base = self._bounds(change)
        self.relaxation.bound(base)
        found, bound = self._best(base, change)
        self.relaxation.free(base)
        met = found.chosen is not None and self._covers(found.chosen, {*self.instance.must, *change.must})
        return Solution(
            found.chosen if met else None,
            found.objective,
            bound,
            len(self.relaxation.columns),
            self.iterations,
        )

    def _bounds(self, change: Change) -> Bounds:
        relaxation = self.relaxation
        relaxation.add(np.array(sorted(change.without), np.intp))
        columns = (
            {row: relaxation.first_group + k for k, row in enumerate(relaxation.columns)}
            if change.without
            else {}
        )
        return dict.fromkeys(change.must, (1.0, 1.0)) | {columns[row]: (0.0, 0.0) for row in change.without}

    def _covers(self, chosen: tuple[int, ...], cities: set[int]) -> bool:
        return cities <= {
            int(self.instance.city_of[i]) for row in chosen for i in self.instance.groups.members(row)
        }

    def _best(self, base: Bounds, change: Change) -> tuple[Incumbent, float]:
        """The best selection and its bound: relax, look for a good selection, cut, look again, and search
        among what could be better.
        """
        relaxed = self._priced_out(self._all, change)
        if relaxed is None:
            return NOTHING, 0.0
        found = dive(self.relaxation, base, relaxed)
        if found.objective >= relaxed.value - TOLERANCE:
            return found, found.objective
        if not self.instance.complete:
            return self._best_of_many(change, relaxed, found)
        near = Near(self._all, relaxed, tuple(self.relaxation.cuts)).than(found.objective)
        relaxed, found = self._cut_down(near.pool, base, change, relaxed, found)
        if relaxed is None:
            return found, found.objective
        near = Near(near.pool, relaxed, tuple(self.relaxation.cuts)).than(found.objective)
        found = self._searched(near, change, found)
        return found, found.objective

    def _searched(self, near: Near, change: Change, found: Incumbent) -> Incumbent:
        """Nothing better than what this answers exists among the groups that are near.

        In a relaxation of its own that knows only these, for most that became known on the way are not among
        them.
        """
        near = near.without(change.without)
        relaxation, base = Relaxation(self.instance), dict.fromkeys(change.must, (1.0, 1.0))
        relaxation.add(near.rows[self.relaxation.known[near.rows]])
        relaxation.cut([*near.cuts, *counts(relaxation)])
        relaxation.bound(base)
        found = search(relaxation, base, found, FIRST_NODES)
        found = search(relaxation, base, found, NODES, near.than(found.objective))
        if found.exhausted:
            return found
        return integer_optimum(
            self.instance, near.than(found.objective).rows, change.must, change.without, found
        )

    def _best_of_many(self, change: Change, relaxed: Relaxed, found: Incumbent) -> tuple[Incumbent, float]:
        """Where not all groups are held: what was found if that is good enough, else the best among all
        groups that could be in a better one.

        Those are an instance of their own, so that its cuts stay out of this relaxation, under whose prices
        groups are enumerated. Where even they are too many, what was found is within the gap that is told.
        """
        if found.chosen is None:
            found = self._searched_among_known(change)
        if found.objective >= relaxed.value * (1 - GOOD_ENOUGH):
            return found, relaxed.value
        near = self.instance.worth_more(
            self._prices(relaxed, found.objective - relaxed.value - SLACK), most=MOST_GROUPS
        )
        if near is None:
            return found, relaxed.value
        held = self.instance.groups
        near = join([near, held.take(self._all.could_be_better(relaxed, [], found.objective))])
        near = near.take(~near.among(held.take(np.array(change.without, np.intp)))).distinct()
        best = Solver(replace(self.instance, groups=near, complete=True)).best(Change(change.must))
        if best.chosen is None or best.objective <= found.objective + TOLERANCE:
            return found, max(found.objective, best.bound)
        chosen = near.take(np.array(best.chosen, np.intp))
        self._hold(chosen)
        positions = np.flatnonzero(self.instance.groups.among(chosen))
        return Incumbent(tuple(positions.tolist()), best.objective, True), best.bound

    def _searched_among_known(self, change: Change) -> Incumbent:
        """Some selection, where the dive gave up: else none would be taken for decisions that cannot hold
        together.
        """
        known, base = np.flatnonzero(self.relaxation.known), dict.fromkeys(change.must, (1.0, 1.0))
        relaxation = Relaxation(self.instance)
        relaxation.add(np.setdiff1d(known, np.array(change.without, np.intp)))
        relaxation.bound(base)
        return search(relaxation, base, NOTHING, NODES)

    def _cut_down(
        self, pool: Pool, base: Bounds, change: Change, relaxed: Relaxed, found: Incumbent
    ) -> tuple[Relaxed | None, Incumbent]:
        """Cut the relaxation and look for a better selection from there; no relaxation where nothing better
        can be left.
        """
        now: Relaxed | None = relaxed
        for _ in range(CUT_ROUNDS):
            cuts = violated_cuts(self.relaxation, relaxed)
            if not cuts:
                break
            self.relaxation.cut(cuts)
            now = self._priced_out(pool, change)
            if now is None or now.value <= found.objective + TOLERANCE:
                return None, found
            relaxed = now
        again = dive(self.relaxation, base, relaxed)
        found = max(found, again, key=lambda one: one.objective)
        return (None if found.objective >= relaxed.value - TOLERANCE else relaxed), found

    def _priced_out(self, pool: Pool, change: Change) -> Relaxed | None:
        """Solve the relaxation over all groups of a pool: make groups known that are worth more than their
        prices until there are none.
        """
        method, held_back = DUAL, np.zeros(len(self.relaxation.known), bool)
        held_back[list(change.without)] = True
        while True:
            self.iterations += 1
            relaxed = self.relaxation.solve(method)
            if relaxed is None:
                return None
            method = PRIMAL
            reduced = pool.reduced_costs(relaxed, self.relaxation.cuts)
            better = np.flatnonzero(reduced > -SLACK)
            positions = pool.positions(better)
            new = ~(self.relaxation.known[positions] | held_back[positions])
            added = self.relaxation.add(_most(positions[new], reduced[better[new]], self._at_once))
            if not added and (self.instance.complete or not self._enumerated(relaxed, change)):
                return relaxed
            if len(held_back) < len(self.relaxation.known):
                pool, held_back = (
                    self._all,
                    np.append(held_back, np.zeros(len(self.relaxation.known) - len(held_back), bool)),
                )

    def _enumerated(self, relaxed: Relaxed, change: Change) -> bool:
        """Where not all groups are held: hold more that are worth more than their prices; False where there
        are none.

        Looked for among few partners first, which is fast and mostly enough, and among all once that brings
        little more. Those that are nearly worth their prices are held too: they may be worth more under the
        next.
        """
        out = self.instance.groups.take(np.array(change.without, np.intp))
        for partners, enough in ((PARTNERS, self.instance.n_cities // 100), (None, 0)):
            if partners is not None and self._few_are_not_enough:
                continue
            # those that are ruled out may stand before others
            more = self.instance.worth_more(
                self._prices(relaxed, -NEARLY, partners), PER_FIRST + len(change.without)
            ) or join([])
            more = more.take(~more.among(out))
            reduced = Pool(replace(self.instance, groups=more)).reduced_costs(relaxed, [])
            if int((reduced > TOLERANCE).sum()) > enough:
                new = self._hold(more)
                reduced = Pool(self.instance, new).reduced_costs(relaxed, [])
                better = np.flatnonzero(reduced > TOLERANCE)
                return self.relaxation.add(_most(new[better], reduced[better], self._at_once)) > 0
            self._few_are_not_enough = True
        return False

    def _hold(self, more: Groups) -> Rows:
        """Hold those groups that are not held yet, and say where; each is held once, or ruling it out would
        not.
        """
        first_new = len(self.instance.groups)
        more = more.take(~more.among(self.instance.groups))
        self.instance = replace(self.instance, groups=join([self.instance.groups, more]))
        self.relaxation.extend(self.instance)
        self._all = Pool(self.instance)
        return np.arange(first_new, len(self.instance.groups))

    def _prices(self, relaxed: Relaxed, least: float, partners: int | None = None) -> Prices:
        return Prices(
            relaxed.prices[self.instance.city_of], relaxed.prices[self.instance.n_cities :], least, partners
        )

    @property
    def _at_once(self) -> int:
        """Groups made known at a time."""
        return max(self.instance.n_cities, _PRICED * self.instance.capacity.max_cities)


def _most(positions: Rows, reduced: np.ndarray[tuple[int], np.dtype[np.float64]], most: int) -> Rows:
    """The positions of the largest reduced costs, in order of position."""
    return np.sort(positions if len(positions) <= most else positions[np.argpartition(-reduced, most)[:most]])


def _first_groups(instance: Instance) -> Rows:
    """The most valuable groups: enough for every city and topic to get a price."""
    n = min(len(instance.groups), max(2 * instance.n_cities, _FIRST * instance.capacity.max_cities))
    return np.sort(np.argpartition(-instance.groups.worth, n - 1)[:n]) if n else np.zeros(0, np.intp)
