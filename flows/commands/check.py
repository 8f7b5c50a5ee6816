"""`city2city check`: what one file is, and how it would be read; nothing is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import AsJson, ShowAll
from flows.console import print_json, print_table, print_text
from flows.context import open_context
from programme.problems import problem
from tasks.ingest.describe import describe_columns, describe_file, describe_readings, guess_table
from tasks.ingest.step import ReadTable, SourceFile, read_table
from warehouse.sandbox import open_in_sandbox


def check(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to read: CSV, XLSX, JSON records or Parquet.")
    ],
    table: Annotated[
        str | None,
        typer.Option(help="Which input it is.", show_default="known by its name or its headings"),
    ] = None,
    round_id: Annotated[
        str | None,
        typer.Option("--round", help="The round whose time zone counts.", show_default="the last one"),
    ] = None,
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Say how one file would be read; nothing is stored.

    Says what the file is, how each column was understood, and which rows would be set aside.
    """
    context = open_context()
    content = read_file(file)
    name = table or guess_table(content, file.name, context.programme.form, open_binary=open_in_sandbox)
    round_ = context.round(round_id) if round_id else context.rounds.rounds[-1]
    source = SourceFile(name, file.name, content)
    read = read_table(source, context.programme, round_, open_binary=open_in_sandbox)
    _print_description(read, show_all=show_all, as_json=as_json)


def read_file(file: Path) -> bytes:
    """The bytes of a file; raises `ProblemsError` where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise problem(
            found=error.strerror or str(error),
            expected="a file that can be read",
            where=str(file),
            remedy="Correct the path, or the file's permissions.",
        ) from error


def _print_description(read: ReadTable, *, show_all: bool, as_json: bool) -> None:
    set_aside = read.set_aside.select("row", "row_key", "column", "reason")
    parts = {
        "What it is": describe_file(read),
        "How each column was understood": describe_columns(read),
        "What was understood from what was written": describe_readings(read),
        "Rows that would be set aside": set_aside.to_dicts(),
        "What a person should look at": read.findings.select("row_key", "column", "message").to_dicts(),
    }
    if as_json:
        print_json(parts)
        return
    for title, rows in parts.items():
        if rows:
            print_table(rows, title=title, show_all=show_all or title == "How each column was understood")
            print_text("")
    print_text("Nothing was stored.")
