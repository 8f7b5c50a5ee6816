"""When the offices of all cities of a twinning are open.

Belongs here: the hours of a working day through the year, as clocks change, and the stretches of time in
which every office is open on days that are working days for all. Must stay out: which of these is proposed
(`sessions.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from programme.matchmaking import HoursRules
from tasks.matchmaking.value.working_year import periods_of_clocks
from tasks.starter.days_off import DaysOff

_DAY = 24 * 60
Stretch = tuple[datetime, datetime]
"""Begin and end of a time, in UTC."""


@dataclass(frozen=True)
class Office:
    """The office of one city: its time zone (a known one) and its days off."""

    timezone: str
    days_off: DaysOff

    def open_times(self, first: date, last: date, rules: HoursRules, stretched: timedelta) -> list[Stretch]:
        """When it is open on the days from `first` to `last` of its own clock, in order.

        `stretched` is how much earlier it begins and later it ends than usual.
        """
        zone, found = ZoneInfo(self.timezone), []
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            if not self.days_off.is_off(day):
                begin = datetime.combine(day, rules.work_starts, zone).astimezone(UTC) - stretched
                end = datetime.combine(day, rules.work_ends, zone).astimezone(UTC) + stretched
                found.append((begin, end))
        return found


@dataclass(frozen=True)
class SharedHours:
    """What the offices share of a working day from `first` to `last`, while no clock changes.

    `begins` and `ends` are minutes of the UTC day, which may lie before it or after it; both None where the
    offices share nothing. `offsets` are minutes ahead of UTC, one for each city.
    """

    first: date
    last: date
    begins: int | None
    ends: int | None
    offsets: tuple[int, ...]


def shared_through_the_year(
    timezones: Sequence[str], starts: date, ends: date, rules: HoursRules
) -> list[SharedHours]:
    """The shared office hours in each period between two changes of clocks, from `starts` to `ends`."""
    months = (ends.year - starts.year) * 12 + ends.month - starts.month + 1
    found = []
    for first, last, offsets in periods_of_clocks(timezones, starts, months):
        if first <= ends:
            begins, stops = _shared(offsets, rules)
            found.append(SharedHours(first, min(last, ends), begins, stops, offsets))
    return found


def _shared(offsets: Sequence[int], rules: HoursRules) -> tuple[int | None, int | None]:
    """The minutes of the UTC day that all offices share, beside the working day of the first one.

    Around the date line, the working day of one city overlaps with that of another date in the other city.
    """
    begin, length = _minutes(rules.work_starts) - offsets[0], rules.work_minutes
    end = begin + length
    for offset in offsets[1:]:
        apart = (_minutes(rules.work_starts) - offset - (_minutes(rules.work_starts) - offsets[0])) % _DAY
        shift = apart - _DAY if apart > _DAY // 2 else apart
        own = _minutes(rules.work_starts) - offsets[0] + shift
        begin, end = max(begin, own), min(end, own + length)
    return (begin, end) if begin < end else (None, None)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def common_times(
    offices: Sequence[Office],
    first: date,
    last: date,
    rules: HoursRules,
    stretched: timedelta,
    least: timedelta,
) -> list[Stretch]:
    """The stretches of at least `least` in which every office is open, that begin from `first` to `last`."""
    if not offices:
        return []
    # A local day may lie up to a day before or after the same day in UTC.
    around = first - timedelta(days=2), last + timedelta(days=2)
    common = offices[0].open_times(*around, rules, stretched)
    for office in offices[1:]:
        common = _both(common, office.open_times(*around, rules, stretched))
    return [(begin, end) for begin, end in common if end - begin >= least and first <= begin.date() <= last]


def _both(one: Sequence[Stretch], other: Sequence[Stretch]) -> list[Stretch]:
    """What two lists of stretches, each in order and apart from each other, share."""
    found, n, m = [], 0, 0
    while n < len(one) and m < len(other):
        begin, end = max(one[n][0], other[m][0]), min(one[n][1], other[m][1])
        if begin < end:
            found.append((begin, end))
        if one[n][1] <= other[m][1]:
            n += 1
        else:
            m += 1
    return found
