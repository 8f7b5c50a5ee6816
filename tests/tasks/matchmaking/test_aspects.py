"""Every aspect by itself: its points and words in cases, and its array form against its definition."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.climate.grid import Climate
from programme.vocabulary import ASPECTS
from tasks.matchmaking.value.arrays import NOBODY
from tasks.matchmaking.value.aspects.registry import (
    ASPECT_DEFINITIONS,
    aspect_columns,
    aspect_values,
    own_points,
    value_in_steps,
)
from tasks.matchmaking.value.facts import EarlierCooperation, Facts, TopicInterest
from tests.examples import examples
from tests.tasks.matchmaking.applicants import TOPIC, applicant, facts

BY_NAME = {one.name: one for one in ASPECT_DEFINITIONS}
ELSEWHERE = EarlierCooperation(None, funded=True)
UNFUNDED = EarlierCooperation(None, funded=False)


def interested(priority: int = 1, need: int = 3, experience: int = 2) -> dict[str, object]:
    return {"interests": {TOPIC: TopicInterest(priority, need, experience)}}


def pair(a: dict[str, object], b: dict[str, object], **relations) -> Facts:
    return facts(applicant(0, **a), applicant(1, **b), **relations)


CASES = [
    ("topical", "first and third", pair({}, interested(3)), 16, "A: first priority; B: third priority"),
    ("topical", "second", pair({}, interested(2)), 20, "A: first priority; B: second priority"),
    ("topical", "not on the list", pair({}, {"interests": {}}), 12, "A: first priority; B: no priority"),
    ("selection", "scores", pair({"score": 64}, {"score": 96}), 2.5, "selection scores of A, B"),
    (
        "complementarity",
        "no more than needed, no more than there is",
        pair(interested(1, 4, 1), interested(1, 2, 5)),
        20,
        "A gains 4 of 5 from B (need 4, experience there 5); "
        "B gains 1 of 5 from A (need 2, experience there 1)",
    ),
    (
        "complementarity",
        "nothing to gain",
        pair(interested(1, 0, 0), interested(1, 0, 0)),
        0,
        "A gains 0 of 5 from B (need 0, experience there 0); "
        "B gains 0 of 5 from A (need 0, experience there 0)",
    ),
    (
        "institutional",
        "both full, same kind",
        pair({}, {}),
        16,
        "A and B: jurisdiction full and full, same kind of body",
    ),
    (
        "institutional",
        "full and partial, other kinds",
        pair({"jurisdiction": "partial"}, {"kind": "joint"}),
        6,
        "A and B: jurisdiction full and partial",
    ),
    (
        "institutional",
        "both partial",
        pair({"jurisdiction": "partial"}, {"jurisdiction": "partial"}),
        12,
        "A and B: jurisdiction partial and partial, same kind of body",
    ),
    (
        "institutional",
        "none",
        pair({"jurisdiction": "none"}, {}),
        4,
        "A and B: jurisdiction full and none, same kind of body",
    ),
    (
        "institutional",
        "not told, kinds outside the list",
        pair({"jurisdiction": None, "kind": "other"}, {"kind": "other"}),
        0,
        "A and B: jurisdiction full and unknown",
    ),
    (
        "geography",
        "alike in all",
        pair({}, {}),
        24,
        "A and B: sizes within a factor of 1.5, climate Cfb, both inland",
    ),
    (
        "geography",
        "at the ratio of a step",
        pair({}, {"population": 250_000, "coastal": True}),
        16,
        "A and B: sizes within a factor of 2.5, climate Cfb",
    ),
    (
        "geography",
        "just above a step",
        pair({}, {"population": 250_001, "coastal": True}),
        12,
        "A and B: sizes within a factor of 5, climate Cfb",
    ),
    (
        "geography",
        "same climate group on the coast",
        pair({"coastal": True}, {"coastal": True, "climate": Climate("Csa"), "population": 900_000}),
        8,
        "A and B: both temperate, both coastal",
    ),
    (
        "geography",
        "nothing known",
        pair({"population": None, "coastal": None, "climate": Climate(None)}, {}),
        0,
        "A and B: little in common",
    ),
    (
        "geography",
        "no inhabitants",
        pair({"population": 0, "coastal": True}, {"population": 0}),
        10,
        "A and B: climate Cfb",
    ),
    ("hours", "same zone", pair({}, {}), 10, "A and B: 8 shared working hours"),
    ("hours", "half an hour apart", pair({}, {"utc_offset": 90}), 9, "A and B: 7.5 shared working hours"),
    ("hours", "at the minimum", pair({}, {"utc_offset": 360}), 0, "A and B: 3 shared working hours"),
    ("hours", "too far", pair({}, {"utc_offset": -540}), 0, "A and B: 0 shared working hours"),
    (
        "hours",
        "across the date line",
        pair({"utc_offset": 780}, {"utc_offset": -600}),
        8,
        "A and B: 7 shared working hours",
    ),
    ("hours", "unknown", pair({"utc_offset": None}, {}), 0, "A and B: time zone unknown"),
    ("preferences", "none", pair({}, {}), 0, "no preference named"),
    ("preferences", "one way", pair({}, {}, preferences={(1, 0): 1}), 4, "B named A as first choice"),
    ("preferences", "second choice", pair({}, {}, preferences={(0, 1): 2}), 3, "A named B as second choice"),
    (
        "preferences",
        "mutual",
        pair({}, {}, preferences={(0, 1): 2, (1, 0): 1}),
        13,
        "A named B as second choice; B named A as first choice",
    ),
    ("cooperation", "none", pair({}, {}), 0, "no earlier cooperation known"),
    (
        "cooperation",
        "not funded",
        pair({}, {}, cooperations={(0, 1): (UNFUNDED,)}),
        -2,
        "A and B have worked together before",
    ),
    (
        "cooperation",
        "only the dearest counts",
        pair({}, {}, cooperations={(0, 1): (UNFUNDED, ELSEWHERE)}),
        -6,
        "A and B have worked together before",
    ),
]


@pytest.mark.parametrize(
    ("name", "known", "points", "reason"),
    [pytest.param(name, *rest, id=f"{name}: {title}") for name, title, *rest in CASES],
)
def test_points_and_reason_of_a_pair(name: str, known: Facts, points: float, reason: str) -> None:
    value = BY_NAME[name].value((0, 1), TOPIC, known)
    assert (value.steps / 64, value.reason) == (points, reason)


THREE = facts(
    applicant(0, **interested(1, 5, 0)),
    applicant(1, **interested(2, 0, 4), utc_offset=120),
    applicant(2, **interested(3, 2, 4), utc_offset=60),
    preferences={(0, 2): 1},
    cooperations={(1, 2): (UNFUNDED,)},
)
OF_THREE = {
    "topical": (24, "A: first priority; B: second priority; C: third priority"),
    "complementarity": (
        24,
        "A gains 4 of 5 from B (need 5, experience there 4); "
        "B gains 0 of 5 from A (need 0, experience there 0); "
        "C gains 2 of 5 from B (need 2, experience there 4)",
    ),
    "hours": (
        13,
        "A and B: 7 shared working hours; A and C: 8 shared working hours; B and C: 7 shared working hours",
    ),
    "preferences": (4, "A named C as first choice"),
    "cooperation": (-2, "B and C have worked together before"),
    "selection": (30, "selection scores of A, B, C"),
}


@pytest.mark.parametrize(("name", "expected"), OF_THREE.items(), ids=OF_THREE)
def test_points_and_reason_of_three(name: str, expected: tuple[float, str]) -> None:
    """Of two equal partners the first is named; a term about two cities counts once for each pair."""
    value = BY_NAME[name].value((0, 1, 2), TOPIC, THREE)
    assert (value.steps / 64, value.reason) == expected


def test_aspects_are_those_of_the_vocabulary_in_its_order() -> None:
    assert tuple(one.name for one in ASPECT_DEFINITIONS) == ASPECTS
    assert tuple(aspect_values((0, 1), TOPIC, THREE)) == ASPECTS


TOPICS = (TOPIC, "ports")
APPLICANTS = st.fixed_dictionaries(
    {
        "population": st.sampled_from([None, 0, 60_000, 90_000, 90_001, 150_000, 300_000]),
        "kind": st.sampled_from(["municipality", "joint", "other"]),
        "jurisdiction": st.sampled_from([None, "full", "partial", "none"]),
        "utc_offset": st.sampled_from([None, -720, -180, 0, 60, 330, 360, 780]),
        "later_offsets": st.sampled_from([(), (0, 60), (420, 780), (-180, -180)]),
        "climate": st.sampled_from([Climate(name) for name in (None, "Cfb", "Csa", "Af")]),
        "coastal": st.sampled_from([None, True, False]),
        "score": st.integers(0, 2816),
        "out_of_place": st.sampled_from([frozenset(), frozenset({TOPIC})]),
        "interests": st.dictionaries(
            st.sampled_from(TOPICS),
            st.builds(TopicInterest, st.integers(1, 3), st.integers(0, 5), st.integers(0, 5)),
        ),
    }
)


@st.composite
def several_applicants(draw: st.DrawFn) -> Facts:
    """Two to five applicants with anything unknown, and any relations."""
    people = [applicant(k, **one) for k, one in enumerate(draw(st.lists(APPLICANTS, min_size=2, max_size=5)))]
    pairs = st.tuples(*[st.integers(0, len(people) - 1)] * 2)
    done = st.builds(EarlierCooperation, st.sampled_from([None, *TOPICS]), st.booleans())
    named = draw(st.dictionaries(pairs.filter(lambda one: one[0] != one[1]), st.integers(1, 2), max_size=4))
    worked = draw(st.dictionaries(pairs.filter(lambda one: one[0] < one[1]), st.tuples(done), max_size=4))
    known = facts(*people, preferences=named, cooperations=worked)
    return replace(known, periods=(100, 100, 61))


@pytest.mark.parametrize("name", ASPECTS)
@settings(max_examples=examples(20))
@given(known=several_applicants())
def test_the_array_form_equals_the_definition(name: str, known: Facts) -> None:
    """For every group of two and three, also on a topic that a member did not choose."""
    everyone = range(len(known.applicants))
    groups = [
        (group, number)
        for size in (2, 3)
        for group in combinations(everyone, size)
        for number in range(len(known.topics))
    ]
    members = np.array([(*group, NOBODY)[:3] for group, _ in groups], np.int32).reshape(-1, 3)
    topics = np.array([number for _, number in groups], np.int32)
    column = BY_NAME[name].column(members, topics, known)
    expected = [BY_NAME[name].value(group, known.topics[number], known).steps for group, number in groups]
    assert column.tolist() == expected


@settings(max_examples=examples(12))
@given(known=several_applicants())
def test_the_columns_of_a_group_sum_to_its_value(known: Facts) -> None:
    if known.topics:
        row = aspect_columns(np.array([[0, 1, NOBODY]], np.int32), np.array([0], np.int32), known)
        assert row.shape == (1, len(ASPECTS))
        assert int(row.sum()) == value_in_steps((0, 1), known.topics[0], known)


@settings(max_examples=examples(40))
@given(known=several_applicants(), data=st.data())
def test_points_are_the_same_whether_few_or_all_applicants_are_in_the_groups(
    known: Facts, data: st.DataObject
) -> None:
    """What is laid out is laid out for those in the groups alone, and must not confuse who is who."""
    every = list(combinations(range(len(known.applicants)), 2))
    if not (known.topics and every):
        return
    few = data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=2, unique=True))

    def laid_out(pairs: list[tuple[int, int]]) -> tuple[list[object], list[object]]:
        members = np.array([(*pair, NOBODY) for pair in pairs], np.int32)
        topics = np.zeros(len(pairs), np.int32)
        return aspect_columns(members, topics, known).tolist(), own_points(members, topics, known).tolist()

    of_all, of_few = laid_out(every), laid_out(few)
    for one, other in zip(of_all, of_few, strict=True):
        assert [one[every.index(pair)] for pair in few] == other
