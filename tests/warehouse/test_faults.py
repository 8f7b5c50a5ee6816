"""A database that fails is one message, whatever statement met it, and no value of a row is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from traceback import format_exception

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import IntegrityError

from programme.problems import ProblemsError
from tests.warehouse.ledger_rows import NOW
from warehouse.database.connection import open_database
from warehouse.database.ledger import Ledger

SECRET = "Nobody Shall-Read"


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/warehouse.db")
    yield engine
    engine.dispose()


def fill(engine: Engine) -> None:
    """From now on the database cannot grow by a single page: to SQLite that is a full disk."""
    engine.dispose()

    @event.listens_for(engine, "connect")
    def _(connection: object, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]


def test_a_full_disk_is_told_and_nothing_else(sqlite: Engine) -> None:
    fill(sqlite)
    with pytest.raises(ProblemsError, match="database or disk is full") as told:
        Ledger(sqlite).record_round("2026-01", SECRET * 10_000, NOW)
    assert SECRET not in "".join(format_exception(told.value))


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.db"
    engine = open_database(f"sqlite:///{path}")
    Ledger(engine).record_round("2026-01", "title", NOW)
    engine.dispose()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(ProblemsError, match=r"malformed|not a database|corrupt"):
        Ledger(open_database(f"sqlite:///{path}")).runs("2026-01")


def test_a_file_that_may_not_be_written_is_told(sqlite: Engine) -> None:
    @event.listens_for(sqlite, "connect")
    def _(connection: object, _record: object) -> None:
        connection.execute("PRAGMA query_only=1")  # type: ignore[attr-defined]

    sqlite.dispose()
    with pytest.raises(ProblemsError, match="readonly"):
        Ledger(sqlite).record_round("2026-01", "title", NOW)


def test_a_fault_of_the_program_stays_one(sqlite: Engine) -> None:
    with pytest.raises(IntegrityError), sqlite.begin() as connection:
        connection.execute(text("INSERT INTO run (id, round) VALUES ('a', 'no such round')"))


def test_what_is_committed_is_on_the_disk(sqlite: Engine) -> None:
    with sqlite.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL: it flushes each commit
