"""Giving each application to its evaluators: the assignment with the best match of topics.

Belongs here: what is asked of an assignment, its check, and what is said when it cannot be met. Must stay
out: what a conflict is (`reviews/conflicts.py`), the solver itself (`min_cost_flow.py`), the workbooks.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import polars as pl

from programme.counts import counted
from programme.problems import Problem, ProblemsError
from programme.rubric import AssignmentRules
from tasks.ingest.cells.choices import Choices
from tasks.scoring.assignment.min_cost_flow import best_flow
from tasks.scoring.severity.mixed_model import Bools, Ints
from warehouse.dictionary.judging import ASSIGNMENT

KEPT_VALUE = 100
"""What it is worth to leave an application with an evaluator who had it: far more than any match of topics,
so that a second assignment moves only what it must.
"""
LOTTERY_NUMBERS = 1_000
"""Between equally good assignments a fixed lottery of this many numbers decides, so that evaluators share
applications with many others; severities are then comparable.
"""
NAMED = 8
"""How many applications or evaluators a message names before it only counts them."""


@dataclass(frozen=True)
class AssignmentRequest:
    """What is asked of an assignment.

    `applications` (`application_id`, `topic_1`, `topic_2`, `topic_3`; one row each) get `per_application` of
    the `evaluators` (dictionary table), none of whom has a conflict in `conflicts` (table
    CONFLICTS); loads differ by at most `load_difference`; `previous` (table ASSIGNMENT) is kept as far as
    possible.
    """

    applications: pl.DataFrame
    evaluators: pl.DataFrame
    conflicts: pl.DataFrame
    per_application: int
    load_difference: int
    previous: pl.DataFrame


@dataclass(frozen=True)
class _AssignmentProblem:
    """The request as arrays [application, evaluator]: who may read what, and what it is worth."""

    applications: list[str]
    evaluators: list[str]
    allowed: Bools
    match: Ints
    value: Ints


def assign(request: AssignmentRequest, topics: Choices, rules: AssignmentRules) -> pl.DataFrame:
    """Table ASSIGNMENT: one row per application and evaluator who is to read it.

    Each application has exactly `per_application` evaluators, none with a conflict, and loads are balanced.
    Among all assignments that meet this, the one that keeps most of the previous one and then matches topics
    best is found (the linear programme of a flow has whole-numbered corners, so the optimum is exact). Raises
    `ProblemsError` naming what to relax where there is none.
    """
    if request.applications.is_empty():
        return ASSIGNMENT.empty()
    problem = _arrays(request, topics, rules)
    _refuse_impossible(problem, request)
    chosen = _best(problem, problem.value, request.per_application, request.load_difference)
    if chosen is None:
        raise ProblemsError([_unbalanced(problem, request)])
    check_assignment(chosen, problem.allowed, request.per_application, request.load_difference)
    at_application, at_evaluator = np.nonzero(chosen)
    return ASSIGNMENT.conform(
        pl.DataFrame(
            {
                "application_id": np.array(problem.applications)[at_application],
                "evaluator_id": np.array(problem.evaluators)[at_evaluator],
                "topic_match": problem.match[at_application, at_evaluator],
            }
        )
    )


def check_assignment(chosen: Bools, allowed: Bools, per_application: int, load_difference: int) -> None:
    """Check an assignment [application, evaluator] without the solver.

    Raises `RuntimeError` where a condition is broken: a fault of this program, not of the request.
    """
    loads = chosen.sum(axis=0)
    faults = {
        "an evaluator with a conflict": bool((chosen & ~allowed).any()),
        "an application with too many or too few evaluators": bool(
            (chosen.sum(axis=1) != per_application).any()
        ),
        "loads further apart than asked": bool(loads.max() - loads.min() > load_difference),
    }
    if wrong := [name for name, fault in faults.items() if fault]:
        raise RuntimeError(f"the assignment has {', '.join(wrong)}")


def _arrays(request: AssignmentRequest, topics: Choices, rules: AssignmentRules) -> _AssignmentProblem:
    applications = request.applications.unique("application_id").sort("application_id")
    evaluators = request.evaluators.unique("evaluator_id", keep="last", maintain_order=True).sort(
        "evaluator_id"
    )
    ids, people = applications["application_id"].to_list(), evaluators["evaluator_id"].to_list()
    match = _topic_match(applications, evaluators, topics, rules)
    in_force = request.conflicts.filter(~pl.col("dismissed"))
    kept = _pairs(request.previous, ids, people)
    lottery = np.array(
        [[_lottery_number(application, person) for person in people] for application in ids], dtype=np.int64
    ).reshape(match.shape)
    value = (match + KEPT_VALUE * kept) * (LOTTERY_NUMBERS * len(ids) * request.per_application) + lottery
    return _AssignmentProblem(ids, people, ~_pairs(in_force, ids, people), match, value)


def _pairs(rows: pl.DataFrame, applications: list[str], evaluators: list[str]) -> Bools:
    """Which pairs are named by `application_id` and `evaluator_id` of `rows`."""
    known = rows.filter(
        pl.col("application_id").is_in(applications) & pl.col("evaluator_id").is_in(evaluators)
    )
    named = np.zeros((len(applications), len(evaluators)), dtype=bool)
    at = (
        pl.Series(applications, dtype=pl.String).search_sorted(known["application_id"]).to_numpy(),
        pl.Series(evaluators, dtype=pl.String).search_sorted(known["evaluator_id"]).to_numpy(),
    )
    named[at] = True
    return named


def _topic_match(
    applications: pl.DataFrame, evaluators: pl.DataFrame, topics: Choices, rules: AssignmentRules
) -> Ints:
    knows = np.array(
        [[topic in set(expertise(text, topics)) for topic in topics.ids] for text in evaluators["expertise"]],
        dtype=bool,
    )
    knows = knows.reshape(evaluators.height, len(topics.ids))
    match = np.zeros((applications.height, evaluators.height), dtype=np.int64)
    for n, worth in enumerate(rules.topic_match, start=1):
        wanted = np.array(
            [[topic == wanted for topic in topics.ids] for wanted in applications[f"topic_{n}"]], dtype=bool
        )
        match += worth * (wanted.reshape(applications.height, len(topics.ids)) @ knows.T).astype(np.int64)
    return match


def expertise(text: str | None, topics: Choices) -> tuple[str, ...]:
    """Topic ids of an evaluator's expertise, in the topics' order; what is no topic is left out.

    It is written as ids or wordings separated by ';', because a topic's own wording may hold a comma.
    """
    readings = [
        topics.find_all(part)[0] for part in (text or "").replace("\n", ";").split(";") if part.strip()
    ]
    found = {topic for reading in readings if isinstance(reading, list) for topic in reading}
    return tuple(topic for topic in topics.ids if topic in found)


def _lottery_number(application: str, evaluator: str) -> int:
    return (
        int.from_bytes(hashlib.sha256(f"{application}\n{evaluator}".encode()).digest()[:4]) % LOTTERY_NUMBERS
    )


def _best(problem: _AssignmentProblem, value: Ints, per_application: int, difference: int) -> Bools | None:
    """The best assignment whose loads differ by at most `difference`; None where there is none.

    It is the best over every window of that width that holds the mean load.
    """
    seats, people = len(problem.applications) * per_application, len(problem.evaluators)
    lowest = range(max(0, -(-seats // people) - difference), seats // people + 1)
    found = [best_flow(value, problem.allowed, per_application, low, low + difference) for low in lowest]
    return max(
        (chosen for chosen in found if chosen is not None),
        key=lambda chosen: int(value[chosen].sum()),
        default=None,
    )


def _refuse_impossible(problem: _AssignmentProblem, request: AssignmentRequest) -> None:
    needed, people = request.per_application, len(problem.evaluators)
    if people < needed:
        raise ProblemsError(
            [
                Problem(
                    f"{counted(people, 'evaluator')}",
                    f"at least {needed}, one for each review of an application",
                    "the list of evaluators",
                    "Add evaluators to evaluators.csv, or ask for fewer with --per-application.",
                )
            ]
        )
    free = problem.allowed.sum(axis=1)
    short = [
        (application, int(n)) for application, n in zip(problem.applications, free, strict=True) if n < needed
    ]
    if short:
        raise ProblemsError(
            [_too_few(application, n, request) for application, n in short[:NAMED]] + _and_more(len(short))
        )


def _too_few(application: str, free: int, request: AssignmentRequest) -> Problem:
    conflicts = request.conflicts.filter(
        (pl.col("application_id") == application) & ~pl.col("dismissed")
    ).group_by("evaluator_id", maintain_order=True)
    why = "; ".join(
        f"{row['evaluator_id']}: {', '.join(row['kind']).replace('_', ' ')}"
        for row in conflicts.agg("kind").iter_rows(named=True)
    )
    every = counted(request.evaluators["evaluator_id"].n_unique(), "evaluator")
    return Problem(
        f"{free} of {every} without a conflict ({why})",
        f"at least {request.per_application}",
        f"application {application}",
        "Dismiss a conflict that is none (city2city decide ROUND no_conflict EVALUATOR APPLICATION), "
        "add evaluators, or ask for fewer with --per-application.",
    )


def _kinds(person: str, request: AssignmentRequest) -> str:
    conflicts = request.conflicts.filter((pl.col("evaluator_id") == person) & ~pl.col("dismissed"))
    counts = conflicts.group_by("kind").len().sort("len", "kind", descending=[True, False])
    return ", ".join(f"{kind.replace('_', ' ')} with {n}" for kind, n in counts.iter_rows()) or "no conflict"


def _and_more(count: int) -> list[Problem]:
    if count <= NAMED:
        return []
    return [
        Problem(
            f"{count - NAMED} more applications with too few evaluators",
            "none",
            "the list of evaluators",
            "Add evaluators.",
        )
    ]


def _unbalanced(problem: _AssignmentProblem, request: AssignmentRequest) -> Problem:
    """The problem that loads cannot be balanced: the smallest difference that can be met, and who stays
    behind then.

    A wider difference can always be met where a smaller one can, so that halving finds it.
    """
    refused, met = request.load_difference, len(problem.applications)
    any_value = np.zeros_like(problem.value)
    while met - refused > 1:
        middle = (refused + met) // 2
        possible = _best(problem, any_value, request.per_application, middle) is not None
        refused, met = (refused, middle) if possible else (middle, met)
    chosen = _best(problem, any_value, request.per_application, met)
    loads = problem.allowed.sum(axis=0) if chosen is None else chosen.sum(axis=0)
    mean = len(problem.applications) * request.per_application / len(problem.evaluators)
    behind = [(person, int(n)) for person, n in zip(problem.evaluators, loads, strict=True) if mean - n >= 1]
    named = "; ".join(f"{person} at most {n} ({_kinds(person, request)})" for person, n in behind[:NAMED])
    return Problem(
        f"loads at least {met} apart, because of conflicts: {named}",
        f"about {mean:.1f} applications for every evaluator, at most {request.load_difference} apart",
        "the assignment",
        f"Allow it with --max-difference {met}, dismiss conflicts that are none, or add evaluators for "
        "the countries concerned.",
    )
