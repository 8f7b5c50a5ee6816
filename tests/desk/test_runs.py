"""Runs that are started at the desk: one at a time, followed to their end, in the name of who started it."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.access.guard import RefusedError
from desk.work.runs import Runs, StartedRun
from flows.settings import Settings
from tests.desk.conftest import ROUND, Worker

RUNS = f"/rounds/{ROUND}/runs"
SAYS = """
import sys, time
sys.stderr.write({err!r}); sys.stderr.flush()
print({out!r}); time.sleep({wait}); sys.exit({status})
"""


def saying(
    monkeypatch: pytest.MonkeyPatch, err: str, out: str = "", status: int = 0, wait: float = 0
) -> None:
    """Let every run be a process that says this and ends so."""
    code = SAYS.format(err=err, out=out, status=status, wait=wait)
    monkeypatch.setattr(Runs, "_command", lambda *_: [sys.executable, "-c", code])


def ended(run: StartedRun) -> StartedRun:
    for _ in range(600):
        if run.state != "running":
            return run
        time.sleep(0.05)
    raise AssertionError("the run does not end")


def test_the_command_carries_reason_person_and_gates_as_one_argument_each() -> None:
    runs = Runs(SETTINGS, "inputs")
    made = _command(runs, ["no_twinnings"])
    assert made[-2:] == ["--", ROUND]
    assert "--reason=--by=Bruno; rm" in made
    assert "--by=Amina" in made
    assert "--accept=no_twinnings" in made
    assert "--inputs=inputs" in made


def _command(runs: Runs, accept: Sequence[str]) -> list[str]:
    run = StartedRun("1", ROUND, "Amina", "--by=Bruno; rm", datetime.now(UTC))
    return runs._command(run, accept)


SETTINGS = Settings("data", "sqlite:///x.db", Path("programme"), Path("cache"))
ENDS = [
    pytest.param("gather\ningest\n", "Published version 2 of round x.", 0, "done", [], id="published"),
    pytest.param("gather\n", "Nothing changed since version 1.", 0, "done", [], id="nothing new"),
    pytest.param(
        "gather\nStopped: a gate is closed\n- say why\n",
        "",
        1,
        "stopped",
        ["Stopped: a gate is closed", "say why"],
        id="stopped",
    ),
    pytest.param(
        "FILE: found x; expected y\n", "", 2, "refused", ["FILE: found x; expected y"], id="refused"
    ),
    pytest.param("gather\n", "", -9, "stopped", ["gather"], id="killed"),
]


@pytest.mark.parametrize(("err", "out", "status", "state", "problems"), ENDS)
def test_a_run_is_followed_to_its_end(
    monkeypatch: pytest.MonkeyPatch, err: str, out: str, status: int, state: str, problems: list[str]
) -> None:
    saying(monkeypatch, err, out, status if status >= 0 else 137)
    run = ended(Runs(SETTINGS).start(ROUND, "why", "Amina"))
    assert (run.state, run.problems, run.headline) == (state, problems, out)


@pytest.mark.long
def test_one_run_of_a_round_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    saying(monkeypatch, "gather\n", wait=1.5)
    runs = Runs(SETTINGS)
    first = runs.start(ROUND, "why", "Amina")
    with pytest.raises(RefusedError, match="goes on"):
        runs.start(ROUND, "why not", "Bruno")
    ended(first)
    assert runs.start(ROUND, "again", "Bruno").by == "Bruno"


def test_a_run_is_started_at_the_desk_and_its_steps_are_shown(
    amina: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    saying(monkeypatch, "gather\n<b>ingest</b>\n", "Published version 2 of round x.", wait=0.5)
    page = amina.post(RUNS, reason="answers of the day", accept=["no_twinnings", "ledger_incomplete"])
    (run,) = amina.app.state.runs.of_round(ROUND)
    assert (run.by, run.reason) == ("Amina", "answers of the day")
    assert page.url.path == f"{RUNS}/{run.id}"
    ended(run)
    done = amina.text(f"{RUNS}/{run.id}")
    assert "Published version 2" in done
    assert "&lt;b&gt;ingest" in done
    part = amina.client.get(f"{RUNS}/{run.id}", headers={"hx-request": "true"}).text
    assert part.startswith('<div id="progress"')
    assert "hx-trigger" not in part


def test_a_run_needs_a_reason(amina: Worker) -> None:
    answer = amina.post(RUNS, reason=" ")
    assert answer.status_code == 422
    assert "A run needs a reason" in answer.text
    assert amina.app.state.runs.of_round(ROUND) == []
