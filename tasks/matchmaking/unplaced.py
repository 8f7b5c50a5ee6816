"""Why an application was not placed, and what the whole selection would lose by taking it.

Belongs here: reason and regret. Must stay out: the choice itself.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from programme.matchmaking import STEPS_PER_POINT
from tasks.matchmaking.setting import Setting
from tasks.matchmaking.solver import Change, Solution, Solver
from warehouse.dictionary.published import UNPLACED


def unplaced_table(setting: Setting, solver: Solver, solution: Solution, placed: set[int]) -> pl.DataFrame:
    """Dictionary UNPLACED: every candidate that is not in a twinning, with the reason and the exact regret."""
    rows = []
    for i, one in enumerate(setting.facts.applicants):
        if i not in placed:
            reason, regret = _judged(i, setting, solver, solution)
            rows.append({"application_id": one.application_id, "reason": reason, "regret": regret})
    return UNPLACED.frame(rows)


def _judged(i: int, setting: Setting, solver: Solver, solution: Solution) -> tuple[str, float | None]:
    if setting.clashes:
        return "Nothing was selected, because recorded decisions clash.", None
    if i not in setting.free:
        return "Withdrawn by a recorded decision, or its city is in a confirmed twinning.", None
    having = solver.instance.groups.has([i])
    if not having.any():
        return "No other applicant shares a topic with it under the programme's hard rules.", None
    again = solver.best(Change(must=[int(solver.instance.city_of[i])]))
    if again.chosen is None:
        return "Every twinning it could be in conflicts with the capacity or a recorded decision.", None
    lost = max(0.0, float(np.floor(solution.objective) - np.floor(again.objective))) / STEPS_PER_POINT
    return f"Taking it would cost the whole selection {lost:.1f} points.", lost
