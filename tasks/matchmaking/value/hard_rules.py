"""The programme's hard rules: what no twinning may break, for one group with the reason, and for all pairs.

Belongs here: the rules in both forms; those of the minimum worth are in
`tasks/matchmaking/value/minimum_worth.py`. Must stay out: points (`tasks/matchmaking/value/aspects/`) and
decisions of people (`tasks/matchmaking/feasibility/`). A test holds the two forms together: the solver
enumerates exactly the groups for which `why_not` finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from programme.counts import listed
from tasks.matchmaking.value.arrays import Flags, codes
from tasks.matchmaking.value.aspects.hours import (
    shared_hours_in_words,
    shared_minutes,
    shared_minutes_of_all,
)
from tasks.matchmaking.value.broken_rule import BrokenRule
from tasks.matchmaking.value.facts import Applicant, Facts, Group
from tasks.matchmaking.value.minimum_worth import below_minimum


def why_not(group: Group, topic: str, facts: Facts) -> str | None:
    """Why a group may not be formed on a topic, in words; None where it may (FAQ 1.1, 3.6)."""
    broken = broken_rule(group, topic, facts)
    return None if broken is None else broken.words


def broken_rule(group: Group, topic: str, facts: Facts) -> BrokenRule | None:
    """The first hard rule that a group breaks on a topic; None where it may be formed."""
    return broken_beside_worth(group, topic, facts) or below_minimum(group, topic, facts)


def broken_beside_worth(group: Group, topic: str, facts: Facts) -> BrokenRule | None:
    """The first hard rule that a group breaks on a topic, the minimum worth left aside.

    A group that people insist on need keep no more than these.
    """
    return next(rules_beside_worth(group, topic, facts), None)


def rules_beside_worth(group: Group, topic: str, facts: Facts) -> Iterator[BrokenRule]:
    """Every hard rule but the minimum worth that a group breaks on a topic, pair by pair.

    Those that pins override are none.
    """
    people = [facts.applicants[i] for i in group]
    if not facts.rules.smallest_group <= len(group) <= facts.rules.largest_group:
        yield BrokenRule("group_size", f"a twinning has two to {facts.rules.largest_group} cities")
        return
    if len({one.city_id for one in people}) < len(group):
        yield BrokenRule("one_city", "two applications of the same city")
        return
    without = [one.city_name for one in people if topic not in one.interests]
    if without:
        words = f"{listed(without)} did not choose the topic {topic}"
        yield BrokenRule("common_topic", words)
    doubts = [_doubtful_place(one, topic) for one in people if topic in one.out_of_place]
    if doubts:
        yield BrokenRule("topic_place", f"{'; '.join(doubts)}, and nobody agreed to it")
    for i, j in combinations(group, 2):
        yield from _why_not_together(i, j, topic, facts)


def possible_topics(group: Group, facts: Facts, *, worth: bool = True) -> list[str]:
    """Topics on which a group may be formed, sorted; without `worth` the minimum worth is left aside."""
    common = set.intersection(*(set(facts.applicants[i].interests) for i in group))
    broken = broken_rule if worth else broken_beside_worth
    return [topic for topic in sorted(common) if broken(group, topic, facts) is None]


def _why_not_together(i: int, j: int, topic: str, facts: Facts) -> Iterator[BrokenRule]:
    names = f"{facts.applicants[i].city_name} and {facts.applicants[j].city_name}"
    shared, least = shared_minutes(i, j, facts), facts.rules.hours.least_shared_minutes
    if shared is not None and shared < least and not facts.overrides("shared_hours", i, j):
        words = f"{names} share {shared_hours_in_words(i, j, facts)}, fewer than {least / 60:g}"
        yield BrokenRule("shared_hours", words)
    if _funded_together(i, j, topic, facts) and not facts.overrides("funded_together", i, j):
        words = f"{names} already have a funded initiative on the topic {topic}"
        yield BrokenRule("funded_together", words)


def _doubtful_place(one: Applicant, topic: str) -> str:
    if one.water is None:
        return f"we do not know where {one.city_name} lies, so it may not suit the topic {topic}"
    return f"{one.city_name} lies {one.water.in_words}: too far for the topic {topic}"


def _funded_together(i: int, j: int, topic: str, facts: Facts) -> bool:
    """Whether a pair has a funded initiative on this very topic: it is not repeated (FAQ 3.6)."""
    return any(one.funded and one.topic == topic for one in facts.cooperations_of(i, j))


def may_be_together(facts: Facts) -> Flags:
    """For all pairs of applicants whether they are of two cities that share enough working hours.

    A pair with an unknown time zone is not excluded; a finding asks a person to look.
    """
    shared, known = shared_minutes_of_all(facts)
    city = codes(one.city_id for one in facts.applicants)
    enough = (shared >= facts.rules.hours.least_shared_minutes) | ~known
    for i, j in facts.overridden_pairs("shared_hours"):
        enough[i, j] = enough[j, i] = True
    flags: Flags = enough & (city[:, None] != city[None, :])
    return flags


def funded_pairs(topic: str, facts: Facts) -> list[tuple[int, int]]:
    """Pairs that already have a funded initiative on a topic, and must not repeat it."""
    return [
        (i, j)
        for i, j in facts.cooperations
        if _funded_together(i, j, topic, facts) and not facts.overrides("funded_together", i, j)
    ]
