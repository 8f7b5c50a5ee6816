"""The choice as numbers only: groups with objective values, cities, capacities and balance; what the solver sees.

Belongs here: building it from a setting. Must stay out: solving (`solver.py`) and words.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from programme.matchmaking import steps
from tasks.matchmaking.groups import NOBODY, Groups, enumerate_groups
from tasks.matchmaking.matrices import Flags, Ints, PairMatrices, TopicTable, pair_matrices, topic_table
from tasks.matchmaking.problem import Capacity, Previous
from tasks.matchmaking.setting import Setting

TIE_LEVELS = 4096
"""Ties are broken by a number of 12 bits for each group; all of a selection's together stay below one step of value."""


@dataclass(frozen=True)
class Class:
    """One class of the balance: bounds on the number of its members that the free choice adds, after what is fixed. `price` in steps.

    `members` are city numbers (for topics: topic numbers).
    """

    subject: str
    name: str
    least: int
    most: int
    price: int
    members: Ints


@dataclass(frozen=True)
class Instance:
    """`cities` maps applicants to city numbers (equal for two applications of one city); `objective` is the groups' value and bonus in steps
    with the tie number as a fraction below one; `must` are city numbers that have to be chosen.
    """

    groups: Groups
    city_of: Ints
    n_cities: int
    n_topics: int
    objective: npt.NDArray[np.float64]
    capacity: Capacity
    classes: tuple[Class, ...]
    must: Ints


def tables_of(setting: Setting) -> tuple[list[TopicTable], PairMatrices]:
    """The arrays of each topic over the free applicants, with forbidden pairs excluded."""
    pairs = pair_matrices(setting.facts)
    tables = [topic_table(topic, setting.free, setting.facts, pairs) for topic in setting.facts.topics]
    for table in tables:
        _forbid(table, setting)
    return tables, pairs


def _forbid(table: TopicTable, setting: Setting) -> None:
    place = {int(i): k for k, i in enumerate(table.members)}
    for item in setting.forbids:
        if item.topic not in (None, table.topic):
            continue
        for a in setting.facts.by_city.get(item.city_a, ()):
            for b in setting.facts.by_city.get(item.city_b, ()):
                if a in place and b in place:
                    table.allowed[place[a], place[b]] = table.allowed[place[b], place[a]] = False


def pinned_apart(groups: Groups, setting: Setting) -> Flags:
    """Groups that would break a pin: they have one of two pinned cities without the other, or both on another topic."""
    broken = np.zeros(len(groups), bool)
    topics = setting.facts.topics
    for pin in setting.pins:
        a, b = (groups.has(setting.facts.by_city.get(city, ())) for city in (pin.city_a, pin.city_b))
        broken |= a != b
        if pin.topic is not None:
            broken |= a & (groups.topic != (topics.index(pin.topic) if pin.topic in topics else NOBODY))
    return broken


def instance_of(setting: Setting, previous: Previous) -> Instance:
    """The choice that a setting leaves, with the stability bonus for what the version before had."""
    tables, _ = tables_of(setting)
    groups = enumerate_groups(tables, setting.facts.rules.largest_group)
    if setting.pins:
        groups = groups.take(~pinned_apart(groups, setting))
    numbers = {city: number for number, city in enumerate(sorted(setting.facts.by_city))}
    city_of = np.array([numbers[one.city_id] for one in setting.facts.applicants], np.int32)
    must = sorted({numbers[city] for pin in setting.pins for city in (pin.city_a, pin.city_b)})
    bonus = stability_bonus(groups, setting, previous)
    return Instance(
        groups,
        city_of,
        len(numbers),
        len(tables),
        groups.value + bonus + tie_numbers(groups, setting) / (TIE_LEVELS * max(1, setting.capacity.max_twinnings)),
        setting.capacity,
        classes_of(setting, numbers),
        np.array(must, np.int32),
    )


def stability_bonus(groups: Groups, setting: Setting, previous: Previous) -> Ints:
    """Steps for each city that stays selected and each pair of cities that stays together on its topic."""
    rules, by_city = setting.facts.rules.stability, setting.facts.by_city
    numbers = {topic: number for number, topic in enumerate(setting.facts.topics)}
    bonus = np.zeros(len(groups), np.int32)
    for topic, cities in twinnings_before(previous):
        having = {city: groups.has(by_city[city]) for city in cities if city in by_city}
        for flags in having.values():
            bonus += flags * np.int32(steps(rules.stays_selected))
        on_topic = groups.topic == numbers.get(topic, NOBODY)
        for a, b in combinations(having.values(), 2):
            bonus += (a & b & on_topic) * np.int32(steps(rules.stays_together))
    return bonus


def twinnings_before(previous: Previous) -> list[tuple[str, tuple[str, ...]]]:
    """Topic and cities of each twinning of the version before, in order of id."""
    members = previous.members.sort("twinning_id", "city_id").group_by("twinning_id", maintain_order=True).agg("city_id")
    topics = dict(previous.twinnings.select("twinning_id", "topic").iter_rows())
    return [(topics[name], tuple(cities)) for name, cities in members.iter_rows() if name in topics]


def tie_numbers(groups: Groups, setting: Setting) -> Ints:
    """A number from 0 to TIE_LEVELS - 1 for each group, from its cities and topic alone: of equal selections the largest sum is taken."""
    marks = np.array([_mark(one.application_id) for one in setting.facts.applicants] + [0], np.uint64)
    topics = np.array([_mark(topic) for topic in setting.facts.topics], np.uint64)
    if len(groups) == 0:
        return np.zeros(0, np.int64)
    mixed = marks[groups.first] + marks[groups.second] + marks[groups.third] + topics[groups.topic]
    mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(52)).astype(np.int64)


def _mark(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def classes_of(setting: Setting, numbers: dict[str, int]) -> tuple[Class, ...]:
    """The classes of the balance that anybody belongs to, with their bounds after what is fixed."""
    facts, rules = setting.facts, setting.facts.rules
    people = [facts.applicants[i] for i in setting.free]
    fixed_cities = [facts.applicants[i] for item in setting.fixed for i in item.group]
    by_subject = {
        "region": ([(one.region, numbers[one.city_id]) for one in people], [one.region for one in fixed_cities]),
        "climate": ([(one.climate.group, numbers[one.city_id]) for one in people], [one.climate.group for one in fixed_cities]),
        "topic": (
            [(topic, number) for number, topic in enumerate(facts.topics)],
            [item.topic for item in setting.fixed],
        ),
    }
    whole = {
        "region": setting.capacity.max_cities + len(fixed_cities),
        "climate": setting.capacity.max_cities + len(fixed_cities),
        "topic": setting.capacity.max_twinnings + len(setting.fixed),
    }
    found = []
    for subject, target in sorted(rules.balance.items()):
        free, fixed = by_subject[subject]
        for name in sorted({name for name, _ in free if name} | {name for name in fixed if name}):
            members = np.array(sorted({number for other, number in free if other == name}), np.int32)
            have = sum(other == name for other in fixed)
            least = min(math.floor(target.least_share * whole[subject] + 1e-9), len(members) + have)
            most = math.ceil(target.most_share * whole[subject] - 1e-9)
            found.append(Class(subject, name, least - have, most - have, steps(target.price), members))
    return tuple(found)
