"""`city2city check`: what files are, and how they would be read; or whether a folder would run as a round."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.options import AsJson, ShowAll
from flows.console import print_json, print_table, print_text
from flows.context import AppContext, open_context
from flows.input_check import CheckedFile, CheckedRound, check_files, check_round, read_file
from pages.views.findings import findings_by_expectation
from programme.problems import problem
from programme.rounds import Round
from tasks.ingest.describe import describe_columns, describe_file, describe_readings

__all__ = ["check", "read_file"]


def check(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="The files to read (CSV, XLSX, JSON records or Parquet), or the folder of a round.",
        ),
    ],
    table: Annotated[
        str | None,
        typer.Option(help="Which input it is.", show_default="known by its name or its headings"),
    ] = None,
    round_id: Annotated[
        str | None,
        typer.Option(
            "--round",
            help="The round whose rules count; of a folder, the round it is called after.",
            show_default="the last one",
        ),
    ] = None,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Say how one file would be read; nothing is stored.

    Of several files, also how they agree. Of a folder, whether it would run as a round: the exit status is 1
    where a run would stop.
    """
    context = open_context()
    if any(file.is_dir() for file in files):
        status = _check_folder(context, _one_folder(files), round_id, show_all=show_all, as_json=as_json)
        raise typer.Exit(status)
    descriptions = check_files(context, files, table, _round(context, round_id))
    parts = [_parts(one) for one in descriptions]
    if as_json:
        print_json(parts[0] if len(parts) == 1 else parts)
        return
    for one in parts:
        _print_parts(one, show_all=show_all)
    print_text("Nothing was stored.")


def _check_folder(
    context: AppContext, folder: Path, round_id: str | None, *, show_all: bool, as_json: bool
) -> int:
    """Print whether a folder would run as a round; the exit status."""
    checked = check_round(context, folder, _round(context, round_id, folder.resolve().name))
    _print_round(checked, show_all=show_all, as_json=as_json)
    return int(checked.would_stop)


def _one_folder(files: list[Path]) -> Path:
    if len(files) > 1:
        raise problem(
            found=", ".join(str(file) for file in files),
            expected="files, or one folder",
            where="FILE",
            remedy="Name the folder of the round alone.",
        )
    return files[0]


def _round(context: AppContext, round_id: str | None, folder: str = "") -> Round:
    """The round that was named, else the one that a folder is called after, else the last one."""
    if round_id is not None:
        return context.round(round_id)
    named = [item for item in context.rounds.rounds if item.id == folder]
    return named[0] if named else context.rounds.rounds[-1]


def _parts(checked: CheckedFile) -> dict[str, list[dict[str, Any]]]:
    read = checked.read
    parts = {
        "What it is": describe_file(read),
        "How each column was understood": describe_columns(read),
        "What was understood from what was written": describe_readings(read, checked.people),
        "Rows that would be set aside": read.set_aside.select(
            "row", "row_key", "column", "reason"
        ).to_dicts(),
        "What a person should look at": checked.findings.select(
            "severity", "row_key", "column", "message"
        ).to_dicts(),
    }
    if checked.unchecked:
        what = f"the expectations that compare it with {', '.join(checked.unchecked)}"
        parts["What was not looked at"] = [{"what": what, "remedy": "Name these files too."}]
    return parts


def _print_parts(parts: dict[str, list[dict[str, Any]]], *, show_all: bool) -> None:
    for title, rows in parts.items():
        if rows:
            print_table(rows, title=title, show_all=show_all or title == "How each column was understood")
            print_text("")


def _print_round(checked: CheckedRound, *, show_all: bool, as_json: bool) -> None:
    findings = findings_by_expectation(checked.findings)
    answer = "would stop" if checked.would_stop else "would run"
    if as_json:
        print_json(
            {"round": checked.round.id, "answer": answer, "files": checked.files, "findings": findings}
        )
        return
    print_table(checked.files, title=f"Round {checked.round.id}: what came in")
    if findings:
        print_table(findings, title="What a person should look at", show_all=show_all)
    print_text(f"This round {answer}. Nothing was stored.")
