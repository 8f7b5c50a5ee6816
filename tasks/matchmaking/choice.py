"""The choice itself: from a problem to the chosen twinnings and their proof, without the explanations.

Belongs here: what a question must answer fast (`whatif.py`, benchmarks). Must stay out: words about it
(`step.py` adds them).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from programme.matchmaking import STEPS_PER_POINT
from tasks.matchmaking.feasibility.reduced_problem import Fixed, ReducedProblem, reduce_problem
from tasks.matchmaking.problem import MatchingProblem, Previous, Proof
from tasks.matchmaking.solver.branch_and_bound import TOLERANCE
from tasks.matchmaking.solver.column_generation import Solution, Solver
from tasks.matchmaking.solver.instance import Instance, instance_of
from tasks.matchmaking.tables import balance_table, chosen_twinning, members_table, twinnings_table
from tasks.matchmaking.value.aspects import parts_of
from tasks.matchmaking.value.facts import Facts, facts_of


@dataclass(frozen=True)
class Choice:
    """The chosen and the confirmed twinnings of a problem, and what they came from. Nothing is chosen where
    decisions clash.
    """

    problem: MatchingProblem
    setting: ReducedProblem
    solver: Solver
    solution: Solution

    @property
    def facts(self) -> Facts:
        """The applicants."""
        return self.setting.facts

    @property
    def instance(self) -> Instance:
        """The choice as numbers."""
        return self.solver.instance

    @cached_property
    def chosen(self) -> tuple[Fixed, ...]:
        """The twinnings proposed."""
        return self.twinnings_of(self.solution)

    @property
    def confirmed(self) -> tuple[Fixed, ...]:
        """The twinnings confirmed by decisions."""
        return () if self.setting.clashes else self.setting.fixed

    def twinnings_of(self, solution: Solution) -> tuple[Fixed, ...]:
        """The twinnings of any solution of the instance."""
        groups = self.instance.groups
        return tuple(
            chosen_twinning(
                self.problem.round_id,
                self.facts.topics[int(groups.topic[row])],
                groups.members(row),
                self.facts,
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
        return members_table((*self.confirmed, *self.chosen), self.facts)

    @cached_property
    def balance(self) -> pl.DataFrame:
        """Dictionary BALANCE."""
        return balance_table(self.instance.classes, self.chosen, self.facts)


def choose(problem: MatchingProblem) -> Choice:
    """The best selection of a problem, proven. Where decisions clash nothing is solved and nothing chosen."""
    setting = reduce_problem(problem, facts_of(problem))
    solver = Solver(instance_of(setting, problem.previous))
    return Choice(problem, setting, solver, Solution(None, 0.0, 0.0) if setting.clashes else solver.best())


def proof_of(choice: Choice, seconds: float, *, with_free_gain: bool = True) -> Proof:
    """The figures of the proof in points; tie-breakers are left out of them. `free_gain` is another choice to
    make; without it, it is 0.
    """
    if choice.solution.chosen is None:
        return Proof(groups=len(choice.instance.groups), seconds=seconds)
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
        seconds=seconds,
    )


def value_of(twinnings: Sequence[Fixed], facts: Facts) -> int:
    """Value of some twinnings together, in steps."""
    return sum(part.steps for one in twinnings for part in parts_of(one.group, one.topic, facts).values())


def _free_gain(choice: Choice) -> float:
    """What the selection would gain in value and balance if nothing of the version before had a bonus."""
    if choice.problem.previous.twinnings.is_empty():
        return 0.0
    free = choose(replace(choice.problem, previous=Previous()))
    return worth_without_bonus(free) - worth_without_bonus(choice)


def worth_without_bonus(choice: Choice) -> float:
    """Value less balance of a whole selection, in points."""
    value = value_of((*choice.confirmed, *choice.chosen), choice.facts) / STEPS_PER_POINT
    return value - float(choice.balance.get_column("cost").sum())
