"""`city2city diff`, `verify` and `replay`: what published versions say, whether they hold, and whether they
can be made again.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from flows.console import complain, print_json, print_table, say

RoundId = Annotated[str, typer.Argument(metavar="ROUND", help="Id of the round.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def diff(
    round_id: RoundId,
    v1: Annotated[int, typer.Argument(metavar="V1", help="The older version.")],
    v2: Annotated[int, typer.Argument(metavar="V2", help="The newer version.")],
    as_json: AsJson = False,
) -> None:
    """What changed between two published versions, and which input made it change."""
    from flows.context import open_context  # noqa: PLC0415
    from flows.round_inputs import parent_origin, published  # noqa: PLC0415  (polars)
    from tasks.publish.changes import changes  # noqa: PLC0415

    context = open_context()
    context.round(round_id)
    one, other = published(context, round_id, v1), published(context, round_id, v2)
    moved = changes(one.tables, other.tables, parent_origin(context, one), parent_origin(context, other))
    print_table(
        moved.rows(named=True),
        moved.columns,
        as_json=as_json,
        title=f"Round {round_id}, version {v1} -> {v2}",
    )
    if not as_json:
        say(f"{moved.height} change(s).")


def verify(
    round_id: RoundId,
    version: Annotated[
        int | None, typer.Argument(metavar="[VERSION]", help="Only this version [default: all of them].")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a version's hashes, schema and rules from the files alone."""
    from flows.context import open_context  # noqa: PLC0415
    from programme.problems import problem  # noqa: PLC0415
    from warehouse.snapshots import list_versions  # noqa: PLC0415  (polars)
    from warehouse.snapshots.verify import verify_version  # noqa: PLC0415

    context = open_context()
    context.round(round_id)
    there = list_versions(context.storage, round_id)
    if not there or (version is not None and version not in there):
        raise problem(
            found=f"version(s) {', '.join(map(str, there)) or 'none'}",
            expected="a published version" if version is None else f"version {version}",
            where=f"round {round_id} in {context.storage.address}",
            remedy=f"Run it first: city2city run {round_id}" if not there else "Name one of those.",
        )
    report: list[dict[str, Any]] = [
        {"version": item, "problems": verify_version(context.storage, round_id, item)}
        for item in ([version] if version else there)
    ]
    if as_json:
        print_json(report)
    for item in [] if as_json else report:
        if not item["problems"]:
            say(f"Round {round_id}, version {item['version']}: hashes, schema and rules hold.")
        for text in item["problems"]:
            complain(f"Round {round_id}, version {item['version']}: {text}")
    if any(item["problems"] for item in report):
        raise typer.Exit(1)


def replay(
    round_id: RoundId,
    version: Annotated[int, typer.Argument(metavar="VERSION", help="The version to make again.")],
    as_json: AsJson = False,
) -> None:
    """Recompute a version from its kept inputs and say whether it is identical."""
    from dataclasses import asdict  # noqa: PLC0415

    from flows.context import open_context  # noqa: PLC0415
    from flows.replay import replay as again  # noqa: PLC0415  (everything)
    from flows.settings import quiet_libraries  # noqa: PLC0415

    context = open_context()
    context.round(round_id)
    quiet_libraries(context.settings)
    outcome = again(context, round_id, version)
    if as_json:
        print_json(asdict(outcome) | {"identical": not outcome.differing})
    elif not outcome.differing:
        say(f"Round {round_id}, version {version}: identical.")
    else:
        why = [
            text
            for differs, text in (
                (outcome.rules_differ, "the rules"),
                (outcome.program_differs, "the program"),
            )
            if differs
        ]
        complain(
            f"Round {round_id}, version {version}: differs in {', '.join(outcome.differing)}"
            + (f"; changed since: {', '.join(why)}" if why else ".")
        )
    if outcome.differing:
        raise typer.Exit(1)
