"""The contexts in which a city counts for the balance: its region, its climate, its size (FAQ 3.5).

Belongs here: which class a city is in. Must stay out: how many of each class the programme wants
(`tasks/matchmaking/solver/balance.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from programme.climate.grid import Climate
from programme.matchmaking import MatchmakingRules
from programme.vocabulary import BalanceSubject


class Place(Protocol):
    """What must be known of a city; None is unknown. `population` is in inhabitants."""

    @property
    def region(self) -> str | None:
        """World region."""

    @property
    def climate(self) -> Climate:
        """Climate at its position."""

    @property
    def population(self) -> int | None:
        """Inhabitants."""


@dataclass(frozen=True)
class HeldCity:
    """A city in a confirmed twinning of another round; `topic` is that of the twinning, None where lost."""

    twinning: tuple[str, str]
    topic: str | None
    region: str | None
    climate: Climate
    population: int | None


def context_of(subject: BalanceSubject, place: Place, rules: MatchmakingRules) -> str | None:
    """The class in which a city counts; None where it is not known, or counts by its topic only."""
    if subject == "region":
        return place.region
    if subject == "climate":
        return place.climate.group
    if subject == "urbanisation":
        return rules.urbanisation.size_class(place.population)
    return None
