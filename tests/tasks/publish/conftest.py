"""Versions of small rounds: eligibility is judged for real, the tables of later steps are by hand."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from tasks.eligibility.judge import judge
from tests.tasks.publish.making import twinnings
from warehouse.dictionary.published import (
    FINDINGS,
    PREFERENCES,
    RANKING,
    SCORES,
    UNPLACED,
)


@pytest.fixture(scope="session")
def version(programme):
    """The published tables of a small round, with twinnings as given; who is in none and can be selected is
    unplaced.
    """

    def make(world, *groups, points=10.0, linked_by="rules", state="proposed"):
        inputs = world.inputs()
        inputs = replace(inputs, crosscheck=inputs.crosscheck.with_columns(decided_by=pl.lit(linked_by)))
        result = judge(
            inputs, programme=programme, round_=programme.rounds.get("2025-07"), register_versions={}
        )
        together = twinnings(*groups, state=state)
        can = result.eligibility.filter(pl.col("status").is_in(["eligible", "tentative"]))[
            "application_id"
        ].to_list()
        left = [name for name in can if name not in set(together["twinning_members"]["application_id"])]
        judged = result.eligibility["application_id"]
        return together | {
            "applications": result.applications,
            "crosscheck": inputs.crosscheck,
            "eligibility_checks": result.checks,
            "eligibility": result.eligibility,
            "scores": SCORES.frame(
                [
                    {
                        "application_id": name,
                        "criterion": "impact",
                        "points": points,
                        "max_points": 30.0,
                        "weight": 30.0,
                        "source": "form",
                        "n_reviews": 0,
                    }
                    for name in judged
                ]
            ),
            "ranking": RANKING.frame(
                [
                    {
                        "application_id": name,
                        "total": points,
                        "rank": 1,
                        "provisional": True,
                        "disputed": False,
                    }
                    for name in can
                ]
            ),
            "unplaced": UNPLACED.frame(
                [{"application_id": name, "reason": "No room was left."} for name in left]
            ),
            "preferences": PREFERENCES.empty(),
            "findings": FINDINGS.empty(),
        }

    return make
