"""Alerts on a real Prefect server: a flow fails, is stopped, runs late, is killed. Each alert arrives, none
is false, and a stop has no traceback.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from samples.bundle import copy_inputs
from tests.flows.mail_server import mail_server
from tests.flows.operations.receiver import Receiver, receiver
from tests.flows.test_server import PREFECT, ROOT, Server, server

__all__ = ["server"]
pytestmark = [pytest.mark.prefect, pytest.mark.long]
FLOW = """
import sys, time
from prefect import flow


@flow(name="trial")
def trial(round_id: str, seconds: int = 0, by: str = "Ada Lovelace"):
    if seconds < 0:
        raise ValueError("ada@example.org")
    time.sleep(seconds)


if __name__ == "__main__":
    trial(sys.argv[1], int(sys.argv[2]))
"""
DEPLOYMENT = """
name: trial
deployments:
- name: trial
  entrypoint: trial.py:trial
  work_pool: {name: city2city, job_variables: {env: {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: "30"}}}
  parameters: {round_id: worker, seconds: 300}
"""


@pytest.fixture
def told(server: Server) -> Iterator[tuple[Receiver, Any]]:
    """Where alerts arrive, once they are made, twice over."""
    with mail_server() as mail, receiver() as hook:
        variables = {
            "CITY2CITY_ALERT_MAIL": "ops@example.org",
            "CITY2CITY_ALERT_FROM": "city2city@example.org",
            "CITY2CITY_ALERT_WEBHOOK": hook.url,
            "CITY2CITY_SMTP_HOST": "127.0.0.1",
            "CITY2CITY_SMTP_PORT": str(mail.port),
        }
        for _ in range(2):
            command = [sys.executable, "-m", "flows.alerts"]
            done = subprocess.run(
                command, env={**server.environment, **variables}, cwd=ROOT, capture_output=True, check=False
            )
            assert done.returncode == 0, done.stderr
        names = [one["name"] for one in server.ask("/automations/filter", {})]
        assert len(names) == len(set(names)) == 6
        yield hook, mail.letters


def until(seconds: float, is_true: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "not within the time"
        time.sleep(0.5)


def engine_of(worker: subprocess.Popen[bytes]) -> int | None:
    """The process of a flow run that a worker started."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            command = (path / "cmdline").read_bytes()
            parent = int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError):
            continue
        if b"prefect.engine" in command and parent == worker.pid:
            return int(path.name)
    return None


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_each_alert_arrives_and_none_is_false(
    server: Server,
    told: tuple[Receiver, Any],
    tmp_path: Path,
) -> None:
    hook, letters = told
    (tmp_path / "trial.py").write_text(FLOW, "utf-8")
    (tmp_path / "prefect.yaml").write_text(DEPLOYMENT, "utf-8")
    environment = {**server.environment, "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}
    environment["PREFECT_LOGGING_LEVEL"] = "INFO"

    def trial(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(tmp_path / "trial.py"), *arguments]
        return subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL)

    def alerts(name: str) -> list[Any]:
        return [body for body in hook.bodies if body["alert"] == name]

    healthy, killed = trial("healthy", "40"), trial("killed", "900")
    assert trial("failed", "-1").wait(120) == 1
    server.cli("deploy", "--all", cwd=tmp_path)
    server.cli("deployment", "run", "trial/trial", cwd=tmp_path)
    until(90, lambda: bool(alerts("late")))
    worker = subprocess.Popen(
        [PREFECT, "worker", "start", "--pool", "city2city"],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(120, lambda: engine_of(worker) is not None)
        runs = {"deployments": {"name": {"any_": ["trial"]}}}
        until(120, lambda: server.ask("/flow_runs/filter", runs)[0]["state_type"] == "RUNNING")
        os.kill(int(str(engine_of(worker))), signal.SIGKILL)
        killed.kill()
        until(90, lambda: {body["round"] for body in alerts("crashed")} >= {"worker"})
        assert healthy.wait(120) == 0
        until(300, lambda: {body["round"] for body in alerts("crashed")} >= {"worker", "killed"})
        time.sleep(60)
    finally:
        worker.terminate()
        worker.wait(60)
    assert {body["round"] for body in alerts("failed")} == {"failed"}
    assert sorted(body["round"] for body in alerts("crashed")) == ["killed", "worker"]
    states = {run["parameters"]["round_id"]: run["state_name"] for run in server.ask("/flow_runs/filter", {})}
    assert states == {"healthy": "Completed", "killed": "Crashed", "failed": "Failed", "worker": "Crashed"}
    assert "healthy" not in json.dumps(hook.bodies)
    until(60, lambda: len(letters.messages) >= len(hook.bodies))
    text = json.dumps(hook.bodies) + "".join(str(message) for message in letters.messages)
    assert "Ada" not in text
    assert "ada@" not in text


def artifacts_of(server: Server, key: str) -> list[Any]:
    return [one for one in server.ask("/artifacts/filter", {}) if one["key"] == key]


def test_a_stop_is_told_in_words_and_two_rounds_run_at_once(
    server: Server,
    told: tuple[Receiver, Any],
    tmp_path: Path,
    cache_folder: Path,
) -> None:
    hook, _ = told
    data = tmp_path / "data"
    copy_inputs(data / "inputs")
    register = data / "inputs" / "2026-01" / "gcom.csv"
    register.write_text("".join(register.read_text("utf-8-sig").splitlines(keepends=True)[:4]), "utf-8")
    server.cli("deploy", "--all")
    for round_id in ("2025-07", "2026-01"):
        command = ("deployment", "run", "process-round/reprocess-round")
        server.cli(*command, "-p", f"round_id={round_id}", "-p", "reason=again")
    log = tmp_path / "worker.log"
    environment = {**server.environment, "CITY2CITY_DATA": str(data), "CITY2CITY_CACHE": str(cache_folder)}
    with log.open("wb") as out:
        worker = subprocess.Popen(
            [PREFECT, "worker", "start", "--pool", "city2city"],
            env=environment | {"PREFECT_LOGGING_LEVEL": "INFO"},
            cwd=ROOT,
            stdout=out,
            stderr=out,
        )
    wanted = {"deployments": {"name": {"any_": ["reprocess-round"]}}}
    try:
        final = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
        until(
            400,
            lambda: all(run["state_type"] in final for run in server.ask("/flow_runs/filter", wanted)),
        )
    finally:
        worker.terminate()
        worker.wait(60)
    runs = {run["name"]: run for run in server.ask("/flow_runs/filter", wanted)}
    good, stopped = runs["2025-07: again"], runs["2026-01: again"]
    assert good["state_type"] == "COMPLETED", log.read_text()
    assert good["state"]["message"].startswith("Published version 1 of round 2025-07")
    assert "round:2025-07" in good["tags"]
    assert (stopped["state_name"], stopped["state_type"]) == ("Stopped", "FAILED")
    assert "Nothing was published" in stopped["state"]["message"]
    assert "Traceback" not in log.read_text()
    logs = server.ask("/logs/filter", {"logs": {"flow_run_id": {"any_": [stopped["id"]]}}})
    assert logs
    assert not [one for one in logs if "Traceback" in one["message"]]
    (page,) = artifacts_of(server, "stopped-2026-01")
    for part in ("found", "expected", "where", "what to do", "city2city run 2026-01"):
        assert part in page["data"]
    assert len(artifacts_of(server, "inputs-2025-07")) == 1
    until(60, lambda: any(body["alert"] == "stopped" for body in hook.bodies))
    tasks = server.ask("/task_runs/filter", {"flow_runs": {"id": {"any_": [good["id"]]}}})
    assert {task["name"] for task in tasks} >= {"check the inputs", "check the results", "ingest the files"}
    found = {item["name"]: item for item in server.ask("/deployments/filter", {})}
    schema = found["reprocess-round"]["parameter_openapi_schema"]["properties"]["round_id"]
    assert schema["enum"] == ["2025-07", "2026-01"]
