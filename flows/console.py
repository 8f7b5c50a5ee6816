"""What the command line prints: tables, sentences and progress; decorated on a terminal, plain when piped,
JSON when asked for.

Belongs here: how things are shown. Must stay out: what is shown. Every text from outside is shown without
control characters and never as markup.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from flows.settings import is_terminal

Row = dict[str, Any]

_listener: ContextVar[Any] = ContextVar("listener", default=None)


def clean(value: object) -> str:
    """A cell as one line of visible characters; nothing in it can move the cursor, ring the bell or colour
    the screen.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return "".join(character if character.isprintable() else " " for character in str(value))


def say(text: str) -> None:
    """Print one line."""
    print("\n".join(clean(line) for line in text.split("\n")))  # noqa: T201


def complain(text: str) -> None:
    """Print to standard error."""
    print("\n".join(clean(line) for line in text.split("\n")), file=sys.stderr)  # noqa: T201


def print_json(value: object) -> None:
    """Print as JSON, dates and moments in ISO 8601."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))  # noqa: T201


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def print_table(
    rows: list[Row], columns: list[str] | None = None, *, as_json: bool = False, title: str = ""
) -> None:
    """Print rows as a table: JSON records when asked, a drawn table on a terminal, tab-separated lines with a
    heading when piped.
    """
    columns = columns or list(rows[0] if rows else ())
    if as_json:
        print_json([{name: row.get(name) for name in columns} for row in rows])
    elif is_terminal():
        _draw(rows, columns, title)
    else:
        if title:
            say(title)
        lines: list[list[Any]] = [list(columns), *([row.get(name) for name in columns] for row in rows)]
        print("\n".join("\t".join(clean(cell) for cell in line) for line in lines))  # noqa: T201


def _draw(rows: list[Row], columns: list[str], title: str) -> None:
    from rich.console import Console  # noqa: PLC0415  (only for a person's eyes)
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(title=title or None, title_justify="left")
    for name in columns:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text(clean(row.get(name))) for name in columns))
    Console().print(table)


def announce(step: str) -> None:
    """Tell whoever watches this process which step begins; nobody may be watching (a Prefect worker)."""
    listener = _listener.get()
    if listener is not None:
        listener(step)


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[None]:
    """While inside, announced steps are shown on standard error: a spinner on a terminal, one line a step
    otherwise.
    """
    if quiet:
        yield
        return
    if not (is_terminal() and sys.stderr.isatty()):
        token = _listener.set(complain)
        try:
            yield
        finally:
            _listener.reset(token)
        return
    from rich.console import Console  # noqa: PLC0415

    with Console(stderr=True).status("starting") as status:
        token = _listener.set(lambda step: status.update(clean(step)))
        try:
            yield
        finally:
            _listener.reset(token)
