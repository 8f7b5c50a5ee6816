"""How fast the best selection is found and proved, side by side with the full model given to HiGHS at once,
and what a greedy choice loses.

    python tests/benchmarks/bench_matching.py [--full 106,300] [SIZES...]

Every kind of decision and the balance are switched on, and a version before is there to stay close to. The
time is from frames in to a proved selection out (no explanations). Each line runs in its own process, so that
its peak memory is its own. `--full` names the sizes for which the full model is solved too: 300 takes
minutes.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tasks" / "matchmaking"))

LINES = {
    "106": (106, 20, 50),
    "300": (300, 20, 50),
    "300-100": (300, 100, 250),
    "1000": (1000, 20, 50),
    "3000": (3000, 600, 1500),
}


def greedy(instance) -> list[int]:
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


def problem_of(name: str, seed: int):
    """A problem of that size with a confirmed, a pinned, two forbidden and two withdrawn, after a version
    chosen greedily.
    """
    from making import invented

    from tasks.matchmaking.feasibility.reduced_problem import reduce_problem
    from tasks.matchmaking.problem import (
        Capacity,
        Confirmation,
        Constraints,
        Forbid,
        Pin,
        Previous,
        Withdrawal,
    )
    from tasks.matchmaking.solver.instance import instance_of
    from tasks.matchmaking.tables import chosen_twinning, members_table, twinnings_table
    from tasks.matchmaking.value.facts import facts_of

    n, twinnings, cities = LINES[name]
    bare = invented(n, seed, capacity=Capacity(twinnings, cities))
    facts = facts_of(bare)
    instance = instance_of(reduce_problem(bare, facts), bare.previous)
    rows = greedy(instance)
    before = [
        chosen_twinning(
            bare.round_id, facts.topics[int(instance.groups.topic[row])], instance.groups.members(row), facts
        )
        for row in rows
    ]
    previous = Previous(twinnings_table(before, (), facts), members_table(before, facts))
    cities_of = [tuple(facts.applicants[i].city_id for i in one.group) for one in before]
    constraints = Constraints(
        pins=(Pin(*cities_of[1][:2], None, "decision 1"),),
        forbids=(
            Forbid(*cities_of[2][:2], None, "decision 2"),
            Forbid(*cities_of[3][:2], None, "decision 3"),
        ),
        withdrawals=(Withdrawal(cities_of[4][0], "decision 4"), Withdrawal(cities_of[5][0], "decision 5")),
        confirmations=(
            Confirmation(before[0].twinning_id, before[0].topic, tuple(sorted(cities_of[0])), "decision 6"),
        ),
    )
    return replace(bare, previous=previous, constraints=constraints)


def one_line(name: str, full: bool, seed: int) -> dict[str, object]:
    """Solve one line and, where asked, the same instance as one full model."""
    import highspy  # noqa: F401  loading the solver is not part of solving

    from programme.climate.grid import climate_map
    from tasks.matchmaking.choice import choose
    from tasks.matchmaking.solver.balance import count
    from tasks.matchmaking.solver.branch_and_bound import NOTHING
    from tasks.matchmaking.solver.mip import integer_optimum
    from tasks.matchmaking.tables import chosen_twinning

    climate_map()
    problem = problem_of(name, seed)
    started = perf_counter()
    choice = choose(problem)
    ours = perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    instance, facts, found = choice.instance, choice.facts, choice.solution
    rows = greedy(instance)
    chosen = [
        chosen_twinning(
            "", facts.topics[int(instance.groups.topic[row])], instance.groups.members(row), facts
        )
        for row in rows
    ]
    cost = 0
    for one in instance.classes:
        n = count(one.subject, one.name, chosen, facts.applicants)
        cost += one.price * max(0, one.least - n, n - one.most)
    taken = float(instance.groups.worth[rows].sum()) - cost
    line = {
        "line": name, "groups": len(instance.groups), "ours_s": round(ours, 3), "peak_gib": round(memory, 2), "columns": found.columns,
        "iterations": found.iterations, "objective": int(found.objective) / 64, "gap_%": round(100 * (found.bound - found.objective) / found.bound, 4),
        "greedy_loses_%": round(100 * (1 - taken / found.objective), 2),
    }  # fmt: skip
    if full:
        started = perf_counter()
        whole = integer_optimum(instance, np.arange(len(instance.groups)), (), (), NOTHING)
        line |= {
            "full_model_s": round(perf_counter() - started, 2),
            "same_optimum": int(whole.objective) == int(found.objective),
        }
    return line


def main() -> None:
    """Print a table, one line a size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", default=list(LINES))
    parser.add_argument("--full", default="106,300")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        sys.stdout.write(
            json.dumps(one_line(options.sizes[0], options.sizes[0] in options.full.split(","), options.seed))
            + "\n"
        )
        return
    for name in options.sizes:
        n, twinnings, cities = LINES[name]
        command = [
            sys.executable,
            __file__,
            "--inside",
            "--full",
            options.full,
            "--seed",
            str(options.seed),
            name,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        line = json.loads(done.stdout)
        sys.stdout.write(
            f"{n} / {twinnings} / {cities}: "
            + ", ".join(f"{key} {value}" for key, value in line.items() if key != "line")
            + "\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
