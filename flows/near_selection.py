"""The tables of what else could be selected, made when they are asked for and kept beside the working tables.

A run does not wait for them. They follow from a version's problem alone, so the same version has the same
tables.

Belongs here: which is made how, and keeping it. Must stay out: finding plans, repairs and changes
(`tasks/matchmaking/explain`).
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from flows.context import AppContext
from flows.what_if import latest_problem
from flows.working_tables import keep_working_table, kept_working_table
from tasks.matchmaking.choice import Choice, choose
from tasks.matchmaking.explain.alternatives import alternatives_table
from tasks.matchmaking.explain.blocking import blocking_table
from tasks.matchmaking.explain.losses import Losses
from tasks.matchmaking.explain.repairs import repairs_table
from tasks.matchmaking.explain.stable_selection import stable_table
from tasks.matchmaking.explain.sufficient import sufficient_table
from tasks.matchmaking.explain.weights import weight_pairs_table, weights_table
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
    version, or its inputs are no longer kept.
    """
    version = context.latest_version(round_id)
    kept = kept_working_table(context, round_id, version, name)
    if kept is not None and kept.schema == DERIVED_TABLES[name].schema:
        return version, kept
    version, problem = latest_problem(context, round_id)
    points = read_table(context.storage, round_id, version, "scores")
    frame = DERIVED_TABLES[name].conform(MAKERS[name](choose(problem), points))
    keep_working_table(context, round_id, version, name, frame)
    return version, frame
