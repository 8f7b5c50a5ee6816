"""Losses where the search for another selection gave up: what is told is proven."""

from __future__ import annotations

import math

import pytest

from tasks.matchmaking.choice import Choice, choose
from tasks.matchmaking.explain.losses import Loss, Losses
from tasks.matchmaking.problem import Capacity
from tasks.matchmaking.solver.column_generation import ColumnGeneration, ProvenSolution
from tests.tasks.matchmaking.making import invented


@pytest.fixture(scope="module")
def chosen() -> Choice:
    return choose(invented(20, 1, capacity=Capacity(4, 9)))


def _asked(chosen: Choice, answer: ProvenSolution) -> Loss:
    losses = Losses(chosen)
    nearest = losses.nearest()
    waiting = next(i for i in nearest if not any(i in one.group for one in chosen.chosen))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ColumnGeneration, "best", lambda _self, _restriction: answer)
        return losses.with_city(waiting, nearest[waiting])


@pytest.mark.parametrize("below", [100, 640])
def test_a_search_that_gave_up_without_a_selection_tells_the_bound(chosen: Choice, below: int) -> None:
    bound = math.floor(chosen.solution.objective) - below
    loss = _asked(chosen, ProvenSolution(None, -math.inf, float(bound)))
    assert not loss.impossible
    assert not loss.exact
    assert loss.steps >= below


def test_a_selection_short_of_its_bound_tells_the_bound(chosen: Choice) -> None:
    objective = math.floor(chosen.solution.objective)
    loss = _asked(chosen, ProvenSolution((0,), objective - 900.0, objective - 200.0))
    assert (loss.exact, loss.impossible) == (False, False)
    assert 200 <= loss.steps <= 900


@pytest.mark.parametrize("bound", [-math.inf, -float(2**21)])
def test_nothing_fits_where_the_bound_says_so(chosen: Choice, bound: float) -> None:
    assert _asked(chosen, ProvenSolution(None, -math.inf, bound)).impossible
