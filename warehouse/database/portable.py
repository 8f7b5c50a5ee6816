"""The rows of a database as lines that every database can read again, on SQLite and on Postgres alike.

Belongs here: all rows in one consistent reading, and putting them into an empty database. Must stay out: what
the rows mean (`ledger.py`), and where the lines lie.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, DateTime, Engine, Integer, Table, func, insert, inspect, select, text
from sqlmodel import SQLModel

import warehouse.database.sql_tables  # noqa: F401  (it fills the metadata)
from warehouse.database.connection import READING
from warehouse.database.rows import CHUNK, storable


def tables() -> list[Table]:
    """Every table, one that others refer to before these."""
    return list(SQLModel.metadata.sorted_tables)


def dumped_rows(engine: Engine) -> Iterator[bytes]:
    """Every row of every table as a line of JSON, all as they were at one moment."""
    options: dict[str, Any] = dict(READING)
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    with engine.execution_options(**options).connect() as connection:
        for table in tables():
            key = [column.name for column in table.primary_key.columns]
            ordered = select(table).order_by(*(table.c[name] for name in key))
            for row in connection.execute(ordered).mappings():
                line = {"table": table.name, "row": {name: _plain(value) for name, value in row.items()}}
                yield (json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n").encode()


def load_rows(engine: Engine, lines: Iterable[bytes]) -> dict[str, int]:
    """Put the rows into a database that is migrated and empty, all or none; returns how many, by table."""
    counts = dict.fromkeys((table.name for table in tables()), 0)
    known = {table.name: table for table in tables()}
    batch: list[dict[str, Any]] = []
    of: Table | None = None
    with engine.begin() as connection:
        for line in lines:
            told = json.loads(line)
            table = known[told["table"]]
            if batch and (table is not of or len(batch) == CHUNK):
                _insert(connection, of, batch)
                batch = []
            of = table
            batch.append({name: _typed(table, name, value) for name, value in told["row"].items()})
            counts[table.name] += 1
        _insert(connection, of, batch)
        if engine.dialect.name == "postgresql":
            _count_on(connection)
    return counts


def row_counts(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with engine.execution_options(**READING).connect() as connection:
        count = select(func.count())
        return {
            table.name: int(connection.execute(count.select_from(table)).scalar() or 0)
            for table in tables()
            if inspect(connection).has_table(table.name)
        }


def drop_tables(engine: Engine) -> None:
    """Remove the tables of a Postgres database, because those of a backup take their place.

    The triggers of decisions refuse to remove rows; so whole tables go, and `open_database` makes them anew.
    """
    names = ", ".join(f'"{name}"' for name in (*(table.name for table in tables()), "alembic_version"))
    with engine.begin() as connection:
        connection.execute(text(f"DROP TABLE IF EXISTS {names} CASCADE"))
        connection.execute(text("DROP FUNCTION IF EXISTS refuse_decision_change() CASCADE"))
    engine.dispose()


def sound(engine: Engine) -> str | None:
    """What is wrong with the database by its own check; None where nothing is, or it has no check."""
    if engine.dialect.name != "sqlite":
        return None
    with engine.execution_options(**READING).connect() as connection:
        said = str(connection.execute(text("PRAGMA integrity_check")).scalar())
    return None if said == "ok" else said


def _insert(connection: Connection, table: Table | None, rows: list[dict[str, Any]]) -> None:
    if table is not None and rows:
        connection.execute(insert(table), [storable(row) for row in rows])


def _count_on(connection: Connection) -> None:
    """Let Postgres number new rows behind those that were put in."""
    for table in tables():
        if "id" in table.c and isinstance(table.c["id"].type, Integer):
            last = connection.execute(select(func.max(table.c.id))).scalar()
            if last is not None:
                sequence = func.pg_get_serial_sequence(table.name, "id")
                connection.execute(select(func.setval(sequence, last)))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type
    is_moment = isinstance(getattr(kind, "impl", kind), DateTime)
    return datetime.fromisoformat(value) if value is not None and is_moment else value
