"""The whole `city2city run` as a process, in two ways.

Against a Prefect server that is there already: how much longer the run takes than its steps themselves (at
most 4 s); reading the inputs is a step. With a temporary server: against an empty Prefect flow of eight
tasks, in turn, on one warm Prefect home (at most 1.6 times as long, better 1.3).

Run by `make bench`. The round is the realistic one where `../shared/data` is there, else the sample. On a
busy machine the figures say little: its load is told.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flows.server_process import TemporaryServer
from samples.bundle import copy_inputs

ROOT = Path(__file__).parents[2]
REALISTIC = ROOT.parent / "shared" / "data" / "rounds"
MOST_SECONDS, MOST_TIMES = 4.0, 1.6
EMPTY = """
from prefect import flow, task

@task
def step(n): return n

@flow
def empty():
    for n in range(8): step(n)

empty()
"""
Environment = dict[str, str]


def main(runs: int) -> None:
    """Measure both ways and print each wall time, the medians, and what is aimed at."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        inputs = REALISTIC if REALISTIC.is_dir() else work / "inputs"
        if inputs != REALISTIC:
            _say("the realistic round (../shared/data/rounds) is not here: measured on the samples")
            copy_inputs(inputs)
        environment = {
            **os.environ,
            "CITY2CITY_DATA": str(work / "data"),
            "PREFECT_HOME": str(work / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_LOGGING_LEVEL": "WARNING",
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        }
        environment.pop("PREFECT_API_URL", None)
        against_empty(work, inputs, environment, runs)
        with_a_server(work, inputs, environment, runs)
    _say(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")


def against_empty(work: Path, inputs: Path, environment: Environment, runs: int) -> None:
    """With a temporary server, in turn with the empty flow."""
    (work / "empty.py").write_text(EMPTY, "utf-8")
    empty = [sys.executable, str(work / "empty.py")]
    run = [
        str(Path(sys.executable).parent / "city2city"),
        "run",
        "2025-07",
        "--inputs",
        str(inputs),
        "--json",
    ]
    _timed(empty, environment)
    _timed(run, environment)
    pairs = []
    for _ in range(runs):
        shutil.rmtree(work / "data" / "snapshots")
        of_empty, of_run = _timed(empty, environment), _timed(run, environment)
        pairs.append((of_empty, of_run))
        _say(f"empty flow {of_empty:6.2f} s   city2city run {of_run:6.2f} s   ratio {of_run / of_empty:.2f}")
    empty_median, run_median = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(of_run / of_empty for of_empty, of_run in pairs)
    _say(
        f"median: empty flow {empty_median:.2f} s, city2city run {run_median:.2f} s, "
        f"ratio {ratio:.2f} (at most {MOST_TIMES})"
    )


def with_a_server(work: Path, inputs: Path, environment: Environment, runs: int) -> None:
    """Against a server that is there, in turn with nothing: what the run takes beyond its steps."""
    os.environ.update({key: environment[key] for key in ("PREFECT_HOME", "PREFECT_SERVER_ANALYTICS_ENABLED")})
    server = TemporaryServer()
    server.wait(120)
    there = {**environment, "PREFECT_API_URL": server.address}
    run = [sys.executable, "-m", "tests.benchmarks.bench_run", "--inside", str(inputs), str(work / "steps")]
    beyond = []
    for number in range(runs + 1):
        shutil.rmtree(work / "data" / "snapshots", ignore_errors=True)
        whole = _timed(run, there)
        steps = float((work / "steps").read_text("ascii"))
        if number:
            beyond.append(whole - steps)
            told = f"with a server: run {whole:6.2f} s   its steps {steps:6.2f} s"
            _say(f"{told}   beyond them {beyond[-1]:.2f} s")
    _say(f"median beyond the steps: {statistics.median(beyond):.2f} s (at most {MOST_SECONDS})")


def run_inside(inputs: str, out: Path) -> None:
    """`city2city run` in this process; the seconds of its steps are written to a file."""
    from flows import cli

    taken: list[float] = []
    _time_steps(taken)
    try:
        sys.argv = ["city2city", "run", "2025-07", "--inputs", inputs, "--json"]
        cli.main()
    finally:
        out.write_text(str(sum(taken)), "ascii")


def _time_steps(taken: list[float]) -> None:
    """From now on `taken` gets the seconds of every step, whoever calls it; nothing is loaded for that.

    The inputs are read before the flow begins, and its first step takes what was read: that is its time.
    """
    from flows import prefect_start

    started = prefect_start._load_and_read

    def load(*arguments: Any) -> None:
        from flows import reading

        read_ahead = reading.read_ahead

        def timed(*some: Any) -> None:
            began = time.perf_counter()
            read_ahead(*some)
            taken.append(time.perf_counter() - began)

        reading.read_ahead = timed
        started(*arguments)
        from flows import prefect_tasks

        guarded = prefect_tasks.guarded

        def measured(step: Callable[..., Any]) -> Callable[..., Any]:
            def call(*some: Any, **named: Any) -> Any:
                began = time.perf_counter()
                try:
                    return guarded(step)(*some, **named)
                finally:
                    taken.append(time.perf_counter() - began)

            call.__name__ = step.__name__
            call.__signature__ = __import__("inspect").signature(step)  # type: ignore[attr-defined]
            return call

        prefect_tasks.guarded = measured  # type: ignore[assignment]

    prefect_start._load_and_read = load


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _timed(command: list[str], environment: Environment) -> float:
    started = time.perf_counter()
    subprocess.run(
        command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        run_inside(sys.argv[2], Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
