"""The tables of what else could be selected, made when they are asked for and kept beside the working tables.

A run does not wait for them. They follow from a version's problem alone, so the same version has the same
tables.

Belongs here: which is made how, and keeping it. Must stay out: finding plans, repairs and changes
(`tasks/matchmaking/explain`).
"""

from __future__ import annotations

import io
from collections.abc import Callable

import polars as pl

from flows.context import AppContext
from flows.what_if import latest_problem
from tasks.matchmaking.choice import Choice, choose
from tasks.matchmaking.explain.alternatives import alternatives_table
from tasks.matchmaking.explain.losses import Losses
from tasks.matchmaking.explain.repairs import repairs_table
from tasks.matchmaking.explain.sufficient import sufficient_table
from tasks.matchmaking.problem import MatchingProblem
from warehouse.dictionary.near_selection import DERIVED_TABLES

MAKERS: dict[str, Callable[[Choice], pl.DataFrame]] = {
    "alternatives": lambda choice: alternatives_table(choice, Losses(choice)),
    "repairs": repairs_table,
    "sufficient": lambda choice: sufficient_table(choice, Losses(choice)),
}


def near_selection(context: AppContext, round_id: str, name: str) -> tuple[int, pl.DataFrame]:
    """The latest version of a round, and its table `name` of DERIVED_TABLES.

    It is read where it is kept and made where it is not. Raises `ProblemsError` where the round has no
    version, or its inputs are no longer kept.
    """
    version, problem = latest_problem(context, round_id)
    path = f"restricted/working/round={round_id}/version={version:04d}/{name}.parquet"
    kept = _kept(context, path, name)
    if kept is not None:
        return version, kept
    return version, _made(context, path, name, problem)


def _kept(context: AppContext, path: str, name: str) -> pl.DataFrame | None:
    try:
        frame = pl.read_parquet(context.storage.read(path))
    except (FileNotFoundError, pl.exceptions.PolarsError):
        return None
    return frame if frame.schema == DERIVED_TABLES[name].schema else None


def _made(context: AppContext, path: str, name: str, problem: MatchingProblem) -> pl.DataFrame:
    frame = DERIVED_TABLES[name].conform(MAKERS[name](choose(problem)))
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    context.storage.write(path, buffer.getvalue(), private=True)
    return frame
