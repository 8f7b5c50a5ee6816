"""The best selection by trying them all, from the definitions of aspects and hard rules alone.

No array form and no solver of the product is used.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import combinations

from programme.matchmaking import steps
from tasks.matchmaking.problem import MatchingProblem
from tasks.matchmaking.value.aspects.registry import value_in_steps
from tasks.matchmaking.value.facts import Facts, Group, facts_of
from tasks.matchmaking.value.hard_rules import why_not

OnTopic = tuple[str, Group]
"""A topic and the group on it."""


def best_objective(problem: MatchingProblem) -> int | None:
    """Objective of the best selection in steps (value + stability - balance).

    None where the decisions cannot all hold.
    """
    facts = facts_of(problem)
    confirmed = [
        (one.topic, tuple(sorted(i for city in one.cities for i in facts.by_city[city])))
        for one in problem.constraints.confirmations
    ]
    withdrawn = {one.city_id for one in problem.constraints.withdrawals}
    people = [i for i, one in enumerate(facts.applicants) if one.city_id not in withdrawn]
    topics = facts.topics
    groups = [
        (topic, group)
        for size in (2, 3)
        for group in combinations(people, size)
        for topic in topics
        if why_not(group, topic, facts) is None and _allowed(topic, group, problem, facts)
    ]
    if any(not _allowed(topic, group, problem, facts) for topic, group in confirmed):
        return None
    own = {one: _own(one, problem, facts, one in confirmed) for one in [*groups, *confirmed]}
    best: list[int | None] = [None]

    def extend(start: int, chosen: list[OnTopic], used: set[str]) -> None:
        if len(chosen) > problem.capacity.max_twinnings or len(used) > problem.capacity.max_cities:
            return
        if _pins_hold(chosen, problem, facts):
            value = sum(own[one] for one in chosen) - _balance(chosen, problem, facts)
            best[0] = value if best[0] is None else max(best[0], value)
        for k in range(start, len(groups)):
            cities = {facts.applicants[i].city_id for i in groups[k][1]}
            if not cities & used:
                extend(k + 1, [*chosen, groups[k]], used | cities)

    extend(0, list(confirmed), {facts.applicants[i].city_id for _, group in confirmed for i in group})
    return best[0]


def _own(one: OnTopic, problem: MatchingProblem, facts: Facts, confirmed: bool) -> int:
    topic, group = one
    value = value_in_steps(group, topic, facts)
    if confirmed:
        return value
    return value + bonus([(topic, [facts.applicants[i].city_id for i in group])], problem)


def bonus(free: Iterable[tuple[str, Sequence[str]]], problem: MatchingProblem) -> int:
    """Bonus in steps of some proposed twinnings, each a topic and its city ids, towards the baseline."""
    rules = problem.rules.stability
    before = [
        (topic, set(problem.baseline.members.filter(twinning_id=name)["city_id"]))
        for name, topic in problem.baseline.twinnings.select("twinning_id", "topic").iter_rows()
    ]
    total = 0
    for topic, cities in free:
        for old_topic, old in before:
            total += steps(rules.stays_selected) * sum(city in old for city in cities)
            if topic == old_topic:
                total += steps(rules.stays_together) * sum({a, b} <= old for a, b in combinations(cities, 2))
    return total


def _balance(chosen: list[OnTopic], problem: MatchingProblem, facts: Facts) -> int:
    cost = 0
    withdrawn = {one.city_id for one in problem.constraints.withdrawals}
    people = [one for one in facts.applicants if one.city_id not in withdrawn]
    for subject, target in problem.rules.balance.items():
        if subject == "topic":
            classes, whole = set(facts.topics), problem.capacity.max_twinnings
            have = {name: sum(topic == name for topic, _ in chosen) for name in classes}
            reach = dict.fromkeys(classes, math.inf)
        else:
            name_of = (lambda one: one.region) if subject == "region" else (lambda one: one.climate.group)
            classes, whole = {name_of(one) for one in people} - {None}, problem.capacity.max_cities
            members = [facts.applicants[i] for _, group in chosen for i in group]
            have = {name: sum(name_of(one) == name for one in members) for name in classes}
            reach = {name: len({one.city_id for one in people if name_of(one) == name}) for name in classes}
        for name in classes:
            least = min(math.floor(target.least_share * whole + 1e-9), reach[name])
            most = math.ceil(target.most_share * whole - 1e-9)
            cost += steps(target.price) * max(0, least - have[name], have[name] - most)
    return cost


def _allowed(topic: str, group: Group, problem: MatchingProblem, facts: Facts) -> bool:
    cities = {facts.applicants[i].city_id for i in group}
    return not any(
        {one.city_a, one.city_b} <= cities and one.topic in (None, topic)
        for one in problem.constraints.forbids
    )


def _pins_hold(chosen: list[OnTopic], problem: MatchingProblem, facts: Facts) -> bool:
    where = {facts.applicants[i].city_id: (topic, group) for topic, group in chosen for i in group}
    for pin in problem.constraints.pins:
        a, b = where.get(pin.city_a), where.get(pin.city_b)
        if a is None or a != b or pin.topic not in (None, a[0]):
            return False
    return True
