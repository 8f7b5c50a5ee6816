"""Facts from the tables of a problem: offsets on the day, kinds, interests, preferences and cooperations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from tasks.matchmaking.problem import MatchingProblem
from tasks.matchmaking.value.facts import Applicant, EarlierCooperation, Facts, TopicInterest, facts_of
from tests.tasks.matchmaking.making import invented
from warehouse.dictionary.working import COOPERATIONS, NAMED_PARTNERS


@pytest.fixture(scope="module")
def three() -> MatchingProblem:
    return invented(3, 1)


def first(problem: MatchingProblem, **columns: object) -> Applicant:
    """The first applicant with some of its cells replaced."""
    cells = [
        pl.lit(value).cast(problem.candidates.schema[name]).alias(name) for name, value in columns.items()
    ]
    return facts_of(replace(problem, candidates=problem.candidates.with_columns(cells))).applicants[0]


OFFSETS = [
    ("winter", "Europe/Brussels", date(2026, 1, 12), 60),
    ("summer", "Europe/Brussels", date(2026, 7, 13), 120),
    ("west of Greenwich", "America/Sao_Paulo", date(2026, 1, 12), -180),
    ("half an hour", "Asia/Kolkata", date(2026, 1, 12), 330),
    ("a zone nobody knows", "Atlantis/Nowhere", date(2026, 1, 12), None),
    ("no name of a zone", "../etc", date(2026, 1, 12), None),
    ("absent", None, date(2026, 1, 12), None),
]


@pytest.mark.parametrize(("zone", "day", "offset"), [pytest.param(*rest, id=name) for name, *rest in OFFSETS])
def test_minutes_ahead_of_utc_on_the_day(
    zone: str | None, day: date, offset: int | None, three: MatchingProblem
) -> None:
    assert first(replace(three, starts=day), timezone=zone).utc_offset == offset


KINDS = [("city", "municipality"), ("consortium", "joint"), ("county", "area"), ("university", "other")]


@pytest.mark.parametrize(("applicant_type", "kind"), KINDS, ids=[name for name, _ in KINDS])
def test_kinds_of_bodies(applicant_type: str, kind: str, three: MatchingProblem) -> None:
    assert first(three, applicant_type=applicant_type).kind == kind


def test_a_city_without_a_position_has_no_climate_and_no_setting(three: MatchingProblem) -> None:
    one = first(three, latitude=None)
    assert (one.climate.koeppen, one.coastal) == (None, None)


def test_a_score_counts_in_steps(three: MatchingProblem) -> None:
    """A point of the score is worth 0.4 points; 100 points are 40 points of value, 2,560 steps."""
    assert first(three, total=100.0).score == 2560


def test_a_topic_named_twice_keeps_its_better_place_and_blanks_count_as_nothing(
    three: MatchingProblem,
) -> None:
    chosen = {"topic_1": "ports", "topic_2": "ports", "topic_3": None}
    levels = {"topic_1_need": None, "topic_1_experience": 4, "topic_2_need": 5}
    assert first(three, **chosen, **levels).interests == {"ports": TopicInterest(1, 0, 4)}


def related(problem: MatchingProblem, preferences=(), cooperations=()) -> Facts:
    named = [
        {"application_id": who, "choice": choice, "city_id": city, "outcome": outcome}
        for who, choice, city, outcome in preferences
    ]
    worked = [
        {"city_a": a, "city_b": b, "topic": topic, "funded": funded} for a, b, topic, funded in cooperations
    ]
    frames = {"preferences": NAMED_PARTNERS.frame(named), "cooperations": COOPERATIONS.frame(worked)}
    return facts_of(replace(problem, **frames))


PREFERRED = [
    ("linked", [("A0000", 2, "C0001", "linked")], {(0, 1): 2}),
    ("not linked", [("A0000", 1, "C0001", "review")], {}),
    ("no candidate", [("A0000", 1, "C9999", "linked")], {}),
    ("by nobody", [("A9999", 1, "C0001", "linked")], {}),
    ("itself", [("A0000", 1, "C0000", "linked")], {}),
    ("named twice", [("A0000", 2, "C0001", "linked"), ("A0000", 1, "C0001", "linked")], {(0, 1): 1}),
    (
        "each other",
        [("A0000", 1, "C0001", "linked"), ("A0001", 2, "C0000", "linked")],
        {(0, 1): 1, (1, 0): 2},
    ),
]


@pytest.mark.parametrize(("rows", "expected"), [pytest.param(*rest, id=name) for name, *rest in PREFERRED])
def test_who_named_whom(rows, expected, three: MatchingProblem) -> None:
    assert related(three, preferences=rows).preferences == expected


WORKED = [
    (
        "in either order",
        [("C0001", "C0000", "ports", True)],
        {(0, 1): (EarlierCooperation("ports", funded=True),)},
    ),
    ("with somebody else", [("C0001", "C9999", "ports", True)], {}),
    ("with itself", [("C0001", "C0001", "ports", True)], {}),
    (
        "told twice, once without its topic",
        [("C0000", "C0001", None, False), ("C0000", "C0001", None, False), ("C0001", "C0000", "ports", True)],
        {(0, 1): (EarlierCooperation(None, funded=False), EarlierCooperation("ports", funded=True))},
    ),
    (
        "funding not told",
        [("C0000", "C0001", None, None)],
        {(0, 1): (EarlierCooperation(None, funded=False),)},
    ),
]


@pytest.mark.parametrize(("rows", "expected"), [pytest.param(*rest, id=name) for name, *rest in WORKED])
def test_who_worked_with_whom(rows, expected, three: MatchingProblem) -> None:
    found = related(three, cooperations=rows)
    assert found.cooperations == expected
    assert found.cooperations_of(1, 0) == found.cooperations_of(0, 1)
