"""`city2city doctor`: whether an installation will do its work, one line each."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import typer

from flows.commands.options import AsJson
from flows.console import print_json, print_table, print_text
from flows.context import open_context
from flows.operations.doctor import examine
from flows.operations.line import is_broken


def doctor(as_json: AsJson = False) -> None:
    """Say whether the installation is in order.

    It looks at everything that an unattended round needs, and says what to do. Each line is fine, look (it
    works, and a person should look) or broken. The exit status is 1 where something is broken. Nothing is
    changed, and nobody is written to.
    """
    lines = examine(open_context(), datetime.now(UTC))
    if as_json:
        print_json([asdict(line) for line in lines])
    else:
        rows = [
            {"": line.health, "what": line.what, "found": line.found, "do": line.remedy} for line in lines
        ]
        print_table(rows, show_all=True)
        counts = {health: sum(line.health == health for line in lines) for health in ("broken", "look")}
        print_text(f"{counts['broken']} broken, {counts['look']} to look at, of {len(lines)}.")
    if is_broken(lines):
        raise typer.Exit(1)
