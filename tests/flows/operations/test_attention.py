"""What of a round is due, failed or overdue; and the runs and inputs that a round had."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.operations.attention import Standing, attention
from flows.operations.expected import RunSeen
from flows.operations.line import broken, fine, look
from flows.run_record import record_run
from programme.problems import problem
from tests.flows.operations.test_watch import run_that
from tests.flows.post_office import PostOffice
from warehouse.snapshots import read_package

ROUND = "2026-01"
DUE = date(2026, 2, 8)
RUN = RunSeen(datetime(2026, 1, 9, 5, tzinfo=UTC), "published")
GOOD = Standing(ROUND, (fine(ROUND, "version 1 is there"),), RUN, 1, DUE, (9, 9))


@pytest.mark.parametrize(
    ("change", "today", "says"),
    [
        pytest.param({}, DUE, None, id="all-told"),
        pytest.param({"letters": (0, 9)}, DUE - timedelta(days=1), None, id="not-due-yet"),
        pytest.param({"letters": (8, 9)}, DUE, "are due today, and 8 of 9", id="due-today"),
        pytest.param({"letters": (0, 9)}, DUE + timedelta(days=1), "were due on 2026-02-08", id="overdue"),
        pytest.param({"version": None, "letters": (0, 0)}, DUE, None, id="no-version-has-no-results"),
        pytest.param({"n_overdue_conditions": 2}, DUE, "2 conditions overdue", id="conditions"),
        pytest.param(
            {"lines": (broken("x", "no run", "Run it."),)}, DUE, "x: no run Run it.", id="no-version"
        ),
        pytest.param({"lines": (look("x", "old", "Do it."),)}, DUE, None, id="a-hint-is-nothing-due"),
        pytest.param(
            {"last_run": replace(RUN, outcome="failed", why="Disk full.")}, DUE, "failed: Disk", id="failed"
        ),
        pytest.param({"last_run": replace(RUN, outcome="stopped")}, DUE, "was stopped.", id="stopped"),
        pytest.param({"last_run": replace(RUN, outcome="cancelled")}, DUE, "was cancelled.", id="cancelled"),
        pytest.param({"last_run": replace(RUN, outcome="killed")}, DUE, "was killed.", id="killed"),
        pytest.param({"last_run": replace(RUN, outcome="unchanged")}, DUE, None, id="unchanged"),
        pytest.param({"last_run": replace(RUN, outcome="running")}, DUE, None, id="at-work"),
        pytest.param({"last_run": None}, DUE, None, id="rolled-back-or-restored"),
    ],
)
def test_what_needs_somebody(change: dict[str, Any], today: date, says: str | None) -> None:
    found = attention(replace(GOOD, **change), today)
    assert len(found) == (says is not None)
    if says is not None:
        assert says in found[0]


def test_status_says_why_and_check_ends_with_1(post_office: PostOffice) -> None:
    error = problem(found="no gcom", expected="gcom", where="inputs", remedy="Put it there.")
    run_that(post_office, error)
    (row,) = json.loads(post_office.ask("status", ROUND, "--json")[0])
    assert "failed" in row["last_run"]
    assert "found no gcom" in row["last_run_why"]
    told, _ = post_office.ask("status", ROUND, "--check", status=1)
    assert "The last run" in told
    assert "found no gcom" in told
    post_office.ask("status", ROUND, status=0)
    before = post_office.ask("status", ROUND, "--check", "--as-of", "2025-12-01", status=1)[0]
    assert "no version" not in before


def test_a_round_that_is_not_due_passes_the_check(post_office: PostOffice) -> None:
    post_office.ask("status", "--check", "--as-of", "2025-06-01")
    post_office.ask("status", "--check", "--as-of", "2026-11-01", status=1)


def test_runs_are_listed_with_how_and_why(post_office: PostOffice) -> None:
    assert "never processed" in post_office.ask("runs", ROUND)[0]
    assert json.loads(post_office.ask("runs", ROUND, "--json")[0]) == []
    run_that(post_office, KeyboardInterrupt())
    run_that(post_office, problem(found="x", expected="y", where="z", remedy="w."))
    context = post_office.context
    at = datetime.now(UTC)
    context.ledger.start_run(ROUND, "process", "killed", as_of=at, started_at=at, program="p")
    with record_run(context, ROUND, "scan", "early scan", None) as record:
        record.outcome = "unchanged"
    rows = json.loads(post_office.ask("runs", ROUND, "--json")[0])
    assert [row["outcome"] for row in rows] == ["killed", "failed", "cancelled"]
    assert "found x" in rows[1]["why"]
    assert "ended from outside" in rows[2]["why"]
    scans = json.loads(post_office.ask("runs", ROUND, "--json", "--scans")[0])
    assert [row["kind"] for row in scans] == ["scan", "process", "process", "process"]
    with record_run(context, ROUND, "process", "next", None) as record:
        record.outcome = "unchanged"
    rows = json.loads(post_office.ask("runs", ROUND, "--json")[0])
    assert [row["outcome"] for row in rows] == ["unchanged", "killed", "failed", "cancelled"]


def test_inputs_are_listed_with_the_versions_made_from_them(post_office: PostOffice) -> None:
    assert "Nothing was read" in post_office.ask("inputs", ROUND)[0]
    post_office.approve()
    context = post_office.context
    sha256 = read_package(context.storage, ROUND, 1)["inputs"]["submissions"]
    passport = {
        "table": "submissions",
        "name": "submissions.csv",
        "sha256": sha256,
        "n_bytes": 9,
        "n_rows": 2,
    }
    passport |= {"n_used": 2, "n_set_aside": 0, "format": "csv"}
    newer = {**passport, "sha256": "7" * 64}
    context.ledger.record_inputs(ROUND, [passport], read_at=RUN.started_at)
    context.ledger.record_inputs(ROUND, [newer], read_at=RUN.started_at + timedelta(days=1))
    rows = json.loads(post_office.ask("inputs", ROUND, "--json")[0])
    assert [(row["sha256"], row["versions"]) for row in rows] == [("7" * 64, []), (sha256, [1])]
    package = post_office.folder / "data/snapshots/round=2026-01/version=0001/datapackage.json"
    package.write_text("{", "utf-8")
    rows = json.loads(post_office.ask("inputs", ROUND, "--json")[0])
    assert [row["versions"] for row in rows] == [[], []]


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        pytest.param(
            "datapackage.json", lambda path: path.write_text("{", "utf-8"), id="no-descriptor-to-read"
        ),
        pytest.param(
            "applications.parquet", lambda path: path.write_bytes(path.read_bytes()[:-1] + b"x"), id="a-byte"
        ),
        pytest.param("twinnings.parquet", lambda path: path.unlink(), id="a-table-gone"),
    ],
)
def test_a_damaged_version_hides_no_other_round(
    post_office: PostOffice, name: str, harm: Callable[[Path], Any]
) -> None:
    post_office.approve()
    harm(post_office.folder / "data/snapshots/round=2026-01/version=0001" / name)
    first, second = json.loads(post_office.ask("status", "--json")[0])
    assert first["round"] == "2025-07"
    assert second["latest_version"] == 1
    assert second["attention"][0].startswith("Version 1 is damaged")
    assert "city2city repair 2026-01 1" in post_office.ask("status", "--check", status=1)[0]
