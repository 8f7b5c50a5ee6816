"""What would have been enough at the size of a real round: with it a place, with a unit less none."""

from __future__ import annotations

import pytest

from programme.matchmaking import steps
from tasks.matchmaking.choice import choose
from tasks.matchmaking.explain.losses import Losses
from tasks.matchmaking.explain.sufficient import is_placed, sufficient_table, with_points
from tasks.matchmaking.problem import Capacity
from tests.tasks.matchmaking.making import invented

N, CAPACITY = 106, Capacity(20, 50)
TRIED = 12
"""Applications that are tried: each takes two more selections."""


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2))
def test_the_fewest_points_of_106_applicants_are_enough_and_one_unit_less_is_not(seed: int) -> None:
    problem = invented(N, seed, capacity=CAPACITY)
    choice = choose(problem)
    assert choice.solution.proven
    table = sufficient_table(choice, Losses(choice)).filter(kind="points").sort("application_id")
    assert table.height >= TRIED
    per_point = problem.rules.selection.points_per_point
    for name, value in (
        table.gather_every(table.height // TRIED).select("application_id", "value").iter_rows()
    ):
        more = float(value)
        total = float(problem.candidates.filter(application_id=name)["total"].item())
        assert is_placed(with_points(problem, name, more), name), name
        worth, less = steps((total + more) * per_point), more
        while steps((total + less) * per_point) == worth:  # a unit of worth is 1/64 point
            less = round(less - 0.01, 2)
        assert not is_placed(with_points(problem, name, less), name), name
