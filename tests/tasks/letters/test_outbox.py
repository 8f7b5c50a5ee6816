"""Who still has to be told what; nobody twice the same, and nothing after a letter of which nobody knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.letter_vocabulary import LETTER_STATES, RETRIED, TOLD, LetterState
from tasks.letters.news import News
from tasks.letters.outbox import (
    Letter,
    count_by_kind,
    letters_out,
    make_letter_id,
    message_id,
    plan_letters,
)
from tasks.letters.sources import Contact

ROUND = "2026-01"
NEWS = News("A", "selected", "City", Contact("Ama", "ama@example.org"))
OTHER = News("A", "not_selected", "City", Contact("Ama", "ama@example.org"))


def letter(news: News, state: LetterState, last: Letter | None = None) -> Letter:
    name = make_letter_id(ROUND, news, last)
    return Letter(name, news.application_id, news.kind, 1, news.id, state, date(2026, 1, 20))


FIRST = letter(NEWS, "sent")
SECOND = letter(OTHER, "sent", FIRST)


def outcome(news: News, *letters: Letter) -> tuple[str, bool]:
    """What follows for the application, and whether it is a correction."""
    plan = plan_letters(ROUND, [news], letters)
    if plan.due:
        return "due", plan.due[0].corrects is not None
    return next(name for name in ("told", "unsure", "bounced") if getattr(plan, name)), False


CASES = [
    pytest.param(NEWS, (), ("due", False), id="nobody told it anything"),
    pytest.param(NEWS, (FIRST,), ("told", False), id="it knows"),
    pytest.param(NEWS, (replace(FIRST, state="exported"),), ("told", False), id="the office has the file"),
    pytest.param(OTHER, (FIRST,), ("due", True), id="its news changed"),
    pytest.param(NEWS, (FIRST, SECOND), ("due", True), id="its news changed back"),
    pytest.param(OTHER, (FIRST, replace(SECOND, state="waiting")), ("due", True), id="the correction waits"),
    pytest.param(NEWS, (FIRST, replace(SECOND, state="waiting")), ("told", False), id="it was not needed"),
    pytest.param(NEWS, (replace(FIRST, state="sending"),), ("unsure", False), id="sending was cut short"),
    pytest.param(OTHER, (replace(FIRST, state="sending"),), ("unsure", False), id="and its news changed"),
    pytest.param(NEWS, (replace(FIRST, state="bounced"),), ("bounced", False), id="it came back"),
    pytest.param(
        OTHER, (replace(FIRST, state="bounced"),), ("due", False), id="other news after it came back"
    ),
    *(pytest.param(NEWS, (replace(FIRST, state=state),), ("due", False), id=state) for state in RETRIED),
]


@pytest.mark.parametrize(("news", "letters", "expected"), CASES)
def test_what_follows_for_an_application(
    news: News, letters: tuple[Letter, ...], expected: tuple[str, bool]
) -> None:
    assert outcome(news, *letters) == expected


def test_the_letter_that_is_tried_again_is_the_same_one() -> None:
    waiting = replace(FIRST, state="waiting")
    (due,) = plan_letters(ROUND, [NEWS], [waiting]).due
    assert due.letter_id == waiting.letter_id


def test_a_letter_that_says_what_no_longer_counts_is_replaced() -> None:
    waiting = replace(FIRST, state="waiting")
    plan = plan_letters(ROUND, [OTHER], [waiting])
    assert plan.replaced == (waiting,)
    assert plan.due[0].corrects is None


def test_another_address_is_another_letter() -> None:
    moved = replace(NEWS, contact=Contact("Ama", "new@example.org", changed="c1"))
    assert outcome(moved, replace(FIRST, state="bounced")) == ("due", False)
    assert outcome(moved, FIRST) == ("told", False)


def test_the_message_id_names_the_letter_and_the_senders_domain() -> None:
    assert message_id(ROUND, "ab12", "utm@example.org") == "<ab12.2026-01@example.org>"


OUT = [
    pytest.param((), 0, id="nothing was sent"),
    pytest.param((FIRST,), 1, id="one knows"),
    pytest.param((FIRST, replace(SECOND, state="waiting")), 0, id="its correction waits"),
    pytest.param((FIRST, replace(SECOND, state="replaced")), 1, id="its correction was not needed"),
    pytest.param((replace(FIRST, state="bounced"),), 0, id="it came back"),
    pytest.param((replace(FIRST, state="sending"),), 0, id="nobody knows whether it arrived"),
    pytest.param((replace(FIRST, application_id="Z"),), 0, id="of an application that is gone"),
]


@pytest.mark.parametrize(("letters", "out"), OUT)
def test_letters_that_are_out_are_counted_by_application(letters: tuple[Letter, ...], out: int) -> None:
    states = {"A": "accepted", "B": "late", "X": "set_aside", "X (row 9)": "set_aside"}
    applications = pl.DataFrame({"application_id": [*states], "state": [*states.values()]})
    assert letters_out(letters, applications) == (out, 3)


MOVED = [
    pytest.param((FIRST,), {1: {"B"}}, 1, id="another one's news moved"),
    pytest.param((FIRST,), {1: {"A"}}, 0, id="its correction is not made yet"),
    pytest.param((FIRST, replace(SECOND, version=2)), {1: {"A"}}, 1, id="its correction is out"),
    pytest.param((FIRST, replace(SECOND, version=2, state="waiting")), {1: {"A"}}, 0, id="it waits"),
]


@pytest.mark.parametrize(("letters", "moved", "out"), MOVED)
def test_a_letter_of_an_earlier_version_counts_while_its_news_holds(
    letters: tuple[Letter, ...], moved: dict[int, set[str]], out: int
) -> None:
    applications = pl.DataFrame({"application_id": ["A"], "state": ["accepted"]})
    assert letters_out(letters, applications, moved) == (out, 1)


def test_letters_are_counted_by_kind() -> None:
    due = plan_letters(
        ROUND, [NEWS, replace(OTHER, application_id="B"), replace(OTHER, application_id="C")], []
    )
    assert count_by_kind(due.due) == {"not_selected": 2, "selected": 1}


@given(
    st.lists(
        st.tuples(st.sampled_from([NEWS, OTHER]), st.sampled_from(LETTER_STATES), st.booleans()), max_size=12
    )
)
def test_nobody_is_told_the_same_twice_in_a_row(steps: list[tuple[News, LetterState, bool]]) -> None:
    """Whatever happened before: each letter that goes out says something else than the one before it."""
    letters: list[Letter] = []
    for news, fate, _ in steps:
        plan = plan_letters(ROUND, [news], letters)
        for due in plan.due:
            made = Letter(due.letter_id, "A", news.kind, 1, news.id, fate, date(2026, 1, 20))
            letters = [one for one in letters if one.letter_id != made.letter_id] + [made]
        told = [one.news for one in letters if one.state in TOLD]
        assert all(one != other for one, other in pairwise(told))
        assert len({one.letter_id for one in letters}) == len(letters)
        doubtful = [one for one in letters if one.state == "sending"]
        assert not doubtful or not plan_letters(ROUND, [NEWS], letters).due
