"""Time zones over the working days of a twinning: how far each is ahead of UTC, also after clocks change.

Belongs here: the days, and the offsets of time zones on them. Must stay out: how many hours two cities share
(`tasks/matchmaking/value/aspects/hours.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Offsets = tuple[int, ...]
"""Minutes ahead of UTC, one for each day or period."""
_SATURDAY = 5


def working_year(
    timezones: Sequence[str | None], starts: date, months: int
) -> tuple[tuple[int, ...], list[Offsets | None]]:
    """The periods of a twinning in which no clock changes, and each zone's offset in them.

    Returns the working days of each period, in order of its first day (days on which all offsets are the same
    again belong to the earlier period), and for each of `timezones` its offsets; None where it is absent or
    unknown.
    """
    by_day = [_offsets(zone, starts, months) for zone in timezones]
    known = sorted({one for one in by_day if one is not None})
    columns = list(zip(*known, strict=True)) if known else [()] * len(_working_days(starts, months))
    days = Counter(columns)
    first = {column: columns.index(column) for column in days}
    return tuple(days.values()), [
        None if one is None else tuple(one[at] for at in first.values()) for one in by_day
    ]


def periods_of_clocks(
    timezones: Sequence[str], starts: date, months: int
) -> list[tuple[date, date, tuple[int, ...]]]:
    """The periods of a twinning between two changes of clocks: first and last working day, offsets by zone.

    `timezones` are known ones. Unlike in `working_year`, each period is one stretch of days.
    """
    by_day = zip(*(_offsets(zone, starts, months) or () for zone in timezones), strict=True)
    periods: list[tuple[date, date, tuple[int, ...]]] = []
    for day, offsets in zip(_working_days(starts, months), by_day, strict=False):
        if periods and periods[-1][2] == offsets:
            periods[-1] = (periods[-1][0], day, offsets)
        else:
            periods.append((day, day, offsets))
    return periods


def is_known_zone(timezone: str | None) -> bool:
    """Whether the clocks of a time zone are known."""
    return _offsets(timezone, date(2025, 1, 6), 1) is not None


@lru_cache(maxsize=8)
def _working_days(starts: date, months: int) -> tuple[date, ...]:
    """Monday to Friday, from a day on for so many months."""
    years, month = divmod(starts.month - 1 + months, 12)
    # The first of the month after counts for a day that a month lacks (29 to 31).
    ends = date(starts.year + years, month + 1, 1) + timedelta(days=starts.day - 1)
    every = (starts + timedelta(days=n) for n in range((ends - starts).days))
    return tuple(day for day in every if day.weekday() < _SATURDAY)


@lru_cache(maxsize=1024)
def _offsets(timezone: str | None, starts: date, months: int) -> Offsets | None:
    """Minutes ahead of UTC at noon UTC of each working day; None where the zone is absent or unknown."""
    if timezone is None:
        return None
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    moments = (datetime.combine(day, time(12), UTC).astimezone(zone) for day in _working_days(starts, months))
    return tuple(int((moment.utcoffset() or timedelta()).total_seconds() // 60) for moment in moments)
