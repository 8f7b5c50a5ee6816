"""Arrays agree with definitions; decisions are respected or named; small changes stay small; the verifier
notices what is wrong.
"""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from programme.climate.grid import climate_map
from programme.problems import ProblemsError
from tasks.decisions.effective import effective_decisions
from tasks.matchmaking.choice import choose
from tasks.matchmaking.constraints import constraints_from
from tasks.matchmaking.explain.what_if import Changes, as_text, balance_of, from_text, what_if
from tasks.matchmaking.feasibility.reduced_problem import reduce_problem
from tasks.matchmaking.ids import twinning_id
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
from tasks.matchmaking.solver.aspect_columns import aspect_columns
from tasks.matchmaking.solver.groups import Prices, enumerate_groups
from tasks.matchmaking.solver.instance import instance_of
from tasks.matchmaking.solver.master_problem import Relaxation
from tasks.matchmaking.step import match
from tasks.matchmaking.value.aspects import parts_of
from tasks.matchmaking.value.facts import facts_of
from tasks.matchmaking.value.hard_rules import why_not
from tasks.matchmaking.value.pair_matrices import pair_matrices
from tasks.matchmaking.verify import verify
from warehouse.dictionary.inputs import DECISIONS

_spec = importlib.util.spec_from_file_location("matching_making", Path(__file__).with_name("making.py"))
assert _spec is not None
assert _spec.loader is not None
making = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(making)


@pytest.fixture(scope="module")
def problem() -> MatchingProblem:
    return making.invented(40, 5, capacity=Capacity(6, 15))


@pytest.fixture(scope="module")
def answer(problem: MatchingProblem):
    return match(problem)


def _with(problem: MatchingProblem, **constraints) -> MatchingProblem:
    return replace(problem, constraints=Constraints(**constraints))


def test_arrays_agree_with_the_definitions(problem: MatchingProblem) -> None:
    facts = facts_of(problem)
    groups = instance_of(reduce_problem(problem, facts), problem.previous).groups
    columns = aspect_columns(groups, facts, pair_matrices(facts))
    assert len(groups) > 200
    for row in range(len(groups)):
        parts = parts_of(groups.members(row), facts.topics[groups.topic[row]], facts)
        assert columns[row].tolist() == [part.steps for part in parts.values()]
        assert groups.worth[row] == columns[row].sum()


def test_exactly_the_groups_that_keep_the_hard_rules_are_enumerated() -> None:
    from itertools import combinations

    small = making.invented(18, 3)
    facts = facts_of(small)
    groups = instance_of(reduce_problem(small, facts), small.previous).groups
    found = {(facts.topics[groups.topic[row]], groups.members(row)) for row in range(len(groups))}
    expected = {
        (topic, group)
        for size in (2, 3)
        for group in combinations(range(18), size)
        for topic in facts.topics
        if why_not(group, topic, facts) is None
    }
    assert found == expected


def test_enumeration_under_prices_is_the_whole_enumeration_filtered(problem: MatchingProblem) -> None:
    facts = facts_of(problem)
    instance = instance_of(reduce_problem(problem, facts), problem.previous)
    draw = np.random.default_rng(7)
    prices = Prices(
        draw.uniform(2000, 4500, len(facts.applicants)), draw.uniform(0, 500, len(facts.topics)), 10.0
    )
    some, every = enumerate_groups(instance.tables, 3, prices), instance.groups
    paid = np.append(prices.applicant, 0.0)
    reduced = (
        every.worth - paid[every.first] - paid[every.second] - paid[every.third] - prices.topic[every.topic]
    )
    expected = every.take(reduced > prices.least)
    assert 20 < len(expected) < len(every) / 2
    rows = [
        tuple(getattr(one, name).tolist() for name in ("topic", "first", "second", "third", "worth"))
        for one in (some, expected)
    ]
    assert sorted(zip(*rows[0], strict=True)) == sorted(zip(*rows[1], strict=True))


def test_values_sum_exactly_and_nothing_is_wrong(problem: MatchingProblem, answer) -> None:
    aspects = [name for name in answer.twinnings.columns if name.startswith("aspect_")]
    assert (
        answer.twinnings.select(pl.sum_horizontal(aspects)).to_series() == answer.twinnings["value"]
    ).all()
    assert answer.findings.is_empty()
    assert answer.proof.gap == 0
    assert answer.twinning_members.height + answer.unplaced.height == problem.candidates.height
    assert answer.twinning_outlook["robustness"].is_between(0, 1).all()
    assert (answer.twinning_outlook["margin"] >= 0).all()


def test_the_same_problem_gives_the_same_answer_in_any_order(problem: MatchingProblem, answer) -> None:
    again = match(replace(problem, candidates=problem.candidates.sort("city_name", descending=True)))
    for name in ("twinnings", "twinning_members", "unplaced", "twinning_outlook", "balance"):
        assert getattr(again, name).equals(getattr(answer, name))


def test_an_id_depends_on_round_topic_and_cities_alone() -> None:
    assert (
        twinning_id("2025-07", "data", ["b", "a"])
        == twinning_id("2025-07", "data", ["a", "b"])
        == "T-2025-07-6b71c06d"
    )
    assert twinning_id("2026-01", "data", ["a", "b"])[-8:] != "6b71c06d"


CLASHES = [
    pytest.param(
        {"pins": (Pin("C0000", "C0001", "hydrogen", "p1"), Pin("C0000", "C0001", "ports", "p2"))},
        {"p1", "p2"},
        id="two topics",
    ),
    pytest.param(
        {
            "pins": tuple(Pin("C0000", f"C000{k}", None, f"p{k}") for k in (1, 2, 3)),
            "forbids": (Forbid("C0020", "C0021", None, "f"),),
        },
        None,
        id="four cities",
    ),
]


@pytest.mark.parametrize(("constraints", "sources"), CLASHES)
def test_clashing_decisions_are_named_and_nothing_is_chosen(
    problem: MatchingProblem, constraints, sources
) -> None:
    answer = match(_with(problem, **constraints))
    stops = answer.findings.filter(severity="stop")
    assert stops.height >= 1
    assert answer.twinnings.is_empty()
    assert answer.unplaced.height == problem.candidates.height
    assert " f keeps" not in " ".join(stops["message"])


def test_pin_and_forbid_of_a_chosen_pair(problem: MatchingProblem, answer) -> None:
    first = answer.twinning_members.filter(twinning_id=answer.twinnings["twinning_id"][0])[
        "city_id"
    ].to_list()
    apart = match(_with(problem, forbids=(Forbid(first[0], first[1], None, "f"),)))
    where = dict(apart.twinning_members.select("city_id", "twinning_id").iter_rows())
    assert where.get(first[0]) is None or where.get(first[0]) != where.get(first[1])
    assert apart.findings.is_empty()
    clash = match(
        _with(
            problem,
            forbids=(Forbid(first[0], first[1], None, "f"),),
            pins=(Pin(first[0], first[1], None, "p"),),
        )
    )
    message = clash.findings.filter(severity="stop")["message"].item()
    assert "p pins" in message
    assert "f keeps" in message


def test_capacity_below_the_pins_is_named(problem: MatchingProblem, answer) -> None:
    pairs = [
        answer.twinning_members.filter(twinning_id=name)["city_id"].to_list()[:2]
        for name in answer.twinnings["twinning_id"][:2]
    ]
    crowded = replace(
        _with(problem, pins=tuple(Pin(a, b, None, f"p{a}") for a, b in pairs)), capacity=Capacity(1, 15)
    )
    assert "at most 1 twinnings" in match(crowded).findings.filter(severity="stop")["message"].item()


def test_confirmed_stands_and_a_lost_city_dissolves_it(problem: MatchingProblem, answer) -> None:
    previous = Previous(answer.twinnings, answer.twinning_members)
    name, topic = answer.twinnings.select("twinning_id", "topic").row(0)
    cities = tuple(answer.twinning_members.filter(twinning_id=name)["city_id"].sort())
    confirmed = Confirmation(name, topic, cities, "decision c")
    again = match(replace(problem, previous=previous, constraints=Constraints(confirmations=(confirmed,))))
    assert again.twinnings.filter(state="confirmed")["twinning_id"].to_list() == [name]
    lost = match(
        replace(
            problem,
            previous=previous,
            constraints=Constraints(confirmations=(confirmed,), withdrawals=(Withdrawal(cities[0], "w"),)),
        )
    )
    assert lost.findings["expectation"].to_list() == ["confirmed_twinning_keeps_its_cities"]
    assert cities[0] not in lost.twinning_members["city_id"]


def test_a_drop_out_moves_few_and_a_free_solution_would_gain_something_known(
    problem: MatchingProblem, answer
) -> None:
    previous = Previous(answer.twinnings, answer.twinning_members)
    gone = answer.twinning_members["city_id"][0]
    repaired = match(
        replace(problem, previous=previous, constraints=Constraints(withdrawals=(Withdrawal(gone, "w"),)))
    )
    kept = set(repaired.twinnings["twinning_id"]) & set(answer.twinnings["twinning_id"])
    assert len(kept) >= answer.twinnings.height - 2
    assert repaired.proof.free_gain >= 0
    assert (
        repaired.proof.objective
        == repaired.proof.value + repaired.proof.stability_bonus - repaired.proof.balance_cost
    )


def test_the_verifier_notices(problem: MatchingProblem, answer) -> None:
    def expectations(
        twinnings: pl.DataFrame, members: pl.DataFrame, changed: MatchingProblem = problem
    ) -> set[str]:
        return set(verify(changed, twinnings, members, answer.unplaced)["expectation"])

    right, members = answer.twinnings, answer.twinning_members
    assert expectations(right, members) == set()
    assert "value_is_the_sum_of_its_aspects" in expectations(right.with_columns(pl.col("value") + 1), members)
    assert "aspect_is_as_recomputed" in expectations(right.with_columns(pl.col("aspect_hours") + 1), members)
    assert "twinning_has_its_cities" in expectations(right, members.head(members.height - 1))
    assert "one_twinning_a_city" in expectations(right, members.with_columns(city_id=pl.lit("C0001")))
    assert "capacity_is_kept" in expectations(right, members, replace(problem, capacity=Capacity(2, 5)))
    assert "twinning_keeps_the_hard_rules" in expectations(
        right.with_columns(topic=pl.lit("nonsense")), members
    )
    assert "pins_are_kept" in expectations(
        right, members, _with(problem, pins=(Pin(answer_unplaced(answer, problem), "C0000", None, "p"),))
    )


def answer_unplaced(answer, problem: MatchingProblem) -> str:
    return problem.candidates.filter(application_id=answer.unplaced["application_id"][0])["city_id"].item()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_applicants_get_an_answer(n: int) -> None:
    answer = match(making.invented(n, 1))
    assert answer.unplaced.height + answer.twinning_members.height == n
    assert answer.findings.filter(severity="stop").is_empty()


def test_nobody_with_a_common_topic(problem: MatchingProblem) -> None:
    ids = problem.candidates["application_id"]
    lonely = problem.candidates.with_columns(
        topic_1="t-" + ids, topic_2=pl.lit(None, pl.String), topic_3=pl.lit(None, pl.String)
    )
    answer = match(replace(problem, candidates=lonely))
    assert answer.twinnings.is_empty()
    assert answer.unplaced["regret"].null_count() == problem.candidates.height


def _decision(number: int, kind: str, subject: str, object_: str | None = None) -> dict[str, object]:
    return {
        "decision_id": f"d{number}", "kind": kind, "subject": subject, "object": object_, "value": None, "reason": "r", "decided_by": "x",
        "decided_at": datetime(2025, 9, number, tzinfo=UTC),
    }  # fmt: skip


def test_decisions_undone_overtaken_or_about_nobody(problem: MatchingProblem) -> None:
    rows = [
        _decision(1, "pin", "A0001", "A0002"), _decision(2, "forbid", "C0002", "C0001"), _decision(3, "withdraw", "A0003"),
        _decision(4, "undo", "d3"), _decision(5, "pin", "A0004", "nobody"), _decision(6, "confirm", "T-none"),
    ]  # fmt: skip
    found = constraints_from(effective_decisions(DECISIONS.frame(rows)), problem.candidates, Previous())
    assert [(one.city_a, one.city_b) for one in found.forbids] == [("C0002", "C0001")]
    assert found.pins == ()
    assert found.withdrawals == ()
    assert sorted(str(one["row_key"]) for one in found.findings) == ["d5", "d6"]


def test_what_if_tells_the_difference_and_refuses_the_unknown(problem: MatchingProblem, answer) -> None:
    asked = replace(problem, previous=Previous(answer.twinnings, answer.twinning_members))
    again = from_text(as_text(asked), asked.rules)
    assert what_if(again, Changes()).twinnings == ()
    difference = what_if(again, Changes(excluded=[answer.twinning_members["application_id"][0]]))
    assert {row["what"] for row in difference.twinnings} == {"gone", "new"}
    assert difference.after <= difference.before
    with pytest.raises(ProblemsError) as caught:
        what_if(again, Changes(pins=[("C0001", "nobody")], excluded=["nothing"]))
    assert len(caught.value.problems) == 2
    assert choose(again).solution.chosen is not None


def test_a_pin_of_a_city_that_takes_no_part_is_told(problem: MatchingProblem) -> None:
    found = match(
        replace(problem, constraints=Constraints(pins=(Pin("nobody", "C0001", None, "decision 7"),)))
    )
    assert found.twinnings.height
    assert [row["row_key"] for row in found.findings.to_dicts() if "nobody" in row["message"]] == [
        "decision 7"
    ]


def test_what_if_shows_its_proof_its_balance_and_what_gave_way(problem: MatchingProblem, answer) -> None:
    a, b = answer.twinning_members.filter(twinning_id=answer.twinnings["twinning_id"][0])[
        "city_id"
    ].to_list()[:2]
    pinned = replace(problem, constraints=Constraints(pins=(Pin(a, b, None, "decision 1"),)))
    apart = what_if(pinned, Changes(forbids=[(a, b)]))
    assert apart.given_way == ("decision 1",)
    assert apart.proof.gap == 0
    assert apart.proof.objective == apart.proof.value + apart.proof.stability_bonus - apart.proof.balance_cost
    assert all(row["before"] != row["after"] for row in apart.balance)
    fewer = what_if(pinned, Changes(max_twinnings=2))
    assert fewer.balance
    before = sum(row["cost"] for row in balance_of(pinned))
    assert fewer.before == pytest.approx(what_if(pinned, Changes()).proof.value - before)


def test_a_solver_that_gives_up_is_not_taken_for_nothing_fits(
    problem: MatchingProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    relaxation = Relaxation(choose(problem).instance)
    relaxation.add(np.arange(5))
    relaxation.highs.setOptionValue("simplex_iteration_limit", 0)
    with pytest.raises(ArithmeticError, match="instead of an optimum"):
        relaxation.solve()


@pytest.mark.parametrize(
    ("latitude", "longitude", "koeppen"),
    [
        pytest.param(50.85, 4.35, "Cfb", id="Brussels"), pytest.param(1.29, 103.85, "Af", id="Singapore"), pytest.param(25.2, 55.27, "BWh", id="Dubai"),
        pytest.param(55.75, 37.6, "Dfb", id="Moscow"), pytest.param(38.72, -9.14, "Csa", id="Lisbon"), pytest.param(0.0, -140.0, None, id="open sea"),
    ],
)  # fmt: skip
def test_climate_of_known_places(latitude: float, longitude: float, koeppen: str | None) -> None:
    assert climate_map().at(latitude, longitude).koeppen == koeppen
