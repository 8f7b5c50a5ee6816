"""Days and moments as people and form tools write them.

Belongs here: reading one date. Must stay out: the order of day and month (`day_order.py`), the languages of
tools (`spelled_dates.py`), the names of the months (`programme/form.toml`) and deadlines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache

from programme.form import FormRules
from tasks.ingest.cells.column_reading import AMBIGUOUS_DATE, UNREADABLE, CellReading
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.cells.day_order import LONGEST, NUMERIC, SHEET_DATE, DayOrder
from tasks.ingest.cells.spelled_dates import SpelledWords, spelled_words, usual_spelling

_YEAR_FIRST = re.compile(r"^(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?!\d)(.*)$", re.DOTALL)
_TIME = re.compile(
    r"^[,.T\s|–-]*"
    r"(?:(?:at|um|à|às|a las|alle|ore|ora|kl\.?|klo|kell|o|u|в|о|la|om|la ora|d\.),? )?"
    r"(\d{1,2})(?:[:.h](\d{2}))(?:[:.](\d{2})(?:[.,]\d{1,9})?)?\s*([ap]\.?m\.?)?\s*"
    r"(z|utc|gmt|(?!uhr)[a-z]{3,4}|(?:utc|gmt)?[+-]\d{1,2}:?\d{0,2})?\s*(?:uhr)?$",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"^(?:[^\W\d]+\.?,? )?"
    r"(?:(\d{1,2})(?:st|nd|rd|th|er|\.|º)? (?:de |of )?([^\W\d]+)\.?,? (?:de |del )?(\d{4})"
    r"|([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4}))(.*)$",
    re.DOTALL,
)
_YEAR_WORD = re.compile(r"^(\d{4})\.? (?:m\. )?([^\W\d]+)\.?,? (\d{1,2})\.?(?: d\.)?(?!\d)(.*)$", re.DOTALL)
"""A date with the year before the name of the month."""
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
"""A day as a spreadsheet stores it: days since its epoch, and parts of a day."""
EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001  a local time until a zone is given
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_MONTHS = 12
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


@dataclass(frozen=True)
class DateWords:
    """The words of dates: names of months, halves of a day, zones."""

    months: Months
    spelled: SpelledWords


def date_words(form: FormRules) -> DateWords:
    """The words of dates as the rules name them."""
    spelled = spelled_words(form.before_noon, form.after_noon, tuple(form.zones.items()))
    return DateWords(month_numbers(form.months), spelled)


@dataclass(frozen=True)
class DateReading:
    """What the dates of one column are read by.

    `zone`: of a time without one. `order`: of day and month. `epoch`: the day from which a spreadsheet
    counts.
    """

    words: DateWords
    order: DayOrder
    zone: tzinfo = UTC
    epoch: datetime = EPOCH_1900


def read_moment(text: str, how: DateReading) -> CellReading:
    """A moment in UTC; a time without an offset is one of the column's zone.

    Of two equal local times of an autumn night, the first counts. Years outside 1950-2150 are unreadable.
    """
    local, rule = _parse(text.strip(), how)
    if local is None or not 1950 <= local.year <= 2150:
        return None, rule if local is None and rule else UNREADABLE
    if local.tzinfo is None:
        return local.replace(tzinfo=how.zone).astimezone(UTC), rule or "local-time"
    return local.astimezone(UTC), rule


def read_day(text: str, how: DateReading) -> CellReading:
    """A day; a time of day behind it is left out. Years outside 1900-2150 are unreadable."""
    local, rule = _parse(text.strip(), how)
    if local is None or not 1900 <= local.year <= 2150:
        return None, rule if local is None and rule else UNREADABLE
    if rule is None and local.time() != time(0):
        rule = "time-left-out"
    return local.date(), rule


def parsed_day(text: str, how: DateReading) -> date | None:
    """The day a text means, None where it means none."""
    local, _ = _parse(text.strip(), how)
    return local.date() if local else None


def _parse(text: str, how: DateReading) -> tuple[datetime | None, str | None]:
    """A text as a moment, local where it names no zone, and the rule; no rule for ISO 8601."""
    if len(text) > LONGEST + 20:
        return None, UNREADABLE
    try:
        iso = text.removesuffix(" UTC") + "+00:00" if text.endswith(" UTC") else text
        return _sheet_date(text, datetime.fromisoformat(iso), how.order)
    except ValueError:
        pass
    try:
        return _parse_other(usual_spelling(text, how.words.spelled), how)
    except (ValueError, OverflowError):
        return None, UNREADABLE


def _sheet_date(text: str, moment: datetime, order: DayOrder) -> tuple[datetime | None, str | None]:
    """A date in ISO 8601; where a spreadsheet took its day for the month, turned back or unreadable."""
    if order.sheet_dates == "as_they_stand" or moment.day > _MONTHS or not SHEET_DATE.match(text):
        return moment, None
    if moment.day == moment.month:
        return moment, None
    if order.sheet_dates == "open":
        return None, AMBIGUOUS_DATE
    return moment.replace(month=moment.day, day=moment.month), "turned-back"


def _parse_other(text: str, how: DateReading) -> tuple[datetime | None, str | None]:
    """Every way of writing a date but ISO 8601; raises `ValueError` for a day or time that does not exist."""
    if found := NUMERIC.match(text):
        return _parse_numeric(found, how.order)
    if found := _YEAR_FIRST.match(text):
        return _with_time(date(int(found[1]), int(found[2]), int(found[3])), found[4]), "year-first"
    if found := _YEAR_WORD.match(text):
        month = how.words.months.get(comparison_key(found[2]), 0)
        return _with_time(date(int(found[1]), month, int(found[3])), found[4]), "month-word"
    if found := _WORDS.match(text):
        day, word, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
        month = how.words.months.get(comparison_key(word), 0)
        return _with_time(date(int(year), month, int(day)), found[7]), "month-word"
    if _SERIAL.match(text) and 15_000 < float(text) < 80_000:
        return how.epoch + timedelta(seconds=round(float(text) * 86400)), "excel-serial"
    return None, UNREADABLE


def _parse_numeric(found: re.Match[str], order: DayOrder) -> tuple[datetime | None, str | None]:
    """A date of three numbers, the year last; `order` counts where the date itself leaves it open."""
    first, second = int(found[1]), int(found[3])
    year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
    is_sure = first > _MONTHS or second > _MONTHS or first == second or found[2] == "."
    if order.settled_by == "contradiction" and not is_sure:
        return None, AMBIGUOUS_DATE
    if is_sure:
        day_first = second <= _MONTHS and (first > _MONTHS or first == second or found[2] == ".")
    else:
        day_first = order.day_first
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
