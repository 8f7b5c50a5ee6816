"""What is known of the applicants: time zones over the year, climate, kind of body, who named whom.

Belongs here: turning the tables of a `MatchingProblem` into facts. Must stay out: what a fact is worth
(`tasks/matchmaking/value/aspects/`) and which groups may be formed (`tasks/matchmaking/value/hard_rules.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

import polars as pl

from programme.climate.grid import Climate, climate_map
from programme.matchmaking import MatchmakingRules, steps
from programme.vocabulary import HardRule, MinimumWorthRule
from programme.water.water_map import WaterDistance, water_near
from tasks.matchmaking.problem import MatchingProblem, Pin, Waiver
from tasks.matchmaking.value.contexts import HeldCity
from tasks.matchmaking.value.credits import credits_in_steps
from tasks.matchmaking.value.working_year import Offsets, working_year

UNKNOWN_CLIMATE = Climate(None)
OTHER_KIND = "other"
"""Kind of an applicant that is none of the kinds of bodies in `programme/matchmaking.toml`."""

Group = tuple[int, ...]
"""Indices of the members in `Facts.applicants`, ascending."""


@dataclass(frozen=True)
class TopicInterest:
    """One topic of an applicant.

    `priority` is the topic's place on the applicant's list (1-3); `need` and `experience` run from 0 to 5, a
    blank counts as 0.
    """

    priority: int
    need: int
    experience: int


NO_INTEREST = TopicInterest(0, 0, 0)


@dataclass(frozen=True)
class Applicant:
    """One candidate.

    `population` is in inhabitants; `utc_offset` in minutes in the first period of the twinning,
    `later_offsets` in the later ones (empty: always the same); a fact that is not known is None. `kind` is a
    kind of body of `programme/matchmaking.toml`; `score` the selection score's part of a value, in steps of
    1/64 point; `interests` maps topic ids to what the form says of them; `country` is ISO 3166-1 alpha-3.
    `out_of_place` are topics that do not suit where the city lies: it takes no part on them until a person
    agrees. `water`: how far it lies from water; None where its place is not known.
    """

    application_id: str
    city_id: str
    city_name: str
    region: str | None
    population: int | None
    kind: str
    jurisdiction: str | None
    utc_offset: int | None
    climate: Climate
    coastal: bool | None
    tentative: bool
    score: int
    interests: Mapping[str, TopicInterest]
    country: str | None = None
    out_of_place: frozenset[str] = frozenset()
    water: WaterDistance | None = None
    later_offsets: Offsets = ()

    def offset_in(self, period: int) -> int | None:
        """Minutes ahead of UTC in a period of the twinning (from 0)."""
        return self.later_offsets[period - 1] if period and self.later_offsets else self.utc_offset

    def takes_part_on(self, topic: str) -> bool:
        """Whether it may be matched on a topic: it chose it, and the topic suits its place."""
        return topic in self.interests and topic not in self.out_of_place

    def interest(self, topic: str) -> TopicInterest:
        """Its interest in a topic; NO_INTEREST where it did not choose it (only in a confirmed twinning)."""
        return self.interests.get(topic, NO_INTEREST)


@dataclass(frozen=True)
class EarlierCooperation:
    """One earlier cooperation of a pair; `topic` is None where unknown."""

    topic: str | None
    funded: bool


@dataclass(frozen=True)
class Facts:
    """All applicants in order of application id, and their relations.

    `preferences` maps (who named, who was named) to the choice, 1 or 2; `cooperations` a pair of indices, the
    lower first, to what the two did together. `waivers` are rules of the minimum worth that people let pass.
    `elsewhere` are the cities that confirmed twinnings of other rounds hold. `overridden` maps a pair to the
    hard rules that do not hold between the two, because a pin is insisted on. `periods`: the working days of
    a period in which no clock changes. `credits`: (subject, class) of the balance to steps on each unit.
    """

    applicants: tuple[Applicant, ...]
    preferences: Mapping[tuple[int, int], int]
    cooperations: Mapping[tuple[int, int], tuple[EarlierCooperation, ...]]
    rules: MatchmakingRules
    waivers: tuple[Waiver, ...] = ()
    elsewhere: tuple[HeldCity, ...] = ()
    overridden: Mapping[tuple[int, int], frozenset[str]] = field(default_factory=dict)
    periods: tuple[int, ...] = (1,)
    credits: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @cached_property
    def by_city(self) -> dict[str, tuple[int, ...]]:
        """City id to the indices of its applications (normally one)."""
        found: dict[str, list[int]] = {}
        for index, applicant in enumerate(self.applicants):
            found.setdefault(applicant.city_id, []).append(index)
        return {city: tuple(indices) for city, indices in found.items()}

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """Topics that anybody chose, sorted; arrays number topics by their position here."""
        return tuple(sorted({topic for applicant in self.applicants for topic in applicant.interests}))

    def cooperations_of(self, i: int, j: int) -> tuple[EarlierCooperation, ...]:
        """What two applicants did together, in either order."""
        return self.cooperations.get((min(i, j), max(i, j)), ())

    def groups_of(self, cities: Iterable[str]) -> list[Group]:
        """The groups of applications that stand for these cities (one, unless a city applied twice)."""
        return [
            tuple(sorted(group))
            for group in product(*(self.by_city.get(city, ()) for city in sorted(cities)))
        ]

    def waives(self, rule: MinimumWorthRule, group: Group, topic: str) -> bool:
        """Whether a person lets a group pass under a rule of the minimum worth on a topic."""
        if not self.waivers:
            return False
        cities = {self.applicants[i].city_id for i in group}
        return any(
            one.rule == rule
            and one.topic in (None, topic)
            and (set(one.cities) == cities if len(one.cities) > 1 else set(one.cities) <= cities)
            for one in self.waivers
        )

    def overrides(self, rule: HardRule, i: int, j: int) -> bool:
        """Whether a hard rule does not hold between two applicants, in either order."""
        return rule in self.overridden.get((min(i, j), max(i, j)), ())

    def overridden_pairs(self, rule: HardRule) -> list[tuple[int, int]]:
        """The pairs between which a hard rule does not hold, the lower index first."""
        return [pair for pair, rules in self.overridden.items() if rule in rules]


def facts_of(problem: MatchingProblem) -> Facts:
    """Prepare the applicants of a problem and their relations."""
    rules = problem.rules
    rows = problem.candidates.sort("application_id").rows(named=True)
    zones = [_text(row["timezone"]) for row in rows]
    periods, offsets = working_year(zones, problem.starts, rules.hours.months)
    applicants = tuple(_applicant(row, rules, of_row) for row, of_row in zip(rows, offsets, strict=True))
    bare = Facts(
        applicants,
        {},
        {},
        rules,
        waivers=problem.constraints.waivers,
        elsewhere=_elsewhere(problem.elsewhere),
        periods=periods,
        credits=credits_in_steps(problem.credits),
    )
    return replace(
        bare,
        preferences=_preferences(problem.preferences, bare),
        cooperations=_cooperations(problem.cooperations, bare),
        overridden=_overridden(problem.constraints.pins, bare),
    )


def _overridden(pins: Iterable[Pin], facts: Facts) -> dict[tuple[int, int], frozenset[str]]:
    """The hard rules that pins override, for each pair of applications of the two cities."""
    found: dict[tuple[int, int], frozenset[str]] = {}
    for pin in (one for one in pins if one.overrides):
        for i, j in product(facts.by_city.get(pin.city_a, ()), facts.by_city.get(pin.city_b, ())):
            pair = (min(i, j), max(i, j))
            found[pair] = found.get(pair, frozenset()) | frozenset(pin.overrides)
    return found


def _applicant(row: dict[str, object], rules: MatchmakingRules, offsets: Offsets | None) -> Applicant:
    position = _position(row)
    climate = climate_map().at(*position) if position else UNKNOWN_CLIMATE
    water = water_near(*position) if position else None
    near_sea = water is not None and water.sea_km is not None and water.sea_km <= rules.geography.coast_km
    return Applicant(
        application_id=str(row["application_id"]),
        city_id=str(row["city_id"]),
        city_name=str(row["city_name"]),
        region=_text(row["region"]),
        population=_number(row["population"]),
        kind=rules.institutional.kind_of.get(str(row["applicant_type"]), OTHER_KIND),
        jurisdiction=_text(row["jurisdiction"]),
        utc_offset=None if offsets is None else offsets[0],
        climate=climate,
        coastal=near_sea if position else None,
        tentative=bool(row["tentative"]),
        score=steps(float(str(row["total"])) * rules.selection.points_per_point),
        interests=_interests(row),
        country=_text(row["country_iso3"]),
        out_of_place=frozenset(row["topics_out_of_place"] or ()),  # type: ignore[call-overload]  # a list of texts
        water=water,
        later_offsets=() if offsets is None else offsets[1:],
    )


def _position(row: dict[str, object]) -> tuple[float, float] | None:
    """Latitude and longitude in degrees; None where one of them is not known."""
    latitude, longitude = row["latitude"], row["longitude"]
    placed = isinstance(latitude, float) and isinstance(longitude, float)
    return (float(str(latitude)), float(str(longitude))) if placed else None


def _elsewhere(held: pl.DataFrame) -> tuple[HeldCity, ...]:
    return tuple(
        HeldCity(
            (str(row["round"]), str(row["twinning_id"])),
            _text(row["topic"]),
            _text(row["region"]),
            climate_map().at(*position) if (position := _position(row)) else UNKNOWN_CLIMATE,
            _number(row["population"]),
        )
        for row in held.sort("round", "twinning_id", "city_id").iter_rows(named=True)
    )


def _interests(row: dict[str, object]) -> dict[str, TopicInterest]:
    found: dict[str, TopicInterest] = {}
    for n in (1, 2, 3):
        topic = _text(row[f"topic_{n}"])
        if topic is not None and topic not in found:
            found[topic] = TopicInterest(
                n, _number(row[f"topic_{n}_need"]) or 0, _number(row[f"topic_{n}_experience"]) or 0
            )
    return found


def _preferences(preferences: pl.DataFrame, facts: Facts) -> dict[tuple[int, int], int]:
    """Preferences that name the city of another applicant; the better choice where a city is named twice."""
    number = {applicant.application_id: index for index, applicant in enumerate(facts.applicants)}
    found: dict[tuple[int, int], int] = {}
    linked = preferences.filter((pl.col("outcome") == "linked") & pl.col("city_id").is_not_null()).sort(
        "choice", descending=True
    )
    for application_id, choice, city_id in linked.select("application_id", "choice", "city_id").iter_rows():
        who = number.get(application_id)
        found.update(
            {
                (who, other): choice
                for other in facts.by_city.get(city_id, ())
                if who is not None and other != who
            }
        )
    return found


def _cooperations(
    cooperations: pl.DataFrame, facts: Facts
) -> dict[tuple[int, int], tuple[EarlierCooperation, ...]]:
    found: dict[tuple[int, int], set[tuple[str, bool]]] = {}
    for city_a, city_b, topic, funded in cooperations.select(
        "city_a", "city_b", "topic", "funded"
    ).iter_rows():
        for a in facts.by_city.get(city_a, ()):
            for b in facts.by_city.get(city_b, ()):
                if a != b:
                    found.setdefault((min(a, b), max(a, b)), set()).add((topic or "", bool(funded)))
    return {
        pair: tuple(EarlierCooperation(topic or None, funded) for topic, funded in sorted(items))
        for pair, items in sorted(found.items())
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))
