"""`city2city run` and `city2city scan`: the flows, started by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import typer

from flows.console import announce, complain, print_json, print_table, progress, say

RoundId = Annotated[str, typer.Argument(metavar="ROUND", help="Id of the round, such as 2026-01.")]
InputsDir = Annotated[
    str | None,
    typer.Option(
        "--inputs",
        metavar="DIR",
        help="Folder that holds the round's folder [default: inputs of the data folder].",
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        metavar="TIME",
        help="Do not apply decisions made later (ISO 8601; without offset: the round's time zone).",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def run(
    round_id: RoundId,
    inputs: InputsDir = None,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why; published with the version, so name no person.")
    ] = "run by hand",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Process a round and publish a new version if anything changed."""
    summary = process(round_id, inputs, reason, as_of, quiet=as_json)
    if as_json:
        print_json(summary)
    else:
        tell(summary)


def scan(round_id: RoundId, inputs: InputsDir = None, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Look at a round early: who is missing what. Publishes nothing."""

    def start(moment: datetime | None) -> dict[str, Any]:
        from flows.early_scan import early_scan  # noqa: PLC0415  (Prefect)
        from flows.preload import await_server  # noqa: PLC0415

        await_server()
        return early_scan(round_id, inputs, moment)

    summary = _under_prefect(start, round_id, inputs, as_of, quiet=as_json)
    if as_json:
        print_json(summary)
    else:
        tell(summary)


def process(
    round_id: str, inputs: str | None, reason: str, as_of: datetime | None = None, *, quiet: bool = False
) -> dict[str, Any]:
    """Run the main flow in this process and return its summary."""

    def start(moment: datetime | None) -> dict[str, Any]:
        from flows.preload import await_server  # noqa: PLC0415
        from flows.process_round import process_round  # noqa: PLC0415  (Prefect)

        await_server()
        return process_round(round_id, reason, inputs, moment)

    from flows.context import open_context  # noqa: PLC0415
    from flows.run_record import held  # noqa: PLC0415
    from flows.settings import make_data_folder  # noqa: PLC0415

    context = open_context()
    make_data_folder(context.settings)
    with held(context, context.round(round_id).id, reason):
        return _under_prefect(start, round_id, inputs, as_of, quiet=quiet)


def _under_prefect(
    start: Callable[[datetime | None], dict[str, Any]],
    round_id: str,
    inputs: str | None,
    as_of: datetime | None,
    *,
    quiet: bool,
) -> dict[str, Any]:
    """Check what can be checked in a moment, load the slow things and read the inputs once while Prefect
    starts, and run.
    """
    from flows.context import open_context  # noqa: PLC0415
    from flows.preload import begin_server, warm_up  # noqa: PLC0415
    from flows.settings import make_data_folder, quiet_libraries  # noqa: PLC0415
    from tasks.ingest.step import SourceFile, read_all  # noqa: PLC0415
    from warehouse.inputs.find import find_inputs  # noqa: PLC0415
    from warehouse.sandbox import open_in_sandbox  # noqa: PLC0415

    context = open_context()
    round_ = context.round(round_id)
    make_data_folder(context.settings)
    storage, folder = context.inputs(inputs)
    found = find_inputs(storage, round_id, folder)
    context.programme  # noqa: B018  (raises for a mistake in the rules before anything starts)
    quiet_libraries(context.settings, console=False)
    moment = as_of if as_of is None or as_of.tzinfo else as_of.replace(tzinfo=round_.zone)
    with progress(quiet=quiet):
        announce("Starting Prefect")
        begin_server()
        warm_up(context)
        # The flow reads them again as its first step; here a mistake in them is told seconds earlier, in time
        # that is waited for anyway.
        sources = [SourceFile(item.table, item.name, item.data) for item in found]
        read_all(sources, context.programme, round_, open_binary=open_in_sandbox)
        from prefect import tags  # noqa: PLC0415

        with tags("city2city", f"round:{round_id}"):
            return start(moment)


def tell(summary: dict[str, Any]) -> None:
    """The summary for a person: the funnel, the twinnings, what waits, the findings, and what became of
    it.
    """
    print_table(summary["files"], title=f"Round {summary['round']}: what came in")
    print_table(summary["funnel"], title="What became of it")
    if summary.get("twinnings"):
        print_table(
            [{**row, "value": f"{row['value']:.1f}"} for row in summary["twinnings"]], title="Twinnings"
        )
    if summary["waiting"]:
        print_table(summary["waiting"], title="Waiting for a person")
    if summary["findings"]:
        print_table(summary["findings"], title="Findings")
    if summary["set_aside"]:
        print_table(summary["set_aside"], title="Set aside (the rows are kept in the database)")
    if summary["earlier"]:
        print_table(
            summary["earlier"],
            ["application_id", "city_name", "earlier_round", "earlier_application_id", "became"],
            title="Applied before",
        )
    if summary.get("changes"):
        print_table(summary["changes"], title="Changes")
    say(summary["headline"])


def tell_stop(findings: list[dict[str, Any]]) -> None:
    """What stopped a run, on standard error."""
    complain("Stopped: nothing was published, the last good version stays.")
    for row in findings:
        complain(f"- {row['table']}, {row['expectation']} ({row['rows']} row(s)): {row['for_example']}")
