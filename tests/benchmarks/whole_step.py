"""The whole matching step of a round as `run` does it, explanations and all: from its inputs to its figures.

The inputs are read, linked, judged and scored first, which is not measured.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from flows import procedure
from flows.context import open_context
from flows.linking_resources import linking_resources
from flows.matching_clock import watch_for
from flows.matching_inputs import candidates_of, matching_problem
from flows.procedure import assess, score_applications
from flows.round_inputs import gather
from tasks.matchmaking.problem import MatchingProblem
from tasks.matchmaking.step import match

ROUND = "2025-07"


def problem_of_round(inputs: Path) -> MatchingProblem:
    """The matching problem of the round in a folder, whatever the office would have to look at first."""
    procedure.stop_on = lambda _findings: None  # type: ignore[assignment]
    with tempfile.TemporaryDirectory() as data:
        os.environ["CITY2CITY_DATA"] = data
        context = open_context()
        round_inputs = gather(context=context, round_id=ROUND, inputs=str(inputs), as_of=None)
        assessed = assess(round_inputs=round_inputs, resources=linking_resources(context))
        scored = score_applications(round_inputs=round_inputs, assessed=assessed)
        pool = candidates_of(round_inputs=round_inputs, assessed=assessed, scored=scored)
        return matching_problem(round_inputs=round_inputs, assessed=assessed, pool=pool, previous=None)


def step_line(problem: MatchingProblem) -> dict[str, object]:
    """Time of the whole step, and what it left unexplained."""
    started, started_cpu = perf_counter(), process_time()
    answer = match(problem, watch_for(problem.rules.limits.seconds))
    return {
        "selectable": problem.candidates.height,
        "step_s": round(perf_counter() - started, 2),
        "cpu_s": round(process_time() - started_cpu, 2),
        "groups": answer.proof.groups,
        "gap": answer.proof.gap,
        "exact_regrets": answer.unplaced["regret"].drop_nulls().len(),
        "unplaced": answer.unplaced.height,
    }


if __name__ == "__main__":
    import highspy  # noqa: F401  loading the solver is not part of the step

    from programme.climate.grid import climate_map

    climate_map()
    sys.stdout.write(json.dumps(step_line(problem_of_round(Path(sys.argv[1])))) + "\n")
