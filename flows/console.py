"""What the command line prints: tables, lines and progress.

Belongs here: how things are shown: decorated on a terminal, plain when piped, JSON when asked for. Must stay
out: what is shown. Every text from outside is shown without control characters and never as markup.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.settings import is_terminal
from warehouse.escapes import json_text

Row = dict[str, Any]

SCREENFUL = 40
"""Most rows of a table or a list that are printed unless all are asked for."""

_listener: ContextVar[Callable[[str], None] | None] = ContextVar("listener", default=None)


def printable(value: object) -> str:
    """A cell as one line of visible characters.

    Nothing in it can move the cursor, ring the bell or colour the screen.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return "".join(character if character.isprintable() else " " for character in str(value))


def print_text(text: str) -> None:
    """Print one line, or several."""
    print("\n".join(printable(line) for line in text.split("\n")))  # noqa: T201


def print_error(text: str) -> None:
    """Print to standard error."""
    print("\n".join(printable(line) for line in text.split("\n")), file=sys.stderr)  # noqa: T201


def print_json(value: object) -> None:
    """Print as JSON, whole, dates and moments in ISO 8601."""
    print(json_text(value))  # noqa: T201


def print_table(
    rows: list[Row],
    columns: list[str] | None = None,
    *,
    as_json: bool = False,
    title: str = "",
    show_all: bool = False,
) -> None:
    """Print rows as a table.

    It is JSON records when asked for, a drawn table on a terminal, and tab-separated lines when piped. Unless
    `show_all`, no more than `SCREENFUL` rows are printed, and a line says how many there are. JSON is never
    cut.
    """
    columns = columns or list(rows[0] if rows else ())
    if as_json:
        print_json([{name: row.get(name) for name in columns} for row in rows])
        return
    shown = rows if show_all else rows[:SCREENFUL]
    if is_terminal():
        _draw(shown, columns, title)
    else:
        if title:
            print_text(title)
        lines: list[list[Any]] = [list(columns), *([row.get(name) for name in columns] for row in shown)]
        print("\n".join("\t".join(printable(cell) for cell in line) for line in lines))  # noqa: T201
    if len(shown) < len(rows):
        print_text(cut_note(len(shown), len(rows)))


def cut_note(shown: int, there_are: int) -> str:
    """The line under a list that was cut."""
    return f"... {shown:,} of {there_are:,} rows are shown; --all shows every one."


def _draw(rows: list[Row], columns: list[str], title: str) -> None:
    table = Table(title=title or None, title_justify="left")
    for name in columns:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(row.get(name))) for name in columns))
    Console().print(table)


def report_step(step: str) -> None:
    """Tell whoever watches this process which step begins; nobody may be watching (a Prefect worker)."""
    listener = _listener.get()
    if listener is not None:
        listener(step)


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[None]:
    """Inside, reported steps are shown on standard error: a spinner on a terminal, else one line a step."""
    if quiet:
        yield
    elif is_terminal() and sys.stderr.isatty():
        with (
            Console(stderr=True).status("starting") as status,
            _listening(lambda step: status.update(printable(step))),
        ):
            yield
    else:
        with _listening(print_error):
            yield


@contextmanager
def also_telling(listener: Callable[[str], None]) -> Iterator[None]:
    """Inside, reported steps are told to another listener too."""
    before = _listener.get()

    def both(step: str) -> None:
        listener(step)
        if before is not None:
            before(step)

    with _listening(both):
        yield


@contextmanager
def _listening(listener: Callable[[str], None]) -> Iterator[None]:
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def silently() -> AbstractContextManager[None]:
    """Inside, no step is reported: what is processed again is no progress."""
    return _listening(lambda _step: None)
