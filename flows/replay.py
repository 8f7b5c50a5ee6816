"""Recomputing a published version from what was kept, without Prefect and without writing anything.

Belongs here: bringing kept inputs back, and comparing what they make today with what was published. Must stay
out: the steps (`procedure.py`) and the writing (`publishing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from flows.context import AppContext
from flows.linking_resources import linking_resources
from flows.procedure import assess, match_cities, score_applications
from flows.published_versions import (
    CARRIED_INPUT,
    DECISIONS_INPUT,
    EARLIER_INPUT,
    FRAME_INPUTS,
    PublishedVersion,
    frame_from,
    origin_of,
    read_parent,
    read_version,
)
from flows.publishing import changes_since
from flows.round_inputs import RoundInputs
from flows.round_results import RoundResult
from programme.problems import Problem, ProblemsError
from tasks.ingest.step import SourceFile
from tasks.publish.changes import Origin
from warehouse.inputs.kept import read_input
from warehouse.snapshots.parquet import conform_tables, content_hash


@dataclass(frozen=True)
class ReplayReport:
    """What recomputing a version showed: the tables that differ from the published ones (none: identical).

    `rules_differ` and `program_differs` say why a difference may be expected: the version was made by other
    rules or another program.
    """

    differing: tuple[str, ...]
    rules_differ: bool
    program_differs: bool


def replay(context: AppContext, round_id: str, version: int) -> ReplayReport:
    """Recompute a version from its kept inputs, with the rules and the program of today, and compare.

    Tables are compared by their values. Raises `ProblemsError` naming every input that is no longer kept
    (erased on request, or lost).
    """
    published = read_version(context, round_id, version)
    origin = origin_of(context, published)
    round_inputs = kept_round_inputs(context, origin, round_id)
    parent = read_parent(context, round_id, published)
    result = recompute(context, round_inputs, parent)
    origin_today = round_inputs.origin(result.assessed.decisions)
    changes = changes_since(context, parent, result.tables, origin_today)
    tables = conform_tables({**result.tables, "changes": changes})
    return ReplayReport(
        differing=differing_tables(published.tables, tables),
        rules_differ=origin.rules != origin_today.rules,
        program_differs=origin.program != origin_today.program,
    )


def recompute(
    context: AppContext, round_inputs: RoundInputs, previous: PublishedVersion | None
) -> RoundResult:
    """Every step of the procedure but the publishing; raises as the procedure does."""
    assessed = assess(round_inputs=round_inputs, resources=linking_resources(context))
    scored = score_applications(round_inputs=round_inputs, assessed=assessed)
    return match_cities(round_inputs=round_inputs, assessed=assessed, scored=scored, previous=previous)


def kept_round_inputs(context: AppContext, origin: Origin, round_id: str) -> RoundInputs:
    """The inputs a version was made from, from where they are kept.

    Raises `ProblemsError` naming every one that is no longer kept.
    """
    names = {item["sha256"]: item["name"] for item in context.ledger.inputs(round_id)}
    sources: list[SourceFile] = []
    frames = {name: table.empty() for name, table in FRAME_INPUTS.items()}
    problems: list[Problem] = []
    for table, sha256 in origin.inputs.items():
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
        round=context.round(round_id),
        programme=context.programme,
        sources=tuple(sources),
        recorded_decisions=frames[DECISIONS_INPUT],
        confirmed_cities=frames[EARLIER_INPUT],
        offered_forms=frames[CARRIED_INPUT],
    )


def differing_tables(one: Mapping[str, pl.DataFrame], other: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    """Names of the tables whose content differs, sorted."""
    return tuple(sorted(name for name in one if content_hash(one[name]) != content_hash(other[name])))
