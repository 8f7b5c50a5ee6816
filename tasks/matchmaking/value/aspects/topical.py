"""Aspect `topical`: a topic is worth more to a city the higher it stands on the city's own list (FAQ 3.6).

Weights: `[topical]` of `programme/matchmaking.toml`.
"""

from __future__ import annotations

import numpy as np

from programme.matchmaking import steps
from tasks.matchmaking.value.arrays import Ints
from tasks.matchmaking.value.aspects.definition import CityAspect
from tasks.matchmaking.value.facts import Facts, Group

ORDINALS = {0: "no", 1: "first", 2: "second", 3: "third"}
"""Place of a topic on a city's list in words; 0 where it is not on it (possible in a confirmed twinning)."""


def _points_by_place(facts: Facts) -> list[int]:
    return [0, *(steps(points) for points in facts.rules.topical.points_by_priority)]


def _of_city(i: int, topic: str, facts: Facts) -> int:
    return _points_by_place(facts)[facts.applicants[i].interest(topic).priority]


def _of_all_cities(topic: str, facts: Facts) -> Ints:
    places = np.array([one.interest(topic).priority for one in facts.applicants], np.intp)
    of_all: Ints = np.array(_points_by_place(facts), np.int32)[places]
    return of_all


def _reason(group: Group, topic: str, facts: Facts) -> str:
    people = [facts.applicants[i] for i in group]
    return "; ".join(f"{one.city_name}: {ORDINALS[one.interest(topic).priority]} priority" for one in people)


TOPICAL = CityAspect("topical", _of_city, _of_all_cities, _reason)
