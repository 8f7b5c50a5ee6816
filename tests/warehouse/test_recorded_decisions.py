"""Decisions in the database: one order, nothing changed or replaced, and a change that is told when read."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from programme.problems import ProblemsError
from tests.warehouse.ledger_rows import NOW, ROUND, decision_of
from warehouse.database.connection import database_url, open_database
from warehouse.database.ledger import Ledger
from warehouse.dictionary.decision_ids import ERASED, decision_id, old_decision_id, row_digest
from warehouse.dictionary.inputs import DECISIONS

ONE = decision_of("one")


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return DECISIONS.frame(list(rows))


@pytest.fixture
def recorded(ledger: Ledger) -> Ledger:
    ledger.add_decisions(ROUND, frame(ONE), "cli", recorded_at=NOW)
    return ledger


def test_the_same_decision_twice_is_one(ledger: Ledger) -> None:
    both = frame(ONE, decision_of("d2", object=None, value=None, kind="withdraw"))
    assert ledger.add_decisions(ROUND, both.head(1), "cli", recorded_at=NOW) == 1
    later = NOW + timedelta(days=1)
    assert ledger.add_decisions(ROUND, pl.concat([both, both]), "file", recorded_at=later) == 1
    assert_frame_equal(ledger.decisions(ROUND), both)


def test_they_come_in_the_order_in_which_they_were_recorded_whatever_they_claim(ledger: Ledger) -> None:
    claimed = [decision_of(f"d{n}", decided_at=NOW - timedelta(days=n)) for n in (1, 5, 3)]
    ledger.add_decisions(ROUND, frame(*claimed[:2]), "cli", recorded_at=NOW)
    ledger.add_decisions(ROUND, frame(claimed[2]), "cli", recorded_at=NOW)
    assert_frame_equal(ledger.decisions(ROUND), frame(*claimed))
    assert [row["sequence"] for row in ledger.recorded_decisions(ROUND)] == [1, 2, 3]
    assert ledger.decisions("2025-07").is_empty()


@pytest.mark.parametrize(
    ("claimed", "recorded", "known"),
    [(0, 0, True), (0, 5, False), (5, 5, False), (-9, 0, True), (-9, 1, False)],
    ids=["by then", "recorded later", "made later", "long before", "said to be made before"],
)
def test_as_of_leaves_out_what_was_not_recorded_by_then(
    ledger: Ledger, claimed: int, recorded: int, known: bool
) -> None:
    row = decision_of("x", decided_at=NOW + timedelta(microseconds=claimed))
    ledger.add_decisions(ROUND, frame(row), "cli", recorded_at=NOW + timedelta(microseconds=recorded))
    assert (ledger.decisions(ROUND, NOW).height == 1) is known


CHANGES = [
    "DELETE FROM decision",
    "UPDATE decision SET value = 'not_met'",
    "UPDATE decision SET value = NULL",
    "UPDATE decision SET reason = 'another'",
    "UPDATE decision SET reason = '[erased]', decided_by = 'eve'",
    "UPDATE decision SET reason = '[erased]', decision_id = 'x'",
    "UPDATE decision SET reason = '[erased]', sequence = 7",
    "UPDATE decision SET reason = '[erased]', reason_digest = 'x'",
    "UPDATE decision SET topic = 'ports'",
]
REPLACED = [
    "INSERT OR REPLACE INTO decision SELECT * FROM decision",
    "REPLACE INTO decision SELECT * FROM decision",
    "INSERT OR REPLACE INTO decision (round, decision_id, kind, subject, reason, decided_by, decided_at,"
    " recorded_at, source, sequence) SELECT round, 'x', kind, 'S9', reason, decided_by, decided_at,"
    " recorded_at, source, sequence FROM decision",
    "INSERT OR REPLACE INTO decision (rowid, round, decision_id, kind, subject, reason, decided_by,"
    " decided_at, recorded_at, source, sequence) SELECT rowid, round, 'x', kind, 'S9', reason, decided_by,"
    " decided_at, recorded_at, source, 99 FROM decision",
    "UPDATE OR REPLACE decision SET reason = '[erased]', rowid = 77",
    "INSERT INTO decision SELECT * FROM decision WHERE true ON CONFLICT DO UPDATE SET value = 'not_met'",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_itself_refuses_to_change_one(recorded: Ledger, engine: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError, match="decisions are append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    assert_frame_equal(recorded.decisions(ROUND), frame(ONE))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("statement", [*CHANGES, *REPLACED])
def test_a_connection_that_is_not_ours_gets_past_nothing(
    recorded: Ledger, database: str, statement: str
) -> None:
    with sqlite3.connect(database.removeprefix("sqlite:///")) as connection:
        for pragma in ("recursive_triggers = OFF", "foreign_keys = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        with pytest.raises(sqlite3.IntegrityError, match="decisions are append-only"):
            connection.execute(statement)
    assert_frame_equal(recorded.decisions(ROUND), frame(ONE))


@pytest.mark.parametrize(
    "database", [pytest.param("postgres", marks=pytest.mark.long)], indirect=True
)  # SQLite knows no TRUNCATE
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE decision",
        "INSERT INTO decision SELECT * FROM decision ON CONFLICT (round, decision_id) DO UPDATE"
        " SET value = 'not_met'",
    ],
)
def test_postgres_refuses_too(recorded: Ledger, engine: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError, match="decisions are append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    assert_frame_equal(recorded.decisions(ROUND), frame(ONE))


def test_the_texts_of_reason_and_author_can_be_erased_and_the_id_still_holds(
    recorded: Ledger, engine: Engine
) -> None:
    for column in ("reason", "decided_by"):
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE decision SET {column} = '{ERASED}'"))  # noqa: S608
        (row,) = recorded.decisions(ROUND).rows(named=True)
        assert (row["decision_id"], row[column]) == (ONE["decision_id"], ERASED)
    again = recorded.add_decisions(ROUND, frame(ONE), "file", recorded_at=NOW)
    assert again == 0, "the same line is the same decision, although its text was erased"


EDITED = {
    "value": "not_met",
    "subject": "S2",
    "reason": "another",
    "decided_by": "eve",
    "decided_at": "2025-01-01 00:00:00.000000",
    "recorded_at": "2025-01-01 00:00:00.000000",
    "topic": "ports",
    "members": "S1=U1",
    "sequence": "4",
    "source": "file",
    "decision_id": "0123456789ab",
    "repeat": "1",
    "digest": "x",
    "reason_digest": "x",
}


@pytest.mark.parametrize("column", EDITED)
def test_an_edited_row_is_named_when_it_is_read(recorded: Ledger, engine: Engine, column: str) -> None:
    other = decision_of("other", subject="S7")
    recorded.add_decisions(ROUND, frame(other), "cli", recorded_at=NOW)
    with engine.begin() as connection:
        _without_triggers(connection)
        connection.execute(
            text(f"UPDATE decision SET {column} = :value WHERE subject = 'S1'"),  # noqa: S608
            {"value": EDITED[column] if column not in ("sequence", "repeat") else int(EDITED[column])},
        )
    named = EDITED["decision_id"] if column == "decision_id" else ONE["decision_id"]
    with pytest.raises(ProblemsError, match=f"decision {named}, changed after it was recorded") as told:
        recorded.decisions(ROUND)
    assert len(told.value.problems) == 1


def _without_triggers(connection: Any) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE decision DISABLE TRIGGER USER"))
        return
    triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    for name in triggers.scalars().all():
        connection.execute(text(f"DROP TRIGGER {name}"))


def test_an_id_that_is_not_that_of_the_content_is_not_recorded(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="not what its id says"):
        ledger.add_decisions(ROUND, frame({**ONE, "subject": "S2"}), "cli", recorded_at=NOW)
    assert ledger.decisions(ROUND).is_empty()


def test_ids_of_the_first_scheme_and_repeated_decisions_are_proved_too(ledger: Ledger) -> None:
    old = {**ONE, "decision_id": old_decision_id(ONE)}
    again = {**ONE, "decision_id": decision_id(ONE, 3)}
    ledger.add_decisions(ROUND, frame(old, again, ONE), "cli", recorded_at=NOW)
    assert_frame_equal(ledger.decisions(ROUND), frame(old, again, ONE))
    assert [(row["id_scheme"], row["repeat"]) for row in ledger.recorded_decisions(ROUND)] == [
        (1, 0),
        (2, 3),
        (2, 0),
    ]


def test_what_is_kept_elsewhere_is_kept_first_and_in_order(ledger: Ledger) -> None:
    kept: list[dict[str, Any]] = []
    ledger.add_decisions(ROUND, frame(ONE), "cli", recorded_at=NOW, keep=kept.extend)
    two = decision_of("two")
    ledger.add_decisions(ROUND, frame(ONE, two), "cli", recorded_at=NOW, keep=kept.extend)
    assert [(row["decision_id"], row["sequence"]) for row in kept] == [
        (ONE["decision_id"], 1),
        (two["decision_id"], 2),
    ]

    def fail(_rows: object) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        ledger.add_decisions(ROUND, frame(decision_of("three")), "cli", recorded_at=NOW, keep=fail)
    assert ledger.decisions(ROUND).height == 2


OLD_ROW = (
    "INSERT INTO decision (round, decision_id, kind, subject, object, value, reason, decided_by, decided_at,"
    " recorded_at, source) VALUES ('2026-01', :id, 'rule', 'S1', 'gcom', 'met', 'seen', 'ana', :at,"
    " '2026-02-01 00:00:00.000000', 'cli')"
)


def test_old_rows_are_numbered_in_their_old_order_and_stay_as_they_are(
    database: str, alembic_to: Callable[[str, str], None]
) -> None:
    open_database(database).dispose()
    alembic_to(database, "0003")
    engine = create_engine(database_url(database))
    made = []
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO round VALUES ('2026-01', 'x', '2026-01-01 00:00:00.000000')"))
        for day in (7, 3, 5):
            at = datetime(2026, 1, day, tzinfo=UTC)
            row = {**decision_of("x", reason="seen", decided_at=at)}
            row["decision_id"] = old_decision_id(row)
            connection.execute(
                text(OLD_ROW), {"id": row["decision_id"], "at": at.strftime("%Y-%m-%d %H:%M:%S.%f")}
            )
            made.append(row)
    engine.dispose()
    ledger = Ledger(open_database(database))
    old = sorted(made, key=lambda row: row["decided_at"])
    assert_frame_equal(ledger.decisions(ROUND), frame(*old))
    ledger.add_decisions(ROUND, frame(ONE), "cli", recorded_at=NOW)
    assert_frame_equal(ledger.decisions(ROUND), frame(*old, ONE))
    with pytest.raises(DBAPIError, match="append-only"), ledger._engine.begin() as connection:
        connection.execute(text("DELETE FROM decision"))


@pytest.fixture
def alembic_to() -> Callable[[str, str], None]:
    """Brings a database to an older step."""
    from alembic import command
    from alembic.config import Config

    def move(database: str, revision: str) -> None:
        config = Config()
        config.set_main_option("script_location", "warehouse/database/migrations")
        engine = create_engine(database_url(database))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, revision)
        engine.dispose()

    return move


APPEND = """
import sys
from datetime import UTC, datetime
from tests.warehouse.ledger_rows import decision_of
from warehouse.database.connection import open_database
from warehouse.database.ledger import Ledger
from warehouse.dictionary.inputs import DECISIONS
ledger = Ledger(open_database(sys.argv[1]))
for n in range(40):
    rows = [decision_of(f"{sys.argv[2]}-{n}"), decision_of(f"both-{n}")]
    ledger.add_decisions("2026-01", DECISIONS.frame(rows), "cli", recorded_at=datetime.now(UTC))
"""


@pytest.mark.long
def test_processes_that_record_at_once_wait_for_each_other(ledger: Ledger, database: str) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", APPEND, database, name], stderr=subprocess.PIPE, text=True)
        for name in ("x", "y")
    ]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * 2
    rows = ledger.recorded_decisions(ROUND)
    assert [row["sequence"] for row in rows] == list(range(1, 121))
    assert row_digest(rows[-1]) == rows[-1]["digest"]
