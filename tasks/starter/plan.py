"""The plan of one twinning: its cities, their offices, the hours they share, the sessions proposed.

Belongs here: bringing the parts together. Must stay out: how they are written (`sheet.py`, `calendar.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from programme.matchmaking import HoursRules
from programme.rounds import Round
from programme.starter import Starter
from tasks.matchmaking.value.working_year import is_known_zone
from tasks.starter.common import Office, SharedHours, shared_through_the_year
from tasks.starter.days_off import DaysOff, days_off
from tasks.starter.member import City, Twinning
from tasks.starter.sessions import Session, Window, propose_sessions


@dataclass(frozen=True)
class Plan:
    """What a starter says of one twinning.

    `days_off` are those of each city's country; `without_zone` the cities whose time zone is not known.
    `shared` is by time zone of the other cities, `zones` in the same order.
    """

    round: Round
    version: int
    approved_at: datetime
    twinning: Twinning
    window: Window
    days_off: tuple[DaysOff, ...]
    zones: tuple[str, ...]
    shared: tuple[SharedHours, ...]
    sessions: tuple[Session, ...]

    @property
    def with_zone(self) -> list[City]:
        """The cities whose time zone is known, in the order of `zones`."""
        return [city for city in self.twinning.cities if is_known_zone(city.timezone)]

    @property
    def without_zone(self) -> list[City]:
        """The cities whose time zone is not known."""
        return [city for city in self.twinning.cities if not is_known_zone(city.timezone)]


def make_plan(
    twinning: Twinning,
    window: Window,
    rules: tuple[Starter, HoursRules],
    round_: Round,
    version: int,
    approved_at: datetime,
) -> Plan:
    """The plan of a twinning for the days of `window`; `rules` are those of the starter and of the hours."""
    starter, hours = rules
    closed = [days_off(city.country_iso3, window.first, window.last) for city in twinning.cities]
    known = [is_known_zone(city.timezone) for city in twinning.cities]
    offices = [
        Office(str(city.timezone), days)
        for city, days, has_zone in zip(twinning.cities, closed, known, strict=True)
        if has_zone
    ]
    others = [days for days, has_zone in zip(closed, known, strict=True) if not has_zone]
    zones = tuple(office.timezone for office in offices)
    return Plan(
        round_,
        version,
        approved_at,
        twinning,
        window,
        tuple(closed),
        zones,
        tuple(_shared(zones, window.first, window.last, hours)),
        tuple(propose_sessions(offices, others, window, starter, hours)),
    )


def _shared(zones: Sequence[str], first: date, last: date, hours: HoursRules) -> list[SharedHours]:
    return shared_through_the_year(zones, first, last, hours) if len(zones) > 1 else []
