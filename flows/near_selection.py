"""The tables of what else could be selected, made when they are asked for and kept beside the working tables.

A run does not wait for them. They follow from a version's problem alone, so the same version has the same
tables.

Belongs here: which is made how, and keeping it. Must stay out: finding plans, repairs and changes
(`tasks/matchmaking/explain`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from flows.context import AppContext
from flows.parts.near import SHARED, near_in_parts
from flows.parts.settings import part_settings
from flows.what_if import latest_problem
from flows.working_tables import keep_working_table, kept_working_table
from programme.matchmaking import LimitRules
from programme.problems import problem as mistake
from tasks.matchmaking.choice import Choice, choose
from tasks.matchmaking.explain.alternatives import alternatives_table
from tasks.matchmaking.explain.blocking import blocking_table
from tasks.matchmaking.explain.losses import Losses
from tasks.matchmaking.explain.repairs import repairs_table
from tasks.matchmaking.explain.stable_selection import stable_table
from tasks.matchmaking.explain.sufficient import sufficient_table
from tasks.matchmaking.explain.weights import weight_pairs_table, weights_table
from tasks.matchmaking.problem import MatchingProblem
from warehouse.dictionary.near_selection import DERIVED_TABLES
from warehouse.snapshots import read_table

MAKERS: dict[str, Callable[[Choice, pl.DataFrame], pl.DataFrame]] = {
    "alternatives": lambda choice, _points: alternatives_table(choice, Losses(choice)),
    "repairs": lambda choice, _points: repairs_table(choice),
    "sufficient": lambda choice, _points: sufficient_table(choice, Losses(choice)),
    "weights": weights_table,
    "blocking_groups": lambda choice, _points: blocking_table(choice),
    "stable_selection": lambda choice, _points: stable_table(choice),
    "weight_pairs": weight_pairs_table,
}
"""How each is made, from the choice and the version's table `scores`."""


def near_selection(context: AppContext, round_id: str, name: str) -> tuple[int, pl.DataFrame]:
    """The latest version of a round, and its table `name` of DERIVED_TABLES.

    It is read where it is kept and made where it is not. Raises `ProblemsError` where the round has no
    version, its inputs are no longer kept, or it has more candidates than the rules have time for.
    """
    version = context.latest_version(round_id)
    kept = kept_working_table(context, round_id, version, name)
    limits = context.programme.matchmaking.limits
    if kept is not None and kept.schema == DERIVED_TABLES[name].schema and not _limited(kept, limits):
        return version, kept
    version, problem = latest_problem(context, round_id)
    problem = _as_limited_now(context, problem)
    _check_size(problem)
    points = read_table(context.storage, round_id, version, "scores")
    choice, settings = choose(problem), part_settings()
    if settings.dask and name in SHARED:
        made = near_in_parts(context, settings, name, problem, choice, points)
    else:
        made = MAKERS[name](choice, points)
    frame = DERIVED_TABLES[name].conform(made)
    keep_working_table(context, round_id, version, name, frame)
    return version, frame


def _limited(kept: pl.DataFrame, limits: LimitRules) -> bool:
    """Whether a limit that is another now kept a table from being whole."""
    if "kind" not in kept.columns:
        return False
    told = kept.filter(kind="not_looked_at")
    return told.height > 0 and told["value"][0] != str(limits.sufficient_work)


def _as_limited_now(context: AppContext, problem: MatchingProblem) -> MatchingProblem:
    """The problem under the limits that the rules have now for what is made when it is asked for."""
    now = context.programme.matchmaking.limits
    ours = {
        "sufficient_work": now.sufficient_work,
        "on_demand_candidates": now.on_demand_candidates,
    }
    limits = problem.rules.limits.model_copy(update=ours)
    return replace(problem, rules=problem.rules.model_copy(update={"limits": limits}))


def _check_size(problem: MatchingProblem) -> None:
    """Raise `ProblemsError` for a problem that is too large to be solved again and again."""
    n, most = problem.candidates.height, problem.rules.limits.on_demand_candidates
    if n > most:
        raise mistake(
            found=f"{n:,} candidates",
            expected=f"at most {most:,}: the matching is solved again and again, which takes hours for more",
            where=f"round {problem.round_id}",
            remedy="Ask city2city what-if, which solves it once. Or raise `on_demand_candidates` under "
            "[limits] in programme/matchmaking.toml.",
        )
