"""What the expectations of a realistic round cost, once Great Expectations is imported; run as a script.

Prints CPU seconds of the import with its rehearsal (a run does it in the background); of all stages when they
are checked for the first time, which is what a run waits for, against the budget; and of each stage after
that (median of 5). Inputs: the folder of rounds given as argument, else `../shared/data/rounds`, else the
samples.
"""

# ruff: noqa: T201  (a benchmark speaks by printing)

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl

from expectations.check import Stage, check, stage_suites, warm_up
from expectations.limits import RoundLimits
from expectations.table_suite import Tables
from flows.caches import load_gazetteer
from flows.checks import check_stages
from flows.linking_resources import LinkingResources
from flows.procedure import assess, match_cities, score_applications
from flows.round_inputs import RoundInputs
from programme.programme import read_programme
from tasks.ingest.step import SourceFile
from warehouse.dictionary import INPUT_TABLES
from warehouse.dictionary.inputs import DECISIONS
from warehouse.dictionary.other_rounds import EARLIER
from warehouse.dictionary.published import FINDINGS

ROOT = Path(__file__).parents[2]
REPEATS = 5
BUDGET = 1.5
"""CPU seconds of the first check of all stages."""
Asked = tuple[tuple[Stage, ...], Tables, RoundLimits]


def asked_in(folder: Path, round_id: str) -> list[Asked]:
    """What a whole round asks of the expectations, without asking it."""
    programme = read_programme()
    files = [path for path in sorted((folder / round_id).iterdir()) if path.stem in INPUT_TABLES]
    sources = tuple(SourceFile(path.stem, path.name, path.read_bytes()) for path in files)
    round_inputs = RoundInputs(
        programme.rounds.get(round_id), programme, sources, DECISIONS.empty(), EARLIER.empty()
    )
    asked: list[Asked] = []

    def note(stages: tuple[Stage, ...], tables: Tables, limits: RoundLimits) -> pl.DataFrame:
        asked.append((stages, tables, limits))
        return FINDINGS.empty()

    def run(step: Any) -> Any:
        return note if step is check_stages else step

    assessed = assess(round_inputs, LinkingResources(lambda: load_gazetteer(None)), run)
    match_cities(round_inputs, assessed, score_applications(round_inputs, assessed), None, run)
    return asked


def seconds(stages: tuple[Stage, ...], tables: Tables, limits: RoundLimits) -> tuple[float, int]:
    """CPU seconds of one check of some stages, and the number of its findings."""
    start = time.process_time()
    found = check_stages(stages, tables, limits)
    return time.process_time() - start, found.height


def measure(asked: list[Asked]) -> None:
    """Print a line a stage and the sum."""
    total = 0.0
    for stages, tables, limits in asked:
        for stage in stages:
            times = []
            for _ in range(REPEATS):
                start = time.process_time()
                found = check(stage, tables, limits)
                times.append(time.process_time() - start)
            rules = sum(len(suite.expected(limits)) for suite in stage_suites(stage))
            total += statistics.median(times)
            print(
                f"{stage:12} {statistics.median(times):.3f} s CPU "
                f"({rules} expectations, {found.height} findings)"
            )
    print(f"{'together':12} {total:.3f} s CPU; budget {BUDGET} s")


def main() -> None:
    """Measure the import, the first check, then both rounds."""
    shared = ROOT.parent / "shared" / "data" / "rounds"
    folder = (
        Path(sys.argv[1]) if len(sys.argv) > 1 else shared if shared.is_dir() else ROOT / "samples" / "inputs"
    )
    rounds = {path.name: asked_in(folder, path.name) for path in sorted(folder.iterdir()) if path.is_dir()}
    start = time.process_time()
    warm_up()
    print(f"import and rehearsal: {time.process_time() - start:.2f} s CPU")
    first = sum(seconds(*each)[0] for each in next(iter(rounds.values())))
    print(f"first check of a round: {first:.2f} s CPU; budget {BUDGET} s")
    for round_id, asked in rounds.items():
        print(f"round {round_id} of {folder.name}")
        measure(asked)


if __name__ == "__main__":
    main()
