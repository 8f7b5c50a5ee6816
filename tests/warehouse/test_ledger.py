"""The ledger: what is recorded stays, and recording it again changes nothing; on SQLite and on Postgres."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.warehouse.ledger_rows import NOW, ROUND, SOURCE, decision_of, submissions_of
from warehouse.database.ledger import Ledger
from warehouse.dictionary.inputs import DECISIONS, SUBMISSIONS
from warehouse.dictionary.working import SET_ASIDE


class TestRuns:
    def test_a_run_from_start_to_end(self, ledger: Ledger) -> None:
        run = ledger.start_run(ROUND, "process", "deadline", as_of=NOW, started_at=NOW, program="0.1.0")
        assert ledger.latest_run(ROUND) == {
            "id": run,
            "round": ROUND,
            "kind": "process",
            "reason": "deadline",
            "as_of": NOW,
            "started_at": NOW,
            "ended_at": None,
            "outcome": "running",
            "version": None,
            "program": "0.1.0",
        }
        ledger.finish_run(run, "published", ended_at=NOW + timedelta(seconds=9), version=3)
        latest = ledger.latest_run(ROUND)
        assert latest
        assert (latest["outcome"], latest["version"], latest["ended_at"]) == (
            "published",
            3,
            NOW + timedelta(seconds=9),
        )

    def test_a_killed_run_blocks_nothing_and_is_noted_by_the_next(self, ledger: Ledger) -> None:
        ledger.record_round("2025-07", "First call", NOW)
        killed = ledger.start_run(ROUND, "process", "a", as_of=NOW, started_at=NOW, program="0")
        scan = ledger.start_run(ROUND, "scan", "b", as_of=NOW, started_at=NOW, program="0")
        other = ledger.start_run("2025-07", "process", "c", as_of=NOW, started_at=NOW, program="0")
        done = ledger.start_run(
            ROUND, "process", "d", as_of=NOW, started_at=NOW + timedelta(minutes=1), program="0"
        )
        outcomes = {
            row["id"]: row["outcome"] for round_id in (ROUND, "2025-07") for row in ledger.runs(round_id)
        }
        assert outcomes == {killed: "failed", scan: "running", other: "running", done: "running"}

    def test_the_newest_comes_first_and_by_kind(self, ledger: Ledger) -> None:
        kinds = ("process", "scan", "process", "scan")
        runs = [
            ledger.start_run(ROUND, kind, "", as_of=NOW, started_at=NOW + timedelta(hours=n), program="0")
            for n, kind in enumerate(kinds)
        ]
        assert [row["id"] for row in ledger.runs(ROUND)] == runs[::-1]
        newest = ledger.latest_run(ROUND, "process")
        assert newest
        assert newest["id"] == runs[2]
        assert ledger.latest_run("2025-07") is None


class TestInputs:
    def test_a_passport_is_kept_once_a_file_and_as_last_read(self, ledger: Ledger) -> None:
        passport = {
            "table": "gcom",
            "name": "gcom.csv",
            "sha256": SOURCE,
            "n_bytes": 2**40,
            "n_rows": 12,
            "n_used": 11,
            "n_set_aside": 1,
        }
        passport |= {"format": "csv", "encoding": "utf-8", "profile": "plain"}
        ledger.record_inputs(ROUND, [passport, {**passport, "sha256": "b" * 64}], read_at=NOW)
        ledger.record_inputs(
            ROUND,
            [{**passport, "n_used": 10, "n_set_aside": 2, "extra": "is not kept"}],
            read_at=NOW + timedelta(days=1),
        )
        kept = ledger.inputs(ROUND)
        assert [(row["sha256"][0], row["n_used"], row["n_set_aside"], row["read_at"]) for row in kept] == [
            ("a", 10, 2, NOW + timedelta(days=1)),
            ("b", 11, 1, NOW),
        ]
        assert {name: kept[1][name] for name in passport if name != "sha256"} == {
            name: passport[name] for name in passport if name != "sha256"
        }

    def test_a_round_must_be_known_first(self, ledger: Ledger) -> None:
        with pytest.raises(IntegrityError):
            ledger.record_submissions("2031-01", SOURCE, submissions_of(1))

    def test_submissions_are_kept_whole_and_once(self, ledger: Ledger) -> None:
        members = [{"name": "A", "population": 5, "plan_status": "adopted"}]
        frame = submissions_of(
            603,
            members=members,
            cohort_applied_on=date(2025, 5, 1),
            action_aspects=["social"],
            motivation="a\0b",
        )
        assert ledger.record_submissions(ROUND, SOURCE, frame) == 603
        assert ledger.record_submissions(ROUND, SOURCE, frame) == 0
        assert ledger.record_submissions(ROUND, "b" * 64, frame) == 603
        kept = ledger.submissions(ROUND, SOURCE)
        assert [row["submission_id"] for row in kept] == [f"S{number}" for number in range(603)]
        payload = kept[7]["payload"]
        assert set(payload) == set(SUBMISSIONS.names)
        assert (payload["contact_name"], payload["members"], payload["action_aspects"]) == (
            "Jan Kowalski",
            members,
            ["social"],
        )
        assert (payload["submitted_at"], payload["cohort_applied_on"]) == (
            "2026-01-09T05:00:00.123456+00:00",
            "2025-05-01",
        )
        assert payload["motivation"] == "a\N{REPLACEMENT CHARACTER}b"

    def test_no_rows_are_no_trouble(self, ledger: Ledger) -> None:
        assert ledger.record_submissions(ROUND, SOURCE, SUBMISSIONS.empty()) == 0
        assert ledger.record_set_aside(ROUND, SET_ASIDE.empty(), {}) == 0
        assert ledger.add_decisions(ROUND, DECISIONS.empty(), "file", recorded_at=NOW) == 0
        assert_frame_equal(ledger.decisions(ROUND), DECISIONS.empty())

    def test_a_row_set_aside_is_kept_once_with_all_its_reasons_and_as_last_judged(
        self, ledger: Ledger
    ) -> None:
        rows = [
            ("cohort", 3, "C1", "status", "Unknown status."),
            ("cohort", 3, "C1", "country", "No country."),
            ("gcom", 3, "row-3", None, "No id."),
        ]
        frame = pl.DataFrame(rows, schema=SET_ASIDE.schema, orient="row").with_columns(
            payload=pl.lit(json.dumps({"a": 1}))
        )
        sources = {"cohort": SOURCE, "gcom": "b" * 64}
        assert ledger.record_set_aside(ROUND, frame, sources) == 2
        ledger.record_set_aside(ROUND, frame.head(1).drop("payload"), sources)
        (kept,) = ledger.set_aside(ROUND, SOURCE)
        assert (kept["row_key"], kept["reason"], kept["payload"]) == ("C1", "Unknown status.", {"a": 1})
        assert ledger.set_aside(ROUND, "b" * 64)[0]["reason"] == "No id."


class TestDecisions:
    def test_the_same_decision_twice_is_one(self, ledger: Ledger) -> None:
        both = DECISIONS.frame(
            [decision_of("d1"), decision_of("d2", object=None, value=None, kind="withdraw")]
        )
        assert ledger.add_decisions(ROUND, both.head(1), "cli", recorded_at=NOW) == 1
        assert (
            ledger.add_decisions(ROUND, pl.concat([both, both]), "file", recorded_at=NOW + timedelta(days=1))
            == 1
        )
        assert_frame_equal(ledger.decisions(ROUND), both)

    def test_they_come_in_the_order_they_were_made_and_only_those_made_by_then(self, ledger: Ledger) -> None:
        made = [
            decision_of(f"d{n}", decided_at=NOW + timedelta(microseconds=m))
            for n, m in enumerate((5, 1, 1, 3))
        ]
        ledger.add_decisions(ROUND, DECISIONS.frame(made), "cli", recorded_at=NOW)
        assert ledger.decisions(ROUND)["decision_id"].to_list() == ["d1", "d2", "d3", "d0"]
        assert ledger.decisions(ROUND, NOW + timedelta(microseconds=3))["decision_id"].to_list() == [
            "d1",
            "d2",
            "d3",
        ]
        assert ledger.decisions(ROUND, NOW).is_empty()
        assert ledger.decisions("2025-07").is_empty()

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM decision",
            "UPDATE decision SET value = 'not_met'",
            "UPDATE decision SET value = NULL",
            "UPDATE decision SET reason = 'another'",
            "UPDATE decision SET reason = '[erased]', decided_by = 'eve'",
            "UPDATE decision SET reason = '[erased]', decision_id = 'x'",
        ],
    )
    def test_the_database_itself_refuses_to_change_one(
        self, ledger: Ledger, engine: Engine, statement: str
    ) -> None:
        ledger.add_decisions(ROUND, DECISIONS.frame([decision_of("d1")]), "cli", recorded_at=NOW)
        with pytest.raises(DBAPIError, match="decisions are append-only"), engine.begin() as connection:
            connection.execute(text(statement))
        assert_frame_equal(ledger.decisions(ROUND), DECISIONS.frame([decision_of("d1")]))

    @pytest.mark.parametrize(
        "database", [pytest.param("postgres", marks=pytest.mark.long)], indirect=True
    )  # SQLite knows no TRUNCATE
    def test_postgres_refuses_to_empty_the_table(self, engine: Engine) -> None:
        with pytest.raises(DBAPIError, match="decisions are append-only"), engine.begin() as connection:
            connection.execute(text("TRUNCATE decision"))


APPEND = """
import sys
from datetime import UTC, datetime
from warehouse.database.connection import open_database
from warehouse.dictionary.inputs import DECISIONS
from warehouse.database.ledger import Ledger
now = datetime(2026, 1, 9, tzinfo=UTC)
ledger = Ledger(open_database(sys.argv[1]))
for n in range(40):
    row = {"kind": "pin", "subject": "a", "reason": "r", "decided_by": "d", "decided_at": now}
    rows = [{**row, "decision_id": f"{sys.argv[2]}-{n}"}, {**row, "decision_id": f"both-{n}"}]
    ledger.add_decisions("2026-01", DECISIONS.frame(rows), "cli", recorded_at=now)
"""


@pytest.mark.long
def test_processes_that_write_at_once_wait_for_each_other(ledger: Ledger, database: str) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", APPEND, database, name], stderr=subprocess.PIPE, text=True)
        for name in ("x", "y")
    ]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * 2
    assert ledger.decisions(ROUND).height == 120
