"""Blocking groups and the price of a selection without any, against trying everything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tasks.matchmaking.certificate.certify import objective_of
from tasks.matchmaking.choice import Choice, choose
from tasks.matchmaking.explain import stable_selection
from tasks.matchmaking.explain.blocking import HALF_STEPS, blocking_table, twinning_at, wishes_of
from tasks.matchmaking.explain.stable_selection import best_stable, stable_table
from tasks.matchmaking.problem import Capacity
from tasks.matchmaking.value.aspects.registry import own_points, value_in_steps
from tasks.matchmaking.value.aspects.selection import SELECTION
from tests.tasks.matchmaking.making import invented
from tests.tasks.matchmaking.stable_by_hand import best_stable_worth, blocks, own, preferred
from tests.tasks.matchmaking.test_against_brute_force import small
from warehouse.dictionary.working import CANDIDATES

MANY_GROUPS = 60


def drawn(seed: int) -> Choice | None:
    """The choice of a small problem with every kind of decision; None where nothing is to choose, or much."""
    choice = choose(small(3 + seed % 8, seed))
    few = bool(choice.solution.chosen) and len(choice.instance.groups) <= MANY_GROUPS
    return choice if few else None


def drawings(first: int, many: int) -> list[Choice]:
    found = [choice for seed in range(first, first + many) if (choice := drawn(seed)) is not None]
    assert found
    return found


def as_by_hand(choice: Choice) -> str:
    """Compare with trying everything; answers what the search came to."""
    chosen = choice.solution.chosen or ()
    wishes = wishes_of(choice.instance, choice.facts)
    would = preferred(chosen, choice)
    table = blocking_table(choice)
    assert set(table["twinning_id"]) == {twinning_at(choice, k).twinning_id for k in would}
    blocking = {k for k in would if blocks(k, chosen, choice)}
    assert set(wishes.blocking(chosen)) == blocking
    assert table["fits"].sum() == len(blocking)
    (row,) = stable_table(choice).to_dicts()
    worth = best_stable_worth(choice)
    assert row["proven"]
    if worth is None:
        assert (row["outcome"], row["price"]) == ("none", None)
    else:
        price = (objective_of(choice.instance, chosen) - worth) / 64
        assert (row["price"], row["price_at_least"]) == (price, price)
        assert (row["outcome"] == "is_stable") == (not blocking)
    return str(row["outcome"])


@pytest.mark.parametrize(
    "first", [0, *(pytest.param(first, marks=pytest.mark.long) for first in range(30, 120, 30))]
)
def test_small_rounds_are_as_by_trying_everything(first: int) -> None:
    for choice in drawings(first, 30):
        as_by_hand(choice)


@pytest.mark.long
def test_many_small_rounds_are_as_by_trying_everything() -> None:
    seen = {as_by_hand(choice) for choice in drawings(300, 1_200)}
    assert seen == {"is_stable", "found", "none"}


@pytest.mark.long
@pytest.mark.parametrize("seed", range(12))
def test_rounds_of_ten_are_as_by_trying_everything(seed: int) -> None:
    choice = choose(invented(10, seed, capacity=Capacity(3, 7 + seed % 3)))
    as_by_hand(choice)


@pytest.mark.parametrize("seed", range(4))
def test_own_points_are_those_by_hand_and_sum_to_the_value(seed: int) -> None:
    choice = choose(invented(30, seed))
    groups, facts = choice.instance.groups, choice.facts
    points = own_points(groups.members_array(), groups.topic, facts)
    some = np.random.default_rng(seed).choice(len(groups), 40)
    for k in some.tolist():
        members, topic = groups.members(k), facts.topics[int(groups.topic[k])]
        by_hand = [own(i, members, topic, facts) for i in members]
        assert [2 * one for one in by_hand] == points[k].tolist()[: len(members)]
        scores = SELECTION.value(members, topic, facts).steps
        assert sum(by_hand) == value_in_steps(members, topic, facts) - scores


@pytest.mark.parametrize("seed", range(3))
def test_no_selection_that_is_found_has_a_blocking_group(seed: int) -> None:
    choice = choose(invented(24, seed, capacity=Capacity(4, 10)))
    found = best_stable(choice)
    if found.chosen is not None:
        assert not wishes_of(choice.instance, choice.facts).blocking(found.chosen)
        assert found.bound >= objective_of(choice.instance, found.chosen)


def test_a_large_round_gets_a_least_price(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit only the relaxation is asked; what it says holds."""
    choices = (drawn(seed) for seed in range(200))
    choice = next(one for one in choices if one and stable_table(one)["outcome"].item() == "found")
    worth = best_stable_worth(choice)
    monkeypatch.setattr(stable_selection, "MOST_WORK", 0)
    (row,) = stable_table(choice).to_dicts()
    assert worth is not None
    price = (objective_of(choice.instance, choice.solution.chosen or ()) - worth) / 64
    assert (row["outcome"], row["proven"]) == ("bounded", False)
    assert 0 <= row["price_at_least"] <= price


def test_nothing_is_told_where_nothing_was_selected() -> None:
    choice = choose(invented(0, 0))
    assert blocking_table(choice).is_empty()
    assert stable_table(choice)["outcome"].to_list() == ["not_worked_out"]


def test_what_a_member_would_gain_is_its_own_points() -> None:
    choice = choose(invented(60, 1, capacity=Capacity(9, 24)))
    chosen, wishes = choice.solution.chosen or (), wishes_of(choice.instance, choice.facts)
    had = wishes.had(chosen)
    table = blocking_table(choice).filter(fits=True)
    ids = {twinning_at(choice, k).twinning_id: k for k in wishes.preferred(chosen)}
    assert table.height > 10
    for row in table.head(20).iter_rows(named=True):
        k = ids[row["twinning_id"]]
        gains = [
            float(wishes.own[k][at] - had[city]) / HALF_STEPS
            for at, city in enumerate(wishes.cities[k].tolist())
            if city >= 0 and had[city] > -(2**40)
        ]
        assert row["least_gain"] == min(gains) > 0


def test_the_example_of_the_docs() -> None:
    """Lima, Quito, Pune and Accra of docs/alternatives.md: all else equal, nothing balanced."""
    base = invented(4, 0, capacity=Capacity(2, 4))
    first = base.candidates.row(0, named=True)
    needs, experiences = (4, 4, 5, 4), (5, 4, 1, 1)
    rows = [
        first
        | {name: f"{name}{k}" for name in ("application_id", "city_id", "country_iso3")}
        | {"city_name": city, "topic_1": "cooling", "topic_1_need": need, "topic_1_experience": experience}
        | {"topic_2": None, "topic_3": None, "jurisdiction": "full"}
        for k, (city, need, experience) in enumerate(
            zip(("Lima", "Quito", "Pune", "Accra"), needs, experiences, strict=True)
        )
    ]
    free = {name: one.model_copy(update={"price": 0.0}) for name, one in base.rules.balance.items()}
    rules = base.rules.model_copy(update={"balance": free})
    problem = replace(
        base,
        candidates=CANDIDATES.frame(rows),
        preferences=base.preferences.clear(),
        cooperations=base.cooperations.clear(),
        rules=rules,
    )
    choice = choose(problem)
    names = {tuple(choice.facts.applicants[i].city_name for i in one.group) for one in choice.chosen}
    assert names == {("Lima", "Pune"), ("Quito", "Accra")}
    (row,) = blocking_table(choice).to_dicts()
    assert row["words"] == "Lima and Quito on cooling: Lima would gain 12.00, Quito would gain 12.00"
    assert row["fits"]
    (found,) = stable_table(choice).to_dicts()
    assert (found["price"], found["proven"]) == (4.0, True)
    assert found["twinnings"] == "Lima and Quito on cooling; Pune and Accra on cooling"
