"""Runs that were started at the desk: each is the command `city2city run` in a process of its own.

So a run goes through Prefect as it does from the terminal or the schedule, and a fault of it leaves the desk
as it is. Belongs here: starting one and following what it says. Must stay out: what a run does
(`flows/process_round.py`), and the record of all runs (the ledger).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock, Thread
from typing import Literal
from uuid import uuid4

from desk.access.guard import RefusedError
from flows.settings import Settings, environment_for

RunState = Literal["running", "done", "stopped", "refused"]
STATES: dict[int, RunState] = {0: "done", 1: "stopped", 2: "refused"}
START = "from flows.cli import main; main()"
HEADLINES = ("Published version ", "Nothing changed")
MOST_LINES = 400


@dataclass(frozen=True)
class Step:
    """What a run said last: the step that began, and when (UTC)."""

    text: str
    at: datetime


@dataclass
class StartedRun:
    """A run, who started it and why, its steps so far, and how it ended.

    `headline` is what it came to; `problems` what it says where it did not come to a version.
    """

    id: str
    round_id: str
    by: str
    reason: str
    started_at: datetime
    steps: list[Step] = field(default_factory=list)
    state: RunState = "running"
    headline: str = ""
    problems: list[str] = field(default_factory=list)
    ended_at: datetime | None = None

    @property
    def seconds(self) -> int:
        """How long it has run, or ran."""
        return round(((self.ended_at or datetime.now(UTC)) - self.started_at).total_seconds())


class Runs:
    """The runs of this desk, the newest last."""

    def __init__(self, settings: Settings, inputs: str | None = None) -> None:
        self._settings, self._inputs = settings, inputs
        self._runs: list[StartedRun] = []
        self._lock = Lock()

    def of_round(self, round_id: str) -> list[StartedRun]:
        """The runs of a round, the newest first."""
        return [run for run in reversed(self._runs) if run.round_id == round_id]

    def find(self, run_id: str) -> StartedRun | None:
        """A run by its id."""
        return next((run for run in self._runs if run.id == run_id), None)

    def start(self, round_id: str, reason: str, by: str, accept: Sequence[str] = ()) -> StartedRun:
        """Start a run; raises `RefusedError` while another run of the round, started here, goes on."""
        with self._lock:
            if any(run.state == "running" for run in self.of_round(round_id)):
                raise RefusedError(
                    409,
                    "A run of this round goes on",
                    f"Round {round_id} is being processed. One run at a time works on a round.",
                    "Wait for its end; then start another one if there is still a reason.",
                )
            run = StartedRun(uuid4().hex[:12], round_id, by, reason, datetime.now(UTC))
            self._runs.append(run)
        process = subprocess.Popen(
            self._command(run, accept),
            env=environment_for(self._settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        Thread(target=_follow, args=(run, process), daemon=True).start()
        return run

    def _command(self, run: StartedRun, accept: Sequence[str]) -> list[str]:
        options = [f"--reason={run.reason}", f"--by={run.by}", *(f"--accept={gate}" for gate in accept)]
        inputs = [f"--inputs={self._inputs}"] if self._inputs else []
        return [sys.executable, "-P", "-c", START, "run", *options, *inputs, "--", run.round_id]


def _follow(run: StartedRun, process: subprocess.Popen[str]) -> None:
    """Take down what a run says until it ends."""
    headlines: list[str] = []
    reader = Thread(target=_headline, args=(process, headlines), daemon=True)
    reader.start()
    for line in process.stderr or ():
        if (text := line.strip()) and len(run.steps) < MOST_LINES:
            run.steps.append(Step(text, datetime.now(UTC)))
    status = process.wait()
    reader.join()
    run.headline = headlines[-1] if headlines else ""
    state = STATES.get(status, "stopped")
    if state != "done":
        run.problems, run.steps = (
            _problems(run.steps),
            [one for one in run.steps if not _is_problem(one.text)],
        )
    run.ended_at = datetime.now(UTC)
    run.state = state


def _headline(process: subprocess.Popen[str], found: list[str]) -> None:
    found += [line.strip() for line in process.stdout or () if line.startswith(HEADLINES)]


def _is_problem(text: str) -> bool:
    return text.startswith(("Stopped:", "- ", "Interrupted")) or ": found " in text


def _problems(steps: Sequence[Step]) -> list[str]:
    told = [step.text.removeprefix("- ") for step in steps if _is_problem(step.text)]
    return told or [step.text for step in steps[-3:]]
