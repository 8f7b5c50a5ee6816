"""A pin is not broken by the minimum worth: it holds, and says which rule it breaks."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from programme.vocabulary import MINIMUM_WORTH_RULES
from tasks.matchmaking.explain.what_if import Changes, what_if
from tasks.matchmaking.problem import Capacity, Constraints, MatchingProblem, Pin, Waiver
from tasks.matchmaking.problem_json import problem_from_json, problem_to_json
from tasks.matchmaking.step import match
from tests.tasks.matchmaking.making import invented


@pytest.fixture
def problem() -> MatchingProblem:
    """Four cities of one country on one topic."""
    bare = invented(4, 1, capacity=Capacity(2, 4))
    nobody = pl.lit(None, pl.String)
    candidates = bare.candidates.with_columns(
        timezone=pl.lit("Africa/Nairobi"),
        country_iso3=pl.lit("KEN"),
        jurisdiction=pl.lit("full"),
        topic_1=pl.lit("cooling"),
        topic_1_need=pl.lit(3),
        topic_1_experience=pl.lit(3),
        topic_2=nobody,
        topic_3=nobody,
    )
    return replace(bare, candidates=candidates, cooperations=bare.cooperations.clear())


def decided(problem: MatchingProblem, **constraints) -> MatchingProblem:
    return replace(problem, constraints=Constraints(**constraints))


def test_nothing_is_proposed_and_each_city_is_told(problem: MatchingProblem) -> None:
    answer = match(problem)
    assert answer.twinnings.is_empty()
    assert answer.findings.is_empty()
    assert set(answer.unplaced["kind"]) == {"below_minimum_worth"}
    assert set(answer.unplaced["removed_by"]) == {"most_of_one_country 3"}
    (message,) = set(answer.unplaced["message"])
    assert "3 are of your own country" in message


def test_a_pin_holds_and_says_what_it_breaks(problem: MatchingProblem) -> None:
    pinned = decided(problem, pins=(Pin("C0001", "C0002", None, "decision d1"),))
    answer = match(pinned)
    assert answer.twinning_members["city_id"].sort().to_list() == ["C0001", "C0002"]
    (finding,) = answer.findings.iter_rows(named=True)
    assert (finding["expectation"], finding["severity"]) == ("pins_keep_the_minimum_worth", "warn")
    assert finding["message"] == (
        "The pin of decision d1 stands, although the twinning on cooling breaks the rule "
        "most_of_one_country: City 1 and City 2 are of one country (KEN)."
    )
    asked = what_if(problem, Changes(pins=[("C0001", "C0002")]))
    assert asked.clashes == ()
    assert asked.insisted == (finding["message"].replace("decision d1", "--pin"),)


def test_a_pin_that_can_keep_the_minimum_worth_does(problem: MatchingProblem) -> None:
    """On another topic, where both gain, although the first would be worth more points."""
    few = problem.candidates.with_columns(
        country_iso3=pl.col("city_id"),
        topic_1_experience=pl.when(pl.col("city_id") == "C0001").then(0).otherwise(5),
        topic_1_need=pl.lit(5),
        topic_2=pl.lit("ports"),
        topic_2_need=pl.lit(1),
        topic_2_experience=pl.lit(1),
    )
    pins = (Pin("C0001", "C0002", None, "decision d1"),)
    answer = match(replace(decided(problem, pins=pins), candidates=few))
    both = answer.twinning_members.filter(pl.col("city_id").is_in(["C0001", "C0002"]))
    topics = answer.twinnings.join(both, on="twinning_id")
    assert set(topics["topic"]) == {"ports"} or set(topics["n_cities"]) == {3}
    assert answer.findings.is_empty()


@pytest.mark.parametrize("cities", [("C0001",), ("C0001", "C0002"), ("C0000", "C0001", "C0002")], ids=len)
def test_a_rule_that_was_waived_lets_a_twinning_pass(
    problem: MatchingProblem, cities: tuple[str, ...]
) -> None:
    """Without a finding, and in a problem that was kept as text."""
    waivers = tuple(Waiver(rule, cities, None, "decision d1") for rule in MINIMUM_WORTH_RULES)
    waived = decided(problem, waivers=waivers)
    back = problem_from_json(problem_to_json(waived), waived.rules)
    assert back.constraints == waived.constraints
    answer = match(back)
    assert answer.findings.is_empty()
    placed = set(answer.twinning_members["city_id"])
    assert placed == set(cities) if len(cities) > 1 else placed >= set(cities)
