"""The procedure of a round, from what came in to what goes out, once for everyone who follows it: the flow, the scan, what-if, replay.

Belongs here: the order of the steps and what each is given. Must stay out: how a step does its work (`tasks/`), when and how it is run (`process_round.py`,
where the same steps are Prefect tasks), and anything that is written (`flows/publishing.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
from tasks.matchmaking.step import match

from expectations.check import Stage
from tasks.crosscheck.step import Crosschecked, crosscheck
from tasks.eligibility.judge import Judged, judge
from tasks.ingest.step import Inputs, read_all
from tasks.matchmaking.problem import Matched
from tasks.scoring.step import Scored, score

RESULTS: tuple[Stage, ...] = ("linked", "eligibility", "scores", "twinnings")
"""Stages of the expectations that look at results, checked together before publishing."""
Room = tuple[int | None, int | None]
"""Most twinnings and most cities; None where the round's own numbers apply."""
SEED = 20250701
"""Start of every random draw (robustness of twinnings, intervals of ranks): the day the programme was launched. Never the clock."""


class StoppedError(Exception):
    """A stop-level expectation failed: nothing is published and the last good version stays. `findings` says what and where."""

    def __init__(self, findings: pl.DataFrame) -> None:
        self.findings = findings
        super().__init__(f"{findings.height} finding(s) of severity stop")


@dataclass(frozen=True)
class Steps:
    """The steps as they are called. Plain functions by default; the flow puts Prefect tasks in their place."""

    check: Callable[..., pl.DataFrame]

    read: Callable[..., Inputs] = read_all
    link: Callable[..., Crosschecked] = crosscheck
    judge: Callable[..., Judged] = judge
    score: Callable[..., Scored] = score
    match: Callable[..., Matched] = match


def _stop_on(findings: pl.DataFrame) -> None:
    stops = findings.filter(pl.col("severity") == "stop")
    if not stops.is_empty():
        raise StoppedError(stops)
