"""Whether the day or the month comes first in a column of dates, settled for the column as a whole.

Belongs here: what the dates of a column prove together, also where a spreadsheet has turned some of them into
dates of its own. Must stay out: reading one date (`dates.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

NUMERIC = re.compile(r"^(\d{1,2})\s?([/.\-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)(.*)$", re.DOTALL)
"""A date of three numbers, the year last; between points, the day comes first in every language."""
SHEET_DATE = re.compile(r"^(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$")
"""A date as it comes from a date cell of a spreadsheet: ISO 8601 without a zone."""
LONGEST = 60
"""Letters beyond which a text is no date; it also bounds the work spent on a hostile one."""
_ENOUGH_TURNED = 3
"""Different dates, all with a day up to 12, that are no chance beside texts with a day above 12."""
_TURNED, _OPEN = "turned", "open"


class DayOrder(NamedTuple):
    """Whether the day stands before the month in a column, and how that was settled.

    `settled_by`: `column` (a number above 12), `window` (where its dates fall), `assumed` (the rules),
    `contradiction` (both orders are there), `none` (no such date). `sheet_dates`: of the dates that a
    spreadsheet made: `as_they_stand`, `turned` (it took the day for the month, and they are turned back) or
    `open` (it may have).
    """

    day_first: bool
    settled_by: str
    sheet_dates: str = "as_they_stand"


_NOTES = {
    "window": "Dates leave open whether the day or the month comes first; the {order} is taken to, "
    "because then more of them fall into the round.",
    "assumed": "Dates leave open whether the day or the month comes first; the {order} is taken to, "
    "as the rules say.",
    "contradiction": "Some dates have the day first and some the month; those that could be either count as "
    "blank.",
}
_SHEET_NOTES = {
    _TURNED: "A spreadsheet took the day for the month wherever the day is 12 or less; these dates were "
    "turned back, because every date that it left as text has a day above 12.",
    _OPEN: "A spreadsheet may have taken the day for the month in some dates; those that could be either "
    "count as blank.",
}


def order_note(order: DayOrder) -> str | None:
    """What a person should know of how the order was settled; None where nothing was open."""
    note = _SHEET_NOTES.get(order.sheet_dates) or _NOTES.get(order.settled_by)
    return note.format(order="day" if order.day_first else "month") if note else None


Parse = Callable[[str, DayOrder], date | None]
"""The day that a text means under an order."""


def settle_order(
    texts: Iterable[str], *, day_first: bool, parse: Parse, window: tuple[date, date] | None = None
) -> DayOrder:
    """Settle for a whole column whether the day or the month comes first.

    A number above 12 proves it; two that contradict prove nothing. Where nothing proves it, the order that
    puts more of the dates into `window` (first and last day) counts; else `day_first`, by the rules.
    """
    texts = list(texts)
    found = [match for text in texts if (match := NUMERIC.match(text[:LONGEST].strip()))]
    numbers = [(int(match[1]), int(match[3])) for match in found if match[2] != "."]
    n_month_first = sum(second > 12 >= first for first, second in numbers)
    n_day_first = sum(first > 12 >= second for first, second in numbers)
    n_open = sum(first <= 12 and second <= 12 and first != second for first, second in numbers)
    if bool(n_day_first) != bool(n_month_first):
        order = DayOrder(bool(n_day_first), "column")
        return order if n_open else order._replace(sheet_dates=_sheet_dates(texts, window))
    if n_day_first and n_month_first:
        return DayOrder(day_first, "contradiction")
    if not n_open:
        return DayOrder(day_first, "none", "as_they_stand" if numbers else _dates_alone(texts, window))
    if window:
        by_day, by_month = (
            sum(_is_within(parse(text, DayOrder(first, "window")), window) for text in texts)
            for first in (True, False)
        )
        if by_day != by_month:
            return DayOrder(by_day > by_month, "window")
    return DayOrder(day_first, "assumed")


def _sheet_dates(texts: Sequence[str], window: tuple[date, date] | None) -> str:
    """What became of the dates that a spreadsheet made, where every other date has a day above 12.

    A spreadsheet that expects the month first makes 5 August of 08/05, and leaves 14/08 as text. So every
    date it made has a day up to 12; one with a day above 12 shows that it did not.
    """
    days = _sheet_days(texts)
    if not days or any(day.day > 12 for day in days):
        return "as_they_stand"
    gain = _gain_of_turning(days, window)
    if gain < 0:
        return "as_they_stand"
    return _TURNED if gain > 0 or len(set(days)) >= _ENOUGH_TURNED else _OPEN


def _dates_alone(texts: Sequence[str], window: tuple[date, date] | None) -> str:
    """What became of the dates that a spreadsheet made, where no text beside them says how days were typed.

    Nothing proves that they were turned. They are open where turned back more of them fall into `window`.
    """
    days = _sheet_days(texts)
    if any(day.day > 12 for day in days) or len(set(days)) < _ENOUGH_TURNED:
        return "as_they_stand"
    return _OPEN if _gain_of_turning(days, window) > 0 else "as_they_stand"


def _sheet_days(texts: Sequence[str]) -> list[date]:
    found = [m for text in texts if (m := SHEET_DATE.match(text)) and _is_day(m)]
    return [date(int(m[1]), int(m[2]), int(m[3])) for m in found]


def _gain_of_turning(days: Sequence[date], window: tuple[date, date] | None) -> int:
    """How many more of the days fall into `window` with day and month changed over."""
    if window is None:
        return 0
    n_turned, n_as_is = (
        sum(_is_within(turned(day), window) for day in days),
        sum(_is_within(day, window) for day in days),
    )
    return n_turned - n_as_is


def _is_day(found: re.Match[str]) -> bool:
    try:
        date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return True


def turned(day: date) -> date:
    """The date with day and month changed over; the day must be 12 or less."""
    return date(day.year, day.day, day.month)


def _is_within(day: date | None, window: tuple[date, date] | None) -> bool:
    return day is not None and window is not None and window[0] <= day <= window[1]
