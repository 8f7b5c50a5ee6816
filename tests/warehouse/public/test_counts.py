"""Counts of those who were not selected: none is small, and none that is not told can be worked out."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.public.counts import OTHERS, told_counts, unlike_before

CASES = [
    ("all are large", {"a": 5, "b": 3}, {"a": 5, "b": 3}),
    ("one is small: another hides it", {"a": 9, "b": 5, "c": 1}, {"a": 9, OTHERS: 6}),
    ("one is nought: another hides it", {"a": 9, "b": 5, "c": 0}, {"a": 9, OTHERS: 5}),
    ("two small ones hide each other", {"a": 9, "b": 1, "c": 2}, {"a": 9, OTHERS: 3}),
    (
        "two that are as large as small ones can be do not",
        {"a": 9, "b": 2, "c": 2, "d": 4},
        {"a": 9, OTHERS: 8},
    ),
    ("too few small ones together", {"a": 9, "b": 1, "c": 1, "d": 3}, {"a": 9, OTHERS: 5}),
    ("nothing is left to tell", {"a": 5, "b": 1}, {}),
    ("the total is small itself", {"a": 1, "b": 1}, {}),
    ("nobody", {"a": 0, "b": 0}, {}),
    ("no group", {}, {}),
]


@pytest.mark.parametrize(("counts", "told"), [pytest.param(*each[1:], id=each[0]) for each in CASES])
def test_which_counts_are_told(counts: dict[str, int], told: dict[str, int]) -> None:
    assert told_counts(counts, 3) == told


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12)), st.integers(2, 5))
def test_no_count_is_small_and_their_sum_is_the_total(counts: dict[str, int], least: int) -> None:
    told = told_counts(counts, least)
    assert all(n >= least for n in told.values())
    assert not told or sum(told.values()) == sum(counts.values())
    assert all(counts[group] == n for group, n in told.items() if group != OTHERS)


@pytest.mark.parametrize(("groups", "most"), [(2, 9), (3, 8), (4, 6)])
def test_nobody_who_knows_the_rule_can_work_out_a_count_that_is_not_told(groups: int, most: int) -> None:
    """Of all counts that lead to the same answer, no group that is not told has the same count in each."""
    names = "abcd"[:groups]
    worlds = defaultdict(list)
    for counts in product(range(most + 1), repeat=groups):
        told = told_counts(dict(zip(names, counts, strict=True)), 3)
        worlds[sum(counts), tuple(sorted(told.items()))].append(counts)
    for (total, told), same in worlds.items():
        # Counts near the edge of what is tried have neighbours that are not tried.
        if total < 3 or max(map(max, same)) == most:
            continue
        for at, name in enumerate(names):
            if name not in dict(told):
                assert len({counts[at] for counts in same}) > 1, (total, told, name)


@pytest.mark.parametrize(
    ("n", "before", "may"),
    [(5, [], True), (5, [5], True), (5, [4], False), (5, [7], False), (5, [8], True), (5, [5, 4], False)],
)
def test_a_small_step_from_an_earlier_edition_is_not_told(n: int, before: list[int], may: bool) -> None:
    assert unlike_before(n, before, 3) == may
