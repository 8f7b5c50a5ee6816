"""Shared working hours over the months of a twinning: clocks change, and not everywhere on the same day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.matchmaking.step import match
from tasks.matchmaking.value.aspects.hours import (
    shared_by_all,
    shared_minutes,
    shared_minutes_of_all,
    usual_minutes,
)
from tasks.matchmaking.value.facts import Facts, facts_of
from tasks.matchmaking.value.hard_rules import why_not
from tasks.matchmaking.value.working_year import working_year
from tests.examples import examples
from tests.tasks.matchmaking.applicants import TOPIC, applicant, facts
from tests.tasks.matchmaking.making import invented, rules

STARTS = date(2025, 10, 6)
HOURS = rules().hours
CASES = [
    ("one zone", ("Europe/Rome", "Europe/Rome"), 480, 480),
    ("clocks change on the same day", ("Europe/Rome", "Europe/Lisbon"), 420, 420),
    ("only one of them changes; winter is longer apart", ("Europe/Rome", "Asia/Kolkata"), 210, 270),
    ("only one changes; summer is longer apart", ("America/Sao_Paulo", "Europe/Rome"), 180, 180),
    ("two weeks in spring and one in autumn", ("Europe/Rome", "America/New_York"), 120, 120),
    (
        "Pirenópolis and Anchorage: from 180 to 120 in November",
        ("America/Sao_Paulo", "America/Anchorage"),
        120,
        180,
    ),
    ("both sides of the equator", ("America/Santiago", "America/New_York"), 360, 480),
    ("an island that changes by half an hour", ("Australia/Lord_Howe", "Australia/Sydney"), 450, 480),
    ("a zone without changes", ("Asia/Tokyo", "Asia/Singapore"), 420, 420),
    ("around the date line", ("Pacific/Auckland", "Pacific/Honolulu"), 360, 420),
    ("no hour ever", ("Europe/Rome", "Pacific/Auckland"), 0, 0),
]


def two(*zones: str | None, starts: date = STARTS) -> Facts:
    """Facts about cities in these zones."""
    problem = invented(len(zones), 1)
    candidates = problem.candidates.with_columns(pl.Series("timezone", list(zones), dtype=pl.String))
    return facts_of(replace(problem, candidates=candidates, starts=starts))


@pytest.mark.parametrize(("zones", "least", "usual"), [pytest.param(*each[1:], id=each[0]) for each in CASES])
def test_least_and_usual_shared_minutes(zones: tuple[str, str], least: int, usual: int) -> None:
    known = two(*zones)
    assert (shared_minutes(0, 1, known), usual_minutes(0, 1, known)) == (least, usual)


def test_a_pair_is_judged_by_its_worst_day() -> None:
    known = facts(applicant(0, utc_offset=-180), applicant(1, utc_offset=-480, later_offsets=(-540,)))
    known = replace(known, periods=(200, 61))
    assert why_not((0, 1), TOPIC, known) == (
        "A and B share 2 working hours at least (usually 3), fewer than 3"
    )


def test_an_unknown_zone_is_unknown_all_year() -> None:
    known = two("Europe/Rome", None)
    assert (shared_minutes(0, 1, known), usual_minutes(0, 1, known)) == (None, None)
    assert shared_by_all(shared_minutes, (0, 1), known) is None
    assert working_year([None, "Atlantis/Nowhere"], STARTS, 12) == ((261,), [None, None])


def test_the_year_begins_on_the_day_and_has_working_days_only() -> None:
    periods, offsets = working_year(["Europe/Rome"], date(2026, 2, 28), 12)
    assert offsets == [(60, 120)]
    assert sum(periods) == 260
    assert working_year(["Europe/Rome"], date(2026, 1, 31), 1) == ((21,), [(60,)])


ZONES = (
    "Europe/Rome",
    "America/Sao_Paulo",
    "America/Anchorage",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
)


@pytest.mark.long
@settings(max_examples=examples(12))
@given(
    zones=st.lists(st.sampled_from((*ZONES, None)), min_size=2, max_size=4),
    starts=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
)
def test_no_working_day_of_the_year_has_less(zones: list[str | None], starts: date) -> None:
    """Recomputed day by day; and the arrays of all pairs say the same."""
    known = two(*zones, starts=starts)
    least, both = shared_minutes_of_all(known)
    for i in range(len(zones)):
        for j in range(i):
            minutes = shared_minutes(i, j, known)
            assert both[i, j] == (minutes is not None)
            if minutes is not None:
                assert (
                    least[i, j]
                    == least[j, i]
                    == minutes
                    == _least_by_day(str(zones[i]), str(zones[j]), starts)
                )


def _least_by_day(a: str, b: str, starts: date) -> int:
    ends = date(starts.year + 1, starts.month, 1) + timedelta(days=starts.day - 1)
    days = (starts + timedelta(days=n) for n in range((ends - starts).days))
    return min(_shared(a, b, day) for day in days if day.weekday() < 5)


def _shared(a: str, b: str, day: date) -> int:
    noon = datetime.combine(day, time(12), UTC)
    apart = noon.astimezone(ZoneInfo(a)).replace(tzinfo=None) - noon.astimezone(ZoneInfo(b)).replace(
        tzinfo=None
    )
    minutes = abs(int(apart.total_seconds())) // 60
    return max(0, HOURS.work_minutes - min(minutes, 24 * 60 - minutes))


def test_the_published_twinnings_show_both() -> None:
    answer = match(invented(12, 3))
    assert not answer.twinnings.is_empty()
    assert (answer.twinnings["least_shared_minutes"] >= HOURS.least_shared_minutes).all()
    assert (answer.twinnings["usual_shared_minutes"] >= answer.twinnings["least_shared_minutes"]).all()
