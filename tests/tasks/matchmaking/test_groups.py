"""Arrays of groups behave as the sets of groups they stand for."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tasks.matchmaking.solver.groups import Groups, join
from tasks.matchmaking.value.arrays import NOBODY, codes, same_and_known

GROUP = st.tuples(
    st.integers(0, 3), st.sets(st.integers(0, 9), min_size=2, max_size=3).map(sorted).map(tuple)
)
SEVERAL = st.lists(GROUP, max_size=12)


def arrays(groups: list[tuple[int, tuple[int, ...]]]) -> Groups:
    members = np.array([(*some, NOBODY)[:3] for _, some in groups], np.int32).reshape(-1, 3)
    topics = np.array([topic for topic, _ in groups], np.int32)
    return Groups(*members.T, topics, np.arange(len(groups), dtype=np.int32))


def listed(groups: Groups) -> list[tuple[int, tuple[int, ...]]]:
    return [(int(groups.topic[row]), groups.members(row)) for row in range(len(groups))]


@given(some=SEVERAL, others=SEVERAL)
def test_groups_are_the_same_by_topic_and_members(some, others) -> None:
    assert arrays(some).among(arrays(others)).tolist() == [one in others for one in some]


@given(some=SEVERAL)
def test_distinct_keeps_each_group_where_it_came_first(some) -> None:
    distinct = arrays(some).distinct()
    assert listed(distinct) == list(dict.fromkeys(some))
    assert distinct.worth.tolist() == [some.index(one) for one in dict.fromkeys(some)]


@given(some=SEVERAL, wanted=st.sets(st.integers(0, 12)))
def test_which_groups_have_a_member(some, wanted) -> None:
    assert arrays(some).has(wanted).tolist() == [bool(wanted & set(members)) for _, members in some]


@given(blocks=st.lists(SEVERAL, max_size=4))
def test_blocks_are_joined_in_order(blocks) -> None:
    assert listed(join([arrays(block) for block in blocks])) == [one for block in blocks for one in block]


@given(values=st.lists(st.one_of(st.none(), st.sampled_from("abc"))))
def test_codes_are_equal_exactly_for_equal_known_texts(values) -> None:
    same = same_and_known(codes(values))
    assert same.tolist() == [[a == b and a is not None for b in values] for a in values]
