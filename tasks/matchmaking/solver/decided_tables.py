"""The topic tables of a reduced problem: forbidden pairs are excluded, the stability bonus is added.

The bonus keeps a round that is processed again from moving cities for a few points. It is part of the
objective, never of a twinning's value (`[stability]` of `programme/matchmaking.toml`).

Belongs here: decisions and the baseline in the tables that groups are enumerated from. Must stay out: pins,
which are about whole groups (`tasks/matchmaking/solver/instance.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from programme.matchmaking import steps
from tasks.matchmaking.feasibility.reduced_problem import ReducedProblem
from tasks.matchmaking.problem import BaselineTwinnings
from tasks.matchmaking.value.topic_table import TopicTable, pair_table, topic_table

OnTopic = tuple[str, tuple[str, ...]]
"""A topic and the city ids on it."""


def decided_tables(reduced: ReducedProblem, baseline: BaselineTwinnings) -> tuple[TopicTable, ...]:
    """The table of every topic over the free applicants, in the order of `Facts.topics`."""
    pairs = pair_table(reduced.facts)
    tables = [topic_table(topic, reduced.free, reduced.facts, pairs) for topic in reduced.facts.topics]
    before = _baseline_groups(baseline)
    return tuple(_with_bonus(_with_forbids(table, reduced), reduced, before) for table in tables)


def _with_forbids(table: TopicTable, reduced: ReducedProblem) -> TopicTable:
    allowed = table.allowed.copy()
    for item in reduced.forbids:
        if item.topic in (None, table.topic):
            for a in reduced.facts.by_city.get(item.city_a, ()):
                for b in reduced.facts.by_city.get(item.city_b, ()):
                    if a in table.place and b in table.place:
                        k, m = table.place[a], table.place[b]
                        allowed[k, m] = allowed[m, k] = False
    return replace(table, allowed=allowed)


def _with_bonus(table: TopicTable, reduced: ReducedProblem, before: Sequence[OnTopic]) -> TopicTable:
    """A bonus for each city that stays selected and each pair that stays together on its topic."""
    rules, by_city = reduced.facts.rules.stability, reduced.facts.by_city
    single, once = table.single.copy(), table.once.copy()
    for topic, cities in before:
        here = [table.place[i] for city in cities for i in by_city.get(city, ()) if i in table.place]
        single[here] += steps(rules.stays_selected)
        for a, b in combinations(here if topic == table.topic else [], 2):
            once[a, b] += steps(rules.stays_together)
            once[b, a] += steps(rules.stays_together)
    return replace(table, single=single, once=once)


def _baseline_groups(baseline: BaselineTwinnings) -> list[OnTopic]:
    """Topic and city ids of each twinning of the baseline, in order of its id."""
    members = (
        baseline.members.sort("twinning_id", "city_id")
        .group_by("twinning_id", maintain_order=True)
        .agg("city_id")
    )
    topics = dict(baseline.twinnings.select("twinning_id", "topic").iter_rows())
    return [(topics[name], tuple(cities)) for name, cities in members.iter_rows() if name in topics]
