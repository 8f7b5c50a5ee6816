"""All rows of a database as lines, and the same database from them; and when a backup was made last."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from tests.warehouse.ledger_rows import NOW, ROUND, SOURCE, decision_of, submissions_of
from warehouse.backups import PATH, last_backup, note_backup
from warehouse.database.connection import open_database
from warehouse.database.erasure import Erasures
from warehouse.database.ledger import Ledger
from warehouse.database.portable import drop_tables, dumped_rows, load_rows, row_counts, sound
from warehouse.dictionary.inputs import DECISIONS
from warehouse.storage import Storage


def test_rows_come_back_as_they_were(ledger: Ledger, engine: Engine, database: str, tmp_path: Path) -> None:
    ledger.record_submissions(ROUND, SOURCE, submissions_of(700))
    made = [decision_of("d1", reason="Łódź\nsaid so"), decision_of("d2", subject="S2")]
    ledger.add_decisions(ROUND, DECISIONS.frame(made), "cli", recorded_at=NOW)
    ledger.start_run(ROUND, "process", "x", as_of=NOW, started_at=NOW, program="0")
    Erasures(engine).ask(["S1"], "asked", "ana", at=NOW)
    lines = list(dumped_rows(engine))
    other = open_database(f"sqlite:///{tmp_path}/other.db")
    assert load_rows(other, lines) == row_counts(engine) == row_counts(other)
    assert list(dumped_rows(other)) == lines
    assert sound(other) is None
    assert Ledger(other).decisions(ROUND).equals(ledger.decisions(ROUND))
    if engine.dialect.name == "postgresql":
        drop_tables(engine)
        load_rows(open_database(database), lines)
        assert list(dumped_rows(engine)) == lines
    ledger.record_submissions(ROUND, "b" * 64, submissions_of(2))
    assert len(ledger.submissions(ROUND, "b" * 64)) == 2, "new rows are numbered behind those put in"


def test_the_last_backup_is_the_newest_that_was_noted(storage: Storage) -> None:
    assert last_backup(storage) is None
    note_backup(storage, "b", datetime(2026, 2, 2, tzinfo=UTC))
    note_backup(storage, "a", datetime(2026, 1, 1, tzinfo=UTC))
    storage.append(PATH, b'{"at": "2027')
    assert last_backup(storage) == datetime(2026, 2, 2, tzinfo=UTC)
