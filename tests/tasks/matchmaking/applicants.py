"""Applicants and facts made by hand, for cases about a few of them."""

from __future__ import annotations

from collections.abc import Mapping

from programme.climate.grid import Climate
from programme.programme import read_programme
from tasks.matchmaking.feasibility.reduced_problem import ReducedProblem
from tasks.matchmaking.problem import Capacity
from tasks.matchmaking.value.facts import Applicant, EarlierCooperation, Facts, TopicInterest

RULES = read_programme().matchmaking
TOPIC = "cooling"


def applicant(number: int, **changes: object) -> Applicant:
    """City A, B, C … by number, that chose `cooling` first, with need 3 and experience 2."""
    name = chr(ord("A") + number)
    values: dict[str, object] = {
        "application_id": f"S{number}",
        "city_id": f"C{number}",
        "city_name": name,
        "region": "Europe",
        "population": 100_000,
        "kind": "municipality",
        "jurisdiction": "full",
        "utc_offset": 60,
        "climate": Climate("Cfb"),
        "coastal": False,
        "tentative": False,
        "score": 640,
        "interests": {TOPIC: TopicInterest(1, 3, 2)},
    }
    return Applicant(**(values | changes))  # type: ignore[arg-type]


def facts(
    *people: Applicant,
    preferences: Mapping[tuple[int, int], int] | None = None,
    cooperations: Mapping[tuple[int, int], tuple[EarlierCooperation, ...]] | None = None,
) -> Facts:
    """Facts about these applicants under the rules the program ships with."""
    return Facts(people, preferences or {}, cooperations or {}, RULES)


def everything_free(known: Facts) -> ReducedProblem:
    """A problem in which nothing is decided yet."""
    everyone = tuple(range(len(known.applicants)))
    return ReducedProblem(known, everyone, (), (), (), Capacity(20, 50), (), ())
