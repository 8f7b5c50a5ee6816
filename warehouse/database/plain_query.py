"""One question to the database without loading SQLAlchemy, which would take half of a quick command's time.

Belongs here: asking, on SQLite and Postgres alike. Must stay out: the questions (`last_run.py`,
`letter_states.py`) and everything that writes.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from programme.problems import ProblemsError, problem


def ask(address: str, table: str, question: str, *values: str) -> list[tuple[Any, ...]]:
    """The rows that answer a question; none where there is no database, or no such table yet.

    `address` is `sqlite:///PATH` or that of a Postgres database; `question` has a `?` for each value. Raises
    `ProblemsError` where the database cannot be read.
    """
    if address.startswith("sqlite:///"):
        return _of_sqlite(address, table, question, values)
    return _of_postgres(address, table, question, values)


def _of_sqlite(address: str, table: str, question: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
    path = Path(unquote(address.removeprefix("sqlite:///")))
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=30)) as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is None:
                return []
            return connection.execute(question, values).fetchall()
    except sqlite3.Error as error:
        raise _unreadable(str(error)) from error


def _of_postgres(address: str, table: str, question: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
    import psycopg  # noqa: PLC0415  (only where the database is one)

    try:
        with psycopg.connect("postgresql://" + address.partition("://")[2]) as connection:
            there = connection.execute("SELECT to_regclass(%s)", (table,)).fetchone()
            if there is None or there[0] is None:
                return []
            asked: Any = question.replace("?", "%s")
            return connection.execute(asked, values).fetchall()
    except psycopg.Error as error:
        raise _unreadable(str(error).strip().split("\n", 1)[0]) from error


def _unreadable(found: str) -> ProblemsError:
    return problem(
        found=found,
        expected="the warehouse database",
        where="the address of the warehouse database",
        remedy="Check CITY2CITY_DATABASE_URL and that the database can be reached.",
    )
