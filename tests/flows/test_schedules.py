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

from flows.deployments import AFTER_THE_DEADLINE, STARTED_BY_HAND, Place, prefect_yaml
from flows.operations.alerts import HEARTBEAT_S, SILENCE
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


@pytest.mark.parametrize("name", [name for name in DEPLOYMENTS if name != "reprocess-round"])
def test_one_run_of_a_round_at_a_time(name: str) -> None:
    assert DEPLOYMENTS[name]["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


def test_two_rounds_can_be_processed_again_at_once() -> None:
    assert DEPLOYMENTS["reprocess-round"]["concurrency_limit"] is None


@pytest.mark.parametrize("round_", ROUNDS, ids=lambda round_: round_.id)
def test_only_the_schedule_says_that_it_is_one(round_: Round) -> None:
    deployment = DEPLOYMENTS[f"process-{round_.id}"]
    (schedule,) = deployment["schedules"]
    assert schedule["parameters"] == {"reason": AFTER_THE_DEADLINE}
    assert deployment["parameters"]["reason"] == STARTED_BY_HAND


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_every_run_gives_signs_of_life_more_often_than_the_alert_waits(name: str) -> None:
    environment = DEPLOYMENTS[name]["work_pool"]["job_variables"]["env"]
    assert int(environment["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"]) == HEARTBEAT_S
    assert SILENCE.total_seconds() >= 3 * HEARTBEAT_S


def test_another_folder_pool_and_image() -> None:
    place = Place("containers", "/opt/city2city", "registry.example.org/city2city:1")
    told = yaml.safe_load(prefect_yaml(read_rounds(), place))
    assert told["pull"] == [
        {"prefect.deployments.steps.set_working_directory": {"directory": "/opt/city2city"}}
    ]
    pools = [item["work_pool"] for item in told["deployments"]]
    assert {pool["name"] for pool in pools} == {"containers"}
    assert {pool["job_variables"]["image"] for pool in pools} == {"registry.example.org/city2city:1"}
    assert "pull" not in yaml.safe_load(FILE.read_text("utf-8"))


def test_the_file_is_what_the_rounds_say() -> None:
    assert FILE.read_text("utf-8") == prefect_yaml(read_rounds()), "run: make schedules"
