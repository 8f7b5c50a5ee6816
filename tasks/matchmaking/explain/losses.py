"""What the whole selection would lose if a city, or two together, had to be selected: at least, or exactly.

The prices of the solved master problem give a least loss of every group at once. An exact loss takes another
solution. That looks only at the groups near to being selected: any other would lose more than `reach` by
itself. Exact losses are found until the limit of work is reached, so that a large call is explained in time.

Belongs here: losses. Must stay out: their words (`unplaced.py`, `sensitivity.py`, `preferred_partners.py`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from programme.matchmaking import STEPS_PER_POINT
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.solver.column_generation import ColumnGeneration, Limits, ProvenSolution
from tasks.matchmaking.solver.groups import Groups
from tasks.matchmaking.solver.incumbent import TOLERANCE
from tasks.matchmaking.solver.large.large_call import LargeCall
from tasks.matchmaking.solver.master_problem import UNMET_PRICE, Floats, Rows
from tasks.matchmaking.solver.pricing import ColumnPool
from tasks.matchmaking.solver.restriction import Restriction
from tasks.matchmaking.value.arrays import Flags, Ints
from tasks.matchmaking.value.twinning import Twinning, twinning_of
from warehouse.dictionary.findings import Finding

NEAR_GROUPS = 20_000
"""Groups among which another solution is looked for."""
SEARCHED = 40
"""Nodes searched for one exact loss; what is not proven by then gets a least figure."""
STOPPED_BY_CLOCK, LOOKS = "result_depends_on_the_clock", "looks at the clock"
"""Name of the finding that a clock ended the matching, and the unit in which it says where."""
NOTHING_FITS = UNMET_PRICE / 2
"""A loss above this means that an obligation stays unmet: no selection costs so much."""
PRICING = 1_000
"""Work of starting the search for exact losses, in simplex iterations."""


@dataclass(frozen=True)
class Loss:
    """What the whole selection would lose, in steps.

    It is the exact loss where `exact`, else the least that is proven. `twinnings` would be selected instead
    (none where that is not known, or nothing fits); `impossible` says that nothing fits.
    """

    steps: int
    exact: bool
    twinnings: tuple[Twinning, ...] = ()
    impossible: bool = False


class Losses:
    """Losses against the selection of one choice.

    `unexplained` counts the questions that only got a least figure because the limit of work was reached.
    `solved` is the master problem's solution over all groups, `distances` say how far each is from selected.
    """

    def __init__(self, choice: Choice) -> None:
        self.choice, self.unexplained = choice, 0
        self._chosen = choice.solution.chosen or ()
        self._solve()

    def _solve(self) -> None:
        choice = self.choice
        solver, limits = choice.solver, choice.problem.rules.limits
        solved = None if choice.solution.chosen is None else solver.priced_out()
        self.groups: Groups = choice.instance.groups
        self.distances: Floats = np.full(len(self.groups), -math.inf)
        self.solved, self._value, self._left = solved, 0.0, limits.explanation_work
        if solved is not None:
            self._value = solved.value
            self.distances = ColumnPool(choice.instance).distances(solved, solver.master.cuts)
        rows = self._near_rows()
        outside = np.delete(self.distances, rows)
        self._reach = -float(outside.max()) if len(outside) else math.inf
        self._held_to = 0.0 if isinstance(solver, LargeCall) else math.inf
        self._reach = min(self._reach, self._held_to)
        near = replace(choice.instance, groups=self.groups.take(rows), breaks_ties=False)
        self._rows = rows
        self._near = ColumnGeneration(near, Limits(0, SEARCHED, choice.limits.out_of_time))
        if solved is not None:
            self._near.best()
            self._left -= PRICING + self._near.work

    def _near_rows(self) -> Rows:
        """Positions of the groups nearest to being selected, and of those that are."""
        n = min(NEAR_GROUPS, len(self.groups))
        if n == len(self.groups):
            return np.arange(n)
        nearest = np.argpartition(-self.distances, n - 1)[:n]
        return np.union1d(nearest, np.array(self._chosen, np.intp))

    @property
    def _objective(self) -> int:
        return math.floor(self.choice.solution.objective + TOLERANCE)

    def least_steps(self, distance: float) -> int:
        """The least that is lost by a selection with a group of this distance, in steps."""
        return max(0, self._objective - math.floor(self._value + distance + TOLERANCE))

    def nearest(self, which: Flags | None = None) -> dict[int, int]:
        """Applicant to the position of the group with it that is nearest to being selected."""
        if len(self.groups) == 0:
            return {}
        rows = np.arange(len(self.groups)) if which is None else np.flatnonzero(which)
        rows = rows[np.lexsort((-rows, self.distances[rows]))]
        best = np.full(len(self.choice.facts.applicants) + 1, -1, np.int64)
        for members in (self.groups.first, self.groups.second, self.groups.third):
            _keep_better(best, members[rows], rows, self.distances)
        return {i: int(row) for i, row in enumerate(best[:-1].tolist()) if row >= 0}

    def with_city(self, i: int, row: int) -> Loss:
        """The loss if an applicant's city has to be selected; `row` is its nearest group."""
        city = int(self.choice.instance.city_of[i])
        return self._asked(self._near, Restriction(required=[city]), float(self.distances[row]), self._rows)

    def without(self, row: int) -> Loss:
        """The loss if a chosen group must not be selected."""
        here = int(np.searchsorted(self._rows, row))
        return self._asked(self._near, Restriction(excluded=[here]), 0.0, self._rows)

    def together(self, first: Sequence[int], second: Sequence[int]) -> Loss:
        """The loss if two cities, each by its applications, have to be in one twinning."""
        one, other = self.groups.has(first), self.groups.has(second)
        both = one & other
        if not both.any():
            return Loss(0, exact=True, impossible=True)
        instance = self.choice.instance
        rows = np.union1d(self._rows[(one == other)[self._rows]], np.flatnonzero(both))
        near = replace(instance, groups=self.groups.take(rows), breaks_ties=False)
        cities = [int(instance.city_of[some[0]]) for some in (first, second)]
        solver = ColumnGeneration(near, self._near.limits)
        return self._asked(solver, Restriction(required=cities), float(self.distances[both].max()), rows)

    def _asked(self, solver: ColumnGeneration, restriction: Restriction, distance: float, rows: Rows) -> Loss:
        """The loss under a restriction, among the groups at `rows`; `distance` is its nearest group's."""
        self.choice.tell_progress()
        least = self.least_steps(max(distance, -self._held_to))
        if self._left <= 0 or self.choice.limits.out_of_time():
            self.unexplained += 1
            return Loss(least, exact=False)
        before = solver.work
        again = solver.best(restriction)
        self._left -= solver.work - before
        return self._judged(again, least, rows)

    def _judged(self, again: ProvenSolution, least: int, rows: Rows) -> Loss:
        """What another solution, of the groups at `rows`, proves; `least` holds for any selection asked for.

        A selection that is asked for is among these groups, or has one beyond reach. So the loss is at least
        the smaller of what the bound and the reach leave. That nothing fits is told only where the bound says
        so: a search that gave up proves nothing.
        """
        beyond = self.least_steps(-self._reach) if math.isfinite(self._reach) else math.inf
        bound = (
            self._objective - math.floor(again.bound + TOLERANCE) if math.isfinite(again.bound) else math.inf
        )
        lost = math.inf
        if again.chosen is not None:
            lost = max(0, self._objective - math.floor(again.objective + TOLERANCE))
        if again.chosen is None and min(bound, beyond) > NOTHING_FITS:
            return Loss(0, exact=True, impossible=True)
        if lost <= min(max(bound, 0), beyond):
            chosen = tuple(self.twinning(int(rows[row])) for row in again.chosen or ())
            return Loss(int(lost), exact=True, twinnings=chosen)
        self.unexplained += 1
        return Loss(max(least, int(min(bound, beyond))), exact=False)

    def twinning(self, row: int) -> Twinning:
        """The group at a position as a twinning."""
        topic = self.choice.facts.topics[int(self.groups.topic[row])]
        return twinning_of(self.choice.problem.round_id, topic, self.groups.members(row), self.choice.facts)


def limit_findings(losses: Losses) -> list[Finding]:
    """What a limit left unproven or unexplained, and whether it was the clock's."""
    choice, found = losses.choice, list[Finding]()
    solution = choice.solution
    if solution.chosen is not None and not solution.proven:
        gap = (math.floor(solution.bound) - math.floor(solution.objective)) / STEPS_PER_POINT
        words = f"The selection is the best known. A better one could gain {gap:.2f} points at most."
        found.append(Finding.about_table("twinnings", "selection_is_proven_best", words))
    if losses.unexplained:
        words = (
            f"{losses.unexplained} losses are given as a least figure or not at all, because the limit "
            "`explanation_work` of programme/matchmaking.toml was reached."
        )
        found.append(Finding.about_table("unplaced", "losses_are_exact", words))
    if choice.clock.stopped_after is not None:
        words = (
            "The matching ran out of time (`seconds` of programme/matchmaking.toml) "
            f"after {choice.clock.stopped_after} {LOOKS}. A replay stops at the same place. More seconds may "
            "prove or explain more."
        )
        found.append(Finding.about_table("twinnings", STOPPED_BY_CLOCK, words))
    return found


def stopped_after(findings: pl.DataFrame) -> int | None:
    """After how many looks at the clock the matching of a version stopped; None where no clock stopped it."""
    told = findings.filter(expectation=STOPPED_BY_CLOCK)["message"]
    found = [re.search(rf"after (\d+) {LOOKS}", message) for message in told]
    return next((int(one[1]) for one in found if one), None)


def _keep_better(best: Rows, of: Ints, rows: Rows, distances: Floats) -> None:
    """Keep, for each applicant in `of`, the nearer of the position it has and the best of `rows`.

    `rows` come with rising distance, so the last of an applicant is its nearest.
    """
    last = np.full(len(best), -1, np.int64)
    last[of] = rows
    better = (last >= 0) & ((best < 0) | (distances[last] > distances[best]))
    best[better] = last[better]
