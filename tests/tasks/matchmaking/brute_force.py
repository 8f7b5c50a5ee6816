"""The best selection by trying them all, from the definitions of aspects and hard rules alone.

No array form and no solver of the product is used.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from programme.climate.grid import climate_map
from programme.matchmaking import steps
from tasks.matchmaking.problem import MatchingProblem
from tasks.matchmaking.value.aspects.registry import value_in_steps
from tasks.matchmaking.value.facts import Applicant, Facts, Group, facts_of
from tasks.matchmaking.value.hard_rules import broken_beside_worth, why_not

OnTopic = tuple[str, Group]
"""A topic and the group on it."""


def best_objective(problem: MatchingProblem, required: str | None = None) -> int | None:
    """Objective of the best selection in steps (value + stability - balance), with a required city if asked.

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
        if _allowed(topic, group, problem, facts)
        and (why_not(group, topic, facts) is None or _insisted(topic, group, problem, facts))
    ]
    if any(not _allowed(topic, group, problem, facts) for topic, group in confirmed):
        return None
    own = {one: _own(one, problem, facts, one in confirmed) for one in [*groups, *confirmed]}
    best: list[int | None] = [None]

    def extend(start: int, chosen: list[OnTopic], used: set[str]) -> None:
        if len(chosen) > problem.capacity.max_twinnings or len(used) > problem.capacity.max_cities:
            return
        if _pins_hold(chosen, problem, facts) and (required is None or required in used):
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
    for one in targets(problem, facts):
        have = one.held + sum(units(one.subject, one.name, group, problem, facts) for group in chosen)
        cost += one.price * max(0, one.least - have, have - one.most)
    return cost


@dataclass(frozen=True)
class Target:
    """How many units of a class are wanted over all rounds, how many other rounds hold, and the price in
    steps."""

    subject: str
    name: str
    least: int
    most: int
    held: int
    price: int


def units(subject: str, name: str, one: OnTopic, problem: MatchingProblem, facts: Facts) -> int:
    """How many units of a class a twinning has."""
    if subject == "topic":
        return int(one[0] == name)
    return sum(_class(subject, facts.applicants[i], problem) == name for i in one[1])


def targets(problem: MatchingProblem, facts: Facts) -> list[Target]:
    """What the balance wants of every class, from the rules and the candidates alone."""
    withdrawn = {one.city_id for one in problem.constraints.withdrawals}
    people = [one for one in facts.applicants if one.city_id not in withdrawn]
    elsewhere, found = problem.elsewhere.rows(named=True), list[Target]()
    for subject, target in problem.rules.balance.items():
        if subject == "topic":
            held = [topic for _, topic in {(row["twinning_id"], row["topic"]) for row in elsewhere}]
            whole = problem.capacity.max_twinnings + len(held)
            classes = set(facts.topics) | set(held)
            reach = {name: _asking(name, people, problem) for name in classes}
        else:
            held = [_class_elsewhere(subject, row, problem) for row in elsewhere]
            whole = problem.capacity.max_cities + len(held)
            classes = ({_class(subject, one, problem) for one in people} | set(held)) - {None}
            reach = {
                name: len({one.city_id for one in people if _class(subject, one, problem) == name})
                for name in classes
            }
        for name in sorted(classes):
            most = math.ceil(target.most_share * whole - 1e-9)
            wanted = max(target.least, math.floor(target.least_share * whole + 1e-9))
            least = min(wanted, reach[name] + held.count(name), most)
            price = steps(target.price) + _credit(subject, name, problem)
            found.append(Target(subject, name, least, most, held.count(name), price))
    return found


def _credit(subject: str, name: str, problem: MatchingProblem) -> int:
    """What a class that came short before has on each unit, in steps."""
    rows = problem.credits.rows(named=True)
    return sum(steps(row["points"]) for row in rows if (row["subject"], row["class"]) == (subject, name))


def _asking(topic: str, people: list[Applicant], problem: MatchingProblem) -> int:
    """How many twinnings the cities that chose a topic could fill, with those that are confirmed."""
    confirmed = problem.constraints.confirmations
    taken = {city for one in confirmed for city in one.cities}
    asking = {one.city_id for one in people if topic in one.interests} - taken
    return len(asking) // 2 + sum(one.topic == topic for one in confirmed)


def _class(subject: str, one: Applicant, problem: MatchingProblem) -> str | None:
    if subject == "urbanisation":
        return _size(one.population, problem)
    return one.region if subject == "region" else one.climate.group


def _class_elsewhere(subject: str, row: dict[str, Any], problem: MatchingProblem) -> str | None:
    if subject == "urbanisation":
        return _size(row["population"], problem)
    if subject == "region":
        return row["region"]
    return climate_map().at(row["latitude"], row["longitude"]).group


def _size(population: int | None, problem: MatchingProblem) -> str | None:
    found = None
    for name, least in problem.rules.urbanisation.size_classes:
        if population is not None and population >= least:
            found = name
    return found


def _insisted(topic: str, group: Group, problem: MatchingProblem, facts: Facts) -> bool:
    """Whether pins join just these cities, which no topic would allow under the minimum worth."""
    cities = {facts.applicants[i].city_id for i in group}
    taken = {city for one in problem.constraints.confirmations for city in one.cities}
    pins = [one for one in problem.constraints.pins if not {one.city_a, one.city_b} & taken]
    joined: set[str] = set()
    for _ in pins:
        for pin in pins:
            pair = {pin.city_a, pin.city_b}
            if pair & cities and (not joined or pair & joined):
                joined |= pair
    topics = {pin.topic for pin in pins if pin.city_a in cities} - {None} or set(facts.topics)
    if joined != cities or topic not in topics or broken_beside_worth(group, topic, facts) is not None:
        return False
    return not any(
        why_not(group, other, facts) is None and _allowed(other, group, problem, facts) for other in topics
    )


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
