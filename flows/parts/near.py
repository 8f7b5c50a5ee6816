"""Repairs and moved weights of a selection, which solve the matching again and again, in parts.

Belongs here: sharing out and putting together. Must stay out: finding them (`tasks/matchmaking/explain`), and
the search for the selection itself, which each process makes anew and never shares.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from flows.context import AppContext
from flows.parts.settings import PartSettings
from flows.parts.spread import parts
from flows.parts.work import frame_bytes, read_frame
from programme.matchmaking import MatchmakingRules
from tasks.matchmaking.choice import Choice, choose
from tasks.matchmaking.explain.repairs import repairs_of
from tasks.matchmaking.explain.weights import Moved, pair_rows, weight_rows
from tasks.matchmaking.problem import MatchingProblem
from tasks.matchmaking.problem_json import problem_from_json, problem_to_json
from warehouse.dictionary.near_selection import DERIVED_TABLES

SHARED = ("repairs", "weights", "weight_pairs")
"""The tables that are made in parts."""
AT_ONCE = 4
"""Applications of one part of the repairs."""


def near_in_parts(
    context: AppContext,
    settings: PartSettings,
    name: str,
    problem: MatchingProblem,
    choice: Choice,
    points: pl.DataFrame,
) -> pl.DataFrame:
    """The table `name` of SHARED, as the makers of one process make it."""
    with parts(context, settings) as given:
        same = {
            "kind": name,
            "problem": given.file(problem_to_json(problem).encode()),
            "rules": given.file(problem.rules.model_dump_json().encode()),
        }
        if name == "repairs":
            n = sum(len(one.group) for one in choice.all_twinnings)
            asked = [same | {"first": at, "last": at + AT_ONCE} for at in range(0, n, AT_ONCE)]
            found = [read_frame(one) for one in given.done(asked)]
            return pl.concat([DERIVED_TABLES[name].empty(), *found])
        n = len(Moved(choice, points).weights)
        same["points"] = given.file(frame_bytes(points))
        rows = [json.loads(one) for one in given.done([same | {"number": at} for at in range(n)])]
    return DERIVED_TABLES[name].frame([row for some in rows for row in some])


def repairs_part(about: Mapping[str, Any], folder: Path) -> bytes:
    """What happens if some cities leave."""
    choice = _choice(folder / about["problem"], folder / about["rules"])
    return frame_bytes(repairs_of(choice, about["first"], about["last"]))


def weights_part(about: Mapping[str, Any], folder: Path) -> bytes:
    """How far one weight can move."""
    return json.dumps(weight_rows(_moved(about, folder), about["number"])).encode()


def pairs_part(about: Mapping[str, Any], folder: Path) -> bytes:
    """How one weight counts against those after it."""
    return json.dumps(pair_rows(_moved(about, folder), about["number"])).encode()


@lru_cache(maxsize=1)
def _choice(problem: Path, rules: Path) -> Choice:
    read = MatchmakingRules.model_validate_json(rules.read_bytes())
    return choose(problem_from_json(problem.read_text("utf-8"), read))


def _moved(about: Mapping[str, Any], folder: Path) -> Moved:
    return Moved(
        _choice(folder / about["problem"], folder / about["rules"]), read_frame(folder / about["points"])
    )
