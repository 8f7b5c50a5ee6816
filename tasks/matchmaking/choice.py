"""The choice itself: from a problem to the chosen twinnings and their proof, without the explanations.

Belongs here: what a question must answer fast (`tasks/matchmaking/explain/what_if.py`, benchmarks). Must stay
out: words about it (`tasks/matchmaking/step.py` adds them).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from programme.matchmaking import STEPS_PER_POINT
from tasks.matchmaking.feasibility.claims import keep_what_can_be_placed
from tasks.matchmaking.feasibility.reduced_problem import ReducedProblem, reduce_problem
from tasks.matchmaking.problem import BaselineTwinnings, MatchingProblem, Proof
from tasks.matchmaking.solver.column_generation import NO_LIMITS, ColumnGeneration, Limits, ProvenSolution
from tasks.matchmaking.solver.incumbent import TOLERANCE
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.solve import solver_of
from tasks.matchmaking.tables import balance_table, members_table, twinnings_table
from tasks.matchmaking.value.aspects.registry import value_in_steps
from tasks.matchmaking.value.facts import Facts, facts_of
from tasks.matchmaking.value.twinning import Twinning, twinning_of


@dataclass(frozen=True)
class Watch:
    """Who looks on while a selection is proven and explained.

    `out_of_time` says whether a clock has run out, which this package never asks itself. Where `stop_after`
    is given, no clock is asked: time has run out after so many questions, as a version recorded it, so that
    the version can be made again. `progress` is told the bound and the best objective so far, in points.
    """

    out_of_time: Callable[[], bool] = lambda: False
    stop_after: int | None = None
    progress: Callable[[float, float], None] = lambda _bound, _best: None

    def in_points(self, bound: float, best: float) -> None:
        """Tell the progress, given in steps."""
        if math.isfinite(best):
            self.progress(bound / STEPS_PER_POINT, best / STEPS_PER_POINT)


UNWATCHED = Watch()
LARGE = 1_000
"""From so many candidates a solution takes so long that one is saved where it can be."""


class Countdown:
    """Whether time has run out, with the number of questions until it had.

    The questions are asked in the same order on every machine; only a clock's answers may differ.
    """

    def __init__(self, watch: Watch) -> None:
        self._watch, self._asked = watch, 0
        self.stopped_after: int | None = None

    def __call__(self) -> bool:
        """Ask; once time has run out, it stays so."""
        if self.stopped_after is None:
            stop_after = self._watch.stop_after
            over = self._watch.out_of_time() if stop_after is None else self._asked >= stop_after
            if over:
                self.stopped_after = self._asked
            self._asked += 1
        return self.stopped_after is not None


@dataclass(frozen=True)
class Choice:
    """The chosen and the confirmed twinnings of a problem, and what they came from.

    Nothing is chosen where decisions cannot hold together.
    """

    problem: MatchingProblem
    reduced: ReducedProblem
    solver: ColumnGeneration
    solution: ProvenSolution
    limits: Limits = NO_LIMITS
    clock: Countdown = field(default_factory=lambda: Countdown(UNWATCHED))

    def tell_progress(self) -> None:
        """Tell whoever looks on that the explanations go on."""
        self.limits.progress(self.solution.bound, self.solution.objective)

    @property
    def facts(self) -> Facts:
        """The applicants."""
        return self.reduced.facts

    @property
    def instance(self) -> Instance:
        """The choice as numbers."""
        return self.solver.instance

    @cached_property
    def chosen(self) -> tuple[Twinning, ...]:
        """The twinnings proposed."""
        return self.twinnings_of(self.solution)

    @property
    def confirmed(self) -> tuple[Twinning, ...]:
        """The twinnings confirmed by decisions."""
        return () if self.reduced.infeasible_subsets else self.reduced.confirmed

    @property
    def all_twinnings(self) -> tuple[Twinning, ...]:
        """The confirmed and the proposed twinnings."""
        return (*self.confirmed, *self.chosen)

    def twinnings_of(self, solution: ProvenSolution) -> tuple[Twinning, ...]:
        """The twinnings of any solution of the instance."""
        groups, topics = self.instance.groups, self.facts.topics
        return tuple(
            twinning_of(
                self.problem.round_id, topics[int(groups.topic[row])], groups.members(row), self.facts
            )
            for row in solution.chosen or ()
        )

    @cached_property
    def twinnings(self) -> pl.DataFrame:
        """Dictionary TWINNINGS."""
        return twinnings_table(self.chosen, self.confirmed, self.facts)

    @cached_property
    def members(self) -> pl.DataFrame:
        """Dictionary TWINNING_MEMBERS."""
        return members_table(self.all_twinnings, self.facts)

    @cached_property
    def balance(self) -> pl.DataFrame:
        """Dictionary BALANCE."""
        return balance_table(self.instance.classes, self.chosen, self.facts)


def choose(problem: MatchingProblem, watch: Watch = UNWATCHED, *, bonus_first: bool = False) -> Choice:
    """The best selection of a problem, proven; nothing is solved where decisions cannot hold together.

    The baseline counts only where the best selection without it would lose one of its twinnings. So a
    baseline that is the best selection anyway changes nothing, not even a regret. Where the rules' limits or
    the clock of `watch` end the proof, it is the best selection known. With `bonus_first` the answer is the
    same, and faster where the baseline is likely to lose a twinning.
    """
    bonus_first = bonus_first or len(problem.candidates) >= LARGE
    return _choose_near(problem, watch, Countdown(watch), bonus_first=bonus_first)


def _choose_near(problem: MatchingProblem, watch: Watch, clock: Countdown, *, bonus_first: bool) -> Choice:
    """The best selection near the baseline, the answer with the bonus first or the one without.

    An answer with the bonus that loses a part of it is right, because then the best selection without the
    bonus loses a twinning too. (If it kept them all, it would have the whole bonus, and be worth more with
    it.)
    """
    if problem.baseline.twinnings.is_empty():
        return _choose(problem, watch, clock)
    near = None
    if bonus_first:
        near = _choose(problem, watch, clock)
        if not _has_whole_bonus(near):
            return near
    free = _choose(replace(problem, baseline=BaselineTwinnings()), watch, clock)
    kept = {one.twinning_id for one in free.all_twinnings}
    if kept.issuperset(problem.baseline.twinnings["twinning_id"]):
        return free
    return near or _choose(problem, watch, clock)


def _has_whole_bonus(choice: Choice) -> bool:
    """Whether every baseline twinning that is not confirmed is together on its topic, a city more or not."""
    confirmed = {one.twinning_id for one in choice.confirmed}
    people, tables = choice.facts.applicants, choice.problem.baseline
    chosen = [(one.topic, {people[i].city_id for i in one.group}) for one in choice.chosen]
    return all(
        any(
            topic == on and cities.issuperset(tables.members.filter(twinning_id=name)["city_id"])
            for on, cities in chosen
        )
        for name, topic in tables.twinnings.select("twinning_id", "topic").iter_rows()
        if name not in confirmed
    )


def choose_again(problem: MatchingProblem, facts: Facts) -> Choice:
    """The best selection of a problem without a baseline whose facts are known: only decisions differ."""
    return _choose(problem, UNWATCHED, Countdown(UNWATCHED), facts)


def _choose(problem: MatchingProblem, watch: Watch, clock: Countdown, facts: Facts | None = None) -> Choice:
    """The best selection; a city left of a confirmed twinning has a place unless none can have one."""
    limits = Limits(problem.rules.limits.proof_nodes, out_of_time=clock, progress=watch.in_points)
    reduced = reduce_problem(problem, facts or facts_of(problem))
    solver = solver_of(reduced, problem.baseline, limits)
    if reduced.infeasible_subsets:
        return Choice(problem, reduced, solver, ProvenSolution(None, 0.0, 0.0), limits, clock)
    solution = solver.best()
    if solution.chosen is None and reduced.claims:
        reduced = keep_what_can_be_placed(reduced, lambda some: _can_be_solved(some, problem, limits))
        solver = solver_of(reduced, problem.baseline, limits)
        solution = solver.best()
    return Choice(problem, reduced, solver, solution, limits, clock)


def _can_be_solved(reduced: ReducedProblem, problem: MatchingProblem, limits: Limits) -> bool:
    return solver_of(reduced, problem.baseline, limits).best().chosen is not None


def proof_of(choice: Choice, *, with_free_gain: bool = True) -> Proof:
    """The figures of the proof in points, tie-breakers left out.

    `free_gain` takes another solution of the problem; without it, it is 0.
    """
    if choice.solution.chosen is None:
        return Proof(groups=len(choice.instance.groups))
    fixed = value_of(choice.confirmed, choice.facts)
    objective, bound = (
        math.floor(value + TOLERANCE) + fixed for value in (choice.solution.objective, choice.solution.bound)
    )
    value = fixed + value_of(choice.chosen, choice.facts)
    balance_cost = float(choice.balance.get_column("cost").sum())
    return Proof(
        objective=objective / STEPS_PER_POINT,
        bound=bound / STEPS_PER_POINT,
        gap=(bound - objective) / STEPS_PER_POINT,
        value=value / STEPS_PER_POINT,
        balance_cost=balance_cost,
        stability_bonus=objective / STEPS_PER_POINT + balance_cost - value / STEPS_PER_POINT,
        free_gain=_free_gain(choice) if with_free_gain else 0.0,
        groups=len(choice.instance.groups),
        columns=choice.solution.columns,
        iterations=choice.solution.iterations,
    )


def value_of(twinnings: Sequence[Twinning], facts: Facts) -> int:
    """Value of some twinnings together, in steps."""
    return sum(value_in_steps(one.group, one.topic, facts) for one in twinnings)


def _free_gain(choice: Choice) -> float:
    """What the selection would gain in value and balance if nothing of the baseline had a bonus."""
    if choice.problem.baseline.twinnings.is_empty():
        return 0.0
    free = _choose(replace(choice.problem, baseline=BaselineTwinnings()), UNWATCHED, choice.clock)
    return worth_without_bonus(free) - worth_without_bonus(choice)


def worth_without_bonus(choice: Choice) -> float:
    """Value less balance of a whole selection, in points."""
    value = value_of(choice.all_twinnings, choice.facts) / STEPS_PER_POINT
    return value - float(choice.balance.get_column("cost").sum())
