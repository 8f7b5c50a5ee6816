"""What else could be selected: near-equal plans, what would have been enough, and repairs."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import polars as pl
import pytest

from programme.matchmaking import steps
from tasks.matchmaking.certificate.certify import objective_of
from tasks.matchmaking.choice import Choice, choose, worth_without_bonus
from tasks.matchmaking.explain import near_equal as near_equal_module
from tasks.matchmaking.explain.alternatives import alternatives_table
from tasks.matchmaking.explain.losses import Losses
from tasks.matchmaking.explain.near_equal import Plan, near_equal
from tasks.matchmaking.explain.repairs import repair, repairs_table
from tasks.matchmaking.explain.sufficient import is_placed, sufficient_table, with_points
from tasks.matchmaking.explain.sufficient_change import score_in_words
from tasks.matchmaking.problem import Capacity, MatchingProblem
from tests.tasks.matchmaking.making import invented
from tests.tasks.matchmaking.test_against_brute_force import small


def every_plan(choice: Choice, share: float) -> set[Plan]:
    """All plans within a share of the optimum, by trying every set of groups."""
    instance, chosen = choice.instance, choice.solution.chosen or ()
    best = objective_of(instance, chosen)
    least = best - int(abs(best) * share)
    cities = [
        {int(instance.city_of[i]) for i in instance.groups.members(k)} for k in range(len(instance.groups))
    ]
    found: set[Plan] = set()

    def extend(start: int, plan: tuple[int, ...], used: set[int]) -> None:
        if set(instance.required) <= used and objective_of(instance, plan) >= least:
            found.add(Plan(plan))
        if len(plan) == instance.capacity.max_twinnings:
            return
        for k in range(start, len(instance.groups)):
            if not cities[k] & used and len(used | cities[k]) <= instance.capacity.max_cities:
                extend(k + 1, (*plan, k), used | cities[k])

    extend(0, (), set())
    return found


def drawn(seed: int) -> Choice | None:
    """The choice of a small problem with few groups; None where decisions clash or there are many."""
    choice = choose(small(3 + seed % 6, seed))
    few = choice.solution.chosen is not None and 0 < len(choice.instance.groups) <= 40
    return choice if few else None


@pytest.mark.parametrize("share", [0.01, 0.2])
@pytest.mark.parametrize("seed", range(8))
def test_all_near_equal_plans_are_found(seed: int, share: float) -> None:
    drawings = (drawn(seed + 100 * again) for again in range(50))
    choice = next(one for one in drawings if one is not None)
    found = near_equal(choice, share)
    assert found.complete
    assert len(found.plans) == len(set(found.plans))
    assert set(found.plans) == every_plan(choice, share)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_all_near_equal_plans_of_twelve_applicants_are_found(seed: int) -> None:
    choice = choose(invented(12, seed, capacity=Capacity(4, 9)))
    found = near_equal(choice, 0.05)
    assert found.complete
    assert set(found.plans) == every_plan(choice, 0.05)


def test_statuses_and_shares_are_those_of_the_plans() -> None:
    choice = choose(invented(12, 5, capacity=Capacity(4, 9)))
    rules = choice.problem.rules.model_copy(
        update={"near_equal": choice.problem.rules.near_equal.model_copy(update={"share": 0.1})}
    )
    choice = replace(choice, problem=replace(choice.problem, rules=rules))
    plans = every_plan(choice, 0.1)
    table = alternatives_table(choice, Losses(choice)).filter(plan=0)
    assert set(table["every_plan"]) == {True}
    for row in table.iter_rows(named=True):
        if row["kind"] == "application":
            having = [plan for plan in plans if row["subject"] in _placed(choice, plan)]
            status = "never" if not having else "always" if len(having) == len(plans) else "sometimes"
            assert (row["share"], row["status"], row["proven"]) == (len(having) / len(plans), status, True)
        elif row["there"]:
            assert row["status"] == ("fixed" if row["share"] == 1 else "replaceable")


def _placed(choice: Choice, plan: Plan) -> set[str]:
    people = choice.facts.applicants
    return {people[i].application_id for k in plan for i in choice.instance.groups.members(k)}


def test_a_sample_is_stated_repeats_itself_and_holds_only_near_equal_plans(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(near_equal_module, "MOST_PLANS", 1)
    monkeypatch.setattr(near_equal_module, "DRAWN", 60)
    choice = choose(invented(14, 2, capacity=Capacity(4, 9)))
    found, again = near_equal(choice, 0.1), near_equal(choice, 0.1)
    assert not found.complete
    assert found == again
    assert set(found.plans) <= every_plan(choice, 0.1)
    assert len(set(found.plans)) > 1
    shown = alternatives_table(choice, Losses(choice), found)
    assert set(shown["every_plan"]) == {False}
    assert shown["loss"].max() <= 0.1 * objective_of(choice.instance, choice.solution.chosen or ()) / 64


def round_of(seed: int) -> MatchingProblem:
    return invented(24, seed, capacity=Capacity(4, 9))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2))])
def test_the_fewest_points_place_an_application_and_one_unit_less_does_not(seed: int) -> None:
    problem = round_of(seed)
    choice = choose(problem)
    table = sufficient_table(choice, Losses(choice)).filter(kind="points")
    assert table.height
    for name, value in table.select("application_id", "value").head(4).iter_rows():
        more = float(value)
        assert is_placed(with_points(problem, name, more), name)
        total = float(problem.candidates.filter(application_id=name)["total"].item())
        worth = steps((total + more) * 0.4)
        less = more
        while steps((total + less) * 0.4) == worth:  # a unit of worth is 1/64 point
            less = round(less - 0.01, 2)
        assert not is_placed(with_points(problem, name, less), name)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_a_change_of_the_form_that_is_told_is_enough(seed: int) -> None:
    problem = round_of(seed)
    choice = choose(problem)
    placed = set(choice.members["application_id"])
    for row in sufficient_table(choice, Losses(choice)).iter_rows(named=True):
        name = row["application_id"]
        assert name not in placed
        here = pl.col("application_id") == name
        if row["kind"] == "topic":
            one = problem.candidates.filter(here).row(0, named=True)
            new = {f"topic_3{what}": one[f"topic_3{what}"] for what in ("_need", "_experience")}
            new["topic_3"] = row["value"]
        elif row["kind"] == "jurisdiction":
            new = {"jurisdiction": "full"}
        else:
            continue
        columns = {key: pl.when(here).then(pl.lit(value)).otherwise(key) for key, value in new.items()}
        assert is_placed(replace(problem, candidates=problem.candidates.with_columns(**columns)), name)
        assert not any(other in row["message"] for other in problem.candidates["city_name"])
        assert "point" not in row["message"]


@pytest.mark.long
@pytest.mark.parametrize("looks", [0, 1], ids=["for nobody", "for the nearest alone"])
def test_beyond_its_limit_what_would_be_enough_says_which_limit_that_was(looks: int) -> None:
    problem = round_of(1)
    limits = problem.rules.limits.model_copy(update={"sufficient_work": looks})
    limited = replace(problem, rules=problem.rules.model_copy(update={"limits": limits}))
    whole, table = (sufficient_table(choice, Losses(choice)) for choice in (choose(problem), choose(limited)))
    left_out = table.filter(kind="not_looked_at")
    n_left = problem.candidates.height - choose(problem).members.height
    assert n_left - looks <= left_out.height <= n_left
    assert all(
        "`sufficient_work` under [limits] in programme/matchmaking.toml" in one for one in left_out["reason"]
    )
    looked_at = table.filter(pl.col("kind") != "not_looked_at")
    names = looked_at["application_id"].unique().to_list()
    assert looked_at.equals(whole.filter(pl.col("application_id").is_in(names)))
    assert len(names) <= looks


@pytest.mark.parametrize(
    ("more", "words"), [(0.5, "A slightly better"), (5, "A better"), (20, "A much better")]
)
def test_a_city_is_told_in_words_how_much_better(more: float, words: str) -> None:
    assert score_in_words(more).startswith(words)
    assert not any(letter.isdigit() for letter in score_in_words(more))


@pytest.mark.parametrize("seed", range(4))
def test_after_a_repair_all_others_stand_and_it_is_worth_what_it_says(seed: int) -> None:
    choice = choose(round_of(seed))
    table = repairs_table(choice)
    assert table.height == choice.members.height
    for twinning in choice.all_twinnings:
        for leaver in twinning.group:
            one = repair(choice, twinning, leaver)
            assert one.proven
            assert leaver not in one.joins
            rest = set(twinning.group) - {leaver}
            assert set(one.loses) <= rest
            if one.kind in {"shrinks", "joined"}:
                assert one.remaining is not None
                assert rest <= set(one.remaining.group)
                assert one.remaining.topic == twinning.topic
                assert bool(one.joins) >= (one.kind == "joined")


@pytest.mark.parametrize("seed", range(3))
def test_no_better_repair_exists(seed: int) -> None:
    """By trying all sets of at most two groups in the room that is left; a class may want one city less."""
    choice = choose(round_of(seed))
    instance, rows = choice.instance, choice.solution.chosen or ()
    for at, twinning in zip(rows, choice.chosen, strict=True):
        leaver = twinning.group[0]
        kept = tuple(row for row in rows if row != at)
        used = {i for row in kept for i in instance.groups.members(row)} | {leaver}
        free = [k for k in range(len(instance.groups)) if not used & set(instance.groups.members(k))]
        room = instance.capacity.max_twinnings - len(kept)
        best = None
        for n in range(min(room, 2) + 1):
            for some in combinations(free, n):
                members = [i for k in some for i in instance.groups.members(k)]
                cities = len(used) - 1 + len(members)
                if len(set(members)) < len(members) or cities > instance.capacity.max_cities:
                    continue
                if set(twinning.group) - {leaver} <= set(members):
                    worth = objective_of(instance, (*kept, *some)) / 64
                    best = worth if best is None else max(best, worth)
        one = repair(choice, twinning, leaver)
        if best is None:
            assert one.kind == "dissolves"
        else:
            assert worth_without_bonus(choice) - one.loss == pytest.approx(best, abs=12.5)
            assert not one.loses
