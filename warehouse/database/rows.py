"""How frames become rows of the database, and how rows are inserted so that doing it twice changes nothing.

Belongs here: conversion and the one insert statement. Must stay out: what the rows mean to a run
(`ledger.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection, Table, null
from sqlalchemy.dialects import postgresql, sqlite

CHUNK = 500
"""Rows per statement: below SQLite's limit of 32,766 parameters for every table we have."""


def insert_rows(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    replace: Sequence[str] = (),
) -> int:
    """Insert rows and return how many were written.

    A row whose `key` is there already is left alone, or gets the columns of `replace`.
    """
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    written = 0
    for start in range(0, len(rows), CHUNK):
        statement = insert(table).values([storable(row) for row in rows[start : start + CHUNK]])
        if replace:
            statement = statement.on_conflict_do_update(
                index_elements=key, set_={name: statement.excluded[name] for name in replace}
            )
        else:
            statement = statement.on_conflict_do_nothing(index_elements=key)
        written += len(connection.execute(statement.returning(table.c[key[-1]])).all())
    return written


def submission_rows(
    round_id: str, source_sha256: str, submissions: pl.DataFrame, gone: Mapping[str, datetime]
) -> list[dict[str, Any]]:
    """One row per submission; the content of those in `gone` (id to moment of erasure) is left out."""
    return [
        {
            "round": round_id,
            "submission_id": row["submission_id"],
            "source_sha256": source_sha256,
            "row": row["row"],
            "payload": None if row["submission_id"] in gone else _plain(row),
            "erased_at": gone.get(row["submission_id"]),
        }
        for row in submissions.to_dicts()
    ]


def set_aside_rows(
    round_id: str, set_aside: pl.DataFrame, sources: Mapping[str, str], gone: Mapping[str, datetime]
) -> list[dict[str, Any]]:
    """One row per row set aside; the content of those in `gone` (id to moment of erasure) is left out.

    `set_aside` may name a row once per column at fault: its reasons are joined.
    """
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for row in set_aside.to_dicts():
        key = (row["table"], row["row"])
        if key in rows:
            rows[key]["reason"] += f" {row['reason']}"
            continue
        erased_at = gone.get(row["row_key"])
        payload = None if erased_at else row.get("payload")
        rows[key] = {
            "round": round_id,
            "source_sha256": sources[row["table"]],
            "payload": json.loads(payload) if payload else None,
        }
        rows[key] |= {name: row[name] for name in ("table", "row", "row_key", "reason")} | {
            "erased_at": erased_at
        }
    return list(rows.values())


def _plain(row: Mapping[str, Any]) -> Any:
    """The row in JSON's own types: dates and moments as ISO texts."""
    return json.loads(json.dumps(row, default=_iso))


def _iso(value: object) -> str:
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def storable(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as every database can keep it."""
    # Postgres keeps no NUL character, and a form may hold one; an absent payload is SQL's NULL, not JSON's
    # null.
    return {
        name: null() if name == "payload" and value is None else _without_nul(value)
        for name, value in row.items()
    }


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, Mapping):
        return {_without_nul(name): _without_nul(item) for name, item in value.items()}
    if isinstance(value, Iterable):
        return [_without_nul(item) for item in value]
    return value
