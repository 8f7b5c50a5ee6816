"""The fixed words, and what follows from them alone: the status that outcomes make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme import vocabulary
from programme.vocabulary import (
    OPEN_OUTCOMES,
    OUTCOMES,
    SELECTABLE,
    STATUS_OF_OUTCOME,
    STATUSES,
    Outcome,
    Status,
    status_of,
    worst_outcome,
)

SEVERAL = st.lists(st.sampled_from(OUTCOMES), max_size=10)
STATUS_CASES: list[tuple[list[Outcome], Status]] = [
    ([], "eligible"),
    (["met"] * 10, "eligible"),
    (["not_applicable"], "eligible"),
    (["met", "conditional"], "tentative"),
    (["conditional", "unclear", "met"], "needs_review"),
    (["unclear", "not_met"], "ineligible"),
    (["not_met", "conditional", "met"], "ineligible"),
]


@pytest.mark.parametrize(("outcomes", "status"), STATUS_CASES, ids=str)
def test_the_worst_outcome_decides_the_status(outcomes: list[Outcome], status: Status) -> None:
    assert status_of(outcomes) == status


@given(SEVERAL, SEVERAL)
def test_more_outcomes_never_make_a_better_status(some: list[Outcome], others: list[Outcome]) -> None:
    together = STATUSES.index(status_of([*some, *others]))
    assert together == max(STATUSES.index(status_of(some)), STATUSES.index(status_of(others)))


@given(SEVERAL)
def test_selectable_exactly_if_nothing_is_unclear_or_not_met(outcomes: list[Outcome]) -> None:
    assert (status_of(outcomes) in SELECTABLE) == (not {"unclear", "not_met"} & set(outcomes))


@given(SEVERAL.filter(bool))
def test_the_worst_outcome_is_one_of_them_and_alone_gives_the_same_status(outcomes: list[Outcome]) -> None:
    worst = worst_outcome(outcomes)
    assert worst in outcomes
    assert status_of([worst]) == status_of(outcomes)


def test_of_met_and_not_applicable_the_rule_that_was_applied_tells() -> None:
    assert worst_outcome(["not_applicable", "met"]) == "met"
    assert worst_outcome([]) == "not_applicable"


def test_every_outcome_has_a_status_and_open_ones_keep_it_from_being_eligible() -> None:
    assert set(STATUS_OF_OUTCOME) == set(OUTCOMES)
    assert set(STATUS_OF_OUTCOME.values()) == set(STATUSES)
    assert {outcome for outcome in OUTCOMES if STATUS_OF_OUTCOME[outcome] != "eligible"} == set(OPEN_OUTCOMES)


def test_no_list_says_a_word_twice() -> None:
    lists = {
        name: words for name, words in vars(vocabulary).items() if name.isupper() and isinstance(words, tuple)
    }
    assert len(lists) > 10
    assert {name for name, words in lists.items() if len(set(words)) < len(words)} == set()
