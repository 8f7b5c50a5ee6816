"""Margins, robustness and regrets say what they promise."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from tasks.matchmaking.choice import Choice, choose
from tasks.matchmaking.explain.robustness import robustness
from tasks.matchmaking.explain.sensitivity import sensitivity_table
from tasks.matchmaking.explain.unplaced import unplaced_table
from tasks.matchmaking.problem import Capacity, MatchingProblem, MatchingResult
from tasks.matchmaking.solver.column_generation import ColumnGeneration
from tests.tasks.matchmaking.making import invented, rules


def with_robustness(problem: MatchingProblem, **changes: float) -> MatchingProblem:
    uncertain = problem.rules.robustness.model_copy(update=changes)
    return replace(problem, rules=problem.rules.model_copy(update={"robustness": uncertain}))


@pytest.fixture(scope="module")
def choice(problem: MatchingProblem) -> Choice:
    return choose(with_robustness(problem, scenarios=20))


def test_a_margin_is_what_the_selection_without_that_group_is_worth_less(choice: Choice) -> None:
    margins = dict(sensitivity_table(choice).select("twinning_id", "margin").iter_rows())
    every = np.arange(len(choice.instance.groups))
    for row, twinning in zip(choice.solution.chosen or (), choice.chosen, strict=True):
        others = replace(choice.instance, groups=choice.instance.groups.take(every != row))
        without = ColumnGeneration(others).best()
        lost = math.floor(choice.solution.objective) - math.floor(without.objective)
        assert margins[twinning.twinning_id] * 64 == lost


def test_a_runner_up_names_every_city_of_the_twinning(choice: Choice) -> None:
    words = dict(sensitivity_table(choice).select("twinning_id", "runner_up").iter_rows())
    for twinning in choice.chosen:
        names = [choice.facts.applicants[i].city_name for i in twinning.group]
        assert all(name in words[twinning.twinning_id] for name in names)


def test_without_uncertainty_every_twinning_is_chosen_in_every_scenario(problem: MatchingProblem) -> None:
    certain = with_robustness(problem, scenarios=3, weight_spread=0.0, score_spread=0.0)
    assert set(robustness(choose(certain))[0].values()) == {1.0}


def test_scenarios_depend_on_the_seed_and_the_selection_does_not(problem: MatchingProblem) -> None:
    shares, chosen = [], []
    for seed in (1, 1, 2):
        seeded = choose(replace(with_robustness(problem, scenarios=20), seed=seed))
        shares.append(robustness(seeded))
        chosen.append(seeded.solution.chosen)
    assert shares[0] == shares[1] != shares[2]
    assert chosen[0] == chosen[2]


def test_where_the_limit_of_work_is_reached_fewer_scenarios_are_counted(problem: MatchingProblem) -> None:
    limits = problem.rules.limits.model_copy(update={"explanation_work": 0})
    limited = choose(replace(problem, rules=problem.rules.model_copy(update={"limits": limits})))
    shares, scenarios = robustness(limited)
    assert scenarios == 1
    assert set(shares.values()) <= {0.0, 1.0}


def test_a_regret_is_told_in_the_reason(answer: MatchingResult) -> None:
    told = [row for row in answer.unplaced.to_dicts() if row["regret"] is not None]
    assert told
    for row in told:
        assert f"would cost the whole selection {row['regret']:.2f} points." in row["reason"]
        assert "Its best twinning, with " in row["reason"]
        assert "point" not in row["message"]


def test_without_room_no_regret_can_be_told() -> None:
    full = choose(invented(6, 2, capacity=Capacity(0, 0), matching=rules()))
    table = unplaced_table(full)
    assert table.height == 6
    assert table["regret"].null_count() == 6
