"""`city2city disclose`: all that is kept of an application or a city, for a request of access."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import AsJson
from flows.console import print_json, print_text
from flows.context import open_context
from flows.disclosure import applications_meant, disclosure
from programme.counts import counted
from programme.problems import problem
from warehouse.escapes import file_name


def disclose(
    subject: Annotated[str, typer.Argument(metavar="SUBMISSION|CITY", help="A submission, or a city.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The file.", show_default="one in the restricted folder"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write all that is kept of an application or a city.

    The file is readable by its owner alone. Nothing of it is printed. It names nobody of the office and no
    evaluator.
    """
    context = open_context()
    names = applications_meant(context, subject)
    page = disclosure(context, names).encode()
    if out is None:
        path = f"restricted/disclosures/{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{file_name(names[0], '.md')}"
        context.storage.write(path, page, private=True)
        where = f"{context.storage.address.rstrip('/')}/{path}"
    else:
        where = _written(out, page)
    if as_json:
        print_json({"submissions": list(names), "file": where})
        return
    print_text(
        f"{counted(len(names), 'submission')}: {', '.join(names)}. All that is kept of them is in {where}"
    )
    print_text("Check who asks before you hand it over, and remove the file then.")


def _written(out: Path, page: bytes) -> str:
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise problem(
            found=error.strerror or "that it cannot be written",
            expected="a new file in a folder that can be written",
            where=str(out),
            remedy="Name another file.",
        ) from error
    with os.fdopen(handle, "wb") as file:
        file.write(page)
    return str(out)
