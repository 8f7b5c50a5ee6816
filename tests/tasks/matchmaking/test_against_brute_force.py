"""Small random instances, with every kind of decision, the balance and a version before: the solver agrees
with trying everything.
"""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.matchmaking import MatchmakingRules
from programme.programme import read_programme
from tasks.matchmaking.choice import choose
from tasks.matchmaking.problem import (
    Capacity,
    Confirmation,
    Constraints,
    Forbid,
    MatchingProblem,
    Pin,
    Previous,
    Withdrawal,
)
from tasks.matchmaking.solver.branch_and_bound import NOTHING
from tasks.matchmaking.solver.column_generation import column_generation as solver
from tasks.matchmaking.solver.column_generation import instance
from tasks.matchmaking.solver.master_problem import Relaxation
from tasks.matchmaking.step import match


def _beside(name: str):
    spec = importlib.util.spec_from_file_location(f"matching_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


making, brute = _beside("making"), _beside("brute")
SHIPPED: MatchmakingRules = read_programme().matchmaking
RULES = SHIPPED.model_copy(update={"robustness": SHIPPED.robustness.model_copy(update={"scenarios": 3})})


def small(n: int, seed: int) -> MatchingProblem:
    """A problem whose applicants share few topics and zones, so that there is something to choose, with
    decisions drawn by the seed.
    """
    draw = np.random.default_rng(seed)
    base = making.invented(
        n, seed, capacity=Capacity(int(draw.integers(1, 5)), int(draw.integers(2, 11))), matching=RULES
    )
    few = base.candidates.with_columns(
        pl.lit("Europe/Brussels").alias("timezone") if draw.random() < 0.7 else pl.col("timezone"),
        topic_1=pl.Series([("cooling", "data", "finance")[k] for k in draw.integers(0, 3, n)]),
        topic_2=pl.Series([("mobility", "ports", None)[k] for k in draw.integers(0, 3, n)]),
        topic_3=pl.lit(None, pl.String),
    )
    problem = replace(base, candidates=few)
    previous = Previous()
    if draw.random() < 0.6:
        first = choose(problem)
        previous = Previous(first.twinnings, first.members)
    return replace(problem, previous=previous, constraints=_decisions(n, draw, previous))


def _decisions(n: int, draw: np.random.Generator, previous: Previous) -> Constraints:
    def pair() -> tuple[str, str]:
        a, b = sorted(draw.choice(n, 2, replace=False))
        return f"C{a:04d}", f"C{b:04d}"

    topic = ("cooling", None)[int(draw.integers(2))]
    confirmed = []
    if previous.twinnings.height and draw.random() < 0.5:
        name, on = previous.twinnings.select("twinning_id", "topic").row(0)
        cities = tuple(previous.members.filter(twinning_id=name)["city_id"].sort())
        confirmed = [Confirmation(name, on, cities, "decision c")]
    free = [f"C{k:04d}" for k in range(n) if not any(f"C{k:04d}" in one.cities for one in confirmed)]
    return Constraints(
        pins=tuple(Pin(*pair(), topic, f"decision p{k}") for k in range(int(draw.integers(0, 2)))),
        forbids=tuple(Forbid(*pair(), None, f"decision f{k}") for k in range(int(draw.integers(0, 3)))),
        withdrawals=tuple(
            Withdrawal(str(draw.choice(free)), f"decision w{k}")
            for k in range(int(draw.integers(0, 2)) if free else 0)
        ),
        confirmations=tuple(confirmed),
    )


@settings(max_examples=80, deadline=None, derandomize=True)
@given(n=st.integers(2, 9), seed=st.integers(0, 2**31))
def test_agrees_with_brute_force(n: int, seed: int) -> None:
    _agrees(small(n, seed))


@pytest.mark.long
@settings(max_examples=60, deadline=None, derandomize=True)
@given(n=st.integers(10, 12), seed=st.integers(0, 2**31))
def test_agrees_with_brute_force_up_to_twelve(n: int, seed: int) -> None:
    _agrees(small(n, seed))


def _agrees(problem: MatchingProblem) -> None:
    expected = brute.best_objective(problem)
    answer = match(problem)
    if expected is None:
        assert answer.findings.filter(severity="stop").height
        assert answer.twinnings.is_empty()
        return
    assert answer.findings.filter(severity="stop").to_dicts() == []
    assert answer.proof.objective * 64 == expected
    assert answer.proof.gap == 0
    assert (
        answer.proof.objective
        == answer.proof.value + answer.proof.stability_bonus - answer.proof.balance_cost
    )
    _regrets_agree(problem, answer, expected)


def _regrets_agree(problem: MatchingProblem, answer, expected: int) -> None:
    """Forcing one application in costs exactly what trying everything with it says."""
    for row in answer.unplaced.head(2).iter_rows(named=True):
        city = problem.candidates.filter(application_id=row["application_id"])["city_id"].item()
        others = [c for c in problem.candidates["city_id"] if c != city]
        if any(one.city_id == city for one in problem.constraints.withdrawals):
            assert row["regret"] is None
            continue
        forced = [
            brute.best_objective(
                replace(
                    problem,
                    constraints=replace(
                        problem.constraints, pins=(*problem.constraints.pins, Pin(city, other, None, "x"))
                    ),
                )
            )
            for other in others
        ]
        possible = [value for value in forced if value is not None]
        if possible:
            assert row["regret"] * 64 == expected - max(possible)
        else:
            assert row["regret"] is None
        assert row["regret"] is None or math.isfinite(row["regret"])


@pytest.fixture(scope="module")
def too_many_to_hold() -> Iterator[None]:
    """Every instance counts as too large: groups are enumerated under prices, few at a time, and only the
    very best is good enough.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(instance, "MOST_GROUPS", 0)
        patch.setattr(solver, "GOOD_ENOUGH", 0.0)
        patch.setattr(solver, "PER_FIRST", 1)
        patch.setattr(solver, "PARTNERS", 2)
        yield


@settings(max_examples=60, deadline=None, derandomize=True)
@given(n=st.integers(2, 9), seed=st.integers(0, 2**31))
def test_agrees_with_brute_force_where_groups_are_too_many_to_hold(
    n: int, seed: int, too_many_to_hold: None
) -> None:
    _agrees(small(n, seed))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**31))
def test_enumerating_under_prices_ends_at_the_bound_of_all_groups(seed: int, too_many_to_hold: None) -> None:
    """Also with pins: groups that break one look best, for its cities cost little, and must not hide the
    groups behind them.
    """
    free = making.invented(60, seed, capacity=Capacity(15, 35), matching=RULES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solver, "GOOD_ENOUGH", 1.0)
        cities = [
            [free.candidates["city_id"][i] for i in one.group[:2]] for one in choose(free).chosen[: seed % 4]
        ]
        problem = replace(free, constraints=Constraints(pins=tuple(Pin(a, b, None, "p") for a, b in cities)))
        enumerated = choose(problem)
        patch.setattr(instance, "MOST_GROUPS", 10**9)
        held = choose(problem)
    relaxation = Relaxation(held.instance)
    relaxation.add(np.arange(len(held.instance.groups)))
    of_all = relaxation.solve()
    assert of_all is not None
    assert enumerated.solution.bound == pytest.approx(of_all.value, abs=1.0)
    assert enumerated.solution.objective <= held.solution.objective + 1e-6


@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**31))
def test_what_is_ruled_out_is_not_enumerated_again(seed: int, too_many_to_hold: None) -> None:
    """Margins and regrets are the same whether all groups are held or not."""
    problem = making.invented(30, seed, capacity=Capacity(6, 14), matching=RULES)
    enumerated = match(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(instance, "MOST_GROUPS", 10**9)
        held = match(problem)
    assert enumerated.twinning_outlook["margin"].to_list() == held.twinning_outlook["margin"].to_list()
    assert enumerated.unplaced["regret"].to_list() == held.unplaced["regret"].to_list()


@pytest.mark.parametrize("good_enough", [0.0, 1.0])
def test_a_dive_that_gives_up_leaves_no_call_without_a_selection(
    good_enough: float, too_many_to_hold: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = making.invented(40, 5, capacity=Capacity(6, 15), matching=RULES)
    best = choose(problem).solution
    monkeypatch.setattr(solver, "dive", lambda *_: NOTHING)
    monkeypatch.setattr(solver, "GOOD_ENOUGH", good_enough)
    monkeypatch.setattr(solver, "MOST_GROUPS", 0)
    found = choose(problem).solution
    assert found.chosen
    assert found.objective <= best.objective + 1e-6 <= found.bound + 1
