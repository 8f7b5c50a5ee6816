"""A small valid round: every table, a few rows, nothing wrong with any of them. Each test breaks one thing in
it.
"""

from __future__ import annotations

import polars as pl
import pytest

from expectations.check import RoundLimits
from expectations.table_suite import ALL_TABLES
from programme.expectations import ExpectedCount
from programme.programme import Programme
from tests.expectations.world_inputs import SENT, inputs
from tests.expectations.world_results import judged, linked, selected


@pytest.fixture(scope="session")
def world() -> dict[str, pl.DataFrame]:
    """All tables of a valid round, by name."""
    rows = inputs() | linked() | judged() | selected()
    return {name: ALL_TABLES[name].frame(each) for name, each in rows.items()}


@pytest.fixture(scope="session")
def limits(programme: Programme) -> RoundLimits:
    """The first round's limits, with counts small enough for the small round and room for one twinning of
    three.
    """
    few = {
        name: ExpectedCount(minimum=1, maximum=20, severity="stop", why="a small round for tests")
        for name in (
            "submissions",
            "cohort",
            "gcom",
            "evaluations",
            "collaborations",
            "decisions",
            "corrections",
            "evaluators",
            "feedback",
        )
    }
    of = RoundLimits.of(programme, "2025-07", SENT, max_twinnings=1, max_cities=3)
    return RoundLimits(
        programme.expectations.model_copy(update=few),
        of.topics,
        of.regions,
        of.opens_at,
        of.latest,
        of.max_twinnings,
        of.max_cities,
    )
