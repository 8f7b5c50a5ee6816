"""Rounds: deadlines in the round's time zone, months, and which values are impossible together."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.problems import ProblemsError
from programme.rounds import add_months

DEADLINES = [
    ("the first call, summer time", {}, datetime(2025, 9, 4, 21, 59, 59, tzinfo=UTC)),
    (
        "a winter day",
        {"closes": date(2025, 12, 4), "twinnings_start": date(2026, 1, 5)},
        datetime(2025, 12, 4, 22, 59, 59, tzinfo=UTC),
    ),
    (
        "the day the clocks are put back",
        {"closes": date(2025, 10, 26), "twinnings_start": date(2025, 11, 5)},
        datetime(2025, 10, 26, 22, 59, 59, tzinfo=UTC),
    ),
    (
        "the hour that comes twice: its second time",
        {"closes": date(2025, 10, 26), "closes_at": time(2, 30), "twinnings_start": date(2025, 11, 5)},
        datetime(2025, 10, 26, 1, 30, tzinfo=UTC),
    ),
    (
        "the hour that never comes",
        {"closes": date(2026, 3, 29), "closes_at": time(2, 30), "twinnings_start": date(2026, 4, 5)},
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    ),
    (
        "noon in Nairobi",
        {"closes_at": time(12), "timezone": "Africa/Nairobi"},
        datetime(2025, 9, 4, 9, tzinfo=UTC),
    ),
]


@pytest.fixture(scope="session")
def first(programme):
    return programme.rounds.get("2025-07")


@pytest.mark.parametrize(("changed", "moment"), [pytest.param(*each[1:], id=each[0]) for each in DEADLINES])
def test_the_deadline_as_a_moment(changed, moment, first):
    round_ = first.model_copy(update=changed)
    assert round_.deadline.astimezone(UTC) == moment
    assert round_.accepted_until == moment + timedelta(seconds=1)


def test_grace_is_counted_in_minutes_that_pass(first):
    # Over the night in which the clocks are put back, an hour of grace is still an hour.
    night = first.model_copy(
        update={"closes": date(2025, 10, 26), "closes_at": time(1, 59, 59), "grace_minutes": 60}
    )
    assert night.accepted_until == datetime(2025, 10, 26, 1, 0, tzinfo=UTC)


def test_what_follows_from_the_days_of_a_round(first, programme):
    assert first.opens_at == datetime(2025, 6, 30, 22, tzinfo=UTC)
    assert first.processed_at == datetime(2025, 9, 5, 4, tzinfo=UTC)
    assert programme.rounds.results_due(first) == date(2025, 10, 4)


def test_the_programmes_own_numbers(programme):
    rounds = programme.rounds
    assert (rounds.max_cities, rounds.max_twinnings) == (50, 20)
    assert [(r.id, r.originally_closes, r.closes, r.max_twinnings, r.max_cities) for r in rounds.rounds] == [
        ("2025-07", date(2025, 8, 7), date(2025, 9, 4), 9, 24),
        ("2026-01", date(2026, 1, 8), date(2026, 1, 8), 20, 50),
    ]


def test_rounds_by_id_and_before(programme):
    rounds = programme.rounds
    assert [r.id for r in rounds.before("2026-01")] == ["2025-07"]
    assert rounds.before("2025-07") == ()
    with pytest.raises(ProblemsError) as caught:
        rounds.get("2024-01")
    (found,) = caught.value.problems
    assert (found.found, found.expected, found.where) == (
        "round '2024-01'",
        "one of 2025-07, 2026-01",
        "ROUND",
    )


MONTHS = [
    ("plain", date(2025, 10, 6), 3, date(2026, 1, 6)),
    ("none", date(2025, 10, 6), 0, date(2025, 10, 6)),
    ("a shorter month", date(2025, 1, 31), 1, date(2025, 2, 28)),
    ("a leap year", date(2024, 1, 31), 1, date(2024, 2, 29)),
    ("into December", date(2025, 11, 30), 1, date(2025, 12, 30)),
    ("across the year", date(2025, 12, 31), 2, date(2026, 2, 28)),
    ("a year", date(2024, 2, 29), 12, date(2025, 2, 28)),
]


@pytest.mark.parametrize(
    ("day", "months", "expected"), [pytest.param(*each[1:], id=each[0]) for each in MONTHS]
)
def test_add_months(day, months, expected):
    assert add_months(day, months) == expected


DAYS = st.dates(date(1990, 1, 1), date(2200, 12, 31))


@given(DAYS, st.integers(0, 600))
def test_so_many_months_later_it_is_that_month_and_the_same_day_or_its_last(day, months):
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(DAYS, DAYS, st.integers(0, 600))
def test_months_keep_the_order_of_days(one, other, months):
    assert (one <= other) <= (add_months(one, months) <= add_months(other, months))
