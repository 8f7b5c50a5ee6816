"""Days and moments as people and form tools write them.

Belongs here: reading one date, and settling for a column as a whole whether 03/04/2025 has its day or its
month first. Must stay out: the names of the months (`programme/form.toml`) and deadlines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from typing import NamedTuple

from tasks.ingest.cells.column_reading import AMBIGUOUS_DATE, UNREADABLE, CellReading
from tasks.ingest.cells.comparison import comparison_key

LONGEST = 60
"""Letters beyond which a text is no date; it also bounds the work spent on a hostile one."""
_NUMERIC = re.compile(r"^(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)(.*)$", re.DOTALL)
_YEAR_FIRST = re.compile(r"^(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?!\d)(.*)$", re.DOTALL)
_TIME = re.compile(
    r"^[,T\s]*(?:at |um |à )?(\d{1,2})(?:[:.h](\d{2}))(?:[:.](\d{2})(?:[.,]\d{1,9})?)?\s*([ap]\.?m\.?)?\s*"
    r"(z|utc|gmt|(?!uhr)[a-z]{3,4}|(?:utc|gmt)?[+-]\d{1,2}:?\d{0,2})?\s*(?:uhr)?$",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"^(?:[^\W\d]+\.?,? )?"
    r"(?:(\d{1,2})(?:st|nd|rd|th|er|\.|º)? (?:de |of )?([^\W\d]+)\.?,? (?:de |del )?(\d{4})"
    r"|([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4}))(.*)$",
    re.DOTALL,
)
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
"""A day as Excel stores it: days since 30 December 1899, and parts of a day."""
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  a local time until a zone is given
_ZONES = {"wet": 0, "west": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3}
"""Hours ahead of UTC of the zones that European settings write by name.

The names of others mean different zones on different continents and are not read.
"""
_NOON = 12

Months = Mapping[str, int]
"""The comparison key of each month's name, and the month (1-12)."""


@cache
def month_numbers(names: tuple[tuple[str, ...], ...]) -> Months:
    """The lookup of months from their names, January's first (`months` of `programme/form.toml`)."""
    return {comparison_key(name): month for month, same in enumerate(names, 1) for name in same}


class DayOrder(NamedTuple):
    """Whether the day stands before the month in a column, and how that was settled.

    `settled_by`: `column` (a number above 12), `window` (where its dates fall), `assumed` (the rules),
    `contradiction` (both orders are there), `none` (no such date).
    """

    day_first: bool
    settled_by: str


_NOTES = {
    "window": "Dates leave open whether the day or the month comes first; the {order} is taken to, "
    "because then more of them fall into the round.",
    "assumed": "Dates leave open whether the day or the month comes first; the {order} is taken to, "
    "as the rules say.",
    "contradiction": "Some dates have the day first and some the month; those that could be either count as "
    "blank.",
}


def order_note(order: DayOrder) -> str | None:
    """What a person should know of how the order was settled; None where nothing was open."""
    note = _NOTES.get(order.settled_by)
    return note.format(order="day" if order.day_first else "month") if note else None


def settle_order(
    texts: Iterable[str], *, day_first: bool, months: Months, window: tuple[date, date] | None = None
) -> DayOrder:
    """Settle for a whole column whether the day or the month comes first.

    A number above 12 proves it; two that contradict prove nothing. Where nothing proves it, the order that
    puts more of the dates into `window` (first and last day) counts; else `day_first`, by the rules.
    """
    texts = list(texts)
    n_day_first, n_month_first, n_open = 0, 0, 0
    for text in texts:
        if found := _NUMERIC.match(text[:LONGEST].strip()):
            first, second = int(found[1]), int(found[3])
            n_day_first += first > 12 >= second
            n_month_first += second > 12 >= first
            n_open += first <= 12 and second <= 12 and first != second
    if bool(n_day_first) != bool(n_month_first):
        return DayOrder(bool(n_day_first), "column")
    if n_day_first and n_month_first:
        return DayOrder(day_first, "contradiction")
    if not n_open:
        return DayOrder(day_first, "none")
    if window:
        by_day, by_month = (
            sum(_is_within(text, window, order, months) for text in texts)
            for order in (DayOrder(True, "window"), DayOrder(False, "window"))
        )
        if by_day != by_month:
            return DayOrder(by_day > by_month, "window")
    return DayOrder(day_first, "assumed")


def _is_within(text: str, window: tuple[date, date], order: DayOrder, months: Months) -> bool:
    local, _ = _parse(text.strip(), order, months)
    return local is not None and window[0] <= local.date() <= window[1]


def read_moment(text: str, *, zone: tzinfo, order: DayOrder, months: Months) -> CellReading:
    """A moment in UTC; a time without an offset is one of `zone`.

    Of two equal local times of an autumn night, the first counts. Years outside 1950-2150 are unreadable.
    """
    local, rule = _parse(text.strip(), order, months)
    if local is None or not 1950 <= local.year <= 2150:
        return None, rule if local is None and rule else UNREADABLE
    if local.tzinfo is None:
        return local.replace(tzinfo=zone).astimezone(UTC), rule or "local-time"
    return local.astimezone(UTC), rule


def read_day(text: str, *, order: DayOrder, months: Months) -> CellReading:
    """A day; a time of day behind it is left out. Years outside 1900-2150 are unreadable."""
    local, rule = _parse(text.strip(), order, months)
    if local is None or not 1900 <= local.year <= 2150:
        return None, rule if local is None and rule else UNREADABLE
    if rule is None and local.time() != time(0):
        rule = "time-left-out"
    return local.date(), rule


def _parse(text: str, order: DayOrder, months: Months) -> tuple[datetime | None, str | None]:
    """A text as a moment, local where it names no zone, and the rule; no rule for ISO 8601."""
    if len(text) > LONGEST:
        return None, UNREADABLE
    try:
        iso = text.removesuffix(" UTC") + "+00:00" if text.endswith(" UTC") else text
        return datetime.fromisoformat(iso), None
    except ValueError:
        pass
    try:
        return _parse_other(text, order, months)
    except (ValueError, OverflowError):
        return None, UNREADABLE


def _parse_other(text: str, order: DayOrder, months: Months) -> tuple[datetime | None, str | None]:
    """Every way of writing a date but ISO 8601; raises `ValueError` for a day or time that does not exist."""
    if found := _NUMERIC.match(text):
        return _parse_numeric(found, order)
    if found := _YEAR_FIRST.match(text):
        return _with_time(date(int(found[1]), int(found[2]), int(found[3])), found[4]), "year-first"
    if found := _WORDS.match(text):
        day, word, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
        month = months.get(comparison_key(word), 0)
        return _with_time(date(int(year), month, int(day)), found[7]), "month-word"
    if _SERIAL.match(text) and 20_000 < float(text) < 80_000:
        return _EXCEL_EPOCH + timedelta(seconds=round(float(text) * 86400)), "excel-serial"
    return None, UNREADABLE


def _parse_numeric(found: re.Match[str], order: DayOrder) -> tuple[datetime | None, str | None]:
    """A date of three numbers, the year last; `order` counts where the date itself leaves it open."""
    first, second = int(found[1]), int(found[3])
    year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
    is_sure = first > 12 or second > 12 or first == second
    if order.settled_by == "contradiction" and not is_sure:
        return None, AMBIGUOUS_DATE
    day_first = first == second or (first > 12 if is_sure else order.day_first)
    day, month = (first, second) if day_first else (second, first)
    return _with_time(date(year, month, day), found[5]), "day-first" if day_first else "month-first"


def _with_time(day: date, rest: str) -> datetime:
    """A day with the time of day that stands behind it, if any; raises `ValueError` where it is none."""
    if not rest.strip(" ,"):
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001  the caller gives the zone
    found = _TIME.match(rest)
    if not found:
        raise ValueError("no time of day")
    hour = int(found[1])
    if found[4]:
        if not 1 <= hour <= _NOON:
            raise ValueError("no hour of a half day")
        hour = hour % 12 + (12 if found[4].lower().startswith("p") else 0)
    moment = time(hour, int(found[2]), int(found[3] or 0), tzinfo=_offset(found[5]))
    return datetime.combine(day, moment)


def _offset(text: str | None) -> timezone | None:
    """The zone that a text such as "GMT+2", "+05:30" or "CEST" names; raises `ValueError` for any other."""
    if not text:
        return None
    if text.lower() in _ZONES:
        return timezone(timedelta(hours=_ZONES[text.lower()]))
    digits = re.sub(r"^(?:utc|gmt|z)", "", text.lower())
    if not digits:
        return UTC
    hours, _, minutes = digits[1:].partition(":") if ":" in digits else (digits[1:3], "", digits[3:])
    return timezone((-1 if digits[0] == "-" else 1) * timedelta(hours=int(hours), minutes=int(minutes or 0)))
