"""How fast the best selection is found and proved, and what a greedy choice loses.

    python -m tests.benchmarks.bench_matching [--full 106,300] [--rounds 1000,2500] [SIZES...]

Every kind of decision and the balance are switched on, and there is a baseline to stay close to. The times
(wall and processor) are from frames in to a proved selection out, without explanations; then those of making
the certificate and of checking it; with 106 applicants also what it is of the whole step, and the times of
near-equal plans, of what would have been enough for all `unplaced` and for the slowest, of all repairs, of
blocking groups and of the search for a selection without any. Each line runs in a
process of its own, so that its peak memory is its own. For the sizes of `--full` the full model is given to
HiGHS at once too: 300 takes minutes. After them comes the whole step, explanations and all, of rounds with so
many applications as `--rounds` says, every city of them in the cohort. They are written from the realistic
inputs, and left out where these are absent.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from unittest.mock import patch

import numpy as np

from programme.climate.grid import climate_map
from tasks.matchmaking.choice import Choice, choose
from tasks.matchmaking.explain import sufficient
from tasks.matchmaking.explain.alternatives import alternatives_table
from tasks.matchmaking.explain.blocking import blocking_table
from tasks.matchmaking.explain.losses import Losses
from tasks.matchmaking.explain.repairs import repairs_table
from tasks.matchmaking.explain.stable_selection import stable_table
from tasks.matchmaking.explain.sufficient_change import Change
from tasks.matchmaking.feasibility.reduced_problem import reduce_problem
from tasks.matchmaking.problem import (
    BaselineTwinnings,
    Capacity,
    Confirmation,
    Constraints,
    Forbid,
    MatchingProblem,
    Pin,
    Withdrawal,
)
from tasks.matchmaking.solver.balance import count
from tasks.matchmaking.solver.incumbent import NO_INCUMBENT
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.solver.mip import integer_optimum
from tasks.matchmaking.solver.restriction import NO_RESTRICTION
from tasks.matchmaking.solver.solve import solver_of
from tasks.matchmaking.step import match
from tasks.matchmaking.tables import members_table, twinnings_table
from tasks.matchmaking.value.facts import Facts, facts_of
from tasks.matchmaking.value.twinning import Twinning, twinning_of
from tests.conftest import find_shared_data
from tests.tasks.matchmaking.certified import certified
from tests.tasks.matchmaking.making import invented
from warehouse.snapshots.certificate import broken_certificate

ROOT = Path(__file__).parents[2]
LINES = {
    "106": (106, 20, 50),
    "300": (300, 20, 50),
    "300-100": (300, 100, 250),
    "1000": (1000, 20, 50),
    "3000": (3000, 600, 1500),
}
"""Applicants, and the capacity in twinnings and cities."""
EXPLAINED = ("106",)
"""Lines in which it is measured what else could be selected (docs/alternatives.md)."""
MOST_CHECKED = 1000
"""Applicants up to which the certificate is checked: plain Python takes minutes for thousands."""


def greedy(instance: Instance) -> list[int]:
    """The most valuable group that still fits, again and again."""
    groups, used, chosen, cities = instance.groups, set(), [], 0
    for row in np.argsort(-groups.worth, kind="stable"):
        members = {int(instance.city_of[i]) for i in groups.members(int(row))}
        if not members & used and cities + len(members) <= instance.capacity.max_cities:
            chosen.append(int(row))
            used |= members
            cities += len(members)
        if len(chosen) == instance.capacity.max_twinnings:
            break
    return chosen


def twinnings_at(rows: list[int], instance: Instance, facts: Facts, round_id: str) -> list[Twinning]:
    """The groups at some positions as twinnings."""
    groups, topics = instance.groups, facts.topics
    return [twinning_of(round_id, topics[int(groups.topic[k])], groups.members(k), facts) for k in rows]


def problem_of(name: str, seed: int) -> MatchingProblem:
    """A problem of that size with a confirmed, a pinned, two forbidden and two withdrawn.

    The baseline was chosen greedily.
    """
    n, twinnings, cities = LINES[name]
    bare = invented(n, seed, capacity=Capacity(twinnings, cities))
    facts = facts_of(bare)
    instance = solver_of(reduce_problem(bare, facts), bare.baseline).instance
    before = twinnings_at(greedy(instance), instance, facts, bare.round_id)
    cities_of = [tuple(facts.applicants[i].city_id for i in one.group) for one in before]
    confirmed = before[0]
    constraints = Constraints(
        pins=(Pin(*cities_of[1][:2], None, "decision 1"),),
        forbids=tuple(Forbid(*cities_of[k][:2], None, f"decision {k}") for k in (2, 3)),
        withdrawals=tuple(Withdrawal(cities_of[k][0], f"decision {k}") for k in (4, 5)),
        confirmations=(
            Confirmation(confirmed.twinning_id, confirmed.topic, tuple(sorted(cities_of[0])), "decision 6"),
        ),
    )
    baseline = BaselineTwinnings(twinnings_table(before, (), facts), members_table(before, facts))
    return replace(bare, baseline=baseline, constraints=constraints)


def greedy_objective(choice: Choice) -> float:
    """Objective of the greedy choice among the groups the solver holds, in steps."""
    instance, facts = choice.instance, choice.facts
    rows = greedy(instance)
    chosen = twinnings_at(rows, instance, facts, "")
    cost = 0
    for one in instance.classes:
        n = count(one.subject, one.name, chosen, facts)
        cost += one.price * max(0, one.least - n, n - one.most)
    return float(instance.groups.worth[rows].sum()) - cost


def one_line(name: str, seed: int, *, full: bool) -> dict[str, object]:
    """Solve one line and, where asked, the same instance as one full model."""
    import highspy  # noqa: F401  loading the solver is not part of solving

    climate_map()
    problem = problem_of(name, seed)
    started, started_cpu = perf_counter(), process_time()
    choice = choose(problem)
    ours, cpu = perf_counter() - started, process_time() - started_cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    instance, solution = choice.instance, choice.solution
    line: dict[str, Any] = {
        "groups": len(instance.groups),
        "ours_s": round(ours, 3),
        "cpu_s": round(cpu, 3),
        "peak_gib": round(memory, 2),
        "columns": solution.columns,
        "iterations": solution.iterations,
        "objective": int(solution.objective) / 64,
        "gap_%": round(100 * (solution.bound - solution.objective) / solution.bound, 4),
        "greedy_loses_%": round(100 * (1 - greedy_objective(choice) / solution.objective), 2),
    }
    started, started_cpu = perf_counter(), process_time()
    tables = certified(choice)
    line["certificate_s"] = round(perf_counter() - started, 2)
    line["certificate_cpu_s"] = round(process_time() - started_cpu, 2)
    if len(problem.candidates) <= MOST_CHECKED:
        started = perf_counter()
        line["broken"] = broken_certificate(tables)
        line["checked_s"] = round(perf_counter() - started, 2)
    if name in EXPLAINED:
        line |= what_else(problem, choice, line["certificate_cpu_s"])
    if full:
        started = perf_counter()
        whole = integer_optimum(instance, np.arange(len(instance.groups)), NO_RESTRICTION, NO_INCUMBENT)
        line["full_model_s"] = round(perf_counter() - started, 2)
        line["same_optimum"] = int(whole.objective) == int(solution.objective)
    return line


def what_else(problem: MatchingProblem, choice: Choice, certificate_cpu_s: float) -> dict[str, object]:
    """What the proof takes of the step that a run waits for (processor); then what is made when asked for."""
    started = process_time()
    match(problem)
    share = 100 * certificate_cpu_s / (process_time() - started)
    figures: dict[str, object] = {"proof_%_of_step": round(share, 1)}
    makers = {
        "alternatives_s": lambda: alternatives_table(choice, Losses(choice)),
        "sufficient_s": lambda: sufficient.sufficient_table(choice, Losses(choice)),
        "repairs_s": lambda: repairs_table(choice),
        "blocking_s": lambda: blocking_table(choice),
        "without_blocking_s": lambda: stable_table(choice),
    }
    for what, make in makers.items():
        started = perf_counter()
        make()
        figures[what] = round(perf_counter() - started, 2)
    figures["sufficient_slowest_s"] = round(slowest_sufficient(choice), 2)
    return figures | {"unplaced": choice.problem.candidates.height - choice.members.height}


def slowest_sufficient(choice: Choice) -> float:
    """Seconds of the application for which finding what would have sufficed takes longest."""
    taken, find = [0.0], sufficient.Sought.of

    def timed(sought: sufficient.Sought, i: int) -> Iterator[Change]:
        started = perf_counter()
        found = list(find(sought, i))
        taken.append(perf_counter() - started)
        return iter(found)

    with patch.object(sufficient.Sought, "of", timed):
        sufficient.sufficient_table(choice, Losses(choice))
    return max(taken)


def whole_steps(sizes: list[str]) -> None:
    """Print a line for each size of a round."""
    grow = find_shared_data() / "rounds" / "grow.py"
    if not grow.is_file():
        sys.stdout.write("The realistic inputs (../shared/data) are not here: no whole step is measured.\n")
        return
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, str(grow), size, folder, "--members"], check=True)
            command = [sys.executable, "-m", "tests.benchmarks.whole_step", folder]
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        figures = ", ".join(f"{key} {value}" for key, value in json.loads(done.stdout).items())
        sys.stdout.write(f"whole step, {size} applications: {figures}\n")
        sys.stdout.flush()


def main() -> None:
    """Print a table, one line a size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", default=list(LINES))
    parser.add_argument("--full", default="106,300")
    parser.add_argument("--rounds", default="1000,2500")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        name = options.sizes[0]
        line = one_line(name, options.seed, full=name in options.full.split(","))
        sys.stdout.write(json.dumps(line) + "\n")
        return
    for name in options.sizes:
        n, twinnings, cities = LINES[name]
        command = [sys.executable, "-m", "tests.benchmarks.bench_matching", "--inside", name]
        command += ["--full", options.full, "--seed", str(options.seed)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        figures = ", ".join(f"{key} {value}" for key, value in json.loads(done.stdout).items())
        sys.stdout.write(f"{n} / {twinnings} / {cities}: {figures}\n")
        sys.stdout.flush()
    whole_steps([size for size in options.rounds.split(",") if size])


if __name__ == "__main__":
    main()
