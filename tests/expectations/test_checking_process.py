"""Checks in a process of their own: the same findings, whoever checks, and no run that depends on it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expectations.check import RoundLimits, Stage, check
from flows import checking_process
from flows.checking_process import MOST_ROWS, CheckingProcess, begin_checking_process, checked_elsewhere
from flows.checks import check_stages

STAGES: tuple[Stage, ...] = ("inputs", "linked", "eligibility", "scores", "twinnings")
Tables = dict[str, pl.DataFrame]


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The processes that are there; none at first, and none afterwards."""
    there: list[Any] = []
    monkeypatch.setattr(checking_process, "_running", there)
    yield there
    for one in there:
        one.end()


def broken(world: Tables) -> Tables:
    """Tables with something to find in several stages."""
    twice = pl.concat([world["submissions"], world["submissions"].head(1)])
    return world | {"submissions": twice, "twinnings": world["twinnings"].with_columns(value=pl.lit(-1.0))}


def test_the_findings_are_the_same_whoever_checks_and_whatever_becomes_of_the_process(
    world: Tables, limits: RoundLimits, running: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    running.append(CheckingProcess())
    expected = [check(stage, broken(world), limits) for stage in STAGES]
    assert sum(one.height for one in expected) > 1
    found = checked_elsewhere(STAGES, broken(world), limits)
    assert found is not None
    for one, other in zip(found, expected, strict=True):
        assert one.equals(other)
        assert one.schema == other.schema
    assert checked_elsewhere(STAGES[:1], world, limits) is not None, "it is asked again"
    process = running[0]._process
    monkeypatch.setattr(checking_process, "LONGEST_S", 0.3)
    os.kill(process.pid, signal.SIGSTOP)
    assert check_stages(STAGES, broken(world), limits).equals(pl.concat(expected))
    assert not running, "what has failed is not asked again"
    assert process.returncode == -signal.SIGKILL, "what does not answer is ended"


class Failed:
    """A process that has failed."""

    ended = False

    def __init__(self) -> None:
        self.asked = 0

    def check(self, *_asked: object) -> None:
        self.asked += 1

    def end(self) -> None:
        self.ended = True


def test_a_large_round_is_not_handed_over(world: Tables, limits: RoundLimits, running: list[Any]) -> None:
    running.append(there := Failed())
    large = world | {"gcom": world["gcom"].sample(MOST_ROWS, with_replacement=True, seed=1)}
    assert checked_elsewhere(("inputs",), large, limits) is None
    assert (there.asked, there.ended, running) == (0, True, [])


def test_an_error_of_a_check_is_raised_here(limits: RoundLimits, running: list[Any]) -> None:
    running.append(there := Failed())
    with pytest.raises(KeyError, match="nothing"):
        check_stages(("nothing",), {}, limits)  # type: ignore[arg-type]
    assert (there.asked, there.ended, running) == (1, True, [])


@pytest.mark.long
def test_a_process_that_is_asked_nonsense_ends_without_a_word(limits: RoundLimits) -> None:
    """It must not abort: what the system keeps of a process that does holds the tables of the round."""
    process = CheckingProcess()
    assert process.check(("nothing",), {}, limits) is None
    assert process._process.wait(30) == 1


def test_what_cannot_be_handed_over_is_checked_here(limits: RoundLimits, running: list[Any]) -> None:
    unpicklable = {"submissions": pl.DataFrame({"a": [object()]}, schema={"a": pl.Object})}
    running.append(CheckingProcess())
    assert checked_elsewhere(("inputs",), unpicklable, limits) is None
    assert not running


CORES: dict[str, tuple[int, int, bool]] = {
    "a core is free": (2, 1, True),
    "none is free": (2, 2, False),
    "there is only one": (1, 1, False),
}


@pytest.mark.parametrize(("cores", "beside", "begins"), CORES.values(), ids=CORES)
def test_it_is_started_only_where_a_core_is_free(
    cores: int, beside: int, begins: bool, running: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking_process, "_cores", lambda: cores)
    monkeypatch.setattr(checking_process, "CheckingProcess", Failed)
    monkeypatch.delitem(sys.modules, "great_expectations", raising=False)
    begin_checking_process(beside)
    begin_checking_process(beside)
    assert len(running) == begins


def no_process(_program: object, **_options: object) -> None:
    raise OSError(11, "Resource temporarily unavailable")


def test_a_machine_that_starts_no_process_checks_by_itself(
    running: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking_process, "_cores", lambda: 8)
    monkeypatch.setattr(subprocess, "Popen", no_process)
    monkeypatch.delitem(sys.modules, "great_expectations", raising=False)
    begin_checking_process(beside=1)
    assert not running


def is_there(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody asked about is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


RUN = """
import os, sys, time
from flows.checking_process import CheckingProcess
print(CheckingProcess()._process.pid, flush=True)
{end}
"""
ENDS: dict[str, tuple[str, Callable[[subprocess.Popen[str]], None]]] = {
    "killed": ("time.sleep(60)", lambda run: run.kill()),
    "at its own end": ("", lambda _run: None),
    "without a goodbye": ("os._exit(3)", lambda _run: None),
}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize(("end", "do"), ENDS.values(), ids=ENDS)
def test_it_ends_with_the_run(end: str, do: Callable[[subprocess.Popen[str]], None]) -> None:
    program = [sys.executable, "-c", RUN.format(end=end)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        pid = int(run.stdout.readline())
        do(run)
        run.wait(30)
    until = time.monotonic() + 30
    while is_there(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_there(pid)
