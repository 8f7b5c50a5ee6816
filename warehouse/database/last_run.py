"""How the newest processing of a round ended, asked without loading SQLAlchemy.

Belongs here: the one question of `city2city status` about runs. Must stay out: everything else that is asked
of the database (`ledger.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime

from warehouse.database.plain_query import ask

_QUESTION = (
    "SELECT started_at, outcome FROM run WHERE round = ? AND kind = 'process'"
    " ORDER BY started_at DESC, id LIMIT 1"
)


def last_run(address: str, round_id: str) -> tuple[datetime, str] | None:
    """When the newest processing of a round began (UTC), and how it ended.

    Scans do not count. None where there is no such run, no database or no table yet. `address` is
    `sqlite:///PATH` or that of a Postgres database. Raises `ProblemsError` where the database cannot be read.
    """
    rows = ask(address, "run", _QUESTION, round_id)
    return (in_utc(rows[0][0]), str(rows[0][1])) if rows else None


def in_utc(moment: str | datetime) -> datetime:
    """A moment as a database gives it, in UTC."""
    read = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
