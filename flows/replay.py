"""A round without Prefect: to recompute a version from what was kept, and for everyone who needs the answer
and no record of a run.

Belongs here: the whole procedure in plain calls, and bringing kept round_inputs back. Must stay out: the steps
(`procedure.py`) and the writing (`publishing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from flows.context import AppContext
from flows.preload import places
from flows.procedure import Result, assess, complete
from flows.round_inputs import (
    DECISIONS_INPUT,
    EARLIER_INPUT,
    FRAME_INPUTS,
    Parent,
    RoundInputs,
    frame_from,
    parent_origin,
    published,
    read_parent,
)
from programme.problems import Problem, ProblemsError
from tasks.ingest.step import SourceFile
from tasks.publish.changes import Origin, changes
from warehouse.dictionary.published import CHANGES
from warehouse.inputs.kept import read_input
from warehouse.snapshots.parquet import conform_tables, content_hash


@dataclass(frozen=True)
class Replay:
    """What came of recomputing a version: the tables that differ from the published ones (none: identical),
    and what was different in what made it.

    `rules_differ` and `program_differs` say why a difference may be expected: the version was made by other
    rules or another program.
    """

    differing: tuple[str, ...]
    rules_differ: bool
    program_differs: bool


def recompute(context: AppContext, round_inputs: RoundInputs, previous: Parent | None) -> Result:
    """The whole procedure on this round_inputs; writes nothing. Raises as the procedure does."""
    return complete(round_inputs, assess(round_inputs, places(context)), previous)


def replay(context: AppContext, round_id: str, version: int) -> Replay:
    """Recompute a version from its kept inputs with the rules and the program of today, and compare every
    table by its values.

    Raises `ProblemsError` where an input is no longer kept (erased on request, lost): all of them at once.
    """
    target = published(context, round_id, version)
    made = parent_origin(context, target)
    round_inputs = kept_round_inputs(context, made, round_id)
    parent = read_parent(context, round_id, target.package["parent"])
    result = recompute(context, round_inputs, parent)
    makes = round_inputs.origin(result.assessed.decisions)
    moved = (
        changes(parent.tables, result.tables, parent_origin(context, parent), makes)
        if parent
        else CHANGES.empty()
    )
    tables = conform_tables({**result.tables, "changes": moved})
    return Replay(_differing(target.tables, tables), made.rules != makes.rules, made.program != makes.program)


def kept_round_inputs(context: AppContext, made: Origin, round_id: str) -> RoundInputs:
    """The round_inputs a version was made from, from where it is kept."""
    names = {item["sha256"]: item["name"] for item in context.ledger.inputs(round_id)}
    sources: list[SourceFile] = []
    frames = {name: table.empty() for name, table in FRAME_INPUTS.items()}
    problems: list[Problem] = []
    for table, sha256 in made.inputs.items():
        try:
            content = read_input(context.storage, sha256)
        except ProblemsError as error:
            problems.extend(error.problems)
            continue
        if table in FRAME_INPUTS:
            frames[table] = frame_from(content, table)
        else:
            sources.append(SourceFile(table, names.get(sha256, table), content))
    if problems:
        raise ProblemsError(problems)
    return RoundInputs(
        context.round(round_id),
        context.programme,
        tuple(sources),
        frames[DECISIONS_INPUT],
        frames[EARLIER_INPUT],
    )


def _differing(one: Mapping[str, pl.DataFrame], other: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    return tuple(sorted(name for name in one if content_hash(one[name]) != content_hash(other[name])))
