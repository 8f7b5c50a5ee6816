"""The best selection as one integer model of all groups, from the definitions of aspects and rules alone.

No array form, no column generation and no explanation of the product is used. It is for calls that are too
large to try all selections (`brute_force.py`), without decisions and without a version before.
"""

from __future__ import annotations

from itertools import combinations

import highspy
import numpy as np

from tasks.matchmaking.problem import MatchingProblem
from tasks.matchmaking.value.aspects.registry import value_in_steps
from tasks.matchmaking.value.facts import Facts, facts_of
from tasks.matchmaking.value.hard_rules import why_not
from tests.tasks.matchmaking.brute_force import OnTopic, targets, units


class FullModel:
    """All groups of a problem, as variables of one model that is solved afresh for each question."""

    def __init__(self, problem: MatchingProblem) -> None:
        self.problem, self.facts = problem, facts_of(problem)
        self.groups: list[OnTopic] = [
            (topic, group)
            for size in (2, 3)
            for group in combinations(range(len(self.facts.applicants)), size)
            for topic in _common(group, self.facts)
            if why_not(group, topic, self.facts) is None
        ]
        self.worth = [value_in_steps(group, topic, self.facts) for topic, group in self.groups]

    def best(self, required: str | None = None, chosen: tuple[OnTopic, ...] = ()) -> int | None:
        """Objective (steps) of the best selection with a city and some groups in it; None where none fits."""
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        for one, worth in zip(self.groups, self.worth, strict=True):
            highs.addVar(float(one in chosen), 1.0)
            column = highs.getNumCol() - 1
            highs.changeColCost(column, float(worth))
            highs.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        for city in self.facts.by_city:
            having = [1.0 if self._has(one, city) else 0.0 for one in self.groups]
            self._row(highs, float(city == required), 1.0, having)
        self._row(highs, 0, self.problem.capacity.max_twinnings, [1.0] * len(self.groups))
        sizes = [float(len(group)) for _, group in self.groups]
        self._row(highs, 0, self.problem.capacity.max_cities, sizes)
        self._balance(highs)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return round(highs.getInfo().objective_function_value)

    def _has(self, one: OnTopic, city: str) -> bool:
        return any(self.facts.applicants[i].city_id == city for i in one[1])

    def _row(self, highs: highspy.Highs, lower: float, upper: float, values: list[float]) -> None:
        index = np.flatnonzero(values).astype(np.int32)
        highs.addRow(lower, upper, len(index), index, np.array(values)[index])

    def _balance(self, highs: highspy.Highs) -> None:
        """One row a class, with what it falls short and what it exceeds at the subject's price."""
        for one in targets(self.problem, self.facts):
            values = [
                float(units(one.subject, one.name, group, self.problem, self.facts)) for group in self.groups
            ]
            self._row(highs, one.least - one.held, one.most - one.held, values)
            row = np.array([highs.getNumRow() - 1], np.int32)
            for sign in (1.0, -1.0):
                highs.addCol(-float(one.price), 0.0, highspy.kHighsInf, 1, row, np.array([sign]))


def _common(group: tuple[int, ...], facts: Facts) -> list[str]:
    return sorted(set.intersection(*(set(facts.applicants[i].interests) for i in group)))
