"""Results are due a month after the close of a call, and overdue until every letter is out (FAQ 3.8)."""

from __future__ import annotations

from datetime import date

import pytest

from flows.standing import due_in_words

DUE = date(2025, 10, 4)
CASES = [
    ("before", date(2025, 10, 1), None, "in 3 days"),
    ("on the day", DUE, None, "today"),
    ("a day late, nobody was told", date(2025, 10, 5), None, "overdue by 1 day; no letter is out"),
    ("late, some were told", date(2025, 10, 9), (3, 10), "overdue by 5 days; 3 of 10 letters are out"),
    ("before, some were told", date(2025, 10, 1), (3, 10), "in 3 days; 3 of 10 letters are out"),
    ("all were told", date(2025, 12, 1), (10, 10), "all 10 letters are out"),
]


@pytest.mark.parametrize(
    ("today", "letters", "words"), [pytest.param(*each[1:], id=each[0]) for each in CASES]
)
def test_results_are_overdue_until_all_letters_are_out(
    today: date, letters: tuple[int, int] | None, words: str
) -> None:
    assert due_in_words(DUE, today, letters) == words
