"""Days and moments."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programme.programme import read_programme
from tasks.ingest.cells.column_reading import UNREADABLE
from tasks.ingest.cells.dates import DateReading, date_words, parsed_day, read_day, read_moment
from tasks.ingest.cells.day_order import DayOrder, settle_order

BRUSSELS = ZoneInfo("Europe/Brussels")
WORDS = date_words(read_programme().form)
DAY_FIRST, MONTH_FIRST = (
    DayOrder(day_first=True, settled_by="column"),
    DayOrder(day_first=False, settled_by="column"),
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def parse(text: str, order: DayOrder) -> date | None:
    return parsed_day(text, DateReading(WORDS, order))


MOMENTS = [
    ("offset", "2025-09-04T13:54:53+02:00", utc(2025, 9, 4, 11, 54, 53)),
    ("zulu", "2025-09-04T13:54:53Z", utc(2025, 9, 4, 13, 54, 53)),
    ("naive is the round's", "2025-08-08 14:25:17", utc(2025, 8, 8, 12, 25, 17)),
    ("naive in winter", "2026-01-08 18:57:23", utc(2026, 1, 8, 17, 57, 23)),
    ("day first", "26/08/2025 13:15", utc(2025, 8, 26, 11, 15)),
    ("points", "26.08.2025 13:15", utc(2025, 8, 26, 11, 15)),
    ("ambiguous, by the column", "03/09/2025 09:54", utc(2025, 9, 3, 7, 54)),
    ("short year", "26/08/25 13:15:09", utc(2025, 8, 26, 11, 15, 9)),
    ("half day", "26/08/2025 1:15 PM", utc(2025, 8, 26, 11, 15)),
    ("midnight", "26/08/2025 12:05 AM", utc(2025, 8, 25, 22, 5)),
    ("noon", "26/08/2025 12:05 pm", utc(2025, 8, 26, 10, 5)),
    ("Google", "2025/08/26 10:15:22 AM GMT+2", utc(2025, 8, 26, 8, 15, 22)),
    ("zone by name", "2025/08/26 10:15:22 AM EEST", utc(2025, 8, 26, 7, 15, 22)),
    ("half-hour zone", "2025/08/26 10:15 GMT+5:30", utc(2025, 8, 26, 4, 45)),
    ("UTC in words", "2025-08-26 10:15:22 UTC", utc(2025, 8, 26, 10, 15, 22)),
    ("month in words", "26 August 2025 13:15", utc(2025, 8, 26, 11, 15)),
    ("American words", "August 26, 2025 1:15 PM", utc(2025, 8, 26, 11, 15)),
    ("Spanish", "26 de agosto de 2025, 13:15", utc(2025, 8, 26, 11, 15)),
    ("French", "1er août 2025 à 13h15", utc(2025, 8, 1, 11, 15)),
    ("German", "26. August 2025, 13:15 Uhr", utc(2025, 8, 26, 11, 15)),
    ("Excel's serial number", "45895.5", utc(2025, 8, 26, 10, 0)),
    ("day only", "2025-08-26", utc(2025, 8, 25, 22, 0)),
    ("hour that came twice: the first", "2025-10-26 02:30:00", utc(2025, 10, 26, 0, 30)),
    ("hour that never was", "2025-03-30 02:30:00", utc(2025, 3, 30, 1, 30)),
    ("last second", "2025-09-04 23:59:59", utc(2025, 9, 4, 21, 59, 59)),
    ("fractions of a second", "2025-09-04T10:00:00.250Z", utc(2025, 9, 4, 10, 0, 0, 250000)),
]
NO_MOMENT = [
    "soon",
    "31/02/2025 10:00",
    "2025-13-40",
    "26/08/2025 25:10",
    "0000-00-00 00:00:00",
    "26/08/2025 13:00 PM",
    "26/08/2025 10:00 XYZ",
    "12",
    "=NOW()",
]


@pytest.mark.parametrize(
    ("text", "expected"), [case[1:] for case in MOMENTS], ids=[case[0] for case in MOMENTS]
)
def test_moments(text: str, expected: datetime) -> None:
    assert read_moment(text, DateReading(WORDS, DAY_FIRST, BRUSSELS))[0] == expected


@pytest.mark.parametrize("text", NO_MOMENT)
def test_what_is_no_moment_is_named_unreadable(text: str) -> None:
    assert read_moment(text, DateReading(WORDS, DAY_FIRST, BRUSSELS)) == (None, UNREADABLE)


def test_the_month_stands_first_where_the_column_says_so() -> None:
    assert read_moment("8/3/25 12:51:45", DateReading(WORDS, MONTH_FIRST, BRUSSELS))[0] == utc(
        2025, 8, 3, 10, 51, 45
    )


ORDERS = [
    ("a day above 12 proves day first", ["03/04/2025", "26/08/2025"], (True, "column")),
    ("a month above 12 proves month first", ["3/4/25", "8/26/25"], (False, "column")),
    ("both prove nothing", ["26/08/2025", "08/26/2025"], (True, "contradiction")),
    ("left open: where more of them fall into the round", ["07/09/2025", "08/12/2025"], (False, "window")),
    ("left open and no help: assumed", ["07/08/2025", "08/07/2025"], (True, "assumed")),
    ("the same number twice is open to nothing", ["08/08/2025"], (True, "none")),
    ("no such date", ["2025-08-08", "soon"], (True, "none")),
]


@pytest.mark.parametrize(
    ("texts", "expected"), [case[1:] for case in ORDERS], ids=[case[0] for case in ORDERS]
)
def test_day_order_is_settled_by_the_column_as_a_whole(texts: list[str], expected: tuple[bool, str]) -> None:
    assert (
        settle_order(texts, day_first=True, parse=parse, window=(date(2025, 7, 1), date(2025, 9, 4)))[:2]
        == expected
    )


SHEET_DATES = [
    ("more of them fall into the round turned back", ["2025-05-08", "2025-07-08", "2025-12-08"], "open"),
    ("as they stand, as many do", ["2025-08-07", "2025-08-01", "2025-09-03"], "as_they_stand"),
    ("a day above 12", ["2025-05-08", "2025-12-08", "2025-02-08", "2025-08-14"], "as_they_stand"),
    ("two are few", ["2025-05-08", "2025-12-08"], "as_they_stand"),
    (
        "with a zone, a tool wrote them",
        ["2025-05-08T10:00Z", "2025-12-08T10:00Z", "2025-02-08T10:00Z"],
        "as_they_stand",
    ),
]


@pytest.mark.parametrize(
    ("texts", "expected"), [case[1:] for case in SHEET_DATES], ids=[case[0] for case in SHEET_DATES]
)
def test_dates_of_a_spreadsheet_without_a_text_beside_them(texts: list[str], expected: str) -> None:
    order = settle_order(texts, day_first=True, parse=parse, window=(date(2025, 7, 1), date(2025, 9, 4)))
    assert order.sheet_dates == expected


def test_where_both_orders_are_there_only_the_sure_dates_are_read() -> None:
    order = settle_order(["26/08/2025", "08/26/2025"], day_first=True, parse=parse)
    assert [
        read_day(text, DateReading(WORDS, order))
        for text in ("26/08/2025", "08/26/2025", "03/04/2025", "05/05/2025")
    ] == [
        (date(2025, 8, 26), "day-first"),
        (date(2025, 8, 26), "month-first"),
        (None, "ambiguous-date"),
        (date(2025, 5, 5), "day-first"),
    ]


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001  (local times)
    st.sampled_from(["%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S"]),
)
def test_a_local_time_written_in_any_order_is_the_same_moment(moment: datetime, pattern: str) -> None:
    whole = moment.replace(microsecond=0)
    assert read_moment(whole.strftime(pattern), DateReading(WORDS, DAY_FIRST, BRUSSELS))[0] == whole.replace(
        tzinfo=BRUSSELS
    ).astimezone(UTC)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    for value, rule in (
        read_moment(text, DateReading(WORDS, DAY_FIRST, BRUSSELS)),
        read_day(text, DateReading(WORDS, MONTH_FIRST)),
    ):
        assert (value is None) == (rule in (UNREADABLE, "ambiguous-date"))
