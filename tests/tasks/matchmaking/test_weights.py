"""How much each weight matters: the nearest change is that of trying every percent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from programme.vocabulary import ASPECTS, BALANCE_SUBJECTS, CRITERIA
from tasks.matchmaking.certificate.certify import objective_of
from tasks.matchmaking.choice import Choice, choose
from tasks.matchmaking.explain.weights import WHOLE, Moved, weight_pairs_table, weights_table
from tasks.matchmaking.problem import Capacity, MatchingProblem
from tests.tasks.matchmaking.making import invented


def chosen(seed: int, n: int = 20) -> tuple[Choice, pl.DataFrame]:
    """A choice, and points of its applicants for each criterion that sum to their totals."""
    choice = choose(invented(n, seed, capacity=Capacity(3, 8)))
    return choice, points_of(choice.problem, seed)


def points_of(problem: MatchingProblem, seed: int) -> pl.DataFrame:
    draw = np.random.default_rng(seed)
    rows = []
    for name, total in problem.candidates.select("application_id", "total").iter_rows():
        shares = draw.dirichlet(np.ones(len(CRITERIA)))
        rows += [
            {"application_id": name, "criterion": criterion, "points": float(share) * total}
            for criterion, share in zip(CRITERIA, shares, strict=True)
        ]
    return pl.DataFrame(rows)


def test_no_two_weights_have_one_name() -> None:
    names = [*ASPECTS, *CRITERIA, *BALANCE_SUBJECTS]
    assert len(names) == len(set(names))
    moved = Moved(*chosen(0))
    assert [one.name for one in moved.weights] == names


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2))
def test_the_nearest_change_is_that_of_trying_every_percent(seed: int) -> None:
    moved = Moved(*chosen(seed, 12))
    for weight in (one for one in moved.weights if one.name in ("geography", "impact", "region")):
        for way in (-1, 1):
            every = (way * at for at in range(1, WHOLE + 1))
            first = next((at for at in every if moved.best({weight.name: at}) != moved.chosen), None)
            assert moved.nearest_change(weight, way) == first


@pytest.mark.parametrize("seed", range(3))
def test_at_the_change_another_selection_is_better_and_one_percent_before_none_is(seed: int) -> None:
    moved = Moved(*chosen(seed))
    table = weights_table(moved._choice, moved._points)
    changes = table.filter("is_nearest_change")
    assert changes.height
    for name, percent in changes.select("weight", "percent").iter_rows():
        at = moved.instance({name: percent})
        plan = moved.best({name: percent})
        assert objective_of(at, plan) >= objective_of(at, moved.chosen)
        before = percent - (1 if percent > 0 else -1)
        assert moved.best({name: before} if before else {}) == moved.chosen


def test_who_comes_and_goes_is_told_and_the_rest_keeps_its_place() -> None:
    choice, points = chosen(1)
    placed = set(choice.members["application_id"])
    for row in weights_table(choice, points).iter_rows(named=True):
        joins, leaves = ({one for one in row[side].split(", ") if one} for side in ("joins", "leaves"))
        assert not joins & placed
        assert leaves <= placed
        assert row["kept"] == pytest.approx(1 - len(leaves) / len(placed))
        assert (row["other_twinnings"] == 0) <= (not joins and not leaves)


def test_an_aspect_that_counts_twice_is_an_aspect_with_twice_the_points() -> None:
    problem = invented(20, 3, capacity=Capacity(3, 8))
    rules = problem.rules.model_copy(
        update={"topical": problem.rules.topical.model_copy(update={"points_by_priority": (24, 16, 8)})}
    )
    choice = choose(problem)
    moved = Moved(choice, points_of(problem, 3))
    doubled = choose(replace(problem, rules=rules))
    assert {choice.instance.groups.members(k) for k in moved.best({"topical": 100})} == {
        doubled.instance.groups.members(k) for k in doubled.solution.chosen or ()
    }


def test_all_criteria_twice_are_the_selection_score_twice() -> None:
    moved = Moved(*chosen(2))
    by_aspect = moved.instance({"selection": 100}).groups.worth
    by_criteria = moved.instance(dict.fromkeys(CRITERIA, 100)).groups.worth
    assert np.abs(by_aspect - by_criteria).max() <= 3 * len(CRITERIA)  # each rounded to whole steps


def test_pairs_are_of_one_kind_and_hardly_matter_as_the_rules_say() -> None:
    choice, points = chosen(1)
    pairs = weight_pairs_table(choice, points)
    assert pairs.filter(kind="aspect").height == len(ASPECTS) * (len(ASPECTS) - 1) // 2
    assert pairs.filter(kind="criterion").height == len(CRITERIA) * (len(CRITERIA) - 1) // 2
    limit = 1 - choice.problem.rules.weights.hardly
    assert pairs["hardly_matters"].to_list() == [kept >= limit for kept in pairs["kept"]]


def test_without_a_selection_there_is_nothing_to_move() -> None:
    choice = choose(invented(6, 2, capacity=Capacity(0, 0)))
    points = points_of(choice.problem, 2)
    assert weights_table(choice, points).is_empty()
    assert weight_pairs_table(choice, points).is_empty()
