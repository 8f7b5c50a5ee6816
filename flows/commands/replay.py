"""`city2city replay`: whether a version can be made again from what was kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from flows.commands.options import AsJson, RoundId
from flows.console import print_error, print_json, print_text
from flows.context import AppContext, open_context
from flows.replay import ReplayReport
from flows.replay import replay as replay_version
from flows.settings import quiet_libraries
from warehouse.snapshots.verify import verify_version


def _print_result(name: str, report: ReplayReport) -> None:
    """Say whether what was compared is identical."""
    if report.unchecked and not report.differing:
        print_text(f"{name}: every other row is identical.")
    elif not report.differing:
        print_text(f"{name}: identical.")
    else:
        changed = [
            *(["the rules"] if report.rules_differ else []),
            *(["the program"] if report.program_differs else []),
        ]
        since = f"; changed since: {', '.join(changed)}" if changed else "."
        print_error(f"{name}: differs in {', '.join(report.differing)}{since}")


def _print_release(
    context: AppContext, name: str, round_id: str, version: int, report: ReplayReport, *, as_json: bool
) -> None:
    """Say of a version of a release what holds, and what cannot be compared."""
    problems = verify_version(context.storage, round_id, version)
    if as_json:
        print_json(asdict(report) | {"identical": False, "problems": problems})
        return
    print_text(
        f"{name}: made by program {report.release}; this program computes in another way and publishes other "
        "tables. Not recomputed: every table."
    )
    if problems:
        print_error(f"{name}: {'; '.join(problems)}")
    else:
        print_text(f"{name}: verified: its bytes, its seals and its content are as they were published.")


def replay(
    round_id: RoundId,
    version: Annotated[int, typer.Argument(metavar="VERSION", help="The version to make again.")],
    as_json: AsJson = False,
) -> None:
    """Recompute a version and say whether it is identical.

    It is made from its kept inputs, with the rules and the program of today. The exit status is 1 where it
    differs.
    """
    context = open_context()
    context.round(round_id)
    quiet_libraries(context.settings)
    report = replay_version(context, round_id, version)
    name = f"Round {round_id}, version {version}"
    if report.release is not None:
        _print_release(context, name, round_id, version, report, as_json=as_json)
        raise typer.Exit(1)
    if report.absent and not as_json:
        print_text(
            f"{name}: made by an older program, without {', '.join(report.absent)}. That is not compared."
        )
    if as_json:
        print_json(asdict(report) | {"identical": not report.differing and not report.unchecked})
        raise typer.Exit(1 if report.differing else 0)
    if report.erased:
        rows = ", ".join(f"{count} of {table}" for table, count in report.unchecked.items())
        rest = f"Rows that cannot be checked: {rows}." if rows else "No row of theirs differs."
        print_text(f"{name}: erased since: {', '.join(report.erased)}. {rest}")
    _print_result(name, report)
    if report.differing:
        raise typer.Exit(1)
