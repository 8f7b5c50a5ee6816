"""What-if tells the difference, the proof and what gave way, and refuses cities it does not know."""

from __future__ import annotations

from dataclasses import replace

import pytest

from programme.problems import ProblemsError
from tasks.matchmaking.choice import choose
from tasks.matchmaking.explain.what_if import Changes, balance_of, changed, what_if
from tasks.matchmaking.problem import (
    BaselineTwinnings,
    Confirmation,
    Constraints,
    Forbid,
    MatchingProblem,
    MatchingResult,
    Pin,
    Withdrawal,
)
from tasks.matchmaking.problem_json import problem_from_json, problem_to_json


@pytest.fixture(scope="module")
def again(problem: MatchingProblem, answer: MatchingResult) -> MatchingProblem:
    """The problem as it would be asked after a version was published."""
    return replace(problem, baseline=BaselineTwinnings(answer.twinnings, answer.twinning_members))


def first_pair(answer: MatchingResult) -> tuple[str, str]:
    members = answer.twinning_members.filter(twinning_id=answer.twinnings["twinning_id"][0])
    a, b = members["city_id"].to_list()[:2]
    return a, b


def test_without_changes_nothing_changes(again: MatchingProblem) -> None:
    difference = what_if(again, Changes())
    assert (difference.twinnings, difference.places, difference.balance) == ((), (), ())
    assert difference.before == difference.after
    assert difference.proof.gap == 0


def test_leaving_a_city_out_tells_what_goes_and_what_comes(
    again: MatchingProblem, answer: MatchingResult
) -> None:
    gone = answer.twinning_members["application_id"][0]
    difference = what_if(again, Changes(excluded=[gone]))
    assert {row["what"] for row in difference.twinnings} == {"gone", "new"}
    assert gone in [row["application_id"] for row in difference.places if row["what"] == "no longer placed"]
    assert difference.after <= difference.before


def test_a_question_about_a_decided_pair_sets_the_decision_aside(
    problem: MatchingProblem, answer: MatchingResult
) -> None:
    a, b = first_pair(answer)
    pinned = replace(problem, constraints=Constraints(pins=(Pin(a, b, None, "decision 1"),)))
    apart = what_if(pinned, Changes(forbids=[(b, a)]))
    assert apart.given_way == ("decision 1",)
    proof = apart.proof
    assert proof.gap == 0
    assert proof.objective == proof.value + proof.stability_bonus - proof.balance_cost
    assert all(row["before"] != row["after"] for row in apart.balance)


def test_fewer_twinnings_change_the_balance(problem: MatchingProblem) -> None:
    fewer = what_if(problem, Changes(max_twinnings=2))
    assert fewer.balance
    cost = sum(row["cost"] for row in balance_of(problem))
    assert fewer.before == pytest.approx(what_if(problem, Changes()).proof.value - cost)


def test_what_cannot_hold_is_told_and_nothing_chosen(problem: MatchingProblem) -> None:
    pairs = [("C0000", f"C000{k}") for k in (1, 2, 3)]
    difference = what_if(problem, Changes(pins=pairs))
    assert difference.clashes
    assert {row["what"] for row in difference.twinnings} == {"gone"}
    assert difference.proof.objective == 0


NAMES = [
    ("submission", "A0007"),
    ("city id", "C0007"),
    ("name", "City 7"),
    ("name in other letters", " city 7 "),
]


@pytest.mark.parametrize("name", [pytest.param(name, id=id_) for id_, name in NAMES])
def test_a_city_is_found_by(name: str, problem: MatchingProblem) -> None:
    asked = changed(problem, Changes(excluded=[name]))
    assert asked.constraints.withdrawals == (Withdrawal("C0007", "--exclude"),)


REFUSED = [
    ("unknown", Changes(excluded=["nothing"]), ["takes no part in the matching"]),
    ("twice", Changes(forbids=[("C0001", "A0001")]), ["the city C0001 twice"]),
    ("ambiguous", Changes(excluded=["Twin Town"]), ["could be C0002 or C0003"]),
    (
        "all at once",
        Changes(pins=[("C0001", "nobody")], excluded=["nothing"]),
        ["'nobody'", "'nothing'"],
    ),
]


@pytest.mark.parametrize(("changes", "words"), [pytest.param(*rest, id=name) for name, *rest in REFUSED])
def test_what_is_refused(problem: MatchingProblem, changes: Changes, words: list[str]) -> None:
    names = problem.candidates["city_name"].replace({"City 2": "Twin Town", "City 3": "Twin Town"})
    doubled = replace(problem, candidates=problem.candidates.with_columns(city_name=names))
    with pytest.raises(ProblemsError) as caught:
        what_if(doubled, changes)
    found = [one.found for one in caught.value.problems]
    assert len(found) == len(words)
    assert all(word in text for word, text in zip(words, found, strict=True))


def test_a_kept_problem_is_solved_to_the_same_answer(again: MatchingProblem) -> None:
    decided = replace(
        again,
        constraints=Constraints(
            pins=(Pin("C0001", "C0002", "ports", "d1"),),
            forbids=(Forbid("C0003", "C0004", None, "d2"),),
            withdrawals=(Withdrawal("C0005", "d3"),),
            confirmations=(Confirmation("T", "ports", ("C0006", "C0007"), "d4"),),
        ),
        seed=7,
    )
    back = problem_from_json(problem_to_json(decided), decided.rules)
    assert (back.constraints, back.capacity, back.starts) == (
        decided.constraints,
        decided.capacity,
        decided.starts,
    )
    assert back.candidates.equals(decided.candidates)
    undecided = problem_from_json(problem_to_json(again), again.rules)
    assert choose(undecided).twinnings.equals(choose(again).twinnings)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"round_id": 1}'])
def test_a_text_that_is_no_problem_is_refused(text: str, problem: MatchingProblem) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        problem_from_json(text, problem.rules)
