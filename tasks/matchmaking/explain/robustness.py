"""How robust each chosen twinning is: the share of scenarios in which it is chosen.

A scenario moves every aspect's weight by up to the rules' spread and every selection score by a draw of the
rules' standard deviation, in whole numbers, so that it is the same on every machine. It chooses among the
groups that are nearest to being worth their prices; a dive makes its solution whole, which is within about a
thousandth of the best.

Belongs here: drawing scenarios and choosing in each. Must stay out: what is told of the result
(`tasks/matchmaking/explain/sensitivity.py`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from programme.matchmaking import MatchmakingRules, steps
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.solver.diving import dive
from tasks.matchmaking.solver.incumbent import NO_INCUMBENT
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.master_problem import PRIMAL, Floats, MasterProblem, Rows
from tasks.matchmaking.solver.pricing import ColumnPool
from tasks.matchmaking.solver.separation import balance_cuts, violated_cuts
from tasks.matchmaking.value.arrays import Ints, Wide
from tasks.matchmaking.value.aspects.registry import aspect_columns

WHOLE = 64
"""Weights are moved in sixty-fourths."""
DRAWS = 12
"""So many even draws together are close to a normal one; their standard deviation is known exactly."""
CUT_ROUNDS = 3
"""Times a scenario's master problem is cut before the dive."""
NEAREST, CITIES_FOR_A_PLACE = 8, 4
"""Groups a scenario may choose from, for each city; and the most cities, for each place, that count here: of
many more the others are too far from being selected.
"""


def robustness(choice: Choice) -> tuple[dict[int, float], int]:
    """Position of each chosen group to the share of scenarios that choose it (0-1), and how many there were.

    There are fewer than the rules' where work or time has run out, but at least one.
    """
    chosen = choice.solution.chosen or ()
    if not chosen:
        return {}, choice.problem.rules.robustness.scenarios
    rows = _nearest(choice)
    instance = replace(choice.instance, groups=choice.instance.groups.take(rows))
    master, most_work = _ScenarioMaster(instance), choice.problem.rules.limits.explanation_work
    times, done = np.zeros(len(rows), np.int64), 0
    for worth in _scenarios(choice, instance.groups.worth, rows):
        times[list(master.choose(worth))] += 1
        done += 1
        choice.tell_progress()
        if master.work >= most_work or choice.clock():
            break
    share = times / done
    return {row: float(share[int(np.searchsorted(rows, row))]) for row in chosen}, done


class _ScenarioMaster:
    """The master problem that all scenarios start from.

    From the solution of the unmoved one each scenario is only a few simplex steps away.
    """

    def __init__(self, instance: Instance) -> None:
        self._master = MasterProblem(instance)
        self._worth = instance.groups.worth.astype(np.float64)
        self._master.add_cuts(balance_cuts(self._master))
        self._master.add_groups(np.arange(len(self._worth)))
        self._start_over()

    @property
    def work(self) -> int:
        """What the scenarios took so far, in simplex iterations."""
        return self._master.work

    def _start_over(self) -> None:
        """Solve the unmoved master problem afresh; needed once it has new cuts."""
        self._master.set_costs(self._worth)
        self._master.solve()
        self._basis, self._n_cuts = self._master.basis(), len(self._master.cuts)

    def choose(self, worth: Floats) -> tuple[int, ...]:
        """The groups a scenario chooses."""
        master = self._master
        master.set_costs(worth)
        master.start_from(self._basis)
        solved = master.solve(PRIMAL)
        for _ in range(CUT_ROUNDS):
            cuts = violated_cuts(master, solved) if solved is not None else []
            if not cuts:
                break
            master.add_cuts(cuts)
            solved = master.solve()
        found = NO_INCUMBENT if solved is None else dive(master, {}, solved)
        if len(master.cuts) > self._n_cuts:
            self._start_over()
        return found.chosen or ()


def _nearest(choice: Choice) -> Rows:
    """Positions of the groups nearest to being worth their prices, the chosen ones among them, ascending."""
    solved = choice.solver.priced_out()
    n_cities = min(choice.instance.n_cities, CITIES_FOR_A_PLACE * choice.instance.capacity.max_cities)
    n = min(len(choice.instance.groups), NEAREST * n_cities)
    if solved is None or n == len(choice.instance.groups):
        return np.arange(len(choice.instance.groups))
    distances = ColumnPool(choice.instance).distances(solved, choice.solver.master.cuts)
    return np.union1d(np.argpartition(-distances, n - 1)[:n], np.array(choice.solution.chosen, np.intp))


def _scenarios(choice: Choice, worth: Ints, rows: Rows) -> list[Floats]:
    """The worth of the groups at `rows` in every scenario, tie-breakers included."""
    facts, rules = choice.facts, choice.problem.rules
    groups = choice.instance.groups.take(rows)
    aspects = aspect_columns(groups.members_array(), groups.topic, facts)
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
    """Weights in sixty-fourths around 64, and by how many steps each applicant's score is moved."""
    spread = round(rules.robustness.weight_spread * WHOLE)
    weights = draw.integers(WHOLE - spread, WHOLE + spread, n_aspects, endpoint=True)
    moves = draw.integers(-100, 100, (n_applicants, DRAWS), endpoint=True).sum(axis=1)
    deviation = round((DRAWS * (201**2 - 1) / 12) ** 0.5)
    scale = steps(rules.robustness.score_spread * rules.selection.points_per_point)
    return weights, moves * scale // deviation
