"""What no twinning may break: the reasons in cases, and exactly the other groups are enumerated."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings

from programme.water.water_map import WaterDistance
from tasks.matchmaking.problem import BaselineTwinnings
from tasks.matchmaking.solver.instance import full_instance
from tasks.matchmaking.value.aspects.registry import value_in_steps
from tasks.matchmaking.value.facts import EarlierCooperation, Facts, TopicInterest
from tasks.matchmaking.value.hard_rules import possible_topics, why_not
from tests.examples import examples
from tests.tasks.matchmaking.applicants import TOPIC, applicant, everything_free, facts
from tests.tasks.matchmaking.test_aspects import several_applicants

TEACHER = {"interests": {TOPIC: TopicInterest(1, 0, 5)}}
FUNDED = EarlierCooperation(TOPIC, funded=True)

CASES = [
    ("a pair", facts(applicant(0), applicant(1)), (0, 1), None),
    ("three", facts(*map(applicant, range(3))), (0, 1, 2), None),
    ("one city", facts(applicant(0)), (0,), "a twinning has two to 3 cities"),
    ("four cities", facts(*map(applicant, range(4))), (0, 1, 2, 3), "a twinning has two to 3 cities"),
    (
        "two applications of one city",
        facts(applicant(0), applicant(1, city_id="C0")),
        (0, 1),
        "two applications of the same city",
    ),
    (
        "no common topic",
        facts(applicant(0, interests={}), applicant(1, interests={}), applicant(2)),
        (0, 1, 2),
        "A and B did not choose the topic cooling",
    ),
    (
        "a topic that does not suit the place of one",
        facts(
            applicant(0),
            applicant(1, out_of_place=frozenset({TOPIC}), water=WaterDistance(191.4, None, 57.4)),
        ),
        (0, 1),
        "B lies 191 km from the sea, more than 300 km from a great river or lake and 57 km from any other "
        "on our map: too far for the topic cooling, and nobody agreed to it",
    ),
    (
        "a place that is not known lies at no distance",
        facts(applicant(0), applicant(1, out_of_place=frozenset({TOPIC}), water=None)),
        (0, 1),
        "we do not know where B lies, so it may not suit the topic cooling, and nobody agreed to it",
    ),
    (
        "another topic that does not suit its place",
        facts(applicant(0), applicant(1, out_of_place=frozenset({"ports"}))),
        (0, 1),
        None,
    ),
    ("three shared hours", facts(applicant(0), applicant(1, utc_offset=360)), (0, 1), None),
    (
        "a minute less",
        facts(applicant(0), applicant(1, utc_offset=361)),
        (0, 1),
        "A and B share 2.98333 working hours, fewer than 3",
    ),
    ("an unknown zone", facts(applicant(0, utc_offset=None), applicant(1, utc_offset=780)), (0, 1), None),
    (
        "a far third",
        facts(applicant(0), applicant(1), applicant(2, utc_offset=780)),
        (0, 1, 2),
        "A and C share 0 working hours, fewer than 3",
    ),
    (
        "funded on the topic",
        facts(applicant(0), applicant(1), cooperations={(0, 1): (FUNDED,)}),
        (0, 1),
        "A and B already have a funded initiative on the topic cooling",
    ),
    (
        "funded on another topic",
        facts(applicant(0), applicant(1), cooperations={(0, 1): (EarlierCooperation("ports", funded=True),)}),
        (0, 1),
        None,
    ),
    (
        "the topic without funding",
        facts(applicant(0), applicant(1), cooperations={(0, 1): (EarlierCooperation(TOPIC, funded=False),)}),
        (0, 1),
        None,
    ),
    (
        "in a pair nobody may only give",
        facts(applicant(0), applicant(1, **TEACHER)),
        (0, 1),
        "B would gain nothing on the topic cooling",
    ),
    (
        "in three nobody may only give",
        facts(applicant(0), applicant(1), applicant(2, **TEACHER)),
        (0, 1, 2),
        "C would gain nothing on the topic cooling",
    ),
]


@pytest.mark.parametrize(("known", "group", "reason"), [pytest.param(*c[1:], id=c[0]) for c in CASES])
def test_why_a_group_may_not_be_formed(known: Facts, group: tuple[int, ...], reason: str | None) -> None:
    assert why_not(group, TOPIC, known) == reason
    assert possible_topics(group, known) == ([TOPIC] if reason is None else [])


@settings(max_examples=examples(25))
@given(known=several_applicants())
def test_exactly_the_groups_that_keep_the_hard_rules_are_enumerated(known: Facts) -> None:
    """Each with its value; decisions and a baseline are not in play."""
    groups = full_instance(everything_free(known), BaselineTwinnings()).groups
    found = {
        (known.topics[int(groups.topic[row])], groups.members(row)): int(groups.worth[row])
        for row in range(len(groups))
    }
    expected = {
        (topic, group): value_in_steps(group, topic, known)
        for size in (2, 3)
        for group in combinations(range(len(known.applicants)), size)
        for topic in known.topics
        if why_not(group, topic, known) is None
    }
    assert found == expected
    assert len(groups) == len(expected)
