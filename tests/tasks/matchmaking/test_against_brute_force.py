"""Small random instances, with every kind of decision, the balance and a version before: the solver agrees
with trying everything.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.matchmaking import MatchmakingRules
from programme.programme import read_programme
from programme.vocabulary import MINIMUM_WORTH_RULES, OVERRIDABLE_RULES
from tasks.matchmaking.choice import choose
from tasks.matchmaking.problem import (
    BaselineTwinnings,
    Capacity,
    Confirmation,
    Constraints,
    Forbid,
    MatchingProblem,
    MatchingResult,
    Pin,
    Waiver,
    Withdrawal,
)
from tasks.matchmaking.step import match
from tests.examples import examples
from tests.tasks.matchmaking.brute_force import best_objective, bonus
from tests.tasks.matchmaking.making import ZONES, invented
from warehouse.dictionary.other_rounds import EARLIER
from warehouse.dictionary.working import COOPERATIONS

SHIPPED: MatchmakingRules = read_programme().matchmaking
RULES = SHIPPED.model_copy(update={"robustness": SHIPPED.robustness.model_copy(update={"scenarios": 3})})


def small(n: int, seed: int) -> MatchingProblem:
    """A problem whose applicants share few topics and zones, so that there is something to choose, with
    decisions drawn by the seed.
    """
    draw = np.random.default_rng(seed)
    base = invented(
        n, seed, capacity=Capacity(int(draw.integers(1, 5)), int(draw.integers(2, 11))), matching=RULES
    )
    few = base.candidates.with_columns(
        pl.lit("Europe/Brussels").alias("timezone") if draw.random() < 0.7 else pl.col("timezone"),
        topic_1=pl.Series([("cooling", "data", "finance")[k] for k in draw.integers(0, 3, n)]),
        topic_2=pl.Series([("mobility", "ports", None)[k] for k in draw.integers(0, 3, n)]),
        topic_3=pl.lit(None, pl.String),
        country_iso3=pl.Series([("KEN", "PER", None)[k] for k in draw.integers(0, 3, n)]),
        jurisdiction=pl.Series([("full", "none", "none", None)[k] for k in draw.integers(0, 4, n)]),
    )
    problem = replace(base, candidates=few, elsewhere=_elsewhere(draw))
    baseline = BaselineTwinnings()
    if draw.random() < 0.6:
        first = choose(problem)
        baseline = BaselineTwinnings(first.twinnings, first.members)
    return replace(problem, baseline=baseline, constraints=_decisions(n, draw, baseline))


def _decisions(n: int, draw: np.random.Generator, baseline: BaselineTwinnings) -> Constraints:
    def pair() -> tuple[str, str]:
        a, b = sorted(draw.choice(n, 2, replace=False))
        return f"C{a:04d}", f"C{b:04d}"

    topic = ("cooling", None)[int(draw.integers(2))]
    confirmed = []
    if baseline.twinnings.height and draw.random() < 0.5:
        name, on = baseline.twinnings.select("twinning_id", "topic").row(0)
        cities = tuple(baseline.members.filter(twinning_id=name)["city_id"].sort())
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
        waivers=tuple(_waiver(pair(), draw) for _ in range(int(draw.integers(0, 3)))),
    )


def _waiver(pair: tuple[str, str], draw: np.random.Generator) -> Waiver:
    rule = MINIMUM_WORTH_RULES[int(draw.integers(3))]
    if draw.random() < 0.5:
        return Waiver(rule, pair[:1], None, "decision v")
    return Waiver(rule, pair, (None, "mobility")[int(draw.integers(2))], "decision v")


def _elsewhere(draw: np.random.Generator) -> pl.DataFrame:
    """Cities that another round holds, in one or two twinnings."""
    places = list(ZONES.values())
    rows = []
    for k in range(int(draw.integers(0, 5))):
        latitude, longitude, region = places[int(draw.integers(len(places)))]
        row = {"round": "2026-01", "twinning_id": f"T{k // 2}", "city_id": f"E{k}", "region": region}
        row |= {"latitude": latitude, "longitude": longitude, "population": int(draw.integers(10**6))}
        rows.append(row | {"topic": ("cooling", "lighting")[k // 2 % 2]})
    return EARLIER.frame(rows)


@settings(max_examples=examples(15), derandomize=True)
@given(n=st.integers(2, 9), seed=st.integers(0, 2**31))
def test_agrees_with_brute_force(n: int, seed: int) -> None:
    agrees(small(n, seed))


@pytest.mark.long
@settings(max_examples=examples(10), derandomize=True)
@given(n=st.integers(10, 12), seed=st.integers(0, 2**31))
def test_agrees_with_brute_force_up_to_twelve(n: int, seed: int) -> None:
    agrees(small(n, seed))


def insisted(n: int, seed: int) -> MatchingProblem:
    """A small problem over all time zones whose pins override hard rules, some of which they break."""
    draw = np.random.default_rng(seed)
    problem = small(n, seed)
    zones = pl.Series(
        [("Europe/Brussels", "Asia/Tokyo", "America/Bogota")[k] for k in draw.integers(0, 3, n)]
    )
    pairs = [tuple(sorted(draw.choice(n, 2, replace=False))) for _ in range(int(draw.integers(1, 3)))]
    funded = {pair: str(problem.candidates["topic_1"][int(pair[0])]) for pair in pairs}
    worked = [
        {"city_a": f"C{a:04d}", "city_b": f"C{b:04d}", "programme": "P", "source": "form"}
        | {"topic": topic, "funded": True}
        for (a, b), topic in funded.items()
    ]
    pins = []
    for k, (a, b) in enumerate(pairs):
        rules = tuple(rule for rule in OVERRIDABLE_RULES if draw.random() < 0.8)
        pins.append(Pin(f"C{a:04d}", f"C{b:04d}", None, f"decision o{k}", rules))
    return replace(
        problem,
        candidates=problem.candidates.with_columns(timezone=zones),
        cooperations=COOPERATIONS.frame(worked),
        constraints=replace(problem.constraints, pins=tuple(pins)),
    )


@settings(max_examples=examples(10), derandomize=True)
@given(n=st.integers(2, 8), seed=st.integers(0, 2**31))
def test_agrees_with_brute_force_where_pins_are_insisted_on(n: int, seed: int) -> None:
    agrees(insisted(n, seed))


def agrees(problem: MatchingProblem, *, exact: bool = True) -> None:
    """The answer is the one of brute force; so are its regrets, or where not `exact` their least figures."""
    answer, answered = match(problem), choose(problem).problem
    expected = best_objective(answered)
    if answered is not problem:
        _nothing_of_the_baseline_is_lost(problem, answer)
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
    _regrets_agree(answered, answer, expected, exact=exact)


def _nothing_of_the_baseline_is_lost(problem: MatchingProblem, answer: MatchingResult) -> None:
    """The baseline may be left out only where the selection keeps all of it, and is the best with it too."""
    assert set(problem.baseline.twinnings["twinning_id"]) <= set(answer.twinnings["twinning_id"])
    fixed = {one.twinning_id for one in problem.constraints.confirmations}
    proposed = answer.twinnings.filter(~pl.col("twinning_id").is_in(list(fixed)))
    members = answer.twinning_members.group_by("twinning_id").agg("city_id")
    kept = proposed.join(members, on="twinning_id").select("topic", "city_id").rows()
    assert answer.proof.objective * 64 + bonus(kept, problem) == best_objective(problem)


def _regrets_agree(problem: MatchingProblem, answer: MatchingResult, expected: int, *, exact: bool) -> None:
    """Forcing one application in costs exactly what trying everything with it says."""
    for row in answer.unplaced.head(2).iter_rows(named=True):
        city = problem.candidates.filter(application_id=row["application_id"])["city_id"].item()
        if any(one.city_id == city for one in problem.constraints.withdrawals):
            assert row["regret"] is None
            continue
        forced = best_objective(problem, required=city)
        if not exact and row["regret"] is None:
            told = re.search(r"at least ([\d.]+) points", row["reason"])
            least = float(told[1]) if told else 0.0
            assert forced is None or least <= (expected - forced) / 64 + 0.005
        elif forced is not None:
            assert row["regret"] * 64 == expected - forced
        else:
            assert row["regret"] is None
        assert row["regret"] is None or math.isfinite(row["regret"])


@pytest.mark.long
@settings(max_examples=25, deadline=None, derandomize=True)
@given(n=st.integers(2, 8), seed=st.integers(0, 2**31))
def test_a_large_call_that_is_asked_with_the_bonus_first_has_the_same_answer(n: int, seed: int) -> None:
    problem = small(n, seed)
    expected = choose(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tasks.matchmaking.choice.LARGE", 0)
        found = choose(problem)
    assert found.twinnings.equals(expected.twinnings)
    assert found.solution.objective == pytest.approx(expected.solution.objective)
