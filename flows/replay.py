"""A round without Prefect: to recompute a version from what was kept, and for everyone who needs the answer and no record of a run.

Belongs here: the whole procedure in plain calls, and bringing kept material back. Must stay out: the steps (`procedure.py`) and the writing (`publishing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from flows.desk import Desk
from flows.material import DECISIONS_INPUT, EARLIER_INPUT, FRAME_INPUTS, Material, Parent, frame_from, parent_origin, published, read_parent
from flows.procedure import Result, assess, complete
from flows.warm import places
from programme.problems import Problem, ProblemsError
from tasks.ingest.step import SourceFile
from tasks.publish.changes import Origin, changes
from warehouse.dictionary.published import CHANGES
from warehouse.encoding import conform_tables, content_hash
from warehouse.restricted import read_input


@dataclass(frozen=True)
class Replay:
    """What came of recomputing a version: the tables that differ from the published ones (none: identical), and what was different in what made it.

    `rules_differ` and `program_differs` say why a difference may be expected: the version was made by other rules or another program.
    """

    differing: tuple[str, ...]
    rules_differ: bool
    program_differs: bool


def recompute(desk: Desk, material: Material, previous: Parent | None) -> Result:
    """The whole procedure on this material; writes nothing. Raises as the procedure does."""
    return complete(material, assess(material, places(desk)), previous)


def replay(desk: Desk, round_id: str, version: int) -> Replay:
    """Recompute a version from its kept inputs with the rules and the program of today, and compare every table by its values.

    Raises `ProblemsError` where an input is no longer kept (erased on request, lost): all of them at once.
    """
    target = published(desk, round_id, version)
    made = parent_origin(desk, target)
    material = kept_material(desk, made, round_id)
    parent = read_parent(desk, round_id, target.package["parent"])
    result = recompute(desk, material, parent)
    makes = material.origin(result.assessed.decisions)
    moved = changes(parent.tables, result.tables, parent_origin(desk, parent), makes) if parent else CHANGES.empty()
    tables = conform_tables({**result.tables, "changes": moved})
    return Replay(_differing(target.tables, tables), made.rules != makes.rules, made.program != makes.program)


def kept_material(desk: Desk, made: Origin, round_id: str) -> Material:
    """The material a version was made from, from where it is kept."""
    names = {item["sha256"]: item["name"] for item in desk.ledger.inputs(round_id)}
    sources: list[SourceFile] = []
    frames = {name: table.empty() for name, table in FRAME_INPUTS.items()}
    problems: list[Problem] = []
    for table, sha256 in made.inputs.items():
        try:
            content = read_input(desk.storage, sha256)
        except ProblemsError as error:
            problems.extend(error.problems)
            continue
        if table in FRAME_INPUTS:
            frames[table] = frame_from(content, table)
        else:
            sources.append(SourceFile(table, names.get(sha256, table), content))
    if problems:
        raise ProblemsError(problems)
    return Material(desk.round(round_id), desk.programme, tuple(sources), frames[DECISIONS_INPUT], frames[EARLIER_INPUT])


def _differing(one: Mapping[str, pl.DataFrame], other: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    return tuple(sorted(name for name in one if content_hash(one[name]) != content_hash(other[name])))
