"""How the newest processing of a round ended, asked without loading SQLAlchemy.

Belongs here: the one question `city2city status` has for the database; SQLAlchemy would take half of the
command's time. Must stay out: everything else that is asked of the database (`ledger.py`).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

from programme.problems import ProblemsError, problem

_QUERY = (
    "SELECT started_at, outcome FROM run WHERE round = {} AND kind = 'process'"
    " ORDER BY started_at DESC, id LIMIT 1"
)


def last_run(address: str, round_id: str) -> tuple[datetime, str] | None:
    """When the newest processing of a round began (UTC), and how it ended.

    Scans do not count. None where there is no such run, no database or no table yet. `address` is
    `sqlite:///PATH` or that of a Postgres database. Raises `ProblemsError` where the database cannot be read.
    """
    row = (
        _from_sqlite(address, round_id)
        if address.startswith("sqlite:///")
        else _from_postgres(address, round_id)
    )
    if row is None:
        return None
    moment = datetime.fromisoformat(row[0]) if isinstance(row[0], str) else row[0]
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC), row[1]


def _from_sqlite(address: str, round_id: str) -> tuple[str | datetime, str] | None:
    path = Path(unquote(address.removeprefix("sqlite:///")))
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=30)) as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'run'").fetchone() is None:
                return None
            row: tuple[str, str] | None = connection.execute(_QUERY.format("?"), (round_id,)).fetchone()
            return row
    except sqlite3.Error as error:
        raise _unreadable(str(error)) from error


def _from_postgres(address: str, round_id: str) -> tuple[str | datetime, str] | None:
    import psycopg  # noqa: PLC0415  (only where the database is one)

    try:
        with psycopg.connect("postgresql://" + address.partition("://")[2]) as connection:
            there = connection.execute("SELECT to_regclass('run')").fetchone()
            if there is None or there[0] is None:
                return None
            row: tuple[datetime, str] | None = connection.execute(_QUERY.format("%s"), (round_id,)).fetchone()
            return row
    except psycopg.Error as error:
        raise _unreadable(str(error).strip().split("\n", 1)[0]) from error


def _unreadable(found: str) -> ProblemsError:
    return problem(
        found=found,
        expected="the warehouse database",
        where="the address of the warehouse database",
        remedy="Check CITY2CITY_DATABASE_URL and that the database can be reached.",
    )
