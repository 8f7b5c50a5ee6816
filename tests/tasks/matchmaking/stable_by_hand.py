"""Blocking groups and the best selection without any by trying everything, from the definitions alone.

A city's own points are written a second time here, aspect by aspect, without the arrays of the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from programme.matchmaking import steps
from tasks.matchmaking.certificate.certify import objective_of
from tasks.matchmaking.choice import Choice
from tasks.matchmaking.solver.instance import Instance
from tasks.matchmaking.value.aspects.complementarity import level_gained
from tasks.matchmaking.value.aspects.cooperation import COOPERATION
from tasks.matchmaking.value.aspects.geography import GEOGRAPHY
from tasks.matchmaking.value.aspects.hours import HOURS
from tasks.matchmaking.value.aspects.institutional import INSTITUTIONAL
from tasks.matchmaking.value.facts import Facts, Group

Plan = tuple[int, ...]


def own(i: int, group: Group, topic: str, facts: Facts) -> Fraction:
    """What a city has of its group, in steps: its partners' mean where points are for each city."""
    rules, others = facts.rules, [j for j in group if j != i]
    of_place = [0, *rules.topical.points_by_priority]
    total = Fraction(steps(of_place[facts.applicants[i].interest(topic).priority]))
    gain = max(level_gained(i, j, topic, facts) for j in others)
    total += gain * steps(rules.complementarity.points_per_level)
    for aspect in (INSTITUTIONAL, GEOGRAPHY, HOURS):
        points = [aspect.of_pair(min(i, j), max(i, j), facts).steps for j in others]
        total += Fraction(sum(points), len(points)) if aspect.per_city else Fraction(sum(points), 2)
    for j in others:
        total += Fraction(COOPERATION.of_pair(min(i, j), max(i, j), facts).steps, 2)
        choice = facts.preferences.get((i, j))
        if choice is not None:
            named = rules.preferences.first_choice if choice == 1 else rules.preferences.second_choice
            mutual = rules.preferences.mutual if (j, i) in facts.preferences else 0
            total += steps(named) + Fraction(steps(mutual), 2)
    return total


def had_by(plan: Plan, choice: Choice) -> dict[int, Fraction]:
    """City number to what it has of a plan."""
    instance, facts = choice.instance, choice.facts
    return {
        int(instance.city_of[i]): own(i, instance.groups.members(k), _topic(k, choice), facts)
        for k in plan
        for i in instance.groups.members(k)
    }


def preferred(plan: Plan, choice: Choice) -> set[int]:
    """The groups that all their members would prefer."""
    instance, had = choice.instance, had_by(plan, choice)
    found = set()
    for k in range(len(instance.groups)):
        members = instance.groups.members(k)
        if all(
            (city := int(instance.city_of[i])) not in had
            or own(i, members, _topic(k, choice), choice.facts) > had[city]
            for i in members
        ):
            found.add(k)
    return found


def blocks(k: int, plan: Plan, choice: Choice) -> bool:
    """Whether a group that all its members prefer can take the place of their twinnings."""
    mine = _cities(k, choice.instance)
    return is_plan((k, *(one for one in plan if not mine & _cities(one, choice.instance))), choice.instance)


def is_plan(plan: Plan, instance: Instance) -> bool:
    """Whether some groups are a selection."""
    cities = [city for k in plan for city in _cities(k, instance)]
    few = len(plan) <= instance.capacity.max_twinnings and len(cities) <= instance.capacity.max_cities
    return few and len(set(cities)) == len(cities) and set(instance.required) <= set(cities)


def every_selection(choice: Choice) -> Iterator[Plan]:
    """All selections of an instance, the empty one too where nobody must have a place."""
    instance = choice.instance

    def extend(start: int, plan: Plan, used: frozenset[int]) -> Iterator[Plan]:
        if is_plan(plan, instance):
            yield plan
        if len(plan) < instance.capacity.max_twinnings:
            for k in range(start, len(instance.groups)):
                cities = _cities(k, instance)
                if not cities & used:
                    yield from extend(k + 1, (*plan, k), used | cities)

    yield from extend(0, (), frozenset())


def best_stable_worth(choice: Choice) -> int | None:
    """What the best selection that no group blocks is worth, in steps; None where there is none."""
    worths = sorted(
        ((objective_of(choice.instance, one), one) for one in every_selection(choice)), reverse=True
    )
    for worth, plan in worths:
        if not any(blocks(k, plan, choice) for k in preferred(plan, choice)):
            return worth
    return None


def _cities(k: int, instance: Instance) -> set[int]:
    return {int(instance.city_of[i]) for i in instance.groups.members(k)}


def _topic(k: int, choice: Choice) -> str:
    return choice.facts.topics[int(choice.instance.groups.topic[k])]
