"""The ledger: what is recorded stays, and recording it again changes nothing; on SQLite and on Postgres."""

from __future__ import annotations

import json
from datetime import date, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy.exc import IntegrityError

from tests.warehouse.ledger_rows import NOW, ROUND, SOURCE, submissions_of
from warehouse.database.ledger import Ledger
from warehouse.dictionary.inputs import DECISIONS, SUBMISSIONS
from warehouse.dictionary.working import SET_ASIDE


class TestRuns:
    def test_a_run_from_start_to_end(self, ledger: Ledger) -> None:
        run = ledger.start_run(
            ROUND, "process", "deadline", as_of=NOW, started_at=NOW, program="0.1.0", started_by="ana"
        )
        assert ledger.latest_run(ROUND) == {
            "id": run,
            "round": ROUND,
            "kind": "process",
            "reason": "deadline",
            "as_of": NOW,
            "started_by": "ana",
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
