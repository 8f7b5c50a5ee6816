"""The fixed words of what else could be selected: near-equal plans, repairs, what would have sufficed.

Belongs here: these lists. Must stay out: all other fixed words (`vocabulary.py`), and numbers
(`matchmaking.toml`).
"""

from __future__ import annotations

from typing import Literal, get_args

NearPlanStatus = Literal["fixed", "replaceable", "alternative", "always", "sometimes", "never"]
NEAR_PLAN_STATUSES: tuple[NearPlanStatus, ...] = get_args(NearPlanStatus)
"""In how many near-equal plans a twinning (the first three) or an application (the others) is."""

RepairKind = Literal["shrinks", "joined", "rematched", "dissolves"]
REPAIR_KINDS: tuple[RepairKind, ...] = get_args(RepairKind)
"""What becomes of a twinning that a city leaves."""

SufficientKind = Literal["points", "topic", "jurisdiction", "hours", "not_looked_at"]
SUFFICIENT_KINDS: tuple[SufficientKind, ...] = get_args(SufficientKind)
"""What would have been enough for an application that was not placed; or that a limit kept it from being
looked at.
"""

WeightKind = Literal["aspect", "criterion", "balance"]
WEIGHT_KINDS: tuple[WeightKind, ...] = get_args(WeightKind)
"""What a weight is of: an aspect of a twinning, a criterion of the score, or a subject of the balance."""

StableOutcome = Literal["is_stable", "found", "bounded", "none", "not_worked_out"]
STABLE_OUTCOMES: tuple[StableOutcome, ...] = get_args(StableOutcome)
"""What the search for a selection without blocking groups came to."""
