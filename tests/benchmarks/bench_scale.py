"""Rounds of 5,000, 20,000 and 100,000 applications, and a list of a million signatories, through `run`.

    make bench-scale                      all of them
    make bench-scale ONLY=5000            one; `signatories` is the long list
    make bench-scale FOLDER=/path/rounds   a round that is there already

Each size is a process of its own, under a temporary Prefect server. Told are wall time, time of the processor
and the peak of memory of each step, then the report and the letters. The aims: but for the matching, no more
than linear growth; at most 4 GiB.
"""

# ruff: noqa: T201  (a benchmark speaks by printing)

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.large_round import ROUND, roomy_rules, write_round

ROOT = Path(__file__).parents[2]
USUAL_SIGNATORIES = 12_000
SIZES = {
    "5000": (5_000, USUAL_SIGNATORIES),
    "20000": (20_000, USUAL_SIGNATORIES),
    "100000": (100_000, USUAL_SIGNATORIES),
    "signatories": (1_000, 1_000_000),
}
MOST_GIB = 4.0
MATCHING = "match"
Step = dict[str, Any]


class Steps:
    """What each step took; memory is the peak of its own where the system can say so."""

    def __init__(self) -> None:
        self.taken: list[Step] = []

    @contextlib.contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Measure what happens inside."""
        _forget_peak()
        started, used = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            wall, processor = time.perf_counter() - started, time.process_time() - used
            self.taken.append({"step": name, "wall": wall, "processor": processor, "mib": _peak_mib()})


def _forget_peak() -> None:
    """Begin to look for the peak of memory anew; Linux alone can."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", "ascii")


def _peak_mib() -> float:
    """The peak of memory since it was last forgotten, or since the process began."""
    with contextlib.suppress(OSError, StopIteration):
        status = Path("/proc/self/status").read_text("ascii").splitlines()
        return int(next(line for line in status if line.startswith("VmHWM:")).split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_measured(inputs: str) -> dict[str, Any]:
    """The whole `run` in this process, with the time of its steps; raises whatever ends it early."""
    from flows.settings import quiet_libraries, read_settings

    quiet_libraries(read_settings(), console=False)  # before Prefect is loaded

    from flows import prefect_start, process_round
    from flows.context import open_context
    from warehouse.snapshots import read_table

    steps, whole = Steps(), Steps()
    as_task = process_round.run_as_task

    def measured(step: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            with steps.timed(step.__name__):
                return as_task(step)(*arguments, **named)

        return call

    process_round.run_as_task = measured  # type: ignore[assignment]
    with whole.timed("the whole run"):
        summary = prefect_start.process_with_prefect(
            open_context(), ROUND, inputs, "measured", quiet=True, accept=()
        )
    peak = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, whole.taken[0]["mib"])
    between = {
        key: whole.taken[0][key] - sum(one[key] for one in steps.taken) for key in ("wall", "processor")
    }
    rest = {"step": "between and after the steps", **between, "mib": whole.taken[0]["mib"]}
    candidates = read_table(open_context().storage, ROUND, 1, "ranking").height
    return {
        "steps": [
            *steps.taken,
            rest,
            {**whole.taken[0], "mib": max(peak, *(one["mib"] for one in steps.taken))},
        ],
        "headline": f"{candidates:,} candidates. {summary['headline']}",
    }


def approve_measured() -> None:
    """Approve the version as it is: whether it may be is not measured here."""
    from datetime import UTC, datetime

    from flows.context import open_context
    from warehouse.snapshots import read_package
    from warehouse.snapshots.approved import Approved, write_approved

    context = open_context()
    package, at = read_package(context.storage, ROUND, 1), datetime(2025, 10, 1, 9, tzinfo=UTC)
    write_approved(context.storage, Approved(ROUND, 1, package["seal"], package["content"], at, 1))


def command_measured(name: str, *arguments: str, environment: dict[str, str]) -> Step:
    """A command as a process of its own."""
    command = [str(Path(sys.executable).parent / "city2city"), *arguments]
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        last = said.read().decode("utf-8", "replace").strip()[-300:]
    taken: Step = {"step": name, "wall": time.perf_counter() - started, "mib": used.ru_maxrss / 1024}
    taken["processor"] = used.ru_utime + used.ru_stime
    return taken | ({"failed": last or process.returncode} if process.returncode else {})


def measured_round(inputs: Path, work: Path) -> dict[str, Any]:
    """Everything about one round that lies in a folder."""
    environment = {
        **os.environ,
        "CITY2CITY_DATA": str(work / "data"),
        "CITY2CITY_PROGRAMME": str(roomy_rules(work / "rules")),
        "PREFECT_HOME": str(work / "prefect"),
    }
    environment.pop("PREFECT_API_URL", None)
    found: dict[str, Any] = json.loads(_again("--inside", str(inputs), environment=environment)[-1])
    _again("--approve", environment=environment)
    for name, arguments in {
        "report": ("report", ROUND, "1", "--out", str(work / "report.html")),
        "letters, previewed": ("letters", ROUND, "--preview"),
        "letters, as files": ("letters", ROUND, "--eml", str(work / "letters")),
        "verify": ("verify", ROUND, "1"),
    }.items():
        found["steps"].append(command_measured(name, *arguments, environment=environment))
    return found


def _again(*arguments: str, environment: dict[str, str] | None = None) -> list[str]:
    """This benchmark in a process of its own, whose memory counts for nobody else; what it prints."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_scale", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit("It did not come to its end; see above.")
    return done.stdout.splitlines()


def tell(name: str, found: dict[str, Any], n: int, before: tuple[int, dict[str, float]] | None) -> None:
    """Print a size; `before` is the size before it and its seconds of processor by step."""
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"\n{name}: {found['headline']}\n(load of the machine at the end: {load})")
    for one in found["steps"]:
        growth = ""
        if before and before[1].get(one["step"], 0) >= 1:
            ratio = one["processor"] / before[1][one["step"]] / (n / before[0])
            growth = f"   {ratio:4.2f} x linear" + ("" if one["step"] == MATCHING or ratio < 1.5 else "  !")
        failed = f"   failed: {one['failed']}" if "failed" in one else ""
        print(
            f"  {one['step']:30} {one['wall']:8.1f} s  {one['processor']:8.1f} s of processor  "
            f"{one['mib']:6.0f} MiB{growth}{failed}"
        )
    peak = max(one["mib"] for one in found["steps"]) / 1024
    print(
        f"  peak {peak:.2f} GiB (aim: at most {MOST_GIB})" + ("" if peak <= MOST_GIB else "  !"), flush=True
    )


def by_step(found: dict[str, Any]) -> dict[str, float]:
    """Seconds of processor by step; a step that runs twice counts together."""
    total: dict[str, float] = {}
    for one in found["steps"]:
        total[one["step"]] = total.get(one["step"], 0) + one["processor"]
    return total


def main() -> None:
    """Measure the sizes asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=list(SIZES))
    parser.add_argument("--folder", help="measure a round that is there already")
    parser.add_argument("--write", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--approve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        print(json.dumps(run_measured(options.inside)))
        return
    if options.write:
        folder, n, n_signatories = options.write
        write_round(Path(folder), int(n), int(n_signatories))
        return
    if options.approve:
        approve_measured()
        return
    before = None
    for name, (n, n_signatories) in SIZES.items():
        if options.only not in (None, name) or (options.folder and before):
            continue
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            inputs = Path(options.folder) if options.folder else work / "inputs"
            if not options.folder:
                _again("--write", str(inputs), str(n), str(n_signatories))
            found = measured_round(inputs, work)
        tell(options.folder or name, found, n, None if name == "signatories" else before)
        before = n, by_step(found)


if __name__ == "__main__":
    main()
