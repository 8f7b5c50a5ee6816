"""Credits of classes that came short: which they are, what they change, and that the proof stays exact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from programme.programme import read_programme
from tasks.matchmaking.certificate.premises import premises_table
from tasks.matchmaking.choice import Choice, choose, proof_of
from tasks.matchmaking.problem import BaselineTwinnings, Capacity, MatchingProblem
from tasks.matchmaking.problem_json import problem_from_json, problem_to_json
from tasks.matchmaking.step import match
from tasks.matchmaking.value.credits import came_short, credit_rows
from tests.benchmarks.bench_fairness import compared, figure, shares, table
from tests.tasks.matchmaking.brute_force import best_objective
from tests.tasks.matchmaking.certified import certified, claims
from tests.tasks.matchmaking.making import invented, rules
from tests.tasks.matchmaking.test_against_brute_force import small
from warehouse.dictionary.other_rounds import CREDITS
from warehouse.snapshots.certificate import broken_certificate

SHIPPED = read_programme().matchmaking.fairness
ON = SHIPPED.model_copy(update={"enabled": True})
SOURCE: dict[str, object] = {"round": "2025-07", "version": 3, "content": "ab" * 32}


def given(problem: MatchingProblem, seed: int) -> MatchingProblem:
    """A problem in which some classes have drawn credits."""
    draw = np.random.default_rng(seed)
    classes = [(one.subject, one.name) for one in choose(problem).instance.classes]
    rows = [
        SOURCE | {"subject": subject, "class": name, "short": 1, "points": float(draw.integers(1, 40))}
        for subject, name in classes
        if draw.random() < 0.5
    ]
    return replace(problem, credits=CREDITS.frame(rows))


def test_the_program_ships_with_credits_switched_off() -> None:
    assert not SHIPPED.enabled
    assert SHIPPED.credit("region", 5) == 0


@pytest.mark.parametrize(
    ("subject", "short", "points"),
    [("region", 1, 18), ("climate", 1, 12), ("topic", 1, 15), ("region", 50, 18 * SHIPPED.most_units)],
)
def test_a_credit_grows_with_what_was_short_up_to_a_limit(subject, short: int, points: float) -> None:
    assert ON.credit(subject, short) == points


def test_a_subject_without_points_has_no_credit() -> None:
    bare = ON.model_copy(update={"points": {}})
    assert bare.credit("region", 2) == 0


@pytest.mark.parametrize("seed", range(6))
def test_what_came_short_is_what_the_balance_misses(seed: int) -> None:
    choice = choose(invented(40, seed, capacity=Capacity(6, 14)))
    short = set(came_short(premises_table(choice), choice.twinnings, choice.members))
    rows = choice.balance.filter(pl.col("selected") < pl.col("least"))
    missed = rows.select("subject", "class", pl.col("least") - pl.col("selected")).rows()
    assert short == set(missed)
    assert short


@pytest.mark.parametrize("seed", range(25))
def test_the_best_selection_with_credits_is_that_by_trying_all_and_is_certified(seed: int) -> None:
    problem = given(replace(small(3 + seed % 5, seed), baseline=BaselineTwinnings()), seed)
    choice = choose(problem)
    best = best_objective(problem)
    if choice.solution.chosen is None or best is None:
        return
    assert round(proof_of(choice).objective * 64) == best
    tables = certified(choice)
    assert not broken_certificate(tables)
    stated = [row for row in tables["matching_facts"] if row[1] == "credit"]
    assert len(stated) == problem.credits.height
    assert all(row[0] == f"2025-07:3:{'ab' * 32}" for row in stated)


def test_a_credit_that_acts_is_proven_and_a_certificate_without_it_is_refused() -> None:
    choice, name = with_a_credit_that_acts()
    tables = certified(choice)
    assert not broken_certificate(tables)
    assert claims(tables)["bound"] == claims(tables)["objective"]
    false = [
        (*row[:4], row[4] - 64 * CREDIT) if row[:3] == ("class", "price", name) else row
        for row in tables["matching_facts"]
    ]
    assert false != tables["matching_facts"]
    assert broken_certificate(tables | {"matching_facts": false})


CREDIT = 60


def with_a_credit_that_acts() -> tuple[Choice, str]:
    """A choice that the credit of one class changed, so that fewer of it are missed; and the class."""
    for seed in range(4):
        problem = invented(40, seed, capacity=Capacity(6, 14))
        before = choose(problem)
        for subject, name, missing in came_short(premises_table(before), before.twinnings, before.members):
            row = SOURCE | {"subject": subject, "class": name, "short": missing, "points": float(CREDIT)}
            choice = choose(replace(problem, credits=CREDITS.frame([row])))
            missed = choice.balance.row(
                by_predicate=(pl.col("subject") == subject) & (pl.col("class") == name), named=True
            )["missed"]
            if 0 < missed < missing or (missed == 0 and missing):
                return choice, f"{subject} {name}"
    raise AssertionError("no credit changed anything")


def test_without_credits_no_fact_and_no_price_is_another() -> None:
    problem = invented(30, 3)
    switched_on = replace(problem, rules=problem.rules.model_copy(update={"fairness": ON}))
    one, other = (premises_table(choose(each)) for each in (problem, switched_on))
    assert one.equals(other)
    assert "credit" not in set(one["what"])


def test_a_credit_is_kept_with_the_problem() -> None:
    problem = given(invented(12, 1), 1)
    again = problem_from_json(problem_to_json(problem), problem.rules)
    assert again.credits.equals(problem.credits)


def test_a_problem_that_an_older_program_kept_has_none() -> None:
    text = problem_to_json(invented(5, 1)).replace('"credits": [], ', "")
    assert problem_from_json(text, rules()).credits.is_empty()


def test_a_note_about_the_round_before_is_a_finding_and_no_credit() -> None:
    note = "Round 2025-07 has no version, so it gives no credit to any class."
    missing = {"round": "2025-07", "version": None, "content": None, "note": note}
    result = match(replace(invented(8, 2), credits=CREDITS.frame([missing])))
    assert note in result.findings.filter(expectation="credits_are_known")["message"].to_list()


def test_rows_name_where_they_come_from() -> None:
    rows = credit_rows(iter([("region", "Oceania", 1), ("urbanisation", "small", 9)]), ON, SOURCE)
    assert rows.select("round", "version", "content").unique().height == 1
    assert dict(rows.select("class", "points").iter_rows())["Oceania"] == 18


@pytest.mark.long
def test_over_five_rounds_credits_cut_the_deviation_at_little_worth() -> None:
    off, on = compared(range(12))
    less = shares(off, on)
    assert less["deviation"] >= 0.3
    assert less["worth"] <= 0.01
    assert "| 5 |" in table(off, on)
    assert figure(off, on).startswith("<svg")
