"""`city2city ledger`: the record of decisions, put back where the database lacks it."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from flows.commands.options import AsJson, RoundId
from flows.console import print_json, print_text
from flows.context import open_context
from flows.ledger import ledger_gaps, restore_ledger
from flows.mailing.letterbox import Letterbox
from programme.counts import counted


class Action(StrEnum):
    """What can be done with the record."""

    check = "check"
    restore = "restore"


def ledger(
    action: Annotated[
        Action,
        typer.Argument(metavar="ACTION", help="check: say what is missing. restore: put it back."),
    ],
    round_id: RoundId,
    as_json: AsJson = False,
) -> None:
    """Restore the record of decisions from what is kept.

    Every decision is kept twice: in the database, and as a line under the restricted folder. A run stops
    where the database lacks one. The exit status of `check` is 1 where something is missing.
    """
    context = open_context()
    round_ = context.round(round_id)
    if action is Action.check:
        gaps = ledger_gaps(context, [round_id])
        if as_json:
            print_json({"round": round_id, "gaps": gaps})
        else:
            print_text("\n".join(gaps) or f"The database has every decision of round {round_id}.")
        if gaps:
            raise typer.Exit(1)
        return
    restored = restore_ledger(context, round_)
    letters = Letterbox(context, round_).restore()
    if as_json:
        print_json({"round": round_id} | asdict(restored) | {"letters": letters})
        return
    print_text(
        f"Put back of round {round_id}: {counted(restored.decisions, 'decision')}, "
        f"{counted(restored.drafted, 'point')} a letter was drafted about, "
        f"{counted(restored.versions, 'version')}, {counted(letters, 'letter')}. "
        f"Next: city2city run {round_id}"
    )
