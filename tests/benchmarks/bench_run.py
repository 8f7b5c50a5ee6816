"""The whole `city2city run` against an empty Prefect flow of eight tasks: two whole processes in turn, on one
warm Prefect home.

Run by `make bench`. The round is the realistic one where `../shared/data` is there, else the sample. Target:
at most 1.6 times the wall time.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from samples.bundle import copy_inputs

ROOT = Path(__file__).parents[2]
REALISTIC = ROOT.parent / "shared" / "data" / "rounds"
TARGET = 1.6
EMPTY = """
from prefect import flow, task

@task
def step(n): return n

@flow
def empty():
    for n in range(8): step(n)

empty()
"""


def main(runs: int) -> None:
    """Warm up once, then measure both in turn and print each wall time, the medians and the ratio pair by
    pair.
    """
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        inputs = REALISTIC if REALISTIC.is_dir() else work / "inputs"
        if inputs != REALISTIC:
            sys.stdout.write(
                "the realistic round (../shared/data/rounds) is not here: measured on the samples\n"
            )
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
            pairs.append((_timed(empty, environment), _timed(run, environment)))
            of_empty, of_run = pairs[-1]
            sys.stdout.write(
                f"empty flow {of_empty:6.2f} s   city2city run {of_run:6.2f} s   "
                f"ratio {of_run / of_empty:.2f}\n"
            )
            sys.stdout.flush()
    empty_median, run_median = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(of_run / of_empty for of_empty, of_run in pairs)
    sys.stdout.write(
        f"median: empty flow {empty_median:.2f} s, city2city run {run_median:.2f} s, "
        f"ratio {ratio:.2f} (target {TARGET} at most)\n"
    )


def _timed(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
