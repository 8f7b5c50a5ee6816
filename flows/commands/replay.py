"""`city2city replay`: whether a version can be made again from what was kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from flows.commands.options import AsJson, RoundId
from flows.console import print_error, print_json, print_text
from flows.context import open_context
from flows.replay import replay as replay_version
from flows.settings import quiet_libraries


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
    if report.absent and not as_json:
        print_text(
            f"{name}: made by an older program, without {', '.join(report.absent)}. That is not compared."
        )
    if as_json:
        print_json(asdict(report) | {"identical": not report.differing})
    elif not report.differing:
        print_text(f"{name}: identical.")
    else:
        changed = [
            *(["the rules"] if report.rules_differ else []),
            *(["the program"] if report.program_differs else []),
        ]
        since = f"; changed since: {', '.join(changed)}" if changed else "."
        print_error(f"{name}: differs in {', '.join(report.differing)}{since}")
    if report.differing:
        raise typer.Exit(1)
