"""`city2city rollback`: back to an older version, as a new one."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.commands.options import AsJson, RoundId
from flows.console import print_error, print_json, print_table, print_text
from flows.context import open_context
from flows.pinning import pin_of
from flows.rolling_back import roll_back
from flows.run_record import record_run
from flows.settings import make_data_folder


def rollback(
    round_id: RoundId,
    version: Annotated[int, typer.Argument(metavar="VERSION", help="The version to go back to.")],
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; published with the version: name no person.")
    ],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who goes back.")],
    as_json: AsJson = False,
) -> None:
    """Go back to an older version: its tables become a new one.

    Decisions since then are taken back and listed. The round's inputs and rules are pinned to those of the
    older version until `city2city run ROUND --unpin`, so that the next run does not bring the fault back.
    """
    context = open_context()
    round_ = context.round(round_id)
    make_data_folder(context.settings)
    told = f"rollback to version {version}"
    with record_run(context, round_.id, "process", told, None, by) as record:
        done = roll_back(context, round_, version, reason=reason, by=by, now=datetime.now(UTC), record=record)
    for fault in record.faults:
        print_error(fault)
    if as_json:
        print_json({"round": round_id, **asdict(done), "faults": record.faults})
        return
    if done.version is None:
        print_text(f"The latest version of round {round_id} has the content of version {version} already.")
    else:
        print_text(
            f"Published version {done.version} of round {round_id} with the tables of version {version}."
        )
    for title, rows in (
        ("Decisions that count no longer", done.undone),
        ("Decisions that count again", done.back),
    ):
        if rows:
            print_table(rows, title=title, show_all=True)
    print_text(str(pin_of(context, round_.id)))
