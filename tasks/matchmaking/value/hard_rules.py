"""The programme's hard rules: what no twinning may break, for one group with the reason, and for all pairs.

Belongs here: the rules in both forms. Must stay out: points (`tasks/matchmaking/value/aspects/`) and
decisions of people (`tasks/matchmaking/feasibility/`). A test holds the two forms together: the solver
enumerates exactly the groups for which `why_not` finds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from programme.vocabulary import HardRule
from tasks.matchmaking.value.arrays import Flags, Ints, codes
from tasks.matchmaking.value.aspects.complementarity import level_gained
from tasks.matchmaking.value.aspects.hours import shared_minutes, shared_minutes_of_all
from tasks.matchmaking.value.facts import Facts, Group


@dataclass(frozen=True)
class BrokenRule:
    """A hard rule that a group breaks: its name, and in words what was found."""

    rule: HardRule
    words: str


def why_not(group: Group, topic: str, facts: Facts) -> str | None:
    """Why a group may not be formed on a topic, in words; None where it may (FAQ 1.1, 3.6)."""
    broken = broken_rule(group, topic, facts)
    return None if broken is None else broken.words


def broken_rule(group: Group, topic: str, facts: Facts) -> BrokenRule | None:
    """The first hard rule that a group breaks on a topic; None where it may be formed."""
    people = [facts.applicants[i] for i in group]
    if not facts.rules.smallest_group <= len(group) <= facts.rules.largest_group:
        return BrokenRule("group_size", f"a twinning has two to {facts.rules.largest_group} cities")
    if len({one.city_id for one in people}) < len(group):
        return BrokenRule("one_city", "two applications of the same city")
    without = [one.city_name for one in people if topic not in one.interests]
    if without:
        return BrokenRule("common_topic", f"{' and '.join(without)} did not choose the topic {topic}")
    for i, j in combinations(group, 2):
        reason = _why_not_together(i, j, topic, facts)
        if reason:
            return reason
    return _gains_too_little(group, topic, facts) if len(group) == 3 else None


def possible_topics(group: Group, facts: Facts) -> list[str]:
    """Topics on which a group may be formed, sorted."""
    common = set.intersection(*(set(facts.applicants[i].interests) for i in group))
    return [topic for topic in sorted(common) if why_not(group, topic, facts) is None]


def _why_not_together(i: int, j: int, topic: str, facts: Facts) -> BrokenRule | None:
    names = f"{facts.applicants[i].city_name} and {facts.applicants[j].city_name}"
    shared, least = shared_minutes(i, j, facts), facts.rules.hours.least_shared_minutes
    if shared is not None and shared < least:
        words = f"{names} share {shared / 60:g} working hours, fewer than {least / 60:g}"
        return BrokenRule("shared_hours", words)
    if _funded_together(i, j, topic, facts):
        words = f"{names} already have a funded initiative on the topic {topic}"
        return BrokenRule("funded_together", words)
    return None


def _funded_together(i: int, j: int, topic: str, facts: Facts) -> bool:
    """Whether a pair has a funded initiative on this very topic: it is not repeated (FAQ 3.6)."""
    return any(one.funded and one.topic == topic for one in facts.cooperations_of(i, j))


def _gains_too_little(group: Group, topic: str, facts: Facts) -> BrokenRule | None:
    """In a group of three nobody comes only to give."""
    least = facts.rules.complementarity.least_gain_in_three
    for i in group:
        if max(level_gained(i, j, topic, facts) for j in group if j != i) < least:
            words = f"{facts.applicants[i].city_name} would gain nothing on the topic {topic}"
            return BrokenRule("gain_in_three", words)
    return None


def may_be_together(facts: Facts) -> Flags:
    """For all pairs of applicants whether they are of two cities that share enough working hours.

    A pair with an unknown time zone is not excluded; a finding asks a person to look.
    """
    shared, known = shared_minutes_of_all(facts)
    city = codes(one.city_id for one in facts.applicants)
    enough = (shared >= facts.rules.hours.least_shared_minutes) | ~known
    flags: Flags = enough & (city[:, None] != city[None, :])
    return flags


def funded_pairs(topic: str, facts: Facts) -> list[tuple[int, int]]:
    """Pairs that already have a funded initiative on a topic."""
    return [(i, j) for i, j in facts.cooperations if _funded_together(i, j, topic, facts)]


def learns_enough(levels: Ints, facts: Facts) -> Flags:
    """Where what a city gains from another (levels of 0 to 5) suffices in a group of three."""
    flags: Flags = levels >= np.int32(facts.rules.complementarity.least_gain_in_three)
    return flags
