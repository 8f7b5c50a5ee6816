"""`city2city check`: what one file is, how it was understood, and what would be set aside; nothing is
stored.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.console import print_json, print_table, say

if TYPE_CHECKING:
    from tasks.ingest.step import ReadTable


def check(
    file: Annotated[Path, typer.Argument(help="The file to read: CSV, XLSX, JSON records or Parquet.")],
    table: Annotated[
        str | None, typer.Option(help="Which input it is; without it, known by its name or its headings.")
    ] = None,
    round_id: Annotated[
        str | None,
        typer.Option("--round", help="The round whose time zone counts; the last one if none is given."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read one file as the pipeline would, and say what it is, how it was understood, and what would be set
    aside.
    """
    from flows.context import open_context  # noqa: PLC0415  (everything below loads polars)
    from tasks.ingest.describe import guess_table  # noqa: PLC0415
    from tasks.ingest.step import SourceFile, read_table  # noqa: PLC0415
    from warehouse.sandbox import open_in_sandbox  # noqa: PLC0415

    context = open_context()
    content = _content(file)
    name = table or guess_table(content, file.name, context.programme.form, open_binary=open_in_sandbox)
    round_ = context.round(round_id) if round_id else context.rounds.rounds[-1]
    source = SourceFile(name, file.name, content)
    read = read_table(source, context.programme, round_, open_binary=open_in_sandbox)
    _tell(read, as_json=as_json)


def _content(file: Path) -> bytes:
    from programme.problems import problem  # noqa: PLC0415

    try:
        return file.read_bytes()
    except OSError as error:
        remedy = "Correct the path, or the file's permissions."
        raise problem(
            found=error.strerror or str(error),
            expected="a file that can be read",
            where=str(file),
            remedy=remedy,
        ) from error


def _tell(read: ReadTable, *, as_json: bool) -> None:
    from tasks.ingest.describe import describe_columns, describe_file, describe_readings  # noqa: PLC0415

    parts = {
        "What it is": describe_file(read),
        "How each column was understood": describe_columns(read),
        "What was understood from what was written": describe_readings(read),
        "Rows that would be set aside": read.set_aside.select(
            "row", "row_key", "column", "reason"
        ).to_dicts(),
        "What a person should look at": read.findings.select("row_key", "column", "message").to_dicts(),
    }
    if as_json:
        print_json(parts)
        return
    for title, rows in parts.items():
        if rows:
            print_table(rows, title=title)
            say("")
    say("Nothing was stored.")
