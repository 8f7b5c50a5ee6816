"""A matching problem as JSON and back, so that it can be kept and solved again without forms and registers.

Belongs here: the text form. Must stay out: where it is kept (`flows/kept_problem.py`).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

import polars as pl

from programme.matchmaking import MatchmakingRules
from tasks.matchmaking.problem import (
    Absence,
    BaselineTwinnings,
    Capacity,
    Confirmation,
    Constraints,
    Forbid,
    MatchingProblem,
    Pin,
    Waiver,
    Withdrawal,
)
from warehouse.dictionary.other_rounds import CREDITS, EARLIER
from warehouse.dictionary.published import TWINNING_MEMBERS, TWINNINGS
from warehouse.dictionary.working import CANDIDATES, COOPERATIONS, NAMED_PARTNERS

FRAMES = {
    "candidates": CANDIDATES,
    "preferences": NAMED_PARTNERS,
    "cooperations": COOPERATIONS,
    "elsewhere": EARLIER,
    "credits": CREDITS,
}
MOMENT = "confirmed_at"
"""Of no matter to the matching, and no JSON."""
UNREAD = {"preferences": ("city_name", "evidence"), "cooperations": ("programme",)}
"""Columns of free text that people typed; the matching reads none of them, so they are not kept."""
CONSTRAINT_SHAPES = {
    "pins": Pin,
    "forbids": Forbid,
    "withdrawals": Withdrawal,
    "confirmations": Confirmation,
    "waivers": Waiver,
}


def problem_to_json(problem: MatchingProblem) -> str:
    """A problem as JSON, without the rules (they are the programme's) and without findings."""
    return json.dumps(
        {
            "round_id": problem.round_id,
            "starts": problem.starts.isoformat(),
            "seed": problem.seed,
            "capacity": asdict(problem.capacity),
            "constraints": {
                name: [asdict(one) for one in getattr(problem.constraints, name)]
                for name in CONSTRAINT_SHAPES
            },
            "frames": {name: _without_texts(getattr(problem, name), name).to_dicts() for name in FRAMES},
            "baseline": {
                "twinnings": problem.baseline.twinnings.to_dicts(),
                "members": problem.baseline.members.to_dicts(),
            },
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def _without_texts(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    blank = [pl.lit("").alias(column) for column in UNREAD.get(name, ())]
    return frame.drop(MOMENT, strict=False).with_columns(blank)


def problem_from_json(text: str, rules: MatchmakingRules) -> MatchingProblem:
    """The problem that `problem_to_json` wrote, under these rules.

    Raises `KeyError`, `TypeError` or `ValueError` for anything else.
    """
    data = json.loads(text)
    rows = data["constraints"].__getitem__
    constraints = {
        name: tuple(kind(**{key: _frozen(key, value) for key, value in row.items()}) for row in rows(name))
        for name, kind in CONSTRAINT_SHAPES.items()
    }
    return MatchingProblem(
        round_id=data["round_id"],
        **{name: table.frame(data["frames"].get(name, [])) for name, table in FRAMES.items()},
        constraints=Constraints(**constraints),
        capacity=Capacity(**data["capacity"]),
        rules=rules,
        starts=date.fromisoformat(data["starts"]),
        baseline=BaselineTwinnings(
            TWINNINGS.frame(data["baseline"]["twinnings"]),
            TWINNING_MEMBERS.frame(data["baseline"]["members"]),
        ),
        seed=data["seed"],
    )


def _frozen(key: str, value: Any) -> Any:
    if key == "absences":
        return tuple(Absence(**one) for one in value)
    return tuple(value) if isinstance(value, list) else value
