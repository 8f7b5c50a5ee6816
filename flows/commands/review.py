"""`city2city review`: what waits for a person."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.console import complain, print_table, say


def review(
    round_id: Annotated[str, typer.Argument(metavar="ROUND", help="Id of the round.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What waits for a person in the latest version, and how to answer."""
    from flows.context import open_context  # noqa: PLC0415
    from flows.summary import waiting  # noqa: PLC0415  (polars)
    from tasks.decisions.findings import undos_of_nothing  # noqa: PLC0415
    from warehouse.snapshots import read_tables  # noqa: PLC0415

    context = open_context()
    version = context.latest(round_id)
    rows = waiting(read_tables(context.storage, round_id, version))
    print_table(
        rows,
        ["application_id", "city_name", "country_iso3", "rule", "evidence"],
        as_json=as_json,
        title=f"Round {round_id}, version {version}",
    )
    for finding in undos_of_nothing(context.ledger.decisions(round_id)):
        complain(f"Note: decision {finding.row_key}: {finding.message}")
    if not as_json:
        say(
            f"{len(rows)} open point(s). Answer with: city2city decide {round_id} rule APPLICATION RULE OUTCOME --reason TEXT --by WHO"
        )
        say(
            f"or, for an ambiguous link: city2city decide {round_id} link APPLICATION cohort|gcom REGISTER_ID --reason TEXT --by WHO"
        )
