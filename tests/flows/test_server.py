"""The real thing: a Prefect server and its scheduler, a worker's deployment, a run with its artifacts; and a
coming round planned.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.context import open_context
from flows.deployments import prefect_yaml
from flows.operations.prefect_facts import Api, prefect_facts
from flows.operations.prefect_health import PrefectFacts, prefect_lines
from flows.settings import read_settings
from programme.rounds import Rounds, read_rounds
from samples.bundle import copy_inputs
from tests.flows.office import Office
from tests.flows.rules_of_its_own import change
from warehouse.snapshots import read_approved, read_package
from warehouse.storage import open_storage

ROOT = Path(__file__).parents[2]
PREFECT = str(Path(sys.executable).parent / "prefect")
pytestmark = pytest.mark.prefect


class Server:
    """A Prefect server on this machine, with its own home."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/api"
        self.environment = {
            **os.environ,
            "PREFECT_HOME": str(home),
            "PREFECT_API_URL": self.url,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_LOGGING_LEVEL": "WARNING",
            "DO_NOT_TRACK": "1",
            "NO_COLOR": "1",
        }
        command = [PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home
        )

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """POST to the server's API (GET without a body)."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def wait(self, seconds: float, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask until the answer is not empty."""
        until = time.monotonic() + seconds
        while True:
            try:
                if answer := self.ask(path, body):
                    return answer
            except OSError:
                assert self.process.poll() is None, "the server ended"
            assert time.monotonic() < until, f"no answer from {path} within {seconds} s"
            time.sleep(0.5)

    def cli(self, *arguments: str, cwd: Path = ROOT, **variables: str) -> str:
        """Run a command of Prefect's against this server."""
        done = subprocess.run(
            [PREFECT, "--no-prompt", *arguments],
            env={**self.environment, **variables},
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("prefect"))
    try:
        server.wait(120, "/health")
        server.cli("work-pool", "create", "city2city", "--type", "process")
        yield server
    finally:
        server.process.terminate()
        server.process.wait(30)


@pytest.mark.long
def test_every_deployment_is_accepted_and_the_past_is_not_planned(server: Server, tmp_path: Path) -> None:
    server.cli("deploy", "--all")
    found = {item["name"]: item for item in server.ask("/deployments/filter", {})}
    assert set(found) == {
        "process-2025-07",
        "process-2026-01",
        "scan-2025-07",
        "scan-2026-01",
        "reprocess-round",
        "approve-round",
        "apply-retention",
    }
    assert found["process-2026-01"]["parameters"]["round_id"] == "2026-01"
    assert set(found["reprocess-round"]["parameter_openapi_schema"]["properties"]) >= {"round_id", "reason"}
    told = city2city(server, tmp_path, tmp_path, "doctor", "--json")
    assert told.returncode == 1, told.stderr
    lines = {line["what"]: line["health"] for line in json.loads(told.stdout)}
    assert (lines["server"], lines["work pool"], lines["worker"]) == ("fine", "fine", "broken")
    assert {health for what, health in lines.items() if what.startswith("schedule")} == {"fine"}


def coming(days: int) -> Rounds:
    """The rounds, and one more whose deadline is near."""
    rounds = read_rounds()
    closes = datetime.now(UTC).date() + timedelta(days=days)
    new = rounds.rounds[-1].model_copy(
        update={
            "id": "2099-01",
            "opens": closes - timedelta(days=30),
            "originally_closes": closes,
            "closes": closes,
            "twinnings_start": date(2099, 1, 1),
        }
    )
    return rounds.model_copy(update={"rounds": (new,)})


@pytest.mark.long
def test_a_coming_round_gets_its_scheduled_run(server: Server, tmp_path: Path) -> None:
    rounds = coming(days=9)
    (round_,) = rounds.rounds
    (tmp_path / "prefect.yaml").write_text(prefect_yaml(rounds), "utf-8")
    (tmp_path / "flows").symlink_to(ROOT / "flows")
    # The choices of the UI are the rounds of the programme, so the new one is named there too.
    shutil.copytree(ROOT / "programme", tmp_path / "programme")
    change(tmp_path / "programme", 'id = "2026-01"', 'id = "2099-01"')
    programme = str(tmp_path / "programme")
    server.cli("deploy", "--name", "process-2099-01", cwd=tmp_path, CITY2CITY_PROGRAMME=programme)
    wanted = {
        "deployments": {"name": {"any_": ["process-2099-01"]}},
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
    }
    (run,) = server.wait(120, "/flow_runs/filter", wanted)
    assert datetime.fromisoformat(run["expected_start_time"]) == round_.processed_at
    assert run["parameters"]["round_id"] == "2099-01"
    facts = prefect_facts(Api(server.url), rounds.rounds, datetime.now(UTC))
    assert isinstance(facts, PrefectFacts)
    lines = {line.what: line for line in prefect_lines(facts, datetime.now(UTC))}
    assert lines["schedule process-2099-01"].health == "fine"
    assert f"{round_.processed_at:%Y-%m-%d %H:%M}" in lines["schedule process-2099-01"].found
    assert "it is not on the server" in lines["schedule scan-2099-01"].found


def city2city(server: Server, data: Path, cache: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**server.environment, "CITY2CITY_DATA": str(data), "CITY2CITY_CACHE": str(cache)}
    command = str(Path(sys.executable).parent / "city2city")
    return subprocess.run(
        [command, *arguments], env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def content_hashes(data: Path) -> dict[str, str]:
    """Table to content hash of the round's first version."""
    package = read_package(open_storage(str(data)), "2026-01", 1)
    return {resource["name"]: resource["content"] for resource in package["resources"]}


def hashes_of_a_plain_run(data: Path, cache: Path) -> dict[str, str]:
    """The same of a run without Prefect, on the same inputs."""
    copy_inputs(data / "inputs")
    environment = {"CITY2CITY_DATA": str(data), "CITY2CITY_CACHE": str(cache)}
    Office(open_context(read_settings(environment)), data / "inputs").run("2026-01", "a test")
    return content_hashes(data)


def approved_by_the_flow(server: Server, data: Path, cache: Path) -> Any:
    """What the flow approve-round answers, called as the UI calls it."""
    program = (
        "import json; from flows.approve_round import approve_round; "
        "print(json.dumps(approve_round(round='2026-01', version=1, by='Ann Smith')))"
    )
    environment = {**server.environment, "CITY2CITY_DATA": str(data), "CITY2CITY_CACHE": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.long
def test_a_run_from_the_command_line_shows_in_the_server_without_personal_data(
    server: Server, tmp_path: Path, cache_folder: Path
) -> None:
    data, cache = tmp_path / "data", cache_folder
    copy_inputs(data / "inputs")

    first = city2city(server, data, cache, "run", "2026-01", "--reason", "a test", "--json")
    assert first.returncode == 0, first.stderr
    summary = json.loads(first.stdout)
    assert (summary["version"], summary["new"]) == (1, True)
    runs = server.ask("/flow_runs/filter", {"flow_runs": {"tags": {"all_": ["round:2026-01"]}}})
    assert {run["name"] for run in runs} == {"2026-01: a test"}
    tasks = server.ask("/task_runs/filter", {"flow_runs": {"id": {"any_": [runs[0]["id"]]}}})
    names = sorted(task["name"].split(" ")[0] for task in tasks)
    assert names == [
        "check",
        "check",
        "crosscheck",
        "eligibility",
        "ingest",
        "matchmaking",
        "publish",
        "scoring",
    ]
    assert content_hashes(data) == hashes_of_a_plain_run(tmp_path / "plain", cache)
    artifacts = server.ask("/artifacts/filter", {})
    assert {item["key"] for item in artifacts} >= {
        *("round-2026-01", "waiting-2026-01", "findings-2026-01", "report-2026-01", "approval-2026-01"),
    }
    approved = approved_by_the_flow(server, data, cache)
    assert approved.pop("headline")
    assert approved == {"round": "2026-01", "version": 1, "approvals": 1, "approved": 1}
    found = read_approved(open_storage(str(data)), "2026-01")
    assert found is not None
    assert found.version == 1
    told = json.dumps(artifacts) + first.stdout + first.stderr
    forms = (data / "inputs" / "2026-01" / "submissions.csv").read_text("utf-8-sig")
    mails = set(re.findall(r"[\w.+-]+@[\w.-]+", forms))
    assert len(mails) > 30
    assert not [mail for mail in mails if mail in told]


def bytes_of(home: Path) -> dict[str, bytes]:
    """Every file that Prefect keeps, its journals too."""
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


@pytest.mark.long
def test_nothing_of_a_forgotten_person_is_left_in_the_home_of_a_server(
    server: Server, tmp_path: Path, cache_folder: Path
) -> None:
    data, home = tmp_path / "data", Path(server.environment["PREFECT_HOME"])
    copy_inputs(data / "inputs")
    forms = pl.read_csv(data / "inputs" / "2026-01" / "submissions.csv", separator=";", infer_schema=False)
    gone, name, mail = forms.select("submission_id", "contact_name", "contact_email").row(0)
    for reason in ("a first run", f"{name} called"):  # the second changes nothing, so no version tells it
        run = city2city(server, data, cache_folder, "run", "2026-01", "--reason", reason)
        assert run.returncode == 0, run.stderr
    assert any(name.encode() in content for content in bytes_of(home).values())
    forgotten = city2city(server, data, cache_folder, "forget", gone, "--reason", "asked", "--by", "TEAM")
    assert forgotten.returncode == 0, forgotten.stdout + forgotten.stderr
    kept = bytes_of(home)
    assert "prefect.db" in kept
    people = [*forms["contact_email"].drop_nulls(), name, name.lower()]
    assert mail in people
    assert [
        (place, one) for place, content in kept.items() for one in people if one.encode() in content
    ] == []
    runs = server.ask("/flow_runs/filter", {"flow_runs": {"tags": {"all_": ["round:2026-01"]}}})
    assert "2026-01: a first run" in {run["name"] for run in runs}


@pytest.mark.long
def test_a_stop_and_a_scan_are_told_and_publish_nothing(
    server: Server, tmp_path: Path, cache_folder: Path
) -> None:
    data, cache = tmp_path / "data", cache_folder
    copy_inputs(data / "inputs")
    scan = city2city(server, data, cache, "scan", "2026-01", "--json")
    assert scan.returncode == 0, scan.stderr
    assert json.loads(scan.stdout)["waiting"]
    register = data / "inputs" / "2026-01" / "gcom.csv"
    register.write_text("".join(register.read_text("utf-8-sig").splitlines(keepends=True)[:4]), "utf-8")
    stopped = city2city(server, data, cache, "run", "2026-01")
    assert stopped.returncode == 1
    assert "Stopped: nothing was published" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert not (data / "snapshots").exists()


def server_of(run: subprocess.Popen[bytes], seconds: float = 60) -> int:
    """The process of the temporary server that a run started."""
    children = Path(f"/proc/{run.pid}/task")
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert run.poll() is None, "the run ended before it started a server"
        for path in children.glob("*/children"):
            for child in path.read_text().split():
                if b"prefect.server.api.server" in Path(f"/proc/{child}/cmdline").read_bytes():
                    return int(child)
        time.sleep(0.05)
    pytest.fail("no server was started")


def has_ended(process: Path) -> bool:
    """Whether a process is gone, or only waits to be noticed; asked after a moment."""
    time.sleep(0.05)
    return not process.exists() or "State:\tZ" in (process / "status").read_text()


LINK = ("link", "--file", "names.csv", "--register", "inputs/2025-07/gcom.csv", "--out", "o.csv", "--jobs=2")
IN_A_FOLDER: dict[str, tuple[tuple[str, ...], str]] = {
    "run": (("run", "2025-07"), "Published version 1"),
    "link, shared over processes": (LINK, "1 name looked up"),
}


@pytest.mark.long
@pytest.mark.parametrize(("arguments", "said"), IN_A_FOLDER.values(), ids=IN_A_FOLDER)
def test_the_folder_that_somebody_is_in_is_no_matter(
    tmp_path: Path, cache_folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    """Many who use Prefect have a package `flows` of their own."""
    copy_inputs(tmp_path / "inputs")
    (tmp_path / "names.csv").write_text("name,country\nPorto,Portugal\n", "utf-8")
    for name in ("flows/__init__.py", "expectations/__init__.py", "prefect.py", "pickle.py", "polars.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("raise SystemExit('taken from the folder')", "ascii")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment |= {"CITY2CITY_DATA": str(tmp_path), "CITY2CITY_CACHE": str(cache_folder)}
    command = [str(Path(sys.executable).parent / "city2city"), *arguments]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "taken from the folder" not in done.stdout + done.stderr
    assert said in done.stdout


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize(
    ("blow", "wait"),
    [
        (signal.SIGKILL, 0.0),
        pytest.param(signal.SIGKILL, 6.0, marks=pytest.mark.long),
        pytest.param(signal.SIGTERM, 6.0, marks=pytest.mark.long),
    ],
    ids=["killed at once", "killed later", "told to end"],
)
def test_a_temporary_server_ends_with_its_run(
    tmp_path: Path, cache_folder: Path, blow: signal.Signals, wait: float
) -> None:
    copy_inputs(tmp_path / "inputs")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment |= {"CITY2CITY_DATA": str(tmp_path), "CITY2CITY_CACHE": str(cache_folder)}
    command = [str(Path(sys.executable).parent / "city2city"), "run", "2025-07"]
    run = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process = Path(f"/proc/{server_of(run)}")
        time.sleep(wait)
        run.send_signal(blow)
        run.wait(30)
        assert any(has_ended(process) for _ in range(200)), "the server outlived its run by ten seconds"
    finally:
        run.kill()
        run.wait(10)
