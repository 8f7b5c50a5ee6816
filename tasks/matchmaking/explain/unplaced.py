"""Why an application was not placed, and its regret: what the whole selection would lose by taking it.

Belongs here: reason and regret. Must stay out: the choice itself.
"""

from __future__ import annotations

import math

import polars as pl

from programme.matchmaking import STEPS_PER_POINT
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.solver.incumbent import TOLERANCE
from tasks.matchmaking.solver.restriction import Restriction
from tasks.matchmaking.value.twinning import Twinning
from warehouse.dictionary.published import UNPLACED


def unplaced_table(choice: Choice) -> pl.DataFrame:
    """Dictionary UNPLACED: every candidate that is in no twinning, with the reason and the exact regret."""
    placed = {i for one in choice.all_twinnings for i in one.group}
    rows: list[dict[str, object]] = []
    for i, one in enumerate(choice.facts.applicants):
        if i not in placed:
            reason, regret = _judged(i, choice)
            rows.append({"application_id": one.application_id, "reason": reason, "regret": regret})
    return UNPLACED.frame(rows)


def _judged(i: int, choice: Choice) -> tuple[str, float | None]:
    """Reason and regret of one applicant that was not placed."""
    reduced, one = choice.reduced, choice.facts.applicants[i]
    if reduced.infeasible_subsets:
        return "Nothing was selected, because recorded decisions clash.", None
    if i not in reduced.free:
        return _not_free(i, choice), None
    if not choice.instance.groups.has([i]).any():
        return "No other applicant shares a topic with it under the programme's hard rules.", None
    placed_cities = {choice.facts.applicants[k].city_id for twinning in choice.chosen for k in twinning.group}
    if one.city_id in placed_cities:
        return "Another application of the same city was placed.", None
    again = choice.solver.best(Restriction(required=[int(choice.instance.city_of[i])]))
    if again.chosen is None:
        return "No twinning with it fits beside the recorded decisions and the capacity that is left.", None
    lost = lost_steps(choice, again.objective) / STEPS_PER_POINT
    best = next(
        twinning
        for twinning in choice.twinnings_of(again)
        if one.city_id in {choice.facts.applicants[k].city_id for k in twinning.group}
    )
    words = described(best, choice, without=i)
    return f"Its best possible twinning ({words}) would cost the whole selection {lost:.2f} points.", lost


def _not_free(i: int, choice: Choice) -> str:
    city = choice.facts.applicants[i].city_id
    if any(item.city_id == city for item in choice.problem.constraints.withdrawals):
        return "Withdrawn by a recorded decision."
    return "Another application of the same city is in a confirmed twinning."


def lost_steps(choice: Choice, objective: float) -> int:
    """What the whole selection loses if it is only worth `objective`, in steps."""
    return math.floor(choice.solution.objective + TOLERANCE) - math.floor(objective + TOLERANCE)


def described(twinning: Twinning, choice: Choice, without: int | None = None) -> str:
    """A twinning in words, or what one city of it would be given."""
    names = [choice.facts.applicants[k].city_name for k in twinning.group if k != without]
    return f"{'with ' if without is not None else ''}{' and '.join(names)} on {twinning.topic}"
