"""`city2city diff`: what changed between two published versions."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_error, print_json, print_table, print_text
from flows.context import open_context
from flows.published_versions import read_version
from flows.replay import changes_between
from flows.rules_moved import RulesMoved, rules_moved
from programme.counts import counted


class Part(StrEnum):
    """What JSON holds: the changes of facts, or the rules that changed and what they moved."""

    CHANGES = "changes"
    RULES = "rules"


def diff(
    round_id: RoundId,
    v1: Annotated[int, typer.Argument(metavar="V1", help="The older version.")],
    v2: Annotated[int, typer.Argument(metavar="V2", help="The newer version.")],
    part: Annotated[Part, typer.Option("--part", help="What --json prints.")] = Part.CHANGES,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Show what changed between two versions, and why.

    Each change is named with the input or the decision without which it would not be. Between versions that
    do not follow each other, the round is processed again without each possible cause, which takes seconds.
    Where the rules changed, each changed value is named with its file and key. Then follows what the change
    of each file moved: the newer version is made again with that file as it was.
    """
    context = open_context()
    context.round(round_id)
    older, newer = (read_version(context, round_id, number) for number in (v1, v2))
    if as_json and part is Part.RULES:
        found = rules_moved(context, round_id, older, newer)
        told = [{**asdict(one), "moved": found.moved.get(one.file)} for one in found.changes]
        print_json({"rules": told, "why_not": found.why_not})
        return
    moved = changes_between(context, round_id, older, newer)
    print_table(
        moved.rows(named=True),
        moved.columns,
        as_json=as_json,
        title=f"Round {round_id}, version {v1} -> {v2}",
        show_all=show_all,
    )
    if not as_json:
        _print_rules(rules_moved(context, round_id, older, newer), show_all=show_all)
        print_text(f"{counted(moved.height, 'change')}.")


def _print_rules(found: RulesMoved, *, show_all: bool) -> None:
    """The rules that changed, and by file what they moved."""
    if found.changes:
        print_table([asdict(one) for one in found.changes], title="Rules that changed", show_all=show_all)
    for file, rows in found.moved.items():
        if rows:
            print_table(rows, title=f"What the change of {file} moved", show_all=show_all)
        else:
            print_text(f"The change of {file} moved nothing.")
    if found.why_not:
        print_error(found.why_not)
