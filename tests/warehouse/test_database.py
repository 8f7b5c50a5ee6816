"""Opening the database: migrated once, quick afterwards, and every mishap told; on SQLite and on Postgres."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from programme.problems import ProblemsError
from warehouse.database.connection import HEAD, database_url, open_database
from warehouse.database.last_run import last_run
from warehouse.database.ledger import Ledger

ROUND = "2026-01"
NOW = datetime(2026, 1, 9, 5, 0, tzinfo=UTC)
TABLES = {
    "open_point",
    "round",
    "run",
    "input_file",
    "submission",
    "set_aside_row",
    "decision",
    "version",
    "letter",
    "contact_change",
    "erasure",
    "alembic_version",
}


def test_head_is_the_newest_step_of_the_migrations() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "warehouse/database/migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_the_migrations_make_exactly_the_models(database: str) -> None:
    """`alembic check`, in words: nothing is left to generate; and every step can be undone and made again."""
    from alembic import command
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from sqlmodel import SQLModel

    engine = open_database(database)
    assert set(inspect(engine).get_table_names()) == TABLES
    config = Config()
    config.set_main_option("script_location", "warehouse/database/migrations")
    for revision in ("base", "head"):
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            (command.downgrade if revision == "base" else command.upgrade)(config, revision)
        left = set(inspect(engine).get_table_names())
        assert left == (TABLES if revision == "head" else {"alembic_version"})
    with engine.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), SQLModel.metadata
        )
    engine.dispose()
    assert differences == []


def test_a_database_at_head_is_opened_without_alembic_or_the_models(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/warehouse.db"
    open_database(address).dispose()
    program = (
        f"import sys; from warehouse.database.connection import open_database; open_database({address!r});"
        " print([m for m in ('alembic', 'sqlmodel') if m in sys.modules])"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )


def test_several_processes_that_open_a_new_database_at_once_all_find_it_complete(database: str) -> None:
    program = (
        "import sys; from warehouse.database.connection import open_database;"
        " open_database(sys.argv[1]).dispose()"
    )
    command = [sys.executable, "-c", program, database]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * 2
    engine = create_engine(database_url(database))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [(HEAD,)]
    engine.dispose()


def test_the_database_file_is_for_its_owner_alone_and_keeps_a_journal_for_readers(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/new/folder/warehouse.db")
    with engine.begin() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
        connection.exec_driver_sql("INSERT INTO round VALUES ('x', 'y', '2026-01-01 00:00:00.000000')")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new/folder").iterdir()}
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30000}
    assert set(modes.values()) == {0o600}
    assert set(modes) == {"warehouse.db", "warehouse.db-wal", "warehouse.db-shm"}


def test_a_program_that_ends_leaves_everything_in_the_one_file(tmp_path: Path) -> None:
    program = (
        "import sys; from datetime import UTC, datetime; from warehouse.database.connection import "
        "open_database; from warehouse.database.ledger import Ledger\n"
        "Ledger(open_database(sys.argv[1])).record_round('x', 'y', datetime(2026, 1, 1, tzinfo=UTC))"
    )
    subprocess.run([sys.executable, "-c", program, f"sqlite:///{tmp_path}/w.db"], check=True)
    assert [path.name for path in tmp_path.iterdir()] == ["w.db"]


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/warehouse.db")
    with engine.begin() as writer:
        writer.exec_driver_sql("INSERT INTO round VALUES ('x', 'y', '2026-01-01 00:00:00.000000')")
        assert Ledger(engine).runs(ROUND) == []
        open_database(f"sqlite:///{tmp_path}/warehouse.db").dispose()
    engine.dispose()


@pytest.mark.parametrize(
    "address",
    ["mysql://u:secret@h/d", "sqlite://", "sqlite:///:memory:", "nonsense", "", "sqlite+aiosqlite:///x"],
)
def test_an_address_of_another_kind_is_told_without_its_password(address: str) -> None:
    with pytest.raises(ProblemsError, match="expected sqlite:///PATH") as told:
        open_database(address)
    assert "secret" not in str(told.value)


def _no_database(folder: Path) -> Path:
    (folder / "w.db").write_bytes(b"certainly not a database" * 100)
    return folder / "w.db"


def _newer(folder: Path) -> Path:
    engine = open_database(f"sqlite:///{folder}/w.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    return folder / "w.db"


def _folder_in_its_place(folder: Path) -> Path:
    (folder / "w.db").mkdir()
    return folder / "w.db"


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (_no_database, "file is not a database"),
        (_newer, "a database of a newer program"),
        (_folder_in_its_place, "Is a directory"),
    ],
    ids=["no database", "newer", "a folder"],
)
def test_a_database_that_cannot_be_used_is_told(
    tmp_path: Path, make: Callable[[Path], Path], told: str
) -> None:
    with pytest.raises(ProblemsError, match=told):
        open_database(f"sqlite:///{make(tmp_path)}")


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    with pytest.raises(ProblemsError, match="a warehouse database that can be opened") as told:
        open_database("postgresql://user:secret@127.0.0.1:9/none")
    assert "secret" not in str(told.value)


def test_the_last_run_can_be_asked_without_the_models(database: str) -> None:
    ledger = Ledger(open_database(database))
    assert last_run(database, ROUND) is None
    ledger.record_round(ROUND, "x", NOW)
    for minute in (1, 3, 2):
        run = ledger.start_run(
            ROUND, "process", "x", as_of=NOW, started_at=NOW.replace(minute=minute), program="0"
        )
        ledger.finish_run(run, "unchanged" if minute == 3 else "failed", ended_at=NOW)
    assert last_run(database, ROUND) == (NOW.replace(minute=3), "unchanged")
    assert last_run(database, "2025-07") is None


def test_the_last_run_of_a_database_without_tables_is_none(tmp_path: Path) -> None:
    (tmp_path / "w.db").touch()
    assert last_run(f"sqlite:///{tmp_path}/w.db", ROUND) is None
    assert last_run(f"sqlite:///{tmp_path}/nowhere.db", ROUND) is None
