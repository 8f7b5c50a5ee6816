"""Parts on a real Dask cluster of two processes: the same bytes, whichever dies; two programmes at once."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster

import programme
from flows.near_selection import near_selection
from flows.parts.dask_cluster import Scheduler
from flows.parts.dask_cluster import on_dask as parts_on_dask
from flows.parts.settings import PartSettings
from programme.problems import ProblemsError
from samples.bundle import copy_inputs
from tests.flows.office import Office
from tests.flows.test_decide import ROUND, ask, ask_json
from tests.flows.test_server import Server
from warehouse.snapshots import read_package
from warehouse.storage import open_storage

pytestmark = [pytest.mark.long, pytest.mark.prefect]
MEMORY = "1.5GiB"
TABLES = ("repairs", "weight_pairs")
"""Tables made in parts; those of `weights` are shared out in the same way, and take minutes."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        memory_limit=MEMORY,
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as made:
        yield made


@pytest.fixture
def on_dask(cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> LocalCluster:
    monkeypatch.setenv("CITY2CITY_TASK_RUNNER", "dask")
    monkeypatch.setenv("CITY2CITY_DASK_ADDRESS", cluster.scheduler_address)
    return cluster


def killing(cluster: LocalCluster, work: Callable[[], Any]) -> tuple[Any, set[int]]:
    """What some work gives while each process that was there when it began is killed at a part of its own."""
    killed: set[int] = set()
    over = threading.Event()

    def kill() -> None:
        with Client(cluster.scheduler_address) as client:
            for worker, pid in client.run(os.getpid).items():
                while not client.processing().get(worker):
                    if over.wait(0.05):
                        return
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        return work(), killed
    finally:
        over.set()
        killer.join()


def kept(office: Office) -> dict[str, bytes]:
    folder = office.inputs.parent / f"restricted/working/round={ROUND}/version=0001"
    return {name: (folder / f"{name}.parquet").read_bytes() for name in TABLES}


def test_repairs_and_weights_are_the_same_bytes_though_each_process_dies_in_turn(
    processed: Office, on_dask: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as here:
        here.setenv("CITY2CITY_TASK_RUNNER", "threads")
        for name in TABLES:
            near_selection(processed.context, ROUND, name)
        expected = kept(processed)
        for name in TABLES:
            (
                processed.inputs.parent / f"restricted/working/round={ROUND}/version=0001/{name}.parquet"
            ).unlink()
    _, killed = killing(on_dask, lambda: [near_selection(processed.context, ROUND, name) for name in TABLES])
    assert len(killed) == 2
    assert kept(processed) == expected


def test_versions_are_replayed_on_processes_of_this_machine(
    processed: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    processed.run(ROUND, "again", *())
    monkeypatch.setenv("CITY2CITY_TASK_RUNNER", "dask")
    monkeypatch.setenv("CITY2CITY_DASK_WORKERS", "2")
    monkeypatch.setenv("CITY2CITY_DASK_MEMORY", MEMORY)
    found = ask_json(capsys, "replay", ROUND, "1", "--all")
    assert [(one["version"], one["identical"]) for one in found] == [(1, True)]
    out, _ = ask(capsys, "replay", ROUND, "1", "1")
    assert out.count("identical.") == 1


def test_a_scheduler_that_does_not_answer_is_told(
    processed: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CITY2CITY_TASK_RUNNER", "dask")
    monkeypatch.setenv("CITY2CITY_DASK_ADDRESS", "tcp://127.0.0.1:9")
    _, told = ask(capsys, "replace", ROUND, status=2)
    assert "CITY2CITY_DASK_ADDRESS" in told
    assert "Traceback" not in told


def test_processes_that_do_not_share_the_cache_are_told(cluster: LocalCluster, tmp_path: Path) -> None:
    address = cluster.scheduler_address
    settings = PartSettings(dask=True, address=address)
    with pytest.raises(ProblemsError) as raised:
        parts_on_dask([str(tmp_path / "elsewhere")], Scheduler(address), settings)
    (told,) = raised.value.problems
    assert told.where == "CITY2CITY_CACHE"
    assert "elsewhere" in told.found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("prefect"))
    try:
        made.wait(120, "/health")
        yield made
    finally:
        made.process.terminate()
        made.process.wait(30)


def hashes(data: Path) -> dict[str, str]:
    package = read_package(open_storage(str(data)), ROUND, 1)
    return {one["name"]: one["content"] for one in package["resources"]}


def started(server: Server, data: Path, cache: Path, **more: str) -> subprocess.Popen[bytes]:
    environment = {**server.environment, "CITY2CITY_DATA": str(data), "CITY2CITY_CACHE": str(cache), **more}
    command = [str(Path(sys.executable).parent / "city2city"), "run", ROUND, "--json"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_two_programmes_run_at_once_in_one_server_and_a_flow_links_on_dask(
    tmp_path: Path, cache_folder: Path, server: Server, processed: Office, cluster: LocalCluster
) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(
        Path(programme.__file__).parent, rules, ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    file = rules / "matchmaking.toml"
    file.write_text(file.read_text("utf-8").replace("seconds = 300", "seconds = 301"), "utf-8")
    one, other = tmp_path / "one", tmp_path / "other"
    for data in (one, other):
        copy_inputs(data / "inputs")
    dask = {"CITY2CITY_TASK_RUNNER": "dask", "CITY2CITY_DASK_ADDRESS": cluster.scheduler_address}
    runs = [
        started(server, one, cache_folder, **dask),
        started(server, other, tmp_path / "cache", CITY2CITY_PROGRAMME=str(rules)),
    ]
    for run in runs:
        out, told = run.communicate(timeout=300)
        assert run.returncode == 0, told.decode()
        assert json.loads(out)["version"] == 1
    expected = hashes(processed.inputs.parent)
    assert hashes(one) == expected
    assert hashes(other) == expected
    made_by = {read_package(open_storage(str(data)), ROUND, 1)["rules"] for data in (one, other)}
    assert len(made_by) == 2
