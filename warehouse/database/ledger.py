"""The warehouse's own record of a round: what came in, what was decided, what ran, what was published.

Belongs here: everything that is recorded in the database and asked of it. Must stay out: the SQL tables
(`sql_tables.py`), opening the database (`connection.py`), and how a frame becomes rows (`rows.py`). Nothing
here reads the clock: every moment comes in as an argument, zone-aware.

Recording the same again changes nothing, so a run that was killed and starts over does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

import polars as pl
from sqlalchemy import Engine, Select, select, update
from sqlmodel import SQLModel

import warehouse.database.sql_tables  # noqa: F401  (it fills the metadata)
from warehouse.database.connection import READING
from warehouse.database.decisions import (
    Keep,
    append,
    as_recorded,
    ids_after_all_writers,
    nowhere_else,
)
from warehouse.database.erasure import erase_submission, erased_ids
from warehouse.database.naming import rows_of_submission
from warehouse.database.rows import insert_rows, set_aside_rows, submission_rows
from warehouse.dictionary.inputs import DECISIONS

RunKind = Literal["process", "scan"]
RunOutcome = Literal["published", "unchanged", "stopped", "cancelled", "failed", "running"]
_TABLES = SQLModel.metadata.tables


class Ledger:
    """One database, seen as the record of the rounds.

    `record_round` comes first, because every other row refers to a round.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**READING)

    def record_round(self, round_id: str, title: str, deadline: datetime) -> None:
        """Record a round; the newest title and deadline replace older ones."""
        row = {"id": round_id, "title": title, "deadline": deadline}
        with self._engine.begin() as connection:
            insert_rows(connection, _TABLES["round"], [row], key=("id",), replace=("title", "deadline"))

    def start_run(
        self,
        round_id: str,
        kind: RunKind,
        reason: str,
        *,
        as_of: datetime,
        started_at: datetime,
        program: str,
        started_by: str | None = None,
    ) -> str:
        """Record that a run begins, and who started it, and return its id.

        Whoever starts a `process` run holds the round's lock. Another one that is still `running` was
        therefore killed, and is recorded as failed, without the moment of its end.
        """
        run, run_id = _TABLES["run"], uuid4().hex
        row = {
            "id": run_id,
            "round": round_id,
            "kind": kind,
            "reason": reason,
            "as_of": as_of,
            "started_at": started_at,
            "program": program,
            "started_by": started_by,
        }
        with self._engine.begin() as connection:
            if kind == "process":
                killed = (run.c.round == round_id) & (run.c.kind == kind) & (run.c.outcome == "running")
                connection.execute(update(run).where(killed).values(outcome="failed"))
            insert_rows(
                connection,
                run,
                [{**row, "ended_at": None, "outcome": "running", "version": None}],
                key=("id",),
            )
        return run_id

    def finish_run(
        self, run_id: str, outcome: RunOutcome, *, ended_at: datetime | None, version: int | None = None
    ) -> None:
        """Record how a run ended, and the version it published (None: no new one).

        `ended_at` is None where nobody knows it, as of a run that was killed.
        """
        ended = update(_TABLES["run"]).where(_TABLES["run"].c.id == run_id)
        with self._engine.begin() as connection:
            connection.execute(ended.values(outcome=outcome, ended_at=ended_at, version=version))

    def announce_version(self, run_id: str, version: int) -> None:
        """Record which version a run is about to publish, so that it is known even if the run is killed."""
        run = _TABLES["run"]
        with self._engine.begin() as connection:
            connection.execute(update(run).where(run.c.id == run_id).values(version=version))

    def runs(self, round_id: str) -> list[dict[str, Any]]:
        """All runs of a round, the newest first."""
        run = _TABLES["run"]
        return self._rows(
            select(run).where(run.c.round == round_id).order_by(run.c.started_at.desc(), run.c.id)
        )

    def latest_run(self, round_id: str, kind: RunKind | None = None) -> dict[str, Any] | None:
        """The newest run of a round (of that kind), or None."""
        return next((row for row in self.runs(round_id) if kind in (None, row["kind"])), None)

    def record_inputs(
        self, round_id: str, passports: Iterable[Mapping[str, Any]], *, read_at: datetime
    ) -> None:
        """Record what is known of input files; the same file again is updated.

        A passport is one file: its keys are the columns of `input_file` from `table` to `profile`.
        """
        table = _TABLES["input_file"]
        key, own = ("round", "table", "sha256"), ("id", "round", "read_at")
        names = [column.name for column in table.columns if column.name not in own]
        own_values = {"round": round_id, "read_at": read_at}
        rows = [{name: passport.get(name) for name in names} | own_values for passport in passports]
        replaced = [name for name in (*names, "read_at") if name not in key]
        with self._engine.begin() as connection:
            insert_rows(connection, table, rows, key=key, replace=replaced)

    def inputs(self, round_id: str) -> list[dict[str, Any]]:
        """The passports of a round, the last read first."""
        table = _TABLES["input_file"]
        return self._rows(
            select(table)
            .where(table.c.round == round_id)
            .order_by(table.c.read_at.desc(), table.c.table, table.c.sha256)
        )

    def record_submissions(self, round_id: str, source_sha256: str, submissions: pl.DataFrame) -> int:
        """Keep the usable rows of a submissions file (`SUBMISSIONS`) and return how many were new.

        Personal data is kept too. A corrected row replaces what was kept; an erased one stays erased.
        """
        table = _TABLES["submission"]
        with self._engine.begin() as connection:
            gone = erased_ids(connection, _TABLES, round_id)
            rows = submission_rows(round_id, source_sha256, submissions, gone)
            kept = (table.c.round == round_id) & (table.c.source_sha256 == source_sha256)
            known = set(connection.execute(select(table.c.row).where(kept)).scalars())
            insert_rows(connection, table, rows, key=("round", "source_sha256", "row"), replace=("payload",))
            return sum(row["row"] not in known for row in rows)

    def submissions(self, round_id: str, source_sha256: str) -> list[dict[str, Any]]:
        """The kept rows of one submissions file, in order of row; `payload` is None where it was erased."""
        table = _TABLES["submission"]
        return self._rows(
            select(table)
            .where(table.c.round == round_id, table.c.source_sha256 == source_sha256)
            .order_by(table.c.row)
        )

    def submission_names(self, round_id: str) -> dict[str, str]:
        """Every submission that a run or a scan of a round has read, with its city's name as typed.

        The name is empty where the content was erased.
        """
        table = _TABLES["submission"]
        rows = self._rows(select(table.c.submission_id, table.c.payload).where(table.c.round == round_id))
        return {row["submission_id"]: str((row["payload"] or {}).get("city_name") or "") for row in rows}

    def record_set_aside(self, round_id: str, set_aside: pl.DataFrame, sources: Mapping[str, str]) -> int:
        """Keep the rows that could not be used (`SET_ASIDE`) and return how many.

        The frame may have one more column, `payload`: the row's content as a JSON text. `sources` gives the
        sha256 of each table's file. The same row again is updated, since a newer program may find another
        reason; one that was erased stays erased.
        """
        key = ("round", "table", "source_sha256", "row")
        new = [name for name in ("row_key", "reason", "payload") if name in set_aside.columns]
        with self._engine.begin() as connection:
            rows = set_aside_rows(round_id, set_aside, sources, erased_ids(connection, _TABLES, round_id))
            return insert_rows(connection, _TABLES["set_aside_row"], rows, key=key, replace=new)

    def set_aside(self, round_id: str, source_sha256: str) -> list[dict[str, Any]]:
        """The rows of one file that could not be used, in order of row."""
        table = _TABLES["set_aside_row"]
        return self._rows(
            select(table)
            .where(table.c.round == round_id, table.c.source_sha256 == source_sha256)
            .order_by(table.c.row)
        )

    def open_points(self, round_id: str) -> list[dict[str, Any]]:
        """Every point the early scans of a round found, in order of application and rule."""
        table = _TABLES["open_point"]
        return self._rows(
            select(table)
            .where(table.c.round == round_id)
            .order_by(table.c.application_id, table.c.rule, table.c.point_id)
        )

    def record_open_points(
        self, round_id: str, points: Iterable[Mapping[str, Any]], *, seen_at: datetime
    ) -> None:
        """Record what a scan found; a point that is known is only seen again.

        A point has the keys `point_id`, `application_id`, `rule`, `outcome`, `message`, and `drafted_at`:
        when a letter about it was drafted (None: not yet).
        """
        rows = [{**point, "round": round_id, "first_seen": seen_at, "last_seen": seen_at} for point in points]
        key, replaced = ("round", "point_id"), ("last_seen", "drafted_at")
        with self._engine.begin() as connection:
            insert_rows(connection, _TABLES["open_point"], rows, key=key, replace=replaced)

    def add_decisions(
        self,
        round_id: str,
        decisions: pl.DataFrame,
        source: Literal["cli", "file"],
        *,
        recorded_at: datetime,
        keep: Keep = nowhere_else,
    ) -> int:
        """Append decisions (`DECISIONS`) in this order and return how many were new; a known one stays.

        `keep` is given the new rows before they are written, while nobody else can append.
        """
        rows = [{**row, "source": source, "recorded_at": recorded_at} for row in decisions.to_dicts()]
        return self.restore_decisions(round_id, rows, keep)

    def restore_decisions(
        self, round_id: str, rows: Iterable[dict[str, Any]], keep: Keep = nowhere_else
    ) -> int:
        """Append rows that say themselves when they were recorded, and from where; as `add_decisions`."""
        with self._engine.begin() as connection:
            return append(connection, _TABLES["decision"], round_id, rows, keep)

    def decisions(self, round_id: str, as_of: datetime | None = None) -> pl.DataFrame:
        """The decisions of a round (`DECISIONS`), in the order in which they were recorded.

        `as_of` leaves out those that were made or recorded after that moment; None means all. Raises
        `ProblemsError` naming each that was changed since.
        """
        rows = self.recorded_decisions(round_id)
        known = [row for row in rows if as_of is None or max(row["decided_at"], row["recorded_at"]) <= as_of]
        return DECISIONS.frame([{name: row[name] for name in DECISIONS.names} for row in known])

    def recorded_decisions(self, round_id: str) -> list[dict[str, Any]]:
        """The decisions of a round with when, in which order and from where each was recorded."""
        table = _TABLES["decision"]
        return as_recorded(self._rows(select(table).where(table.c.round == round_id)), round_id)

    def recorded_ids(self, round_id: str) -> set[str]:
        """Ids of a round's decisions, when whoever is recording one has ended: its line is kept before."""
        with self._engine.begin() as connection:
            return ids_after_all_writers(connection, _TABLES["decision"], round_id)

    def record_version(
        self,
        round_id: str,
        version: int,
        package: Mapping[str, Any],
        *,
        published_at: datetime,
        run_id: str | None,
    ) -> None:
        """Record a published version by its descriptor (`read_package`); a known one stays as it is."""
        row = {name: package[name] for name in ("parent", "state", "reason", "content", "seal")}
        row |= {"round": round_id, "version": version, "published_at": published_at, "run_id": run_id}
        with self._engine.begin() as connection:
            insert_rows(connection, _TABLES["version"], [row], key=("round", "version"))

    def versions(self, round_id: str) -> list[dict[str, Any]]:
        """The versions of a round that this database knows, in order."""
        table = _TABLES["version"]
        return self._rows(select(table).where(table.c.round == round_id).order_by(table.c.version))

    def erase_submission(self, submission_id: str, *, erased_at: datetime) -> int:
        """Empty every kept row of a submission in every round, and return how many rows were emptied."""
        with self._engine.begin() as connection:
            return erase_submission(connection, _TABLES, submission_id, erased_at)

    def rows_of_submission(self, submission_id: str) -> dict[str, list[dict[str, Any]]]:
        """Table to its rows that speak of a submission (`naming.rows_of_submission`)."""
        with self._reader.connect() as connection:
            return rows_of_submission(connection, _TABLES, submission_id)

    def _rows(self, statement: Select[Any]) -> list[dict[str, Any]]:
        with self._reader.connect() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]
