"""The start of a run: whether its own server may be started at once, and files that are read once."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prefect import flow_engine

from flows import reading
from flows.prefect_start import _end_without_waiting
from flows.reading import read_ahead, read_inputs
from flows.server_process import knows_no_other_settings
from programme.programme import Programme
from tasks.ingest.step import SourceFile, read_all
from tests.hostile.small_round import ROUND, json_bytes, small_round
from warehouse.sandbox import open_in_sandbox

ALONE: dict[str, tuple[dict[str, str], dict[str, str], bool]] = {
    "nothing is set": ({}, {}, True),
    "a server is named": ({"PREFECT_API_URL": "http://127.0.0.1:4200/api"}, {}, False),
    "a profile is named": ({"PREFECT_PROFILE": "cloud"}, {}, False),
    "temporary servers are not allowed": ({"PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false"}, {}, False),
    "profiles in its home": ({}, {"home/profiles.toml": 'active = "cloud"'}, False),
    "a settings file": ({}, {"prefect.toml": "[api]"}, False),
    "a file of variables": ({}, {".env": "PREFECT_API_URL=x"}, False),
    "settings of a project": ({}, {"pyproject.toml": "[tool.prefect.api]"}, False),
    "another project": ({}, {"pyproject.toml": "[tool.ruff]"}, True),
}


@pytest.mark.parametrize(("environment", "files", "alone"), ALONE.values(), ids=ALONE)
def test_a_server_is_started_at_once_only_where_nothing_else_can_name_one(
    environment: dict[str, str],
    files: dict[str, str],
    alone: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    given = {"PREFECT_HOME": str(tmp_path / "home"), **environment}
    assert knows_no_other_settings(given) is alone


def sources(**changed: bytes) -> list[SourceFile]:
    tables = {name: json_bytes(rows) for name, rows in small_round().items()}
    return [SourceFile(name, f"{name}.json", content) for name, content in {**tables, **changed}.items()]


def test_what_was_read_ahead_is_read_once_and_only_for_the_same_files(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_, read = programme.rounds.get(ROUND), []

    def counted(**given: object) -> object:
        read.append(given)
        return read_all(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "read_all", counted)
    read_ahead(sources(), programme, round_)
    first = read_inputs(sources(), programme, round_, open_binary=open_in_sandbox)
    assert len(read) == 1
    again = read_inputs(sources(), programme, round_, open_binary=open_in_sandbox)
    assert len(read) == 2, "it is kept for one use"
    assert again.submissions.equals(first.submissions)
    read_ahead(sources(), programme, round_)
    other = sources(submissions=json_bytes(small_round()["submissions"][:5]))
    assert read_inputs(other, programme, round_, open_binary=open_in_sandbox).submissions.height == 5
    assert not reading._read


def test_a_flow_does_not_wait_for_the_thread_of_its_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """The switch is Prefect's own and not public: a release without it must be seen here first."""
    usual = getattr(flow_engine._send_heartbeats, "func", flow_engine._send_heartbeats)
    monkeypatch.setattr(flow_engine, "_send_heartbeats", usual)
    engine: Any = SimpleNamespace(
        heartbeat_seconds=30,
        flow_run=None,
        logger=logging.getLogger("test"),
        _build_heartbeat_event_template=lambda: ({}, []),
        _emit_flow_run_heartbeat=lambda *_event: None,
    )

    def is_left_behind() -> bool:
        before = set(threading.enumerate())
        with flow_engine._send_heartbeats(engine):
            (sending,) = set(threading.enumerate()) - before
        return sending.is_alive()

    assert not is_left_behind()
    _end_without_waiting()
    _end_without_waiting()
    assert is_left_behind()
