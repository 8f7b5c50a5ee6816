"""The schedules of prefect.yaml follow from the rounds: nobody changes a deadline and forgets the flow that
runs after it.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from dateutil.rrule import rrulestr

from flows.deployments import prefect_yaml
from programme.rounds import Round, read_rounds

FILE = Path(__file__).parents[2] / "prefect.yaml"
DEPLOYMENTS: dict[str, dict[str, Any]] = {
    item["name"]: item for item in yaml.safe_load(FILE.read_text("utf-8"))["deployments"]
}
ROUNDS = read_rounds().rounds


def occurrences(deployment: str) -> list[Any]:
    (schedule,) = DEPLOYMENTS[deployment]["schedules"]
    assert "DTSTART;TZID=" in schedule["rrule"], "without DTSTART Prefect plans no run at all, silently"
    return list(rrulestr(schedule["rrule"]))


@pytest.mark.parametrize("round_", ROUNDS, ids=lambda round_: round_.id)
def test_a_round_is_processed_once_on_the_morning_after_its_deadline(round_: Round) -> None:
    (run,) = occurrences(f"process-{round_.id}")
    assert run == round_.processed_at
    assert run.date() == round_.closes + timedelta(days=1)
    assert round_.accepted_until < run < round_.accepted_until + timedelta(hours=12)
    assert DEPLOYMENTS[f"process-{round_.id}"]["parameters"]["round_id"] == round_.id


@pytest.mark.parametrize("round_", ROUNDS, ids=lambda round_: round_.id)
def test_the_scan_runs_every_day_while_the_call_is_open(round_: Round) -> None:
    days = [run.date() for run in occurrences(f"scan-{round_.id}")]
    assert days == [round_.opens + timedelta(days=n) for n in range((round_.closes - round_.opens).days + 1)]


def test_reprocessing_is_never_scheduled_and_takes_round_and_reason() -> None:
    deployment = DEPLOYMENTS["reprocess-round"]
    assert deployment["schedules"] == []
    assert set(deployment["parameters"]) == {"round_id", "reason"}


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_one_run_of_a_round_at_a_time(name: str) -> None:
    assert DEPLOYMENTS[name]["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


def test_the_file_is_what_the_rounds_say() -> None:
    assert FILE.read_text("utf-8") == prefect_yaml(read_rounds()), "run: make schedules"
