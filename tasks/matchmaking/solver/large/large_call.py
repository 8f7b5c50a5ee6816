"""Calls of thousands: column generation where the groups are too many to hold.

Only pairs and groups with a pinned city are held from the start. Whenever no held group is worth more than
its prices, the others are enumerated under these prices. What is found is good enough within a small gap,
which the proof tells; else the groups that could improve it become an instance of their own, solved as any
other.

Belongs here: everything that differs from an instance that holds all its groups. Must stay out: the
enumeration itself (`tasks/matchmaking/solver/large/priced_enumeration.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tasks.matchmaking.feasibility.reduced_problem import ReducedProblem
from tasks.matchmaking.solver.branch_and_bound import search
from tasks.matchmaking.solver.column_generation import (
    NO_LIMITS,
    NODES,
    ColumnGeneration,
    Limits,
    most_reduced,
)
from tasks.matchmaking.solver.groups import Groups, join
from tasks.matchmaking.solver.incumbent import NO_INCUMBENT, TOLERANCE, Incumbent
from tasks.matchmaking.solver.instance import instance_of
from tasks.matchmaking.solver.large.partial_groups import (
    estimated_groups,
    pairs_and_pinned,
    unpinned_tables,
)
from tasks.matchmaking.solver.large.priced_enumeration import PriceFilter, groups_worth_more
from tasks.matchmaking.solver.master_problem import (
    PRIMAL,
    Bounds,
    Floats,
    MasterProblem,
    MasterSolution,
    Rows,
)
from tasks.matchmaking.solver.pricing import SLACK, ColumnPool
from tasks.matchmaking.solver.restriction import Restriction
from tasks.matchmaking.value.topic_table import TopicTable

MOST_GROUPS = 12_000_000
"""Above this many possible groups (by estimate) they are not all held."""
MOST_IMPROVING = 12_000_000
"""Above this many groups that could improve a selection they are not solved as an instance of their own."""
GOOD_ENOUGH = 1e-3
"""Share of the bound within which a selection is good enough; it is then said to be within that gap."""
PARTNERS = 48
"""Of so many partners each, threes are enumerated under prices before all are."""
PER_FIRST = 8
"""Groups of one topic and first member taken from one enumeration under prices."""
NEARLY = 64.0
"""A group this many steps (a point) short of its prices is nearly worth them."""


def too_many_groups(tables: Sequence[TopicTable]) -> bool:
    """Whether the groups of these tables are too many to hold."""
    return estimated_groups(tables) > MOST_GROUPS


class LargeCall(ColumnGeneration):
    """Column generation over groups that are held only as far as they were worth their prices.

    `instance` grows as groups are found; positions of groups stay what they were.
    """

    most_pricings = sys.maxsize  # what is not held yet could add more than what is held

    def __init__(
        self, reduced: ReducedProblem, tables: Sequence[TopicTable], limits: Limits = NO_LIMITS
    ) -> None:
        self._tables = unpinned_tables(tables, reduced)
        self._largest = reduced.facts.rules.largest_group
        self._few_partners_suffice = True
        super().__init__(instance_of(reduced, pairs_and_pinned(tables, reduced)), limits)

    def worth_more(self, of_city: Floats, of_topic: Floats) -> Groups:
        """All groups without a pinned city that are worth more than the prices of their cities and topic."""
        prices = PriceFilter(of_city[self.instance.city_of], of_topic, 0.0)
        return join(list(groups_worth_more(self._tables, self._largest, prices)))

    def _root(self, restriction: Restriction) -> MasterSolution | None:
        solved = super()._root(restriction)
        while solved is not None and self._enumerated(solved, restriction):
            solved = self._priced_out(self._all, restriction, PRIMAL)
        return solved

    def _proven(
        self,
        base: Bounds,  # noqa: ARG002  the instance of what could improve has bounds of its own
        restriction: Restriction,
        solved: MasterSolution,
        incumbent: Incumbent,
    ) -> tuple[Incumbent, float]:
        """The incumbent if it is good enough, else the best among all groups that could improve it.

        Those are an instance of their own, so that its cuts stay out of this master problem, under whose
        prices groups are enumerated. Where even they are too many, the incumbent is within the gap that is
        told.
        """
        if incumbent.chosen is None:
            incumbent = self._searched_among_known(restriction)
        if incumbent.objective >= solved.value * (1 - GOOD_ENOUGH):
            return incumbent, solved.value
        improving = self._improving_groups(solved, restriction, incumbent)
        if improving is None:
            return incumbent, solved.value
        inner = ColumnGeneration(replace(self.instance, groups=improving), self.limits)
        best = inner.best(Restriction(restriction.required))
        if best.chosen is None or best.objective <= incumbent.objective + TOLERANCE:
            return incumbent, max(incumbent.objective, best.bound)
        chosen = improving.take(np.array(best.chosen, np.intp))
        self._hold(chosen)
        positions = np.flatnonzero(self.instance.groups.among(chosen))
        return Incumbent(tuple(positions.tolist()), best.objective, best.proven), best.bound

    def _improving_groups(
        self, solved: MasterSolution, restriction: Restriction, incumbent: Incumbent
    ) -> Groups | None:
        """All groups that could be in a better selection, held or not; None if they are too many."""
        blocks, n = [], 0
        least = incumbent.objective - solved.value - SLACK
        for block in groups_worth_more(self._tables, self._largest, self._prices(solved, least)):
            blocks.append(block)
            n += len(block)
            if n > MOST_IMPROVING:
                return None
        held = self.instance.groups
        improving = join([*blocks, held.take(self._all.could_improve(solved, [], incumbent.objective))])
        excluded = held.take(np.array(restriction.excluded, np.intp))
        return improving.take(~improving.among(excluded)).distinct()

    def _searched_among_known(self, restriction: Restriction) -> Incumbent:
        """Some selection, where the dive gave up.

        Without one, decisions would be taken for such as cannot hold together.
        """
        master, base = MasterProblem(self.instance), restriction.bounds
        known = np.flatnonzero(self.master.known)
        master.add_groups(np.setdiff1d(known, np.array(restriction.excluded, np.intp)))
        master.set_bounds(base)
        return search(master, base, NO_INCUMBENT, NODES)

    def _enumerated(self, solved: MasterSolution, restriction: Restriction) -> bool:
        """Hold and make known groups that are worth more than their prices; False where there are none.

        They are looked for among few partners first, which is fast and mostly enough, and among all once that
        brings little more. Groups that are nearly worth their prices are held too: they may be worth more
        under the next.
        """
        excluded = self.instance.groups.take(np.array(restriction.excluded, np.intp))
        per_first = PER_FIRST + len(restriction.excluded)  # excluded groups may stand before others
        for partners, enough in ((PARTNERS, self.instance.n_cities // 100), (None, 0)):
            if partners is not None and not self._few_partners_suffice:
                continue
            prices = self._prices(solved, -NEARLY, partners, per_first)
            more = join(list(groups_worth_more(self._tables, self._largest, prices)))
            more = more.take(~more.among(excluded))
            reduced = ColumnPool(replace(self.instance, groups=more)).reduced_costs(solved, [])
            if int((reduced > TOLERANCE).sum()) > enough:
                return self._price_in(self._hold(more), solved)
            self._few_partners_suffice = False
        return False

    def _price_in(self, rows: Rows, solved: MasterSolution) -> bool:
        """Make known those of the newly held groups that are worth more than their prices, if any."""
        reduced = ColumnPool(self.instance, rows).reduced_costs(solved, [])
        better = np.flatnonzero(reduced > TOLERANCE)
        return self.master.add_groups(most_reduced(rows[better], reduced[better], self._at_once)) > 0

    def _hold(self, more: Groups) -> Rows:
        """Hold those groups that are not held yet, and say where.

        Each group is held once, since excluding it excludes one position.
        """
        first_new = len(self.instance.groups)
        more = more.take(~more.among(self.instance.groups))
        self.instance = replace(self.instance, groups=join([self.instance.groups, more]))
        self.master.extend(self.instance)
        self._all = ColumnPool(self.instance)
        return np.arange(first_new, len(self.instance.groups))

    def _prices(
        self,
        solved: MasterSolution,
        least: float,
        partners: int | None = None,
        per_first: int | None = None,
    ) -> PriceFilter:
        city_of, n = self.instance.city_of, self.instance.n_cities
        return PriceFilter(solved.prices[city_of], solved.prices[n:], least, partners, per_first)
