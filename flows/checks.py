"""The step "check": the expectations of stages, and the stop where one of severity stop failed.

Belongs here: which limits a round is checked against, and when a run stops. Must stay out: any expectation
(`expectations/suites`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from expectations.check import Stage, check
from expectations.limits import RoundLimits
from flows.checking_process import checked_elsewhere
from flows.errors import StoppedError
from flows.round_inputs import RoundInputs
from pages.views.findings import findings_by_expectation
from tasks.matchmaking.candidate_pool import CandidatePool

RESULT_STAGES: tuple[Stage, ...] = ("linked", "eligibility", "scores", "twinnings")
"""Stages that look at results; they are checked together before publishing."""


def check_stages(
    stages: tuple[Stage, ...], tables: Mapping[str, pl.DataFrame], limits: RoundLimits
) -> pl.DataFrame:
    """The findings of several stages together (dictionary table FINDINGS)."""
    found = checked_elsewhere(stages, tables, limits)
    return pl.concat([check(stage, tables, limits) for stage in stages] if found is None else found)


def limits_of(round_inputs: RoundInputs, pool: CandidatePool | None = None) -> RoundLimits:
    """What a round is checked against.

    `pool` knows the capacity that is left; without it the round's own numbers apply. Findings are published,
    so the moment they are judged from is the round's own: neither the clock nor `as_of`, which no version
    keeps.
    """
    as_of = round_inputs.round.processed_at
    if pool is None:
        return RoundLimits.of(round_inputs.programme, round_inputs.round.id, as_of)
    return RoundLimits.of(
        round_inputs.programme, round_inputs.round.id, as_of, pool.max_twinnings, pool.max_cities
    )


def stop_on(findings: pl.DataFrame) -> None:
    """Raise `StoppedError` with the findings of severity stop, where there are any."""
    stops = findings.filter(pl.col("severity") == "stop")
    if not stops.is_empty():
        raise StoppedError(stops, findings_by_expectation(stops))
