"""`city2city runs` and `city2city inputs`: what ran for a round, and what came in for it."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any

import typer

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_table, print_text
from flows.context import AppContext, open_context
from flows.operations.attention import BAD
from flows.run_notes import read_note
from flows.run_record import holder_of
from programme.problems import ProblemsError
from warehouse.database.last_run import RunRow, passports_of, runs_of
from warehouse.snapshots import list_versions, read_package

Scans = Annotated[bool, typer.Option("--scans", help="List early scans too.")]


def runs(round_id: RoundId, scans: Scans = False, show_all: ShowAll = False, as_json: AsJson = False) -> None:
    """List the runs of a round and how each ended.

    The newest first: when, how it ended, the version it published, its reason, and why it has no version.
    """
    context = open_context()
    round_ = context.round(round_id)
    held = holder_of(context, round_.id) is not None
    rows = [
        _run(context, round_.id, row, held=held)
        for row in runs_of(context.settings.database_url, round_.id)
        if scans or row.kind == "process"
    ]
    if not rows and not as_json:
        print_text(f"Round {round_.id} was never processed. To do so: city2city run {round_.id}")
        return
    columns = ["started_at", "kind", "outcome", "version", "reason", "why"]
    print_table(rows, None if as_json else columns, as_json=as_json, show_all=show_all)


def _run(context: AppContext, round_id: str, row: RunRow, *, held: bool) -> dict[str, Any]:
    outcome = row.outcome_now(held=held)
    return {
        "run": row.id,
        "kind": row.kind,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "outcome": outcome,
        "version": row.version,
        "reason": row.reason,
        "program": row.program,
        "why": read_note(context.storage, round_id, row.id) if outcome in BAD else "",
    }


def inputs(round_id: RoundId, show_all: ShowAll = False, as_json: AsJson = False) -> None:
    """List the inputs of a round and the versions made from each.

    The last read first: table, file name, sha256, when it was read, rows, and in which versions it is.
    """
    context = open_context()
    round_ = context.round(round_id)
    versions = _versions_by_input(context, round_.id)
    known = passports_of(context.settings.database_url, round_.id)
    rows: list[dict[str, Any]] = [
        {
            **passport,
            "versions": versions.pop((str(passport["table"]), str(passport["sha256"])), []),
        }
        for passport in known
    ]
    rows += [
        {"table": table, "name": None, "sha256": sha256, "read_at": None, "rows": None, "versions": numbers}
        for (table, sha256), numbers in sorted(versions.items())
    ]
    if not rows and not as_json:
        print_text(f"Nothing was read for round {round_.id} yet: city2city run {round_.id}")
        return
    if not as_json:
        for row in rows:
            row["sha256"] = f"{str(row['sha256'])[:12]}..."
            row["versions"] = ", ".join(str(number) for number in row["versions"]) or "none"
    print_table(rows, as_json=as_json, show_all=show_all)


def _versions_by_input(context: AppContext, round_id: str) -> dict[tuple[str, str], list[int]]:
    """Table and sha256 of each input to the versions that were made from it."""
    found: dict[tuple[str, str], list[int]] = {}
    for version in list_versions(context.storage, round_id):
        with suppress(ProblemsError):  # a damaged version is what `verify` is for
            for table, sha256 in read_package(context.storage, round_id, version)["inputs"].items():
                found.setdefault((table, sha256), []).append(version)
    return found
