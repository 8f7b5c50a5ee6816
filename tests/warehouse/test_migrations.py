"""A database of every earlier step, with rows in every table, is brought to the newest with nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, TableClause, column, create_engine, event, insert, inspect, select, table
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

import warehouse.database.sql_tables  # noqa: F401  (it fills the metadata)
from tests.warehouse.ledger_rows import NOW, decision_of, submissions_of
from warehouse.database import connection as opening
from warehouse.database.connection import HEAD, database_url, open_database
from warehouse.database.erasure import Erasures
from warehouse.database.ledger import Ledger
from warehouse.database.outbox import Outbox
from warehouse.dictionary.decision_ids import (
    ERASED,
    OLD_SCHEME,
    decision_id,
    old_decision_id,
    row_digest,
    stamp,
)
from warehouse.dictionary.inputs import DECISIONS

Row = dict[str, Any]
ROUNDS = ("2025-07", "2026-01")
LATER = NOW + timedelta(days=30)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(opening.__file__).parent / "migrations"))
    return config


STEPS = [step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]
EARLIER = [step for step in STEPS if step != HEAD]
"""Every step that a database of an earlier program may stand at."""


def decisions_of_a_round(*, proved: bool) -> list[Row]:
    """Decisions of the first scheme, one of them erased, two of one moment.

    `proved` has them as the later steps keep them, with one of the second scheme.
    """
    texts = [
        {
            "kind": "rule",
            "subject": "S1",
            "object": "gcom",
            "value": "met",
            "reason": "seen, \u0141\u00f3d\u017a",
        },
        {"kind": "withdraw", "subject": "S2", "object": None, "value": None, "reason": 'said "no"\n\u2028'},
        {"kind": "approve", "subject": "1", "object": "f" * 64, "value": None, "reason": "four eyes"},
        {"kind": "undo", "subject": "0" * 12, "object": None, "value": None, "reason": "a mistake"},
    ]
    rows = []
    for number, text in enumerate(texts):
        # Two claim one moment; none is recorded at the moment that it claims.
        row: Row = {**text, "decided_by": "ana", "decided_at": NOW + timedelta(minutes=number // 2)}
        row["decision_id"] = old_decision_id(row)
        rows.append({**row, "recorded_at": NOW + timedelta(hours=1, minutes=number), "source": "cli"})
    rows[1]["source"] = "file"
    rows[3]["reason"] = ERASED
    rows.sort(key=lambda row: (row["decided_at"], row["decision_id"]))
    if proved:
        newest = {**texts[0], "value": "not_met", "decided_by": "ben", "decided_at": NOW, "source": "cli"}
        rows.append({**newest, "decision_id": decision_id(newest), "recorded_at": LATER})
        rows = [_proved(row, sequence, old=sequence < len(rows)) for sequence, row in enumerate(rows, 1)]
    return rows


def _proved(row: Row, sequence: int, *, old: bool) -> Row:
    """A decision with what later steps keep beside it."""
    row = {**row, "topic": None, "members": None, "sequence": sequence}
    row |= stamp({**row, "id_scheme": OLD_SCHEME} if old else row)
    return {**row, "digest": row_digest(row)}


def rows_at(step: str) -> dict[str, list[Row]]:
    """Rows for every table: nulls, erased cells, whole numbers beyond 32 bits, texts of many letters."""
    found: dict[str, list[Row]] = {}

    def add(name: str, /, **cells: Any) -> None:
        found.setdefault(name, []).append(cells)

    for number, round_id in enumerate(ROUNDS):
        sha256 = str(number) * 64
        add("round", id=round_id, title="Round \u00c5", deadline=NOW + timedelta(days=number))
        run = {"round": round_id, "reason": "a \u201creason\u201d", "as_of": NOW, "started_at": NOW}
        add(
            "run",
            id=f"r1-{number}",
            kind="process",
            ended_at=LATER,
            outcome="published",
            version=1,
            program="0.1.0",
            started_by="ops",
            **run,
        )
        add(
            "run",
            id=f"r2-{number}",
            kind="scan",
            ended_at=None,
            outcome="running",
            version=None,
            program="0.1.0",
            started_by=None,
            **run,
        )
        add(
            "input_file",
            round=round_id,
            table="submissions",
            name="form \u00fc.xlsx",
            sha256=sha256,
            n_bytes=5_000_000_000,
            n_rows=3,
            n_used=2,
            n_set_aside=1,
            format="xlsx",
            encoding=None,
            profile="of the office",
            read_at=NOW,
        )
        kept = {"round": round_id, "source_sha256": sha256}
        payload = {"contact_name": "Jan \u0141", "topics": ["a", "b"], "n": 1.5, "none": None, "yes": True}
        add("submission", submission_id="S1", row=2, payload=payload, erased_at=None, **kept)
        add("submission", submission_id="S2", row=3, payload=None, erased_at=LATER, **kept)
        set_aside = {"table": "submissions", "reason": "no country", **kept}
        add(
            "set_aside_row", row=4, row_key="row-0004", payload={"city_name": ""}, erased_at=None, **set_aside
        )
        add("set_aside_row", row=5, row_key="row-0005", payload=None, erased_at=LATER, **set_aside)
        for row in decisions_of_a_round(proved=step >= "0004"):
            add("decision", round=round_id, **row)
        version = {"round": round_id, "state": "final", "reason": "done", "published_at": NOW}
        add(
            "version",
            version=1,
            parent=None,
            run_id=f"r1-{number}",
            content="c" * 64,
            seal="d" * 64,
            **version,
        )
        add("version", version=2, parent=1, run_id=None, content="e" * 64, seal="f" * 64, **version)
        for name, drafted in (("p1", None), ("p2", LATER)):
            add(
                "open_point",
                round=round_id,
                point_id=name,
                application_id="S1",
                rule="gcom",
                outcome="unclear",
                message="signs \u2026",
                first_seen=NOW,
                last_seen=LATER,
                drafted_at=drafted,
            )
        for name, state, contact in (("l1", "sent", "c1"), ("l2", "drafted", None)):
            add(
                "letter",
                round=round_id,
                letter_id=name,
                application_id="S1",
                kind="placed",
                version=1,
                news="n" * 64,
                text_sha256="t" * 64,
                message_id=f"<{name}@x>",
                contact=contact,
                corrects="l0" if contact else None,
                state=state,
                detail="250" if contact else None,
                made_at=NOW,
                state_at=LATER,
            )
        change = {"round": round_id, "submission_id": "S1", "recorded_at": NOW}
        add(
            "contact_change", contact_id="c1", name="Jan", address="jan@example.org", erased_at=None, **change
        )
        add("contact_change", contact_id="c2", name=None, address=None, erased_at=LATER, **change)
    return found


def _clause(engine: Engine, name: str) -> TableClause:
    """A table as it is in the database now, with the types of the models."""
    types = SQLModel.metadata.tables[name].columns
    there = [one["name"] for one in inspect(engine).get_columns(name)]
    return table(name, *(column(one, types[one].type) for one in there))


def _key(row: Row) -> str:
    return str(sorted((name, str(value)) for name, value in row.items()))


def _contents(engine: Engine, columns: dict[str, list[str]]) -> dict[str, list[Row]]:
    """The rows of every table, of these columns alone."""
    found = {}
    clauses = {name: _clause(engine, name) for name in columns}
    with engine.connect() as connection:
        for name, wanted in columns.items():
            clause = clauses[name]
            rows = connection.execute(select(*(clause.c[one] for one in wanted))).mappings()
            found[name] = sorted((dict(row) for row in rows), key=_key)
    return found


@pytest.fixture(params=EARLIER)
def earlier(request: pytest.FixtureRequest, database: str) -> Iterator[tuple[str, str, dict[str, list[Row]]]]:
    """The address of a database of an earlier step, that step, and all that is in it."""
    engine = create_engine(database_url(database))
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, request.param)
    tables = set(inspect(engine).get_table_names()) - {"alembic_version"}
    with engine.begin() as connection:
        for name, rows in rows_at(request.param).items():
            if name in tables:
                clause = _clause(engine, name)
                for row in rows:
                    cells = {one: value for one, value in row.items() if one in clause.c}
                    connection.execute(insert(clause).values(**cells))
    columns = {name: list(_clause(engine, name).c.keys()) for name in sorted(tables)}
    before = _contents(engine, columns)
    assert all(before.values()), "a table without rows proves nothing"
    yield database, request.param, before
    engine.dispose()


def test_every_step_that_a_database_may_stand_at_is_tried() -> None:
    assert STEPS[-1] == HEAD
    assert set(EARLIER) >= {"0001", "0002", "0003", "0004", "0006"}


def test_nothing_is_lost(earlier: tuple[str, str, dict[str, list[Row]]]) -> None:
    address, _, before = earlier
    engine = open_database(address)
    columns = {name: list(rows[0]) for name, rows in before.items()}
    assert _contents(engine, columns) == before
    Ledger(engine).record_round("2027-01", "Third", NOW)
    engine.dispose()
    again = open_database(address)
    after = _contents(again, columns)
    assert {name: rows for name, rows in after.items() if name != "round"} == {
        name: rows for name, rows in before.items() if name != "round"
    }
    again.dispose()


def test_decisions_mean_the_same_and_stay_append_only(earlier: tuple[str, str, dict[str, list[Row]]]) -> None:
    address, step, _ = earlier
    engine = open_database(address)
    ledger = Ledger(engine)
    for round_id in ROUNDS:
        expected = decisions_of_a_round(proved=step >= "0004")
        # The ledger refuses what is not as it was recorded.
        read = ledger.decisions(round_id)
        assert read["decision_id"].to_list() == [row["decision_id"] for row in expected]
        assert read["reason"].to_list() == [row["reason"] for row in expected]
        new = decision_of("after the program was renewed", subject="S9")
        assert ledger.add_decisions(round_id, DECISIONS.frame([new]), "cli", recorded_at=LATER) == 1
        assert ledger.add_decisions(round_id, read, "file", recorded_at=LATER) == 0
        assert [row["sequence"] for row in ledger.recorded_decisions(round_id)] == [
            *range(1, len(expected) + 2)
        ]
    for statement in (
        "UPDATE decision SET value = 'x'",
        "UPDATE decision SET sequence = sequence + 100",
        "UPDATE decision SET reason = 'another'",
        "DELETE FROM decision",
    ):
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_what_is_recorded_afterwards_finds_a_place(earlier: tuple[str, str, dict[str, list[Row]]]) -> None:
    """Every table takes new rows: numbers go on, and what is known is known."""
    address, _, before = earlier
    engine = open_database(address)
    ledger, outbox, erasures = Ledger(engine), Outbox(engine), Erasures(engine)
    round_id = ROUNDS[0]
    assert ledger.record_submissions(round_id, "9" * 64, submissions_of(2)) == 2
    assert [row["payload"]["topics"] for row in ledger.submissions(round_id, "0" * 64) if row["payload"]] == [
        ["a", "b"]
    ]
    run = ledger.start_run(round_id, "process", "x", as_of=NOW, started_at=LATER, program="2")
    ledger.finish_run(run, "published", ended_at=LATER)
    assert {row["outcome"] for row in ledger.runs(round_id)} >= {"published"}
    assert [row["version"] for row in ledger.versions(round_id)] == [1, 2]
    assert {point["point_id"] for point in ledger.open_points(round_id)} == (
        {"p1", "p2"} if "open_point" in before else set()
    )
    assert len(outbox.letters(round_id)) == (2 if "letter" in before else 0)
    erasures.ask(["S1"], "asked", "ops", at=LATER)
    assert ledger.erase_submission("S1", erased_at=LATER) > 0
    assert all(row["payload"] is None for row in ledger.submissions(round_id, "0" * 64))
    engine.dispose()


def test_a_step_that_fails_leaves_the_database_as_it_was(
    earlier: tuple[str, str, dict[str, list[Row]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, step, before = earlier

    def fail(engine: Engine) -> None:
        """The last statement of all: the note of the step that is reached."""

        @event.listens_for(engine, "before_cursor_execute")
        def refuse(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith("UPDATE alembic_version") and HEAD in f"{statement} {_[0]}":
                raise RuntimeError("the power went")

        real(engine)

    real = opening._migrate
    monkeypatch.setattr(opening, "_migrate", fail)
    with pytest.raises(RuntimeError, match="the power went"):
        open_database(address)
    engine = create_engine(database_url(address))
    assert set(inspect(engine).get_table_names()) - {"alembic_version"} == set(before)
    assert _contents(engine, {name: list(rows[0]) for name, rows in before.items()}) == before
    with engine.connect() as connection:
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    engine.dispose()
    assert version == step
