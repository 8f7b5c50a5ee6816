"""Arguments and options that several commands share.

Belongs here: their names, help and types. Must stay out: options of a single command.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

RoundId = Annotated[str, typer.Argument(metavar="ROUND", help="Id of the round, such as 2026-01.")]
InputsFolder = Annotated[
    str | None,
    typer.Option(
        "--inputs",
        metavar="DIR",
        help="Folder that holds the round's folder.",
        show_default="inputs of the data folder",
    ),
]


def read_moment(text: str) -> datetime:
    """The moment that a person typed; it may have an offset."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} is no time; expected ISO 8601, such as 2026-01-09 or 2026-01-09T05:00:00+01:00."
        ) from error


AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        metavar="TIME",
        parser=read_moment,
        help="Do not apply decisions made later (ISO 8601; without offset: the round's time zone).",
        show_default="all apply",
    ),
]
AsAt = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        metavar="TIME",
        parser=read_moment,
        help="Judge what is due as at this time (ISO 8601; without offset: UTC).",
        show_default="now",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ShowAll = Annotated[bool, typer.Option("--all", help="Print every row of long lists.")]
