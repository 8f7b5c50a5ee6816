"""The table of near-equal plans: what is in all of them, and what has alternatives.

Belongs here: what is told of the plans (dictionary ALTERNATIVES). Must stay out: finding them
(`near_equal.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from programme.matchmaking import STEPS_PER_POINT
from programme.selection_vocabulary import NearPlanStatus
from tasks.matchmaking.certificate.certify import objective_of
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.explain.losses import Losses
from tasks.matchmaking.explain.near_equal import NearEqual, Plan, far_apart, near_equal
from tasks.matchmaking.explain.unplaced import described
from warehouse.dictionary.near_selection import ALTERNATIVES

Row = dict[str, object]
SHOWN = 3
"""Twinnings that are named as alternatives of one, the most frequent first."""


def alternatives_table(choice: Choice, losses: Losses, found: NearEqual | None = None) -> pl.DataFrame:
    """Dictionary ALTERNATIVES: one row a twinning or application and plan that is shown."""
    rules = choice.problem.rules.near_equal
    told = _Told(choice, losses, found or near_equal(choice, rules.share))
    plans = far_apart(told.found, choice, rules.plans)
    rows: list[dict[str, object]] = []
    for number, plan in enumerate(plans):
        loss = (told.objective - objective_of(choice.instance, tuple(plan))) / STEPS_PER_POINT
        rows += [one | {"plan": number, "loss": max(0.0, loss)} for one in told.of_plan(plan, plans)]
    return ALTERNATIVES.frame(rows)


@dataclass(frozen=True)
class _Told:
    """What the plans say of each group and each application."""

    choice: Choice
    losses: Losses
    found: NearEqual

    @cached_property
    def objective(self) -> int:
        """Objective of the selection in steps."""
        return objective_of(self.choice.instance, self.choice.solution.chosen or ())

    @cached_property
    def _groups(self) -> Counter[int]:
        return Counter(k for plan in self.found.plans for k in plan)

    @cached_property
    def _placed(self) -> Counter[int]:
        return Counter(i for plan in self.found.plans for i in self._members(plan))

    def _members(self, plan: Plan) -> Iterator[int]:
        return (i for k in plan for i in self.choice.instance.groups.members(k))

    def of_plan(self, plan: Plan, shown: Sequence[Plan]) -> Iterator[dict[str, object]]:
        """A row for each group that any shown plan has, and for each application that may be chosen."""
        basis = {"plans": len(self.found.plans), "every_plan": self.found.complete}
        for k in sorted({k for one in shown for k in one}):
            twinning = self.losses.twinning(k)
            yield basis | self._of_group(k) | {"subject": twinning.twinning_id, "there": k in plan}
        placed = set(self._members(plan))
        for i in self.choice.reduced.free:
            one = self.choice.facts.applicants[i]
            yield basis | self._of_application(i) | {"subject": one.application_id, "there": i in placed}

    @cached_property
    def _told_groups(self) -> dict[int, Row]:
        return {}

    def _of_group(self, k: int) -> dict[str, object]:
        if k not in self._told_groups:
            share = self._groups[k] / len(self.found.plans)
            status, proven = self._status_of_group(k, share)
            words = described(self.losses.twinning(k), self.choice)
            if status == "replaceable" and (instead := self._instead(k)):
                words += f"; instead {' or '.join(instead)}"
            told: Row = {
                "kind": "twinning",
                "status": status,
                "share": share,
                "proven": proven,
                "words": words,
            }
            self._told_groups[k] = told
        return self._told_groups[k]

    def _status_of_group(self, k: int, share: float) -> tuple[NearPlanStatus, bool]:
        """A plan without a group proves that it can be replaced; a loss above the limit that it cannot."""
        if k not in (self.choice.solution.chosen or ()):
            return "alternative", True
        if share < 1 or self.found.complete:
            return ("replaceable" if share < 1 else "fixed"), True
        loss = self.losses.without(k)
        if loss.impossible or loss.steps > self.found.limit:
            return "fixed", True
        return ("replaceable", True) if loss.exact else ("fixed", False)

    def _instead(self, k: int) -> list[str]:
        """The twinnings that the cities of a group have most often in plans without it."""
        cities = set(self.choice.instance.groups.members(k))
        members = self.choice.instance.groups.members
        seen = Counter(
            other
            for plan in self.found.plans
            if k not in plan
            for other in plan
            if cities & set(members(other))
        )
        best = sorted(seen, key=lambda other: (-seen[other], other))[:SHOWN]
        return [described(self.losses.twinning(other), self.choice) for other in best]

    @cached_property
    def _nearest(self) -> dict[int, int]:
        return self.losses.nearest()

    @cached_property
    def _told_applications(self) -> dict[int, Row]:
        return {}

    def _of_application(self, i: int) -> dict[str, object]:
        if i not in self._told_applications:
            share = self._placed[i] / len(self.found.plans)
            status: NearPlanStatus = "never" if share == 0 else "always" if share == 1 else "sometimes"
            proven = self.found.complete or status == "sometimes" or (status == "never" and self._is_never(i))
            words = self.choice.facts.applicants[i].city_name
            told: Row = {
                "kind": "application",
                "status": status,
                "share": share,
                "proven": proven,
                "words": words,
            }
            self._told_applications[i] = told
        return self._told_applications[i]

    def _is_never(self, i: int) -> bool:
        """Whether it is proven that no near-equal plan has an application."""
        if i not in self._nearest:
            return True
        loss = self.losses.with_city(i, self._nearest[i])
        return loss.impossible or loss.steps > self.found.limit
