"""Small rounds for the tests of scoring: one form, a few reviews."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from programme.programme import Programme
from programme.rubric import Rubric
from warehouse.dictionary.inputs import EVALUATIONS, SUBMISSIONS
from warehouse.dictionary.published import ELIGIBILITY

Frame = Callable[..., pl.DataFrame]


@pytest.fixture(scope="session")
def rubric(programme: Programme) -> Rubric:
    return programme.rubric


@pytest.fixture(scope="session")
def forms() -> Frame:
    """Forms that say nothing but what is given."""

    def make(*answers: dict[str, Any]) -> pl.DataFrame:
        blank = {
            "city_name": "Anywhere",
            "country": "Nowhere",
            "applicant_type": "city",
            "topic_1": "mobility",
        }
        return SUBMISSIONS.frame(
            [blank | {"row": n + 2, "submission_id": f"A{n + 1}"} | given for n, given in enumerate(answers)]
        )

    return make


@pytest.fixture(scope="session")
def reviews() -> Frame:
    """Reviews as (evaluator, application, criterion, score) and what else of a row is given."""

    def make(*rows: tuple[Any, ...]) -> pl.DataFrame:
        names = ("evaluator_id", "submission_id", "criterion", "score")
        return EVALUATIONS.frame(
            [
                {"row": n + 2} | dict(zip(names, row[:4], strict=True)) | (row[4] if len(row) > 4 else {})
                for n, row in enumerate(rows)
            ]
        )

    return make


@pytest.fixture(scope="session")
def judged_eligible() -> Frame:
    """Eligibility of the given ids, eligible unless told otherwise."""

    def make(*ids: str, **status: str) -> pl.DataFrame:
        return ELIGIBILITY.frame(
            [
                {"application_id": i, "city_id": i, "status": status.get(i, "eligible"), "reasons": ""}
                for i in ids
            ]
        )

    return make
