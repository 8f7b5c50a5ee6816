"""Starters of twinnings: sessions on days that suit all, hours as clocks change, a sheet, a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import icalendar
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.countries.names import country_names
from programme.programme import Programme
from programme.rounds import Round
from tasks.starter.common import Office, common_times, shared_through_the_year
from tasks.starter.days_off import UnknownDaysOff, days_off
from tasks.starter.sessions import session_window
from tasks.starter.step import starters
from tests.examples import examples
from warehouse.dictionary.published import PUBLISHED_TABLES

APPROVED = datetime(2025, 9, 20, 10, 30, 15, 250, tzinfo=UTC)
Cities = dict[str, tuple[str | None, str | None]]
"""City to its country and its time zone."""
NORTH_AND_SOUTH: Cities = {"Lisboa": ("PRT", "Europe/Lisbon"), "Recife": ("BRA", "America/Recife")}
CLOCKS: Cities = {"Santiago": ("CHL", "America/Santiago"), "Paris": ("FRA", "Europe/Paris")}


@pytest.fixture(scope="module")
def round_(programme: Programme) -> Round:
    return programme.rounds.get("2025-07")


def tables(cities: Cities, **first: object) -> dict[str, pl.DataFrame]:
    ids = {name: f"S{n}" for n, name in enumerate(cities)}
    rows: dict[str, list[dict[str, object]]] = {
        "applications": [
            {"application_id": ids[name], "city_name": name, "country_iso3": country, "timezone": zone}
            for name, (country, zone) in cities.items()
        ],
        "twinnings": [{"twinning_id": "T-1", "topic": "cooling", "conditional": False}],
        "twinning_members": [
            {"twinning_id": "T-1", "application_id": key, "need": n, "experience": 5 - n}
            for n, key in enumerate(ids.values())
        ],
    }
    for name, value in first.items():
        rows["applications"][0][name] = value
    return {name: PUBLISHED_TABLES[name].frame(rows[name]) for name in rows}


def made(
    programme: Programme, cities: Cities, round_id: str = "2025-07", at: datetime = APPROVED, **first: object
) -> tuple[str, icalendar.Calendar]:
    files = starters(
        tables(cities, **first),
        programme=programme,
        round_=programme.rounds.get(round_id),
        version=3,
        approved_at=at,
    )
    assert sorted(files) == ["T-1.ics", "T-1.md"]
    return files["T-1.md"].decode(), icalendar.Calendar.from_ical(files["T-1.ics"])


def events(calendar: icalendar.Calendar) -> list[icalendar.Event]:
    return list(calendar.walk("VEVENT"))


GROUPS = [
    pytest.param(NORTH_AND_SOUTH, id="north and south"),
    pytest.param(CLOCKS, id="clocks that change the other way round"),
    pytest.param(
        {
            "Amman": ("JOR", "Asia/Amman"),
            "Dhaka": ("BGD", "Asia/Dhaka"),
            "Kathmandu": ("NPL", "Asia/Kathmandu"),
        },
        id="three weekends of their own",
    ),
    pytest.param(
        {"Suva": ("FJI", "Pacific/Fiji"), "Honolulu": ("USA", "Pacific/Honolulu")},
        id="on both sides of the date line",
    ),
    pytest.param(
        {"Auckland": ("NZL", "Pacific/Auckland"), "Lisboa": ("PRT", "Europe/Lisbon")}, id="half a day apart"
    ),
]


@pytest.mark.parametrize("cities", GROUPS)
@pytest.mark.parametrize("round_id", ["2025-07", "2026-01"])
def test_every_session_is_on_a_working_day_of_every_city(
    programme: Programme, cities: Cities, round_id: str
) -> None:
    round_ = programme.rounds.get(round_id)
    sheet, calendar = made(programme, cities, round_id)
    found = events(calendar)
    assert len(found) == 4
    first, last = round_.twinnings_start, programme.rounds.programme_ends
    days = [event["DTSTART"].dt.date() for event in found]
    assert days == sorted(set(days))
    assert first <= days[0]
    assert days[-1] <= last
    assert min((b - a).days for a, b in pairwise(days)) > 40
    for event in found:
        for country, zone in cities.values():
            local = event["DTSTART"].dt.astimezone(ZoneInfo(str(zone)))
            assert not days_off(country, first, last).is_off(local.date()), (country, local)
    stretched = "too few hours" in sheet
    hours = [
        event[edge].dt.astimezone(ZoneInfo(str(zone)))
        for event in found
        for edge in ("DTSTART", "DTEND")
        for _, zone in cities.values()
    ]
    within = all((9, 0) <= (one.hour, one.minute) <= (17, 0) for one in hours)
    assert within != stretched
    assert sheet.count("in person if the office agrees") == 1


def test_the_sheet_tells_hours_through_the_year_in_local_times(programme: Programme) -> None:
    sheet, _ = made(programme, CLOCKS)
    # Paris: UTC+2, +1, +2; Santiago: UTC-3, -4 from 5 April, -3 again from 6 September.
    assert "| 11 October 2025 |" not in sheet, "a Saturday is no working day"
    assert "| 13 October 2025 | 24 October 2025 | 12:00–15:00 | 14:00–17:00 | 09:00–12:00 |" in sheet
    assert "| 27 October 2025 | 27 March 2026 | 12:00–16:00 | 13:00–17:00 | 09:00–13:00 |" in sheet
    assert "| 6 April 2026 | 4 September 2026 | 13:00–15:00 | 15:00–17:00 | 09:00–11:00 |" in sheet


def test_a_calendar_is_the_same_each_time_and_moves_its_events(programme: Programme) -> None:
    one, again = (
        starters(
            tables(NORTH_AND_SOUTH),
            programme=programme,
            round_=programme.rounds.get("2025-07"),
            version=version,
            approved_at=APPROVED,
        )
        for version in (3, 3)
    )
    assert one == again
    _, calendar = made(programme, NORTH_AND_SOUTH)
    assert [str(event["UID"]) for event in events(calendar)] == [
        f"T-1-session-{n}@city2city" for n in (1, 2, 3, 4)
    ]
    for event in events(calendar):
        assert event["DTSTAMP"].dt == datetime(2025, 9, 20, 10, 30, 15, tzinfo=UTC)
        assert event["SEQUENCE"] == 3
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=2)
    assert calendar.errors == []


NASTY = "Lis|boa; a,b\\\\n\r\nBEGIN:VALARM\r\nEND:VEVENT <b>*x*</b> ](http://x.example)"


def test_what_a_name_holds_changes_neither_sheet_nor_calendar(programme: Programme) -> None:
    sheet, calendar = made(programme, NORTH_AND_SOUTH, city_name=NASTY)
    assert [type(part).__name__ for part in calendar.walk()] == ["Calendar", *["Event"] * 4]
    assert all("BEGIN:VALARM" in str(event["DESCRIPTION"]) for event in events(calendar))
    assert "<b>" not in sheet
    assert "](http" not in sheet.replace("\\](", "")
    assert "http://" not in sheet
    assert not any(line.startswith("BEGIN") for line in sheet.splitlines())


LISBON = ("PRT", "Europe/Lisbon")
UNKNOWN = [
    pytest.param(LISBON, ("ZZZ", "Europe/Belgrade"), "public holidays are not known", id="no holidays"),
    pytest.param(LISBON, (None, "Europe/Belgrade"), "an unknown country", id="no country"),
    pytest.param(LISBON, ("BRA", None), "The time zone of B is not known", id="no time zone"),
    pytest.param(("PRT", "No/Where"), ("BRA", None), "Hour: to be agreed", id="no time zone at all"),
]


@pytest.mark.parametrize(("one", "other", "said"), UNKNOWN)
def test_what_is_not_known_is_said(
    programme: Programme, one: tuple[str, str], other: tuple[str | None, str | None], said: str
) -> None:
    sheet, calendar = made(programme, {"A": one, "B": other})
    assert said in sheet
    assert len(events(calendar)) == 4
    for event in events(calendar):
        day = event["DTSTART"].dt
        assert (day.date() if isinstance(day, datetime) else day).weekday() < 5


WINDOWS = [
    ("before the start", "2025-07", date(2025, 9, 1), (date(2025, 10, 6), date(2026, 10, 5)), False),
    (
        "notice after the approval",
        "2025-07",
        date(2026, 1, 1),
        (date(2026, 1, 22), date(2026, 12, 31)),
        False,
    ),
    (
        "the programme ends first",
        "2026-01",
        date(2026, 1, 20),
        (date(2026, 2, 16), date(2026, 12, 31)),
        False,
    ),
    (
        "too late for four sessions",
        "2025-07",
        date(2026, 12, 20),
        (date(2025, 10, 6), date(2026, 10, 5)),
        True,
    ),
]


@pytest.mark.parametrize(
    ("round_id", "approved_on", "days", "past"), [pytest.param(*each[1:], id=each[0]) for each in WINDOWS]
)
def test_the_days_between_which_sessions_are_proposed(
    programme: Programme, round_id: str, approved_on: date, days: tuple[date, date], past: bool
) -> None:
    window = session_window(
        programme.rounds.get(round_id), programme.rounds, 12, programme.starter, approved_on
    )
    assert ((window.first, window.last), window.past) == (days, past)


def test_an_approval_too_late_says_that_new_days_are_needed(programme: Programme) -> None:
    sheet, calendar = made(programme, NORTH_AND_SOUTH, at=datetime(2026, 12, 20, tzinfo=UTC))
    assert "Agree with the cities on new ones" in sheet
    assert len(events(calendar)) == 4


@pytest.mark.parametrize(
    ("country", "day", "off"),
    [
        pytest.param("SAU", date(2026, 3, 6), True, id="a Friday in Saudi Arabia"),
        pytest.param("SAU", date(2026, 3, 8), False, id="a Sunday in Saudi Arabia"),
        pytest.param("EGY", date(2026, 3, 1), False, id="a Sunday in Egypt"),
        pytest.param("FIN", date(2026, 3, 8), True, id="a Sunday in Finland"),
        pytest.param("FIN", date(2026, 12, 25), True, id="Christmas in Finland"),
        pytest.param("IND", date(2026, 1, 26), True, id="Republic Day in India"),
        pytest.param("ZZZ", date(2026, 3, 7), True, id="a Saturday of a country nobody knows"),
    ],
)
def test_days_off_are_those_of_the_country(country: str, day: date, off: bool) -> None:
    assert days_off(country, date(2026, 1, 1), date(2026, 12, 31)).is_off(day) == off


def test_every_country_has_days_off() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    found = {one.iso3: days_off(one.iso3, first, last) for one in country_names()}
    assert found["MAR"].holidays()[date(2026, 7, 30)] == "Throne Day"
    unknown = [name for name, days in found.items() if not days.known]
    assert len(unknown) < 10
    assert all(1 <= len(days.weekend()) <= 2 for days in found.values())


ZONES = st.sampled_from(
    [
        "Europe/Lisbon",
        "America/Santiago",
        "Asia/Kathmandu",
        "Pacific/Auckland",
        "Pacific/Honolulu",
        "Asia/Tokyo",
    ]
)


@settings(max_examples=examples(15))
@given(st.lists(ZONES, min_size=2, max_size=3), st.dates(date(2025, 10, 6), date(2026, 6, 1)))
def test_common_times_lie_in_every_office_s_hours(
    programme: Programme, zones: list[str], first: date
) -> None:
    hours, offices = programme.matchmaking.hours, [Office(zone, UnknownDaysOff()) for zone in zones]
    last = first + timedelta(days=20)
    for begin, end in common_times(offices, first, last, hours, timedelta(0), timedelta(minutes=30)):
        assert end - begin >= timedelta(minutes=30)
        for zone in zones:
            there = begin.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
            assert there[0].date() == there[1].date()
            assert there[0].weekday() < 5
            assert hours.work_starts <= there[0].time()
            assert there[1].time() <= hours.work_ends


@settings(max_examples=examples(15))
@given(st.lists(ZONES, min_size=2, max_size=3, unique=True))
def test_the_year_has_no_gap_and_agrees_with_the_days(programme: Programme, zones: list[str]) -> None:
    hours, starts, ends = programme.matchmaking.hours, date(2025, 10, 6), date(2026, 10, 5)
    periods = shared_through_the_year(zones, starts, ends, hours)
    assert periods[0].first == starts
    assert periods[-1].last == ends
    for one, following in pairwise(periods):
        assert 0 < (following.first - one.last).days <= 3
    offices = [Office(zone, UnknownDaysOff()) for zone in zones]
    for period in periods:
        middle = period.first + (period.last - period.first) / 2
        days = middle - timedelta(days=middle.weekday()), middle - timedelta(days=middle.weekday() - 4)
        if days[0] < period.first or days[1] > period.last:
            continue
        found = common_times(offices, *days, hours, timedelta(0), timedelta(minutes=1))
        lengths = {end - begin for begin, end in found}
        shared = 0 if period.begins is None or period.ends is None else period.ends - period.begins
        assert lengths <= {timedelta(minutes=shared)}
        assert bool(lengths) == bool(shared)
