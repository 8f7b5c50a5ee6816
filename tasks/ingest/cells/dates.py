"""Days and moments as people and form tools write them.

Belongs here: reading one date, and settling for a column as a whole whether 03/04/2025 has its day or its
month first. Must stay out: deadlines.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from tasks.ingest.cells.text import fold
from tasks.ingest.cells.understood import AMBIGUOUS, UNREADABLE, Reading

LONGEST = 60
"""Letters beyond which a text is no date; it also bounds the work spent on a hostile one."""
_NUMERIC = re.compile(r"^(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)(.*)$", re.DOTALL)
_YEAR_FIRST = re.compile(r"^(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?!\d)(.*)$", re.DOTALL)
_TIME = re.compile(
    r"^[,T\s]*(?:at |um |à )?(\d{1,2})(?:[:.h](\d{2}))(?:[:.](\d{2})(?:[.,]\d{1,9})?)?\s*([ap]\.?m\.?)?\s*(z|utc|gmt|(?!uhr)[a-z]{3,4}|(?:utc|gmt)?[+-]\d{1,2}:?\d{0,2})?\s*(?:uhr)?$",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"^(?:[^\W\d]+\.?,? )?(?:(\d{1,2})(?:st|nd|rd|th|er|\.|º)? (?:de |of )?([^\W\d]+)\.?,? (?:de |del )?(\d{4})|([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4}))(.*)$",
    re.DOTALL,
)
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
_MONTHS = {
    1: "jan january janvier janv enero ene januar janeiro gennaio gen jaenner", 2: "feb february fevrier fevr febrero februar fevereiro fev febbraio",
    3: "mar march mars marzo maerz marz marco mrz", 4: "apr april avril avr abril abr aprile", 5: "may mai mayo maio mag maggio",
    6: "jun june juin junio juni junho giugno giu", 7: "jul july juillet juil julio juli julho luglio lug",
    8: "aug august aout agosto ago", 9: "sep sept september septembre septiembre setembro set settembre",
    10: "oct october octobre octubre oktober okt outubro out ottobre ott", 11: "nov november novembre noviembre novembro",
    12: "dec december decembre diciembre dic dezember dez dezembro dicembre",
}  # fmt: skip
_MONTH_OF = {word: month for month, words in _MONTHS.items() for word in words.split()}
_ZONES = {"wet": 0, "west": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3}
"""Hours ahead of UTC of the zones that European settings write by name; others are ambiguous between
continents and not read.
"""
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  a local time until a zone is given
MERIDIEM_NOON = 12


class DayOrder(NamedTuple):
    """Whether the day stands before the month in a column, and how that was settled.

    `settled_by`: `column` (a number above 12), `window` (where its dates fall), `assumed` (the rules),
    `contradiction` (both orders are there), `none` (no such date).
    """

    day_first: bool
    settled_by: str


_NOTES = {
    "window": "Dates leave open whether the day or the month comes first; the {order} is taken to, because then more of them fall into the round.",
    "assumed": "Dates leave open whether the day or the month comes first; the {order} is taken to, as the rules say.",
    "contradiction": "Some dates have the day first and some the month; those that could be either count as blank.",
}


def note_of(order: DayOrder) -> str | None:
    """What a person should know of how the order was settled; None where nothing was open."""
    said = _NOTES.get(order.settled_by)
    return said.format(order="day" if order.day_first else "month") if said else None


def settle_order(texts: list[str], *, day_first: bool, window: tuple[date, date] | None = None) -> DayOrder:
    """Settle for a whole column whether the day or the month comes first.

    A number above 12 proves it; two that contradict prove nothing. Where nothing proves it, the order that
    puts more of the dates into `window` (first and last day) counts; else `day_first`, by the rules.
    """
    firsts, seconds, open_ = 0, 0, 0
    for text in texts:
        if found := _NUMERIC.match(text[:LONGEST].strip()):
            first, second = int(found[1]), int(found[3])
            firsts += first > 12 >= second
            seconds += second > 12 >= first
            open_ += first <= 12 and second <= 12 and first != second
    if bool(firsts) != bool(seconds):
        return DayOrder(bool(firsts), "column")
    if firsts and seconds:
        return DayOrder(day_first, "contradiction")
    if not open_:
        return DayOrder(day_first, "none")
    inside = (
        {order: sum(_within(text, order, window) for text in texts) for order in (True, False)}
        if window
        else {True: 0, False: 0}
    )
    if inside[True] != inside[False]:
        return DayOrder(inside[True] > inside[False], "window")
    return DayOrder(day_first, "assumed")


def _within(text: str, day_first: bool, window: tuple[date, date]) -> bool:
    local, _ = _parse(text.strip(), DayOrder(day_first, "window"))
    return local is not None and window[0] <= local.date() <= window[1]


def read_moment(text: str, zone: tzinfo, order: DayOrder) -> Reading:
    """A moment in UTC; a time without an offset is one of `zone`. The first of two equal local times of an
    autumn night counts.
    """
    local, rule = _parse(text.strip(), order)
    if local is None or not 1950 <= local.year <= 2150:
        return None, rule if local is None and rule else UNREADABLE
    if local.tzinfo is None:
        return local.replace(tzinfo=zone).astimezone(UTC), rule or "local-time"
    return local.astimezone(UTC), rule


def read_day(text: str, order: DayOrder) -> Reading:
    """A day; a time of day behind it is left out."""
    local, rule = _parse(text.strip(), order)
    if local is None or not 1900 <= local.year <= 2150:
        return None, rule if local is None and rule else UNREADABLE
    if rule is None and local.time() != time(0):
        rule = "time-left-out"
    return local.date(), rule


def _parse(text: str, order: DayOrder) -> tuple[datetime | None, str | None]:
    if len(text) > LONGEST:
        return None, UNREADABLE
    try:
        return datetime.fromisoformat(
            text.removesuffix(" UTC") + "+00:00" if text.endswith(" UTC") else text
        ), None
    except ValueError:
        pass
    try:
        return _other(text, order)
    except (ValueError, OverflowError):
        return None, UNREADABLE


def _other(text: str, order: DayOrder) -> tuple[datetime | None, str | None]:
    if found := _NUMERIC.match(text):
        return _by_order(found, order)
    if found := _YEAR_FIRST.match(text):
        return _with_time(date(int(found[1]), int(found[2]), int(found[3])), found[4]), "year-first"
    if found := _WORDS.match(text):
        day, word, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
        return _with_time(date(int(year), _MONTH_OF.get(fold(word), 0), int(day)), found[7]), "month-word"
    if _SERIAL.match(text) and 20_000 < float(text) < 80_000:
        return _EXCEL_EPOCH + timedelta(seconds=round(float(text) * 86400)), "excel-serial"
    return None, UNREADABLE


def _by_order(found: re.Match[str], order: DayOrder) -> tuple[datetime | None, str | None]:
    first, second = int(found[1]), int(found[3])
    year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
    sure = first > 12 or second > 12 or first == second
    if order.settled_by == "contradiction" and not sure:
        return None, AMBIGUOUS
    day_first = first > 12 if sure else order.day_first
    day, month = (first, second) if day_first or first == second else (second, first)
    return _with_time(
        date(year, month, day), found[5]
    ), "day-first" if day_first or first == second else "month-first"


def _with_time(day: date, rest: str) -> datetime:
    if not rest.strip(" ,"):
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001  the caller gives the zone
    found = _TIME.match(rest)
    if not found:
        raise ValueError("no time of day")
    hour = int(found[1])
    if found[4]:
        if not 1 <= hour <= MERIDIEM_NOON:
            raise ValueError("no hour of a half day")
        hour = hour % 12 + (12 if found[4].lower().startswith("p") else 0)
    return datetime(
        day.year, day.month, day.day, hour, int(found[2]), int(found[3] or 0), tzinfo=_offset(found[5])
    )


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text.lower() in _ZONES:
        return timezone(timedelta(hours=_ZONES[text.lower()]))
    digits = re.sub(r"^(?:utc|gmt|z)", "", text.lower())
    if not digits:
        return UTC
    hours, _, minutes = digits[1:].partition(":") if ":" in digits else (digits[1:3], "", digits[3:])
    return timezone((-1 if digits[0] == "-" else 1) * timedelta(hours=int(hours), minutes=int(minutes or 0)))
