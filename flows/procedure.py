"""The procedure of a round, from what came in to what goes out, once for everyone who follows it: the flow,
the scan, what-if, replay.

Belongs here: the order of the steps and what each is given. Must stay out: how a step does its work
(`tasks/`), when and how it is run (`process_round.py`, where the same steps are Prefect tasks), and anything
that is written (`publishing.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from expectations.check import Stage, check
from expectations.limits import RoundLimits
from flows.console import announce
from flows.round_inputs import Parent, RoundInputs, empty_tables
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.linkage.index import build_index
from tasks.crosscheck.step import Crosschecked, IndexOf, crosscheck
from tasks.eligibility.judge import EligibilityInputs, Judged, judge
from tasks.ingest.step import Inputs, read_all
from tasks.matchmaking.candidate_pool import CandidatePool, candidate_pool
from tasks.matchmaking.constraints import constraints_from
from tasks.matchmaking.problem import Capacity, Matched, MatchingProblem, Previous
from tasks.matchmaking.step import match
from tasks.scoring.step import Scored, score
from warehouse.dictionary import INPUT_TABLES
from warehouse.dictionary.published import FINDINGS, UNPLACED

SEED = 20250701
"""Start of the random draws of the matchmaking (robustness of twinnings): the day the programme was launched.
Never the clock.
"""
RESULTS: tuple[Stage, ...] = ("linked", "eligibility", "scores", "twinnings")
"""Stages of the expectations that look at results, checked together before publishing."""
Room = tuple[int | None, int | None]
"""Most twinnings and most cities; None where the round's own numbers apply."""


class StoppedError(Exception):
    """A stop-level expectation failed: nothing is published and the last good version stays. `findings` says
    what and where.
    """

    def __init__(self, findings: pl.DataFrame) -> None:
        self.findings = findings
        super().__init__(f"{findings.height} finding(s) of severity stop")


def check_stages(
    stages: tuple[Stage, ...], tables: Mapping[str, pl.DataFrame], limits: RoundLimits
) -> pl.DataFrame:
    """The findings of several stages together."""
    return pl.concat([check(stage, tables, limits) for stage in stages])


@dataclass(frozen=True)
class Steps:
    """The steps as they are called: plain functions, or the Prefect tasks the flow puts in their place."""

    check: Callable[..., pl.DataFrame] = check_stages
    read: Callable[..., Inputs] = read_all
    link: Callable[..., Crosschecked] = crosscheck
    judge: Callable[..., Judged] = judge
    score: Callable[..., Scored] = score
    match: Callable[..., Matched] = match


PLAIN = Steps()
"""The steps without Prefect."""


@dataclass(frozen=True)
class Assessed:
    """A round up to eligibility: what the early scan needs. `findings` are those of the expectations about
    the inputs.
    """

    inputs: Inputs
    decisions: pl.DataFrame
    linked: Crosschecked
    judged: Judged
    findings: pl.DataFrame


@dataclass(frozen=True)
class Result:
    """A whole round: the published tables but `changes`, and the working results behind them."""

    assessed: Assessed
    scored: Scored
    matched: Matched
    room: CandidatePool
    tables: Mapping[str, pl.DataFrame] = field(repr=False)


@dataclass(frozen=True)
class Places:
    """What the linking looks names up in: the gazetteer (asked for only when it is needed, so that it can be
    loaded meanwhile) and how a register is indexed.
    """

    gazetteer: Callable[[], Gazetteer]
    index_of: IndexOf = build_index


def assess(round_inputs: RoundInputs, places: Places, steps: Steps = PLAIN) -> Assessed:
    """Read, check, link, judge. Raises `ProblemsError` for inputs that cannot be used and `StoppedError` for
    those that must not be.
    """
    programme, round_ = round_inputs.programme, round_inputs.round
    announce("Reading the inputs")
    inputs = steps.read(round_inputs.sources, programme, round_)
    decisions = round_inputs.decisions(inputs.decisions)
    announce("Checking the inputs")
    findings = _checked(steps, ("inputs",), round_inputs, input_frames(inputs))
    announce("Linking the cities to the registers")
    linked = steps.link(
        inputs.submissions,
        inputs.cohort,
        inputs.gcom,
        inputs.collaborations,
        decisions,
        programme,
        places.gazetteer(),
        places.index_of,
    )
    announce("Judging eligibility")
    evidence = EligibilityInputs(
        inputs.submissions,
        inputs.set_aside,
        linked.cities,
        linked.crosscheck,
        inputs.cohort,
        inputs.gcom,
        decisions,
    )
    judged = steps.judge(evidence, programme, round_, register_versions(round_inputs))
    return Assessed(inputs, decisions, linked, judged, findings)


def complete(
    round_inputs: RoundInputs, assessed: Assessed, previous: Parent | None, steps: Steps = PLAIN
) -> Result:
    """Score, match, check: from judged applications to the tables of a version. Raises `StoppedError`.

    `previous` is the version whose twinnings are to stay where they can; None before the first.
    """
    inputs, linked, judged = assessed.inputs, assessed.linked, assessed.judged
    announce("Scoring")
    evaluators = None if inputs.evaluators.is_empty() else inputs.evaluators
    scored = steps.score(
        inputs.submissions,
        judged.eligibility,
        inputs.evaluations,
        round_inputs.programme.rubric,
        evaluators=evaluators,
        decisions=assessed.decisions,
        places=round_inputs.round.max_cities,
    )
    announce("Matching")
    room = candidates(round_inputs, assessed, scored)
    matched = steps.match(matching_problem(round_inputs, assessed, room, previous))
    announce("Checking the results")
    own = pl.concat(
        [inputs.findings, linked.findings, judged.findings, scored.findings, room.findings, matched.findings]
    )
    _stop_on(own)
    tables = _tables(assessed, scored, matched, room)
    frames = {**input_frames(inputs), **tables, **linked_frames(linked)}
    checked = _checked(steps, RESULTS, round_inputs, frames, (room.max_twinnings, room.max_cities))
    findings = pl.concat([assessed.findings, own, checked]).unique(maintain_order=True)
    return Result(assessed, scored, matched, room, {**tables, "findings": FINDINGS.conform(findings)})


def candidates(round_inputs: RoundInputs, assessed: Assessed, scored: Scored) -> CandidatePool:
    """Who may be matched and what is left to give; what-if starts from the same."""
    judged = (assessed.judged.applications, assessed.judged.eligibility)
    submissions, cities = assessed.inputs.submissions, assessed.linked.cities
    return candidate_pool(
        judged,
        scored.ranking,
        submissions,
        cities,
        round_inputs.earlier,
        round_inputs.programme,
        round_inputs.round,
    )


def matching_problem(
    round_inputs: RoundInputs, assessed: Assessed, room: CandidatePool, previous: Parent | None
) -> MatchingProblem:
    """The problem the matchmaking solves."""
    before = previous.tables if previous else empty_tables()
    twinnings = Previous(before["twinnings"], before["twinning_members"])
    return MatchingProblem(
        round_id=round_inputs.round.id,
        candidates=room.candidates,
        preferences=assessed.linked.preferences,
        cooperations=assessed.linked.cooperations,
        constraints=constraints_from(assessed.decisions, room.candidates, twinnings),
        capacity=Capacity(room.max_twinnings, room.max_cities),
        rules=round_inputs.programme.matchmaking,
        starts=round_inputs.round.twinnings_start,
        previous=twinnings,
        seed=SEED,
    )


def input_frames(inputs: Inputs) -> dict[str, pl.DataFrame]:
    """The canonical inputs by table name."""
    return {name: getattr(inputs, name) for name in INPUT_TABLES}


def linked_frames(linked: Crosschecked) -> dict[str, pl.DataFrame]:
    """The working tables of the cross-check by name."""
    return {"cities": linked.cities, "preferences": linked.preferences, "cooperations": linked.cooperations}


def register_versions(round_inputs: RoundInputs) -> dict[str, str]:
    """Register to the first eight hex digits of its file's sha256: the version the evidence names."""
    inputs = round_inputs.origin(round_inputs.recorded).inputs
    return {name: inputs[name][:8] for name in ("cohort", "gcom") if name in inputs}


def _tables(
    assessed: Assessed, scored: Scored, matched: Matched, room: CandidatePool
) -> dict[str, pl.DataFrame]:
    taken: list[dict[str, object]] = [
        {
            "application_id": application,
            "reason": f"Its city is already in twinning {twinning} of an earlier round.",
            "regret": None,
        }
        for application, twinning in sorted(room.taken.items())
        if application in set(scored.ranking["application_id"])
    ]
    return {
        "applications": assessed.judged.applications,
        "crosscheck": assessed.linked.crosscheck,
        "eligibility_checks": assessed.judged.checks,
        "eligibility": assessed.judged.eligibility,
        "scores": scored.scores,
        "ranking": scored.ranking,
        "twinnings": matched.twinnings,
        "twinning_members": matched.twinning_members,
        "unplaced": UNPLACED.conform(pl.concat([matched.unplaced, UNPLACED.frame(taken)])),
    }


def _checked(
    steps: Steps,
    stages: tuple[Stage, ...],
    round_inputs: RoundInputs,
    frames: Mapping[str, pl.DataFrame],
    room: Room = (None, None),
) -> pl.DataFrame:
    # Findings are published, so the moment they are judged from may not be the clock: unless given, it is the
    # round's own.
    as_of = round_inputs.as_of or round_inputs.round.processed_at
    findings = steps.check(
        stages, frames, RoundLimits.of(round_inputs.programme, round_inputs.round.id, as_of, *room)
    )
    _stop_on(findings)
    return findings


def _stop_on(findings: pl.DataFrame) -> None:
    stops = findings.filter(pl.col("severity") == "stop")
    if not stops.is_empty():
        raise StoppedError(stops)
