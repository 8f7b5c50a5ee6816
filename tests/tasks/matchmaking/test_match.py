"""The whole step: the answer, the same in any order; decisions are kept; small changes stay small."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tasks.matchmaking.choice import choose
from tasks.matchmaking.problem import (
    Absence,
    BaselineTwinnings,
    Confirmation,
    Constraints,
    Forbid,
    MatchingProblem,
    MatchingResult,
    Pin,
    Withdrawal,
)
from tasks.matchmaking.solver.large import large_call
from tasks.matchmaking.solver.large.large_call import LargeCall
from tasks.matchmaking.solver.master_problem import MasterProblem
from tasks.matchmaking.step import match
from tasks.matchmaking.value.twinning import twinning_id
from tests.tasks.matchmaking.making import invented


def decided(problem: MatchingProblem, **constraints) -> MatchingProblem:
    return replace(problem, constraints=Constraints(**constraints))


def test_values_sum_exactly_and_nothing_is_wrong(problem: MatchingProblem, answer: MatchingResult) -> None:
    aspects = [name for name in answer.twinnings.columns if name.startswith("aspect_")]
    total = answer.twinnings.select(pl.sum_horizontal(aspects)).to_series()
    assert (total == answer.twinnings["value"]).all()
    assert answer.findings.is_empty()
    assert answer.proof.gap == 0
    assert answer.twinning_members.height + answer.unplaced.height == problem.candidates.height
    assert answer.twinning_sensitivity["robustness"].is_between(0, 1).all()
    assert (answer.twinning_sensitivity["margin"] >= 0).all()


def test_the_same_problem_gives_the_same_answer_in_any_order(
    problem: MatchingProblem, answer: MatchingResult
) -> None:
    again = match(replace(problem, candidates=problem.candidates.sort("city_name", descending=True)))
    for name in ("twinnings", "twinning_members", "unplaced", "twinning_sensitivity", "balance"):
        assert getattr(again, name).equals(getattr(answer, name))


def test_an_id_depends_on_round_topic_and_cities_alone() -> None:
    expected = "T-2025-07-6b71c06d"
    assert twinning_id("2025-07", "data", ["b", "a"]) == expected
    assert twinning_id("2025-07", "data", ["a", "b"]) == expected
    assert twinning_id("2026-01", "data", ["a", "b"])[-8:] != expected[-8:]


def test_decisions_that_cannot_hold_are_named_and_nothing_is_chosen(problem: MatchingProblem) -> None:
    pins = tuple(Pin("C0000", f"C000{k}", None, f"p{k}") for k in (1, 2, 3))
    found = match(decided(problem, pins=pins, forbids=(Forbid("C0020", "C0021", None, "f"),)))
    stops = found.findings.filter(severity="stop", expectation="decisions_can_hold_together")
    assert stops.height >= 1
    assert " f keeps" not in " ".join(stops["message"])
    assert found.twinnings.is_empty()
    assert found.twinning_sensitivity.is_empty()
    assert set(found.unplaced["reason"]) == {"Nothing was selected, because recorded decisions clash."}
    assert found.unplaced.height == problem.candidates.height


def test_a_forbidden_pair_is_kept_apart(problem: MatchingProblem, answer: MatchingResult) -> None:
    chosen = answer.twinning_members.filter(twinning_id=answer.twinnings["twinning_id"][0])
    a, b = chosen["city_id"].to_list()[:2]
    apart = match(decided(problem, forbids=(Forbid(a, b, None, "f"),)))
    where = dict(apart.twinning_members.select("city_id", "twinning_id").iter_rows())
    assert where.get(a) is None or where.get(a) != where.get(b)
    assert apart.findings.is_empty()


@pytest.fixture(scope="module")
def confirmed(problem: MatchingProblem, answer: MatchingResult) -> MatchingProblem:
    """The problem with the first twinning of the version before confirmed."""
    name, topic = answer.twinnings.select("twinning_id", "topic").row(0)
    cities = tuple(answer.twinning_members.filter(twinning_id=name)["city_id"].sort())
    return replace(
        problem,
        baseline=BaselineTwinnings(answer.twinnings, answer.twinning_members),
        constraints=Constraints(confirmations=(Confirmation(name, topic, cities, "decision c"),)),
    )


def test_a_confirmed_twinning_stands(confirmed: MatchingProblem) -> None:
    again = match(confirmed)
    (item,) = confirmed.constraints.confirmations
    assert again.twinnings.filter(state="confirmed")["twinning_id"].to_list() == [item.twinning_id]
    row = again.twinning_sensitivity.filter(twinning_id=item.twinning_id).row(0, named=True)
    assert (row["margin"], row["runner_up"], row["robustness"]) == (None, None, 1.0)


def test_who_is_left_of_a_confirmed_pair_has_a_place(confirmed: MatchingProblem) -> None:
    (item,) = confirmed.constraints.confirmations
    gone, alone = item.cities
    withdrawn = replace(confirmed.constraints, withdrawals=(Withdrawal(gone, "w"),))
    lost = match(replace(confirmed, constraints=withdrawn))
    assert lost.findings.select("expectation", "row_key", "message").rows() == [
        (
            "confirmed_twinning_keeps_its_cities",
            f"{item.twinning_id} A{gone[1:]}",
            f"{gone} (A{gone[1:]}) left the confirmed twinning {item.twinning_id}: it was withdrawn. "
            f"City {int(alone[1:])} keeps its claim to a place and is matched anew.",
        )
    ]
    assert gone not in lost.twinning_members["city_id"]
    assert alone in lost.twinning_members["city_id"]
    assert lost.twinnings.filter(state="confirmed").is_empty()
    reasons = dict(lost.unplaced.select("application_id", "reason").iter_rows())
    assert reasons[f"A{gone[1:]}"] == "Withdrawn by a recorded decision."


def test_a_claim_that_no_selection_can_keep_is_told_and_stops_nothing(problem: MatchingProblem) -> None:
    alone = Confirmation("T", "cooling", ("C0003",), "decision c", (Absence("A0004", "Gone", "it left"),))
    nobody = tuple(Forbid("C0003", f"C{k:04d}", None, "f") for k in range(40) if k != 3)
    found = match(decided(problem, confirmations=(alone,), forbids=nobody))
    assert found.findings["expectation"].to_list() == [
        "a_claim_to_a_place_is_kept",
        "confirmed_twinning_keeps_its_cities",
    ]
    assert found.twinnings.height
    assert "C0003" not in found.twinning_members["city_id"]


def test_two_that_remain_of_three_stay_together_under_their_own_id(problem: MatchingProblem) -> None:
    three = Confirmation("T", "cooling", ("C0001", "C0002", "C0003"), "decision c")
    found = match(decided(problem, confirmations=(three,), withdrawals=(Withdrawal("C0002", "w"),)))
    (name,) = found.twinnings.filter(state="confirmed")["twinning_id"]
    assert name == twinning_id(problem.round_id, "cooling", ("C0001", "C0003"))
    assert found.twinning_members.filter(twinning_id=name)["city_id"].to_list() == ["C0001", "C0003"]


def test_a_drop_out_moves_few_and_a_free_solution_would_gain_something_known(
    problem: MatchingProblem, answer: MatchingResult
) -> None:
    gone = answer.twinning_members["city_id"][0]
    baseline = BaselineTwinnings(answer.twinnings, answer.twinning_members)
    repaired = match(replace(decided(problem, withdrawals=(Withdrawal(gone, "w"),)), baseline=baseline))
    kept = set(repaired.twinnings["twinning_id"]) & set(answer.twinnings["twinning_id"])
    assert len(kept) >= answer.twinnings.height - 2
    proof = repaired.proof
    assert proof.free_gain >= 0
    assert proof.objective == proof.value + proof.stability_bonus - proof.balance_cost


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_applicants_get_an_answer(n: int) -> None:
    answer = match(invented(n, 1))
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
    n = problem.candidates.height - 1
    assert set(answer.unplaced["kind"]) == {"no_partner"}
    assert set(answer.unplaced["removed_by"]) == {f"common_topic {n}"}
    assert set(answer.unplaced["reason"]) == {
        "No other applicant may be in a twinning with it under the programme's hard rules. "
        f"Of {n} others: {n} chose none of its topics."
    }


def test_a_second_application_of_a_city_is_not_placed_beside_the_first(problem: MatchingProblem) -> None:
    """Everybody applies twice: no city is chosen twice, and the other application says why."""
    twin = problem.candidates.with_columns(application_id=pl.col("application_id") + "b")
    answer = match(replace(problem, candidates=pl.concat([problem.candidates, twin])))
    assert answer.findings.is_empty()
    assert answer.twinning_members["city_id"].is_unique().all()
    reasons = answer.unplaced["reason"].to_list()
    assert reasons.count("Another application of the same city was placed.") == answer.twinning_members.height


def test_an_unknown_time_zone_is_told(problem: MatchingProblem) -> None:
    here = pl.col("application_id") == "A0003"
    zones = pl.when(here).then(pl.lit("Atlantis/Nowhere")).otherwise("timezone").alias("timezone")
    found = match(replace(problem, candidates=problem.candidates.with_columns(zones))).findings
    assert found.select("row_key", "column", "message").rows() == [
        ("A0003", "timezone", "The time zone is not known, so shared working hours were not judged.")
    ]


def test_a_pin_of_a_city_that_takes_no_part_is_told(problem: MatchingProblem) -> None:
    found = match(decided(problem, pins=(Pin("nobody", "C0001", None, "decision 7"),)))
    assert found.twinnings.height
    assert found.findings.select("row_key", "message").rows() == [
        (
            "decision 7",
            "decision 7 pins nobody and C0001 together, but nobody cannot be selected in this round.",
        )
    ]


def test_a_solver_that_gives_up_is_not_taken_for_nothing_fits(problem: MatchingProblem) -> None:
    master = MasterProblem(choose(problem).instance)
    master.add_groups(np.arange(5))
    master.highs.setOptionValue("simplex_iteration_limit", 0)
    with pytest.raises(ArithmeticError, match="instead of an optimum"):
        master.solve()


def test_a_call_becomes_large_only_by_the_number_of_its_groups(
    problem: MatchingProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not isinstance(choose(problem).solver, LargeCall)
    monkeypatch.setattr(large_call, "MOST_GROUPS", 100)
    assert isinstance(choose(problem).solver, LargeCall)
