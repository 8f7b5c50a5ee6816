"""Points and hard rules of all pairs at once, topic by topic: what groups are enumerated from.

The value of a pair (a, b) is `single[a] + single[b] + 2 per_city[a, b] + once[a, b] + gain[a, b] + gain[b,
a]`. The value of a group of three is the sum of its three singles and, over its three pairs, of `per_city`
and `once`, plus for each city the larger of its two gains.

Belongs here: adding up the array forms of the aspects and the hard rules. Must stay out: what an aspect is
worth, decisions of people, and the enumeration (`tasks/matchmaking/solver/enumeration.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tasks.matchmaking.value.arrays import Flags, Ints
from tasks.matchmaking.value.aspects.registry import CITY_ASPECTS, GAIN_ASPECT, PAIR_ASPECTS
from tasks.matchmaking.value.facts import Facts
from tasks.matchmaking.value.hard_rules import funded_pairs, may_be_together
from tasks.matchmaking.value.minimum_worth import MinimumOfTopic, minimum_of_topic


@dataclass(frozen=True)
class PairTable:
    """What does not depend on the topic, for all pairs of applicants, in steps.

    `per_city` counts once for each city, `once` once for each pair; `allowed` says which pairs may be in one
    twinning at all.
    """

    per_city: Ints
    once: Ints
    allowed: Flags


@dataclass(frozen=True)
class TopicTable:
    """The applicants who chose one topic, and arrays over them, in steps.

    `members` are their indices, ascending; all other arrays are over positions in `members`. `gain[a, b]` is
    what a gains from b; `allowed` says which pairs may be in one twinning, and `minimum` which groups of such
    keep the minimum worth.
    """

    topic: str
    members: Ints
    single: Ints
    per_city: Ints
    once: Ints
    gain: Ints
    allowed: Flags
    minimum: MinimumOfTopic

    @cached_property
    def place(self) -> dict[int, int]:
        """Index of an applicant to its position in `members`."""
        return {int(i): k for k, i in enumerate(self.members)}

    @cached_property
    def pair(self) -> Ints:
        """What two members add to a group of three beside their gains."""
        return self.per_city + self.once

    @cached_property
    def later(self) -> Flags:
        """Pairs that may be together, each once: the first member comes before the second."""
        return np.triu(self.allowed, 1)

    @cached_property
    def later_pairs(self) -> Flags:
        """Pairs that may be a twinning of two, each once."""
        return self.later & self.minimum.pairs

    @cached_property
    def most_gain(self) -> Ints:
        """The most that each member can gain from anyone."""
        most: Ints = self.gain.max(axis=1, initial=0)
        return most

    @cached_property
    def most_pair(self) -> Ints:
        """The most that each member and anyone it may be with can add beside their gains; at least 0."""
        most: Ints = np.where(self.allowed, self.pair, 0).max(axis=1, initial=0)
        return most


def pair_table(facts: Facts) -> PairTable:
    """The table of all pairs."""
    n = len(facts.applicants)
    per_city, once = np.zeros((n, n), np.int32), np.zeros((n, n), np.int32)
    for one in PAIR_ASPECTS:
        total = per_city if one.per_city else once
        total += one.of_all_pairs(facts)
    return PairTable(per_city, once, may_be_together(facts))


def topic_table(topic: str, active: Iterable[int], facts: Facts, pairs: PairTable) -> TopicTable:
    """The table of one topic over those of the `active` applicants who chose it."""
    members = [i for i in sorted(active) if facts.applicants[i].takes_part_on(topic)]
    at, place = np.ix_(members, members), {i: k for k, i in enumerate(members)}
    single = np.zeros(len(facts.applicants), np.int32)
    for one in CITY_ASPECTS:
        single += one.of_all_cities(topic, facts)
    allowed = pairs.allowed[at].copy()
    for i, j in funded_pairs(topic, facts):
        if i in place and j in place:
            allowed[place[i], place[j]] = allowed[place[j], place[i]] = False
    levels = GAIN_ASPECT.levels(topic, members, facts)
    return TopicTable(
        topic=topic,
        members=np.array(members, np.int32),
        single=single[np.array(members, np.intp)],
        per_city=pairs.per_city[at],
        once=pairs.once[at],
        gain=levels * np.int32(GAIN_ASPECT.steps_per_level(facts)),
        allowed=allowed,
        minimum=minimum_of_topic(topic, members, levels, facts),
    )
