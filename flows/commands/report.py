"""`city2city report`: a version as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import RoundId
from flows.console import print_text
from flows.context import open_context
from flows.report import keep_report, make_report, report_place
from programme.problems import problem


def report(
    round_id: RoundId,
    version: Annotated[
        int | None,
        typer.Argument(metavar="VERSION", help="The version to report.", show_default="the latest"),
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="The edition for everybody: twinnings, selected cities, counts.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Where to write it.", show_default="beside the versions, in reports"
        ),
    ] = None,
) -> None:
    """Write a version as one HTML file that needs nothing else.

    The internal report is for the office and the committee. Says where the file is.
    """
    context = open_context()
    round_id = context.round(round_id).id
    number = context.latest_version(round_id) if version is None else version
    if out is None:
        keep_report(context, round_id, number, public=public)
        print_text(f"Report: {report_place(context, round_id, number, public=public)}")
        return
    text = make_report(context, round_id, number, public=public)
    try:
        out.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise problem(
            found=error.strerror or str(error),
            expected="a file that can be written",
            where=f"--out {out}",
            remedy="Name a file in a folder that is there and that you may write.",
        ) from error
    print_text(f"Report: {out}")
