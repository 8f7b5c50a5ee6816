"""Recomputing a published version from what was kept, without Prefect and without writing anything.

Belongs here: bringing kept inputs back, and comparing what they make today with what was published. Must stay
out: the steps (`procedure.py`) and the writing (`publishing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import polars as pl

from flows.attribution import RememberingRunner, changes_since
from flows.context import AppContext
from flows.kept_inputs import kept_round_inputs
from flows.linking_resources import linking_resources
from flows.pinning import with_rules_of
from flows.procedure import assess, match_cities, processed_again, score_applications
from flows.published_versions import PublishedVersion, origin_of, read_parent, read_version
from flows.round_inputs import RoundInputs
from flows.round_results import RoundResult
from flows.runner import Runner, run_plain
from programme.problems import ProblemsError
from tasks.publish.changes import changes
from warehouse.dictionary.published import CERTIFICATE
from warehouse.snapshots.older import lacked_by, without_lacked
from warehouse.snapshots.parquet import conform_tables, content_hash


@dataclass(frozen=True)
class ReplayReport:
    """What recomputing a version showed: the tables that differ from the published ones (none: identical).

    `absent` is what the version lacks because an older program made it; it is not compared. `rules_differ`
    and `program_differs` say why a difference may be expected: the version was made by other rules or another
    program.
    """

    differing: tuple[str, ...]
    rules_differ: bool
    program_differs: bool
    absent: tuple[str, ...] = ()


def replay(context: AppContext, round_id: str, version: int) -> ReplayReport:
    """Recompute a version from its kept inputs and rules, with the program of today, and compare.

    Where its rules are not kept, those of today are taken. Tables are compared by their values. Raises
    `ProblemsError` naming every input that is no longer kept (erased on request, or lost).
    """
    published = read_version(context, round_id, version)
    origin = origin_of(context, published)
    with suppress(ProblemsError):
        context = with_rules_of(context, origin.rules)
    round_inputs = kept_round_inputs(context, origin, round_id)
    parent = read_parent(context, round_id, published)
    run = RememberingRunner(run_plain)
    result = recompute(context, round_inputs, parent, run, published)
    origin_today = round_inputs.origin(result.assessed.in_force)
    again = processed_again(context, parent, run)
    moved = changes_since(context, parent, result.tables, round_inputs, origin_today, again)
    tables = conform_tables({**result.tables, "changes": moved})
    absent, compared = lacked_by(published.package), (published.tables, tables)
    return ReplayReport(
        differing=differing_tables(
            *({name: without_lacked(name, one[name], absent) for name in one} for one in compared)
        ),
        rules_differ=origin.rules != origin_today.rules,
        program_differs=origin.program != origin_today.program,
        absent=absent,
    )


def changes_between(
    context: AppContext, round_id: str, older: PublishedVersion, newer: PublishedVersion
) -> pl.DataFrame:
    """What changed between two published versions (dictionary table CHANGES), each change with its cause.

    A version that follows the other has told it itself. For others the newer one is made again without each
    possible cause; where its inputs are no longer kept, what was traced is told.
    """
    if newer.package["parent"] == older.version:
        return newer.tables["changes"]
    origin = origin_of(context, newer)
    try:
        round_inputs = kept_round_inputs(context, origin, round_id)
    except ProblemsError:
        return changes(older.tables, newer.tables, origin_of(context, older), origin)
    again = processed_again(context, older, RememberingRunner(run_plain))
    return changes_since(context, older, newer.tables, round_inputs, origin, again)


def recompute(
    context: AppContext,
    round_inputs: RoundInputs,
    previous: PublishedVersion | None,
    run: Runner = run_plain,
    repeated: PublishedVersion | None = None,
) -> RoundResult:
    """Every step of the procedure but the publishing; raises as the procedure does."""
    assessed = assess(round_inputs=round_inputs, resources=linking_resources(context), run=run)
    scored = score_applications(round_inputs=round_inputs, assessed=assessed, run=run)
    return match_cities(
        round_inputs=round_inputs,
        assessed=assessed,
        scored=scored,
        previous=previous,
        repeated=repeated,
        run=run,
    )


def differing_tables(one: Mapping[str, pl.DataFrame], other: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    """Names of the tables whose content differs, sorted.

    A certificate is checked (`city2city verify`) and not compared: one selection has many proofs, and another
    processor may round to another one.
    """
    compared = one.keys() - {CERTIFICATE.name}
    return tuple(sorted(name for name in compared if content_hash(one[name]) != content_hash(other[name])))
