"""How the runs of a round ended, asked without loading SQLAlchemy.

Belongs here: what quick commands ask about runs. Must stay out: everything else that is asked
of the database (`ledger.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from warehouse.database.plain_query import ask

_QUESTION = (
    "SELECT started_at, outcome FROM run WHERE round = ? AND kind = 'process'"
    " ORDER BY started_at DESC, id LIMIT 1"
)

_RUNS = (
    "SELECT id, kind, reason, started_at, ended_at, outcome, version, program FROM run WHERE round = ?"
    " ORDER BY started_at DESC, id"
)


@dataclass(frozen=True)
class RunRow:
    """One run of a round, as the ledger has it (moments in UTC)."""

    id: str
    kind: str
    reason: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    version: int | None
    program: str

    def outcome_now(self, *, held: bool) -> str:
        """How the run ended.

        One that nobody ended was killed: it is noted as running and its round is not held, or as failed
        without the moment of its end, by the run after it.
        """
        if self.outcome == "running":
            return "running" if held else "killed"
        return "killed" if self.outcome == "failed" and self.ended_at is None else self.outcome


def runs_of(address: str, round_id: str) -> list[RunRow]:
    """Every run and scan of a round, the newest first; as `last_run`."""
    return [
        RunRow(
            str(run_id),
            str(kind),
            str(reason),
            in_utc(started_at),
            None if ended_at is None else in_utc(ended_at),
            str(outcome),
            None if version is None else int(version),
            str(program),
        )
        for run_id, kind, reason, started_at, ended_at, outcome, version, program in ask(
            address, "run", _RUNS, round_id
        )
    ]


_PASSPORTS = (
    'SELECT "table", name, sha256, read_at, n_rows, n_used, n_set_aside FROM input_file WHERE round = ?'
    ' ORDER BY read_at DESC, "table", sha256'
)


def passports_of(address: str, round_id: str) -> list[dict[str, object]]:
    """Every file that was read for a round, the last read first: table, name, sha256, when, rows."""
    return [
        {
            "table": table,
            "name": name,
            "sha256": sha256,
            "read_at": in_utc(read_at),
            "rows": n_rows,
            "used": n_used,
            "set_aside": n_set_aside,
        }
        for table, name, sha256, read_at, n_rows, n_used, n_set_aside in ask(
            address, "input_file", _PASSPORTS, round_id
        )
    ]


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
