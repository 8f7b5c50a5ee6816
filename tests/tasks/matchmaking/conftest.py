"""A problem of forty applicants and its answer, shared by the tests of the matchmaking."""

from __future__ import annotations

import pytest

from tasks.matchmaking.problem import Capacity, MatchingProblem, MatchingResult
from tasks.matchmaking.step import match
from tests.tasks.matchmaking.making import invented


@pytest.fixture(scope="session")
def problem() -> MatchingProblem:
    return invented(40, 5, capacity=Capacity(6, 15))


@pytest.fixture(scope="session")
def answer(problem: MatchingProblem) -> MatchingResult:
    return match(problem)
