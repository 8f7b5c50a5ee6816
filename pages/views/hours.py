"""When the offices of a twinning are open at the same time, through the year.

Belongs here: office hours as stretches of a day in UTC, for each stretch of the year in which no clock
changes. Must stay out: how a strip is drawn (`components/`), and how many hours a twinning needs
(`tasks/matchmaking`), which counts the same hours.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pages.views.cities import City
from pages.views.words import clock, duration
from programme.matchmaking import HoursRules
from tasks.matchmaking.value.working_year import working_year

DAY = 24 * 60
Stretch = tuple[int, int]
"""From and to, in minutes after midnight UTC; within one day."""


@dataclass(frozen=True)
class OfficeDay:
    """One city's office hours: its name, `open` in UTC (two stretches where midnight UTC lies between), and
    the local times of the hours that all cities share.
    """

    name: str
    open: tuple[Stretch, ...]
    local: str


@dataclass(frozen=True)
class SharedHours:
    """The shared hours of a twinning on some working days of its year.

    `shared` are the stretches in UTC in which every office is open; `minutes` is how long they are together.
    """

    days: int
    of_days: int
    minutes: int
    shared: tuple[Stretch, ...]
    offices: tuple[OfficeDay, ...]

    @property
    def length(self) -> str:
        """How long all offices are open together, in words."""
        return duration(self.minutes) if self.minutes else "no time at all"

    @property
    def when(self) -> str:
        """On which working days."""
        if self.days == self.of_days:
            return "on every working day"
        return f"on {self.days} of {self.of_days} working days"


def shared_hours(cities: Sequence[City], rules: HoursRules, starts: date) -> tuple[SharedHours, ...]:
    """The shared hours of a twinning that begins on a day: the usual ones first.

    Days are told apart only by how long the offices share: a change of clocks that moves all offices alike
    does not matter. None where the time zone of a city is unknown.
    """
    days, offsets = working_year([city.timezone for city in cities], starts, rules.months)
    known = [one for one in offsets if one is not None]
    if len(known) < len(cities) or not cities:
        return ()
    first = rules.work_starts.hour * 60 + rules.work_starts.minute
    by_minutes: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
    for n, ahead in enumerate(zip(*known, strict=True)):
        shared = _shared([(first - minutes) % DAY for minutes in ahead], rules.work_minutes)
        by_minutes.setdefault(sum(to - start for start, to in shared), []).append((days[n], ahead))
    found = []
    for minutes, periods in by_minutes.items():
        _, ahead = max(periods, key=lambda one: one[0])
        opens = [(first - one) % DAY for one in ahead]
        shared = _shared(opens, rules.work_minutes)
        offices = tuple(
            OfficeDay(city.name, _stretches(at, rules.work_minutes), _local(shared, minutes_ahead))
            for city, at, minutes_ahead in zip(cities, opens, ahead, strict=True)
        )
        found.append(SharedHours(sum(n for n, _ in periods), sum(days), minutes, shared, offices))
    return tuple(sorted(found, key=lambda one: (-one.days, one.minutes)))


def _stretches(start: int, length: int) -> tuple[Stretch, ...]:
    """A stretch from a minute on; it is cut at midnight."""
    end = start + length
    return ((start, end),) if end <= DAY else ((start, DAY), (0, end - DAY))


def _shared(opens: Sequence[int], length: int) -> tuple[Stretch, ...]:
    """The stretches in which every office is open that opens at one of these minutes for so long."""
    edges = sorted({0, DAY, *opens, *((at + length) % DAY for at in opens)})
    parts = [
        (start, end)
        for start, end in itertools.pairwise(edges)
        if all((start - at) % DAY < length for at in opens)
    ]
    joined: list[Stretch] = []
    for start, end in parts:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _local(shared: Sequence[Stretch], ahead: int) -> str:
    """The shared stretches on a city's own clock; what midnight UTC cuts is told as one."""
    whole = list(shared)
    if len(whole) > 1 and whole[0][0] == 0 and whole[-1][1] == DAY:
        whole = [*whole[1:-1], (whole[-1][0], whole[0][1] + DAY)]
    return ", ".join(f"{clock(start + ahead)}\u2013{clock(end + ahead)}" for start, end in whole) or "none"
