"""`city2city diff`: what changed between two published versions."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_table, print_text
from flows.context import open_context
from flows.published_versions import read_version
from flows.replay import changes_between


def diff(
    round_id: RoundId,
    v1: Annotated[int, typer.Argument(metavar="V1", help="The older version.")],
    v2: Annotated[int, typer.Argument(metavar="V2", help="The newer version.")],
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Show what changed between two versions, and why.

    Each change is named with the input or the decision without which it would not be. Between versions that
    do not follow each other, the round is processed again without each possible cause, which takes seconds.
    """
    context = open_context()
    context.round(round_id)
    moved = changes_between(
        context, round_id, read_version(context, round_id, v1), read_version(context, round_id, v2)
    )
    print_table(
        moved.rows(named=True),
        moved.columns,
        as_json=as_json,
        title=f"Round {round_id}, version {v1} -> {v2}",
        show_all=show_all,
    )
    if not as_json:
        print_text(f"{moved.height} change(s).")
