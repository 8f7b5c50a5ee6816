"""`city2city run` and `city2city scan`: the flows, started by hand."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from flows.commands.options import AsJson, AsOf, InputsFolder, RoundId, ShowAll
from flows.console import print_error, print_json, print_table, print_text
from flows.context import open_context
from flows.prefect_start import process_with_prefect, scan_with_prefect
from flows.settings import operating_user
from tasks.publish.gates import check_accepted
from tasks.publish.open_points import NAMES

BY_HAND = "run by hand"
By = Annotated[
    str | None,
    typer.Option(
        metavar="WHO",
        help="Who starts the run, and accepts a gate; recorded, not published.",
        show_default="the user of the system",
    ),
]
Unpin = Annotated[
    bool,
    typer.Option("--unpin", help="End what a rollback pinned: read the inputs and rules as they are now."),
]


def run(
    round_id: RoundId,
    inputs: InputsFolder = None,
    reason: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="Why; published with the version, so name no person.",
            show_default=BY_HAND,
        ),
    ] = None,
    as_of: AsOf = None,
    accept: Annotated[
        list[str] | None,
        typer.Option(metavar="GATE", help="Let this gate pass this once, for --reason; repeatable."),
    ] = None,
    by: By = None,
    unpin: Unpin = False,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Process a round; publish a new version if anything changed."""
    check_accepted(accept or (), reason)
    summary = process_with_prefect(
        open_context(),
        round_id,
        inputs,
        reason or BY_HAND,
        as_of,
        accept=accept or (),
        by=by or operating_user(),
        unpin=unpin,
        quiet=as_json,
    )
    print_summary(summary, show_all=show_all, as_json=as_json)


def scan(
    round_id: RoundId,
    inputs: InputsFolder = None,
    as_of: AsOf = None,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Look at a round early: who is missing what.

    Drafts a letter to everyone with an open point that no letter named yet. Publishes nothing.
    """
    summary = scan_with_prefect(open_context(), round_id, inputs, as_of, quiet=as_json)
    print_summary(summary, show_all=show_all, as_json=as_json)


def print_summary(summary: dict[str, Any], *, show_all: bool, as_json: bool) -> None:
    """Print the summary of a run or a scan: funnel, twinnings, what waits, findings, and the headline.

    What could not be noted of a version goes to standard error.
    """
    for fault in summary.get("faults", ()):
        print_error(fault)
    if as_json:
        print_json(summary)
        return
    twinnings = [
        row | {name: f"{row[name]:.1f}" for name in ("value", "value_per_city")}
        for row in summary.get("twinnings", ())
    ]
    applied_before = ["application_id", "city_name", "earlier_round", "earlier_application_id", "became"]
    print_table(summary["files"], title=f"Round {summary['round']}: what came in")
    print_table(summary["funnel"], title="What became of it")
    for line in summary.get("capacity", ()):
        print_text(line)
    for title, rows, columns in (
        ("Twinnings", twinnings, None),
        ("Waiting for a person", summary["waiting"], list(NAMES)),
        ("Findings", summary["findings"], None),
        ("Set aside (the rows are kept in the database)", summary["set_aside"], None),
        ("Applied before", summary["earlier"], applied_before),
        ("Changes", summary.get("changes"), None),
    ):
        if rows:
            print_table(rows, columns, title=title, show_all=show_all)
    print_text(summary["headline"])
    if summary.get("report"):
        print_text(f"Report: {summary['report']}")
