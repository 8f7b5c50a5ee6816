"""The round's lock: the first wins, the second is told who and since when, and a killed holder lets go."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from programme.problems import ProblemsError
from warehouse.lock import round_lock

ROUND = "2026-01"
SINCE = datetime(2026, 1, 9, 5, 0, tzinfo=UTC)
HOLD = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from warehouse.lock import round_lock
since = datetime(2026, 1, 9, 5, 0, tzinfo=UTC)
where = {"database_url": sys.argv[1], "folder": Path(sys.argv[2])}
with round_lock(sys.argv[3], **where, holder="the first run", since=since):
    print("held", flush=True)
    sys.stdin.read()
"""
Lock = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def lock(database: str, tmp_path: Path) -> Lock:
    def make(round_id: str = ROUND, holder: str = "a run") -> AbstractContextManager[None]:
        return round_lock(
            round_id, database_url=database, folder=tmp_path / "locks", holder=holder, since=SINCE
        )

    return make


def test_it_is_free_the_moment_the_block_has_ended(lock: Lock) -> None:
    for number in range(60):
        with lock(holder=f"run {number}"):
            pass


@pytest.fixture
def other_process(database: str, tmp_path: Path) -> Callable[[], subprocess.Popen[str]]:
    """Starts a process that holds the lock until its standard input is closed."""

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HOLD, database, str(tmp_path / "locks"), ROUND]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        return process

    return start


def test_the_second_is_told_who_holds_it_and_the_third_gets_it_afterwards(lock: Lock) -> None:
    told = r"round 2026-01: found a run of it at work: run of 2026-01: deadline, since 20\d\d-\d\d-\d\dT"
    with lock(holder="run of 2026-01: deadline"), pytest.raises(ProblemsError, match=told), lock():
        pass
    with lock():
        pass


def test_rounds_do_not_hinder_each_other(lock: Lock) -> None:
    with lock("2025-07"), lock("2026-01"):
        pass


def test_a_run_that_fails_lets_go(lock: Lock) -> None:
    with pytest.raises(RuntimeError), lock():
        raise RuntimeError
    with lock():
        pass


def test_another_process_is_told_and_a_killed_one_lets_go(
    lock: Lock, other_process: Callable[[], subprocess.Popen[str]]
) -> None:
    process = other_process()
    with pytest.raises(ProblemsError, match="the first run, since"), lock():
        pass
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    for _ in range(50):  # Postgres sees the broken connection a moment later
        try:
            with lock():
                return
        except ProblemsError:
            continue
    pytest.fail("the lock of a killed process was not let go")


def test_a_run_killed_while_it_wrote_its_name_is_still_told(tmp_path: Path) -> None:
    folder = tmp_path / "locks"
    arguments = {"database_url": "sqlite:///x", "folder": folder, "holder": "me", "since": SINCE}
    with round_lock(ROUND, **arguments):  # type: ignore[arg-type]
        (folder / f"round-{ROUND}.lock").write_text('{"hol')
        with pytest.raises(ProblemsError, match="another run"), round_lock(ROUND, **arguments):  # type: ignore[arg-type]
            pass


def test_a_server_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    url = "postgresql+psycopg://user:secret@127.0.0.1:9/none"
    with (
        pytest.raises(ProblemsError, match="a database that answers") as told,
        round_lock(ROUND, database_url=url, folder=tmp_path, holder="x", since=SINCE),
    ):
        pass
    assert "secret" not in str(told.value)
