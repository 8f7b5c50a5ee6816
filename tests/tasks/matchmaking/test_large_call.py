"""Calls with too many groups to hold: the same optimum and bound as if all were held, also restricted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.matchmaking.choice import Choice, choose
from tasks.matchmaking.feasibility.reduced_problem import reduce_problem
from tasks.matchmaking.problem import Capacity, Constraints, MatchingProblem, Pin
from tasks.matchmaking.solver import solve
from tasks.matchmaking.solver.decided_tables import decided_tables
from tasks.matchmaking.solver.groups import Groups, join
from tasks.matchmaking.solver.incumbent import NO_INCUMBENT
from tasks.matchmaking.solver.instance import full_instance
from tasks.matchmaking.solver.large import large_call
from tasks.matchmaking.solver.large.priced_enumeration import PriceFilter, groups_worth_more
from tasks.matchmaking.solver.master_problem import MasterProblem
from tasks.matchmaking.solver.restriction import Restriction
from tasks.matchmaking.value.facts import facts_of
from tests.examples import examples
from tests.tasks.matchmaking.making import invented
from tests.tasks.matchmaking.test_against_brute_force import RULES, agrees, insisted, small


@pytest.fixture(scope="module")
def too_many_to_hold() -> Iterator[None]:
    """Every call counts as too large.

    Groups are enumerated under prices, few at a time, and only the very best is good enough.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solve, "too_many_groups", lambda _tables: True)
        patch.setattr(large_call, "GOOD_ENOUGH", 0.0)
        patch.setattr(large_call, "PER_FIRST", 1)
        patch.setattr(large_call, "PARTNERS", 2)
        yield


@pytest.mark.long
@settings(max_examples=examples(20), derandomize=True)
@given(n=st.integers(2, 9), seed=st.integers(0, 2**31))
def test_agrees_with_brute_force_where_groups_are_too_many_to_hold(
    n: int, seed: int, too_many_to_hold: None
) -> None:
    agrees(small(n, seed), exact=False)


@settings(max_examples=examples(8), derandomize=True)
@given(n=st.integers(2, 8), seed=st.integers(0, 2**31))
def test_a_pin_that_is_insisted_on_holds_where_groups_are_too_many_to_hold(
    n: int, seed: int, too_many_to_hold: None
) -> None:
    agrees(insisted(n, seed), exact=False)


@pytest.mark.long
@settings(max_examples=examples(10), derandomize=True)
@given(seed=st.integers(0, 2**31))
def test_enumerating_under_prices_ends_at_the_bound_of_all_groups(seed: int, too_many_to_hold: None) -> None:
    """Also with pins: groups that break one look best, since its cities cost little."""
    free = invented(60, seed, capacity=Capacity(15, 35), matching=RULES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large_call, "GOOD_ENOUGH", 1.0)
        cities = [
            [free.candidates["city_id"][i] for i in one.group[:2]] for one in choose(free).chosen[: seed % 4]
        ]
        problem = replace(free, constraints=Constraints(pins=tuple(Pin(a, b, None, "p") for a, b in cities)))
        enumerated = choose(problem)
        patch.setattr(solve, "too_many_groups", lambda _tables: False)
        held = choose(problem)
    master = MasterProblem(held.instance)
    master.add_groups(np.arange(len(held.instance.groups)))
    of_all = master.solve()
    assert of_all is not None
    assert enumerated.solution.bound == pytest.approx(of_all.value, abs=1.0)
    assert enumerated.solution.objective <= held.solution.objective + 1e-6


def _chosen(choice: Choice) -> dict[str, int]:
    """Twinning ids of a choice to the positions of their groups."""
    names = (one.twinning_id for one in choice.chosen)
    return dict(zip(names, choice.solution.chosen or (), strict=True))


@pytest.mark.long
@settings(max_examples=examples(4), derandomize=True)
@given(seed=st.integers(0, 2**31))
def test_what_is_ruled_out_is_not_enumerated_again(seed: int, too_many_to_hold: None) -> None:
    """Without a group, or with a city, the best is the same whether all groups are held or not."""
    problem = invented(30, seed, capacity=Capacity(6, 14), matching=RULES)
    enumerated = choose(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solve, "too_many_groups", lambda _tables: False)
        held = choose(problem)
    assert _chosen(enumerated).keys() == _chosen(held).keys()
    questions = [
        (Restriction(excluded=[_chosen(enumerated)[name]]), Restriction(excluded=[row]))
        for name, row in _chosen(held).items()
    ]
    placed = {k for one in held.chosen for k in one.group}
    questions += [
        (Restriction(required=[int(held.instance.city_of[i])]),) * 2
        for i in range(len(held.facts.applicants))
        if i not in placed
    ]
    for ours, theirs in questions:
        found, expected = enumerated.solver.best(ours), held.solver.best(theirs)
        assert (found.chosen is None) == (expected.chosen is None)
        if expected.chosen is not None:  # a city without any group has no selection to compare
            assert found.objective == pytest.approx(expected.objective, abs=1e-6)


@pytest.mark.parametrize("good_enough", [0.0, 1.0])
def test_a_dive_that_gives_up_leaves_no_call_without_a_selection(
    good_enough: float, too_many_to_hold: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = invented(40, 5, capacity=Capacity(6, 15), matching=RULES)
    best = choose(problem).solution
    monkeypatch.setattr("tasks.matchmaking.solver.column_generation.dive", lambda *_: NO_INCUMBENT)
    monkeypatch.setattr(large_call, "GOOD_ENOUGH", good_enough)
    monkeypatch.setattr(large_call, "MOST_IMPROVING", 0)
    found = choose(problem).solution
    assert found.chosen
    assert found.objective <= best.objective + 1e-6 <= found.bound + 1


def _rows(groups: Groups) -> list[tuple[int, ...]]:
    names = ("topic", "first", "second", "third", "worth")
    return sorted(zip(*(getattr(groups, name).tolist() for name in names), strict=True))


def _priced(problem: MatchingProblem, **limits) -> tuple[Groups, Groups]:
    """The groups enumerated under random prices, and all groups that are worth more than these."""
    reduced = reduce_problem(problem, facts_of(problem))
    tables = decided_tables(reduced, problem.baseline)
    draw = np.random.default_rng(7)
    people, topics = len(reduced.facts.applicants), len(reduced.facts.topics)
    prices = PriceFilter(draw.uniform(2000, 4500, people), draw.uniform(0, 500, topics), 10.0, **limits)
    every = full_instance(reduced, problem.baseline).groups
    paid = np.append(prices.applicant, 0.0)[every.members_array()].sum(axis=1) + prices.topic[every.topic]
    return join(list(groups_worth_more(tables, 3, prices))), every.take(every.worth - paid > prices.least)


def test_enumeration_under_prices_is_the_whole_enumeration_filtered(problem: MatchingProblem) -> None:
    found, expected = _priced(problem)
    assert len(expected) > 20
    assert _rows(found) == _rows(expected)


@pytest.mark.parametrize(
    "limits", [{"partners": 2}, {"per_first": 1}, {"partners": 2, "per_first": 1}], ids=str
)
def test_an_enumeration_that_stops_short_gives_some_of_the_same_groups(
    problem: MatchingProblem, limits: dict[str, int]
) -> None:
    found, expected = _priced(problem, **limits)
    assert 0 < len(found) < len(expected)
    assert set(_rows(found)) < set(_rows(expected))
    if "per_first" in limits:
        threes = [row[:2] for row in _rows(found) if row[3] >= 0]
        assert len(threes) == len(set(threes))
