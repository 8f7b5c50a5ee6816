"""Decisions in the database: appended in one order, never changed, and proved to be unchanged when read.

Belongs here: rows of the table `decision`. Must stay out: everything else that is recorded (`ledger.py`), the
triggers that refuse a change (`migrations/`), and what a decision does.

Each decision of a round has a number, `sequence`: the order in which decisions were recorded, which is the
order in which they count. It is given while the database is held, so two processes never give the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from programme.problems import Problem
from warehouse.database.rows import CHUNK, storable
from warehouse.dictionary.decision_ids import EditedDecisionsError, is_unchanged, row_digest, stamp

Row = dict[str, Any]
Keep = Callable[[Sequence[Row]], None]
"""Keeps new rows elsewhere too, before they are written to the database."""


def append(connection: Connection, table: Table, round_id: str, rows: Iterable[Row], keep: Keep) -> int:
    """Append decisions in this order, and return how many were new; a known one stays as it is.

    A row has the columns of DECISIONS, `source` and `recorded_at`. `keep` is given the new rows as they will
    stand in the database, while no other process can append. Raises `ValueError` for an id that is not that
    of the content.
    """
    known = ids_after_all_writers(connection, table, round_id)
    last = connection.execute(select(func.max(table.c.sequence)).where(table.c.round == round_id)).scalar()
    new: list[Row] = []
    for row in rows:
        if row["decision_id"] in known:
            continue
        known.add(row["decision_id"])
        numbered = {**row, **stamp(row), "round": round_id, "sequence": (last or 0) + len(new) + 1}
        new.append({**numbered, "digest": row_digest(numbered)})
    if new:
        keep(new)
    for start in range(0, len(new), CHUNK):
        connection.execute(insert(table), [storable(row) for row in new[start : start + CHUNK]])
    return len(new)


def ids_after_all_writers(connection: Connection, table: Table, round_id: str) -> set[str]:
    """Ids of the recorded decisions of a round, when whoever was recording one has ended.

    Until the transaction of the connection ends, no other process can append.
    """
    _hold(connection, table, round_id)
    return set(connection.execute(select(table.c.decision_id).where(table.c.round == round_id)).scalars())


def _hold(connection: Connection, table: Table, round_id: str) -> None:
    """Let no other process append to the round until this transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        rounds = table.metadata.tables["round"]
        connection.execute(select(rounds.c.id).where(rounds.c.id == round_id).with_for_update())


def as_recorded(rows: Iterable[Mapping[str, Any]], round_id: str) -> list[Row]:
    """Rows of the table as they are, in order of `sequence`.

    Raises `EditedDecisionsError` naming each that is not as it was recorded: somebody or a disk changed it.
    """
    ordered = sorted((dict(row) for row in rows), key=lambda row: row["sequence"])
    if changed := [row["decision_id"] for row in ordered if not is_unchanged(row)]:
        raise EditedDecisionsError(_edited(name, round_id) for name in changed)
    return ordered


def _edited(name: str, round_id: str) -> Problem:
    return Problem(
        found=f"decision {name}, changed after it was recorded",
        expected="every decision as it was recorded",
        where=f"the warehouse database, table decision, round {round_id}",
        remedy="Restore the database from a backup. Or name a new one in CITY2CITY_DATABASE_URL and put the "
        f"decisions back from the kept lines: city2city ledger restore {round_id}",
    )


def nowhere_else(_rows: Sequence[Row]) -> None:
    """Keeps nothing: for decisions that are kept already."""
