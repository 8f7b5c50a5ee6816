"""How robust each chosen twinning is: the share of scenarios in which it is chosen, weights and scores moved
within their uncertainty.

Belongs here: drawing scenarios and choosing in each. A scenario moves every aspect's weight by up to the
rules' spread and every selection score by a draw of the rules' standard deviation, in whole numbers, so that
it is the same on every machine. It chooses among the groups that are nearest to being worth their prices; its
relaxation is made whole by a dive, which is within about a thousandth of the best.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from programme.matchmaking import MatchmakingRules, steps
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.solver.aspect_columns import aspect_columns
from tasks.matchmaking.solver.branch_and_bound import NOTHING, dive
from tasks.matchmaking.solver.cuts import balance_cuts, violated_cuts
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.master_problem import PRIMAL, Relaxation
from tasks.matchmaking.solver.pricing import Pool
from tasks.matchmaking.value.pair_matrices import pair_matrices

Wide = npt.NDArray[np.int64]
WHOLE = 64
"""Weights are moved in sixty-fourths."""
DICE = 12
"""So many even draws together are close to a normal one; their standard deviation is known exactly."""
CUT_ROUNDS = 3
"""Times a scenario's relaxation is cut before the dive."""
NEAREST = 8
"""Groups a scenario may choose from, for each city."""


def robustness(choice: Choice) -> dict[int, float]:
    """Position of each chosen group to the share of scenarios that choose it (0-1)."""
    chosen = choice.solution.chosen or ()
    if not chosen:
        return {}
    rows = _nearest(choice)
    instance = replace(choice.instance, groups=choice.instance.groups.take(rows), must=choice.instance.must)
    ground = _Ground(instance)
    times = np.zeros(len(rows), np.int64)
    for worth in _scenarios(choice, instance.groups.worth, rows):
        times[list(ground.choose(worth))] += 1
    share = times / choice.problem.rules.robustness.scenarios
    return {row: float(share[int(np.searchsorted(rows, row))]) for row in chosen}


class _Ground:
    """The relaxation all scenarios start from: from the solved unmoved one each is only a few steps away."""

    def __init__(self, instance: Instance) -> None:
        self._relaxation = Relaxation(instance)
        self._worth = instance.groups.worth.astype(np.float64)
        self._relaxation.cut(balance_cuts(self._relaxation))
        self._relaxation.add(np.arange(len(self._worth)))
        self._start_over()

    def _start_over(self) -> None:
        """Solve the unmoved relaxation afresh; needed once it has new cuts."""
        self._relaxation.reprice(self._worth)
        self._relaxation.solve()
        self._basis, self._n_cuts = self._relaxation.basis(), len(self._relaxation.cuts)

    def choose(self, worth: npt.NDArray[np.float64]) -> tuple[int, ...]:
        """The groups a scenario chooses."""
        relaxation = self._relaxation
        relaxation.reprice(worth)
        relaxation.start_from(self._basis)
        relaxed = relaxation.solve(PRIMAL)
        for _ in range(CUT_ROUNDS):
            cuts = violated_cuts(relaxation, relaxed) if relaxed is not None else []
            if not cuts:
                break
            relaxation.cut(cuts)
            relaxed = relaxation.solve()
        found = NOTHING if relaxed is None else dive(relaxation, {}, relaxed)
        if len(relaxation.cuts) > self._n_cuts:
            self._start_over()
        return found.chosen or ()


def _nearest(choice: Choice) -> npt.NDArray[np.intp]:
    """Positions of the groups nearest to being worth their prices, the chosen ones among them, ascending."""
    relaxation = choice.solver.relaxation
    relaxed = relaxation.solve()
    n = min(len(choice.instance.groups), NEAREST * choice.instance.n_cities)
    if relaxed is None or n == len(choice.instance.groups):
        return np.arange(len(choice.instance.groups))
    reduced = Pool(choice.instance).reduced_costs(relaxed, relaxation.cuts)
    return np.union1d(np.argpartition(-reduced, n - 1)[:n], np.array(choice.solution.chosen, np.intp))


def _scenarios(
    choice: Choice, worth: npt.NDArray[np.int32], rows: npt.NDArray[np.intp]
) -> list[npt.NDArray[np.float64]]:
    """The worth of the groups at `rows` in every scenario, tie-breakers included."""
    facts, rules = choice.facts, choice.problem.rules
    groups = choice.instance.groups.take(rows)
    aspects = aspect_columns(groups, facts, pair_matrices(facts))
    bonus = worth - aspects.sum(axis=1)
    draw = np.random.default_rng(choice.problem.seed)
    ties = choice.instance.tie_breakers(rows)
    worths = []
    for _ in range(rules.robustness.scenarios):
        weights, scores = _drawn(draw, aspects.shape[1], len(facts.applicants), rules)
        moved = np.append(scores, 0)
        worths.append(
            (aspects @ weights) // WHOLE
            + bonus
            + moved[groups.first]
            + moved[groups.second]
            + moved[groups.third]
            + ties
        )
    return worths


def _drawn(
    draw: np.random.Generator, n_aspects: int, n_applicants: int, rules: MatchmakingRules
) -> tuple[Wide, Wide]:
    """Weights in sixty-fourths around 64, and what each applicant's score moves its part of a value by, in
    steps.
    """
    spread = round(rules.robustness.weight_spread * WHOLE)
    weights = draw.integers(WHOLE - spread, WHOLE + spread, n_aspects, endpoint=True)
    dice = draw.integers(-100, 100, (n_applicants, DICE), endpoint=True).sum(axis=1)
    deviation = round((DICE * (201**2 - 1) / 12) ** 0.5)
    scale = steps(rules.robustness.score_spread * rules.selection.points_per_point)
    return weights, dice * scale // deviation
