"""Offices for whole-flow tests: each its own data folder, the gazetteer's cache shared so that it is built
once.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import programme
from flows.context import open_context
from flows.settings import read_settings
from samples.bundle import copy_inputs
from tests.conftest import one_worker
from tests.flows.office import Office
from tests.flows.post_office import PostOffice
from tests.flows.rules_of_its_own import change


@pytest.fixture
def office(tmp_path: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office with the sample inputs; the environment names its data folder, so that commands and flows
    find it too.
    """
    monkeypatch.setenv("CITY2CITY_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CITY2CITY_CACHE", str(cache_folder))
    copy_inputs(tmp_path / "data" / "inputs")
    return Office(open_context(read_settings()), tmp_path / "data" / "inputs")


@pytest.fixture(scope="session")
def processed_folder(run_folder: Path, cache_folder: Path) -> Path:
    """A data folder in which the first round was processed, once for all processes of a run of the tests."""
    folder = run_folder / "processed"
    environment = {"CITY2CITY_DATA": str(folder), "CITY2CITY_CACHE": str(cache_folder)}
    with one_worker(run_folder):
        if not folder.exists():
            copy_inputs(folder / "inputs")
            Office(open_context(read_settings(environment)), folder / "inputs").run("2025-07")
    return folder


@pytest.fixture
def processed(office: Office, processed_folder: Path) -> Office:
    """An office of its own in which the first round was processed once."""
    folder = office.inputs.parent
    shutil.rmtree(folder)
    shutil.copytree(processed_folder, folder)
    return office


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of rules of its own, in which nothing blocks an approval but conflicts."""
    folder = tmp_path / "rules"
    ours = Path(programme.__file__).parent
    shutil.copytree(ours, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py", "water", "countries"))
    monkeypatch.setenv("CITY2CITY_PROGRAMME", str(folder))
    change(folder, 'blocking = ["at_risk", "conflict"]', "blocking = []")
    return folder


@pytest.fixture
def post_office(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> PostOffice:
    """An office with a data folder of its own, on which commands can be given."""
    monkeypatch.setenv("CITY2CITY_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CITY2CITY_CACHE", str(tmp_path / "cache"))
    return PostOffice(capsys, tmp_path)


@pytest.fixture
def through(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Sends through this server from now on, without waiting."""

    def use(server: Any) -> None:
        for name, value in {"HOST": "127.0.0.1", "PORT": server.port, "PER_MINUTE": 0, "TIMEOUT": 2}.items():
            monkeypatch.setenv(f"CITY2CITY_SMTP_{name}", str(value))
        monkeypatch.setattr("flows.mailing.send.WAIT", 0.0)

    return use
