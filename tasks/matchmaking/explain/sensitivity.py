"""Sensitivity of the selection to each chosen twinning: its margin, its runner-up and its robustness.

Belongs here: what the selection would lose without a twinning, and what its cities would do instead. Must
stay out: how scenarios are drawn and solved (`tasks/matchmaking/explain/robustness.py`).
"""

from __future__ import annotations

import polars as pl

from programme.matchmaking import STEPS_PER_POINT
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.explain.losses import Losses
from tasks.matchmaking.explain.robustness import robustness
from tasks.matchmaking.explain.unplaced import described
from tasks.matchmaking.value.twinning import Twinning
from warehouse.dictionary.matching import TWINNING_SENSITIVITY


def sensitivity_table(choice: Choice, losses: Losses | None = None) -> pl.DataFrame:
    """Dictionary TWINNING_SENSITIVITY: one row a twinning; a confirmed one stands whatever happens."""
    losses = losses or Losses(choice)
    shares, scenarios = robustness(choice)
    rows: list[dict[str, object]] = [
        {
            "twinning_id": one.twinning_id,
            "margin": None,
            "runner_up": None,
            "robustness": 1.0,
            "scenarios": scenarios,
        }
        for one in choice.confirmed
    ]
    for row, twinning in zip(choice.solution.chosen or (), choice.chosen, strict=True):
        margin, runner_up = _without(row, twinning, losses)
        rows.append(
            {
                "twinning_id": twinning.twinning_id,
                "margin": margin,
                "runner_up": runner_up,
                "robustness": shares[row],
                "scenarios": scenarios,
            }
        )
    return TWINNING_SENSITIVITY.frame(rows)


def _without(row: int, twinning: Twinning, losses: Losses) -> tuple[float | None, str]:
    """The exact loss in points if this twinning is ruled out, and what its cities would do then, in words."""
    choice, loss = losses.choice, losses.without(row)
    if loss.impossible:
        return None, "Nothing: recorded decisions leave no other choice."
    if not loss.exact:
        return None, "Not worked out: the limit of work was reached."
    instead = [one for one in loss.twinnings if set(one.group) & set(twinning.group)]
    placed = {i for one in instead for i in one.group}
    words = [described(one, choice) for one in instead]
    words += [f"{choice.facts.applicants[i].city_name} in none" for i in twinning.group if i not in placed]
    return loss.steps / STEPS_PER_POINT, "; ".join(words)
