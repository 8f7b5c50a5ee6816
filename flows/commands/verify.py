"""`city2city verify`: whether published versions hold."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import SCREENFUL, cut_note, print_error, print_json, print_text
from flows.context import open_context
from programme.problems import problem
from warehouse.snapshots import list_versions
from warehouse.snapshots.verify import verify_version


def verify(
    round_id: RoundId,
    version: Annotated[
        int | None,
        typer.Argument(metavar="VERSION", help="Only this version.", show_default="all of them"),
    ] = None,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Check versions from their files alone.

    Checked are the hashes, the schema and the rules. The exit status is 1 where anything is wrong.
    """
    context = open_context()
    context.round(round_id)
    published = list_versions(context.storage, round_id)
    if not published or (version is not None and version not in published):
        raise problem(
            found=f"version(s) {', '.join(map(str, published)) or 'none'}",
            expected="a published version" if version is None else f"version {version}",
            where=f"round {round_id} in {context.storage.address}",
            remedy="Name one of those." if published else f"Run it first: city2city run {round_id}",
        )
    report: list[dict[str, Any]] = [
        {"version": item, "problems": verify_version(context.storage, round_id, item)}
        for item in (published if version is None else [version])
    ]
    if as_json:
        print_json(report)
    else:
        for item in report:
            _print_problems(
                f"Round {round_id}, version {item['version']}", item["problems"], show_all=show_all
            )
    if any(item["problems"] for item in report):
        raise typer.Exit(1)


def _print_problems(version: str, problems: list[str], *, show_all: bool) -> None:
    if not problems:
        print_text(f"{version}: hashes, schema and rules hold.")
    shown = problems if show_all else problems[:SCREENFUL]
    for text in shown:
        print_error(f"{version}: {text}")
    if len(shown) < len(problems):
        print_error(cut_note(len(shown), len(problems)))
