"""How much each weight matters: how far it can move before the selection changes, and who comes and goes.

A weight is what an aspect of a twinning, a criterion of the score or a subject of the balance counts. Moved
by a percent, it counts that much more or less; all others stay. What any fixed selection is worth is linear
in a weight, so the best is worth a convex function of it: each selection is best on one interval. So where
the selection is another one at a percent, it is another one beyond it too, and the nearest such whole percent
is found between one that keeps the selection and one that does not, where the lines of both meet.

Belongs here: moving weights and choosing again, as dictionary WEIGHTS and WEIGHT_PAIRS. Must stay out: words
for people (`flows/commands/weights.py`, `pages/views/weights.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

import numpy as np
import polars as pl

from programme.matchmaking import WeightRules, steps
from programme.selection_vocabulary import WeightKind
from programme.vocabulary import BALANCE_SUBJECTS, CRITERIA
from tasks.matchmaking.certificate.certify import objective_of
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.solver.column_generation import ColumnGeneration
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.large.large_call import LargeCall
from tasks.matchmaking.value.arrays import Wide
from tasks.matchmaking.value.aspects.registry import ASPECT_DEFINITIONS, aspect_columns
from warehouse.dictionary.near_selection import WEIGHT_PAIRS, WEIGHTS

Plan = tuple[int, ...]
WHOLE = 100
"""Percents of a weight: it is moved from nothing (-100) to twice as much (100)."""
STEP = 25
"""Percents between two points of the curve."""


@dataclass(frozen=True)
class Weight:
    """One weight: its kind and name, and what the groups of the instance are worth by it, in steps."""

    kind: WeightKind
    name: str
    worth: Wide | None


def weights_table(choice: Choice, points: pl.DataFrame) -> pl.DataFrame:
    """Dictionary WEIGHTS; `points` has the points of each application and criterion (dictionary SCORES)."""
    moved = Moved(choice, points)
    return WEIGHTS.frame([row for n in range(len(moved.weights)) for row in weight_rows(moved, n)])


def weight_rows(moved: Moved, number: int) -> list[dict[str, object]]:
    """The rows of WEIGHTS of one weight."""
    weight = moved.weights[number]
    changes = {at for way in (-1, 1) if (at := moved.nearest_change(weight, way)) is not None}
    percents = sorted({*range(-WHOLE, WHOLE + 1, STEP), *changes} - {0})
    return [moved.row(weight, at) | {"is_nearest_change": at in changes} for at in percents]


def weight_pairs_table(choice: Choice, points: pl.DataFrame) -> pl.DataFrame:
    """Dictionary WEIGHT_PAIRS: two aspects, or two criteria, of which one counts more and the other less."""
    moved = Moved(choice, points)
    return WEIGHT_PAIRS.frame([row for n in range(len(moved.weights)) for row in pair_rows(moved, n)])


def pair_rows(moved: Moved, number: int) -> list[dict[str, object]]:
    """The rows of WEIGHT_PAIRS of one weight and those after it."""
    rules, one = moved.rules, moved.weights[number]
    part = round(WHOLE * rules.traded)
    rows: list[dict[str, object]] = []
    for other in moved.weights[number + 1 :]:
        if one.kind == other.kind != "balance":
            plans = [moved.best({one.name: sign * part, other.name: -sign * part}) for sign in (-1, 1)]
            kept = min(moved.kept(plan) for plan in plans)
            row = {"kind": one.kind, "one": one.name, "other": other.name, "kept": kept}
            rows.append(row | {"hardly_matters": kept >= 1 - rules.hardly})
    return rows


class Moved:
    """The choice with weights moved; what was chosen once is remembered."""

    def __init__(self, choice: Choice, points: pl.DataFrame) -> None:
        self._choice, self._points = choice, points
        self.chosen: Plan = tuple(sorted(choice.solution.chosen or ()))
        self._found: dict[tuple[tuple[str, int], ...], Plan] = {(): self.chosen}

    @property
    def rules(self) -> WeightRules:
        """What is asked of weights."""
        return self._choice.problem.rules.weights

    @cached_property
    def weights(self) -> tuple[Weight, ...]:
        """Every weight; none without a selection, or where the groups of a call of thousands are not held."""
        if not self.chosen or isinstance(self._choice.solver, LargeCall):
            return ()
        groups = self._choice.instance.groups
        aspects = aspect_columns(groups.members_array(), groups.topic, self._choice.facts)
        found = [Weight("aspect", one.name, aspects[:, at]) for at, one in enumerate(ASPECT_DEFINITIONS)]
        found += [Weight("criterion", name, self._by_criterion(name)) for name in CRITERIA]
        found += [Weight("balance", name, None) for name in BALANCE_SUBJECTS]
        return tuple(found)

    def _by_criterion(self, name: str) -> Wide:
        """What a criterion is worth in each group: its points for all members."""
        known = dict(self._points.filter(criterion=name).select("application_id", "points").iter_rows())
        per_point = self._choice.problem.rules.selection.points_per_point
        own = [steps(known.get(one.application_id, 0.0) * per_point) for one in self._choice.facts.applicants]
        every, groups = np.array([*own, 0], np.int64), self._choice.instance.groups
        total: Wide = every[groups.first] + every[groups.second] + every[groups.third]
        return total

    def instance(self, percents: dict[str, int]) -> Instance:
        """The instance with some weights moved by so many percent; worths are rounded to whole steps."""
        instance, more = self._choice.instance, np.zeros(len(self._choice.instance.groups))
        classes = instance.classes
        for weight in self.weights:
            percent = percents.get(weight.name, 0)
            if weight.worth is not None:
                more += weight.worth * (percent / WHOLE)
            elif percent:
                classes = tuple(
                    replace(one, price=round(one.price * (1 + percent / WHOLE)))
                    if one.subject == weight.name
                    else one
                    for one in classes
                )
        worth = instance.groups.worth + np.rint(more).astype(instance.groups.worth.dtype)
        return replace(instance, groups=replace(instance.groups, worth=worth), classes=classes)

    def best(self, percents: dict[str, int]) -> Plan:
        """The best selection with some weights moved."""
        key = tuple(sorted((name, percent) for name, percent in percents.items() if percent))
        if key not in self._found:
            solver = ColumnGeneration(self.instance(percents), self._choice.limits)
            self._found[key] = tuple(sorted(solver.best().chosen or self.chosen))
        return self._found[key]

    def nearest_change(self, weight: Weight, way: int) -> int | None:
        """The nearest percent at which the selection is another one; None if it never is.

        `way` is -1 (the weight counts less) or 1.
        """
        same, other = 0, WHOLE
        plan = self.best({weight.name: way * other})
        if plan == self.chosen:
            return None
        while other - same > 1:
            at = min(max(self._meet(weight, way, same, other, plan), same + 1), other - 1)
            found = self.best({weight.name: way * at})
            if found == self.chosen:
                same = at
            else:
                other, plan = at, found
        return way * other

    def _meet(self, weight: Weight, way: int, same: int, other: int, plan: Plan) -> int:
        """Where a plan becomes as good as the selection, by the line through two percents."""
        behind, ahead = (self._ahead(plan, {weight.name: way * at}) for at in (same, other))
        return other if ahead <= behind else same + ceil((other - same) * -behind / (ahead - behind))

    def _ahead(self, plan: Plan, percents: dict[str, int]) -> int:
        """By how many steps a plan is worth more than the selection."""
        instance = self.instance(percents)
        return objective_of(instance, plan) - objective_of(instance, self.chosen)

    def _placed(self, plan: Plan) -> set[int]:
        return {i for k in plan for i in self._choice.instance.groups.members(k)}

    def kept(self, plan: Plan) -> float:
        """The share of the applications with a place that a plan places too."""
        now = self._placed(self.chosen)
        return len(now & self._placed(plan)) / len(now)

    def row(self, weight: Weight, percent: int) -> dict[str, object]:
        """A row of WEIGHTS."""
        plan = self.best({weight.name: percent})
        before, after = self._placed(self.chosen), self._placed(plan)
        return {
            "kind": weight.kind,
            "weight": weight.name,
            "percent": percent,
            "kept": self.kept(plan),
            "other_twinnings": len(set(plan) - set(self.chosen)),
            "joins": ", ".join(self._ids(after - before)),
            "leaves": ", ".join(self._ids(before - after)),
        }

    def _ids(self, some: set[int]) -> Iterator[str]:
        return (self._choice.facts.applicants[i].application_id for i in sorted(some))
