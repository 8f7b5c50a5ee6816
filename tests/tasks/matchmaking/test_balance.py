"""The balance over both rounds together: what other rounds confirmed counts, and what it leaves is wanted."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from programme.matchmaking import UrbanisationRules
from programme.programme import read_programme
from tasks.matchmaking.choice import choose
from tasks.matchmaking.feasibility.reduced_problem import reduce_problem
from tasks.matchmaking.problem import Capacity, MatchingProblem
from tasks.matchmaking.solver.balance import BalanceClass, balance_classes
from tasks.matchmaking.value.facts import facts_of
from tests.tasks.matchmaking.making import invented
from warehouse.dictionary.other_rounds import EARLIER

RULES = read_programme().matchmaking


def held(*cities: tuple[str, str, str, int]) -> pl.DataFrame:
    """Cities of confirmed twinnings of another round, as (twinning, topic, region, population)."""
    return EARLIER.frame(
        [
            {
                "round": "2025-07",
                "twinning_id": twinning,
                "city_id": f"E{k}",
                "region": region,
                "latitude": 50.8,
                "longitude": 4.4,
                "population": population,
                "topic": topic,
            }
            for k, (twinning, topic, region, population) in enumerate(cities)
        ]
    )


def classes(problem: MatchingProblem) -> dict[tuple[str, str], BalanceClass]:
    facts = facts_of(problem)
    numbers = {city: number for number, city in enumerate(sorted(facts.by_city))}
    found = balance_classes(reduce_problem(problem, facts), numbers)
    return {(one.subject, one.name): one for one in found}


def bounds(one: BalanceClass) -> tuple[int, int, int]:
    """What is held, and the bounds over all rounds."""
    return one.have, one.least + one.have, one.most + one.have


def test_what_other_rounds_confirmed_counts() -> None:
    elsewhere = held(
        ("T1", "cooling", "Europe", 90_000),
        ("T1", "cooling", "Europe", 900_000),
        ("T2", "cooling", "Antarctica", 90_000),
        ("T2", "cooling", "Europe", 90_000),
    )
    found = classes(replace(invented(40, 5, capacity=Capacity(18, 46)), elsewhere=elsewhere))
    assert bounds(found["region", "Europe"]) == (3, 2, 18)
    assert bounds(found["region", "Antarctica"]) == (1, 1, 18)
    assert found["region", "Antarctica"].members.size == 0
    assert bounds(found["topic", "cooling"]) == (2, 1, 5)
    assert found["urbanisation", "small"].have == 3
    assert found["urbanisation", "metropolitan"].have == 1
    assert found["climate", "temperate"].have == 4


def test_a_round_makes_up_for_the_one_before() -> None:
    """Of two selections that are worth the same but for the region, the one that was short is taken."""
    problem = invented(40, 5, capacity=Capacity(6, 15))
    alone = choose(problem).balance.filter(subject="region", **{"class": "Europe"})["selected"].item()
    many = held(*(("T1", "cooling", "Europe", 90_000) for _ in range(9)))
    after = choose(replace(problem, elsewhere=many)).balance.filter(subject="region", **{"class": "Europe"})
    assert after["most"].item() == 9
    assert after["selected"].item() - 9 < alone


@pytest.mark.parametrize(
    ("topics", "least"),
    [
        pytest.param(["ports", "ports", "cooling", "cooling"], {"ports": 1, "cooling": 1}, id="two each"),
        pytest.param(["ports", "cooling", "cooling", "cooling"], {"ports": 0, "cooling": 1}, id="one alone"),
    ],
)
def test_a_topic_that_cities_asked_for_is_wanted(topics: list[str], least: dict[str, int]) -> None:
    """Two cities make a twinning; nobody can give one to a city alone."""
    problem = invented(4, 1, capacity=Capacity(2, 4))
    nobody = pl.lit(None, pl.String)
    asked = problem.candidates.with_columns(topic_1=pl.Series(topics), topic_2=nobody, topic_3=nobody)
    found = classes(replace(problem, candidates=asked))
    assert {name: one.least for (subject, name), one in found.items() if subject == "topic"} == least


@pytest.mark.parametrize(
    ("population", "name"),
    [
        pytest.param(None, None, id="unknown"),
        pytest.param(199_999, "small", id="just below"),
        pytest.param(200_000, "medium", id="the bound itself"),
        pytest.param(1_499_999, "metropolitan", id="below the largest"),
        pytest.param(20_000_000, "large metropolitan", id="the largest"),
    ],
)
def test_the_size_class_of_a_city(population: int | None, name: str | None) -> None:
    assert RULES.urbanisation.size_class(population) == name


def test_size_classes_rise() -> None:
    with pytest.raises(ValueError, match="classes of rising size"):
        UrbanisationRules(size_classes=(("large", 500), ("small", 100)))
    assert UrbanisationRules(size_classes=(("some", 100),)).size_class(99) is None
