"""What may be told to everybody: the selected cities, their twinnings, and a few counts.

Belongs here: choosing. Nothing is taken that is not listed here, so that a new column never becomes public by
itself. Must stay out: points, needs, conditions, reasons, and anything about a city without a place but how
many there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pages.views.hours import SharedHours
from pages.views.twinnings import Twinning
from programme.counts import counted
from programme.vocabulary import SELECTABLE

FEWEST = 3
"""No number below this is told about forms or cities that were not selected, nor can one be worked out."""


@dataclass(frozen=True)
class Count:
    """One figure of the public edition."""

    name: str
    value: int


@dataclass(frozen=True)
class PublicTwinning:
    """A twinning as everybody may see it: its topic, its cities with their countries and regions, the hours
    their offices share.
    """

    number: int
    id: str
    topic_id: str
    topic: str
    cities: tuple[tuple[str, str, str | None], ...]
    hours: tuple[SharedHours, ...]

    @property
    def names(self) -> list[str]:
        """The names of its cities."""
        return [name for name, _, _ in self.cities]


def public_twinnings(found: Sequence[Twinning]) -> list[PublicTwinning]:
    """The twinnings without their value, by topic and then by the names of their cities.

    They are numbered anew, because the order of the internal report is that of their value.
    """
    ordered = sorted(found, key=lambda one: (one.topic, one.names, one.id))
    return [
        PublicTwinning(
            number,
            one.id,
            one.topic_id,
            one.topic,
            tuple((member.city.name, member.city.country, member.city.region) for member in one.members),
            one.hours,
        )
        for number, one in enumerate(ordered, 1)
    ]


def public_counts(tables: Mapping[str, pl.DataFrame]) -> list[Count]:
    """From forms received to cities selected: the counts that may be told.

    A count is left out if it is near the next smaller one that is told: the difference, which anybody can
    work out, would be a number of cities below `FEWEST`.
    """
    selectable = tables["eligibility"]["status"].is_in(list(SELECTABLE)).sum()
    selected = Count("Cities selected", tables["twinning_members"].height)
    told, last = [selected], selected
    for one in (
        Count("Applications that could be selected", int(selectable)),
        Count("Applications accepted", tables["eligibility"].height),
        Count("Forms received", tables["applications"].height),
    ):
        if one.value - last.value >= FEWEST:
            told.append(one)
            last = one
    return told[::-1]


def public_headline(found: Sequence[PublicTwinning]) -> str:
    """What the round came to, in one sentence for everybody."""
    if not found:
        return "No twinning came about in this round."
    cities = [city for one in found for city in one.cities]
    countries = {country for _, country, _ in cities}
    return (
        f"{counted(len(cities), 'city', 'cities')} of {counted(len(countries), 'country', 'countries')} "
        f"are selected for {counted(len(found), 'twinning', 'twinnings')}."
    )
