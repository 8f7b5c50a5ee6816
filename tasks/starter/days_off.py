"""Days on which the offices of a country are closed: its own weekend, and its public holidays.

Belongs here: asking the library of holidays. Must stay out: regional holidays, which a facilitator asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from programme.countries.names import country_names

_ENGLISH = "en_US"
_WEEKEND = (5, 6)


class DaysOff(Protocol):
    """The days off of a country."""

    @property
    def known(self) -> bool:
        """Whether its holidays are known."""

    def is_off(self, day: date) -> bool:
        """Whether its offices are closed."""

    def holidays(self) -> Mapping[date, str]:
        """The public holidays with their names."""

    def weekend(self) -> tuple[int, ...]:
        """The days of its weekend, Monday being 0."""


@dataclass(frozen=True)
class UnknownDaysOff:
    """Of a country nobody knows the holidays of: Saturday and Sunday alone are taken as days off."""

    known: bool = False

    def is_off(self, day: date) -> bool:
        """Whether it is a Saturday or a Sunday."""
        return day.weekday() in _WEEKEND

    def holidays(self) -> Mapping[date, str]:
        """None are known."""
        return {}

    def weekend(self) -> tuple[int, ...]:
        """Saturday and Sunday."""
        return _WEEKEND


@dataclass(frozen=True)
class KnownDaysOff:
    """Weekends and public holidays of a country between two days, both included."""

    named: Mapping[date, str]
    weekends: frozenset[date]
    known: bool = True

    def is_off(self, day: date) -> bool:
        """Whether it is a weekend or a public holiday."""
        return day in self.weekends or day in self.named

    def holidays(self) -> Mapping[date, str]:
        """The public holidays with their names."""
        return self.named

    def weekend(self) -> tuple[int, ...]:
        """The days of the weekend that occur most."""
        found = [day.weekday() for day in sorted(self.weekends)]
        often = max((found.count(day) for day in set(found)), default=0)
        return tuple(sorted(day for day in set(found) if found.count(day) * 2 >= often))


def days_off(country_iso3: str | None, first: date, last: date) -> DaysOff:
    """The days off of a country from one day to another, both included."""
    import holidays  # noqa: PLC0415  (takes a fifth of a second, and only starters need it)

    # The library takes three letters too, but MAR is the month of March to it and not Morocco.
    code = {one.iso3: one.iso2 for one in country_names()}.get(country_iso3 or "", "")
    languages = holidays.list_localized_countries(include_aliases=False)
    if code not in holidays.list_supported_countries(include_aliases=False):
        return UnknownDaysOff()
    # A local day may begin before or end after the same day elsewhere.
    every = [first + timedelta(days=n) for n in range(-2, (last - first).days + 3)]
    calendar = holidays.country_holidays(
        code,
        years=range(every[0].year, every[-1].year + 1),
        language=_ENGLISH if _ENGLISH in languages.get(code, ()) else None,
    )
    named = {day: str(calendar[day]) for day in every if day in calendar}
    return KnownDaysOff(named, frozenset(day for day in every if calendar.is_weekend(day)))
