"""The whole round, top to bottom: gather, read, check, link, judge, score, match, check, publish.

Belongs here: the order of the steps and what each is given. `process` is the round from start to end;
`assess`, `score_applications` and `match_cities` are its parts, which the scan, what-if, replay and the
evaluation follow too. `run` decides how a step is called: plainly (`runner.run_plain`) or as a Prefect task
(`prefect_tasks.run_as_task`). Must stay out: how a step does its work (`tasks/`), when a round runs
(`process_round.py`), and how anything is written (`publishing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from flows.checks import RESULT_STAGES, check_stages, limits_of, stop_on
from flows.console import report_step
from flows.context import AppContext
from flows.linking_resources import LinkingResources, linking_resources
from flows.matching_clock import watch_for
from flows.matching_inputs import candidates_of, matching_problem
from flows.published_versions import PublishedVersion, baseline_of
from flows.publishing import Publication, publish, record_intake, record_publication
from flows.round_inputs import RoundInputs, RunRequest, gather
from flows.round_results import (
    AssessedRound,
    RoundResult,
    input_tables,
    linked_tables,
    result_tables,
)
from flows.run_record import RunRecord
from flows.runner import Runner, run_plain
from tasks.crosscheck.step import crosscheck
from tasks.eligibility.carried_over import with_carried
from tasks.eligibility.judge import EligibilityInputs, judge
from tasks.ingest.inputs import Inputs
from tasks.ingest.step import read_all
from tasks.matchmaking.step import match
from tasks.scoring.step import Scored, score
from warehouse.dictionary.published import FINDINGS
from warehouse.sandbox import open_in_sandbox


@dataclass(frozen=True)
class ProcessedRound:
    """A round that was processed: what it was made from, its results, and what became of them."""

    round_inputs: RoundInputs
    result: RoundResult
    publication: Publication


def process(
    context: AppContext, request: RunRequest, record: RunRecord, run: Runner = run_plain
) -> ProcessedRound:
    """Process a round from its files to a published version.

    `record` is the run under way, which holds the round's lock. Raises `ProblemsError` for a mistake in the
    inputs and `StoppedError` where nothing may be published.
    """
    round_inputs = gather(
        context=context, round_id=request.round_id, inputs=request.inputs, as_of=request.as_of
    )
    assessed = assess(round_inputs=round_inputs, resources=linking_resources(context), run=run)
    record_intake(context=context, round_inputs=round_inputs, assessed=assessed, now=record.started_at)
    origin = round_inputs.origin(assessed.decisions)
    baseline = baseline_of(context=context, round_id=request.round_id, origin=origin)
    scored = score_applications(round_inputs=round_inputs, assessed=assessed, run=run)
    result = match_cities(
        round_inputs=round_inputs, assessed=assessed, scored=scored, previous=baseline.basis, run=run
    )
    report_step("Publishing")
    publication = run(publish)(
        context=context,
        round_inputs=round_inputs,
        result=result,
        baseline=baseline,
        origin=origin,
        reason=request.reason,
    )
    record_publication(
        context=context, record=record, round_inputs=round_inputs, result=result, publication=publication
    )
    return ProcessedRound(round_inputs, result, publication)


def assess(round_inputs: RoundInputs, resources: LinkingResources, run: Runner = run_plain) -> AssessedRound:
    """Read, check, link, judge: from files to the status of every application.

    Raises `ProblemsError` for inputs that cannot be used and `StoppedError` for those that must not be.
    """
    programme, round_, sources = round_inputs.programme, round_inputs.round, round_inputs.sources
    report_step("Reading the inputs")
    inputs = run(read_all)(sources=sources, programme=programme, round_=round_, open_binary=open_in_sandbox)
    decisions = round_inputs.decisions_in_force(inputs.decisions)
    inputs, carried = _carry_over(round_inputs, inputs, decisions)
    report_step("Checking the inputs")
    tables, limits = input_tables(inputs), limits_of(round_inputs)
    findings = run(check_stages)(stages=("inputs",), tables=tables, limits=limits)
    stop_on(findings)
    report_step("Linking the cities to the registers")
    linked = run(crosscheck)(
        submissions=inputs.submissions,
        cohort=inputs.cohort,
        gcom=inputs.gcom,
        collaborations=inputs.collaborations,
        decisions=decisions,
        programme=programme,
        gazetteer=resources.gazetteer(),
        index_of=resources.index_of,
    )
    report_step("Judging eligibility")
    evidence = EligibilityInputs(
        submissions=inputs.submissions,
        set_aside=inputs.set_aside,
        cities=linked.cities,
        crosscheck=linked.crosscheck,
        cohort=inputs.cohort,
        gcom=inputs.gcom,
        decisions=decisions,
        carried=carried,
    )
    judged = run(judge)(
        evidence, programme=programme, round_=round_, register_versions=round_inputs.register_versions()
    )
    return AssessedRound(inputs, decisions, linked, judged, findings, carried)


def _carry_over(
    round_inputs: RoundInputs, inputs: Inputs, decisions: pl.DataFrame
) -> tuple[Inputs, Mapping[str, str]]:
    """The inputs with the forms carried over, and the round each of these was sent in."""
    forms = with_carried(inputs.submissions, decisions, round_inputs.offered_forms)
    findings = pl.concat([inputs.findings, forms.findings])
    return replace(inputs, submissions=forms.submissions, findings=findings), forms.carried


def score_applications(round_inputs: RoundInputs, assessed: AssessedRound, run: Runner = run_plain) -> Scored:
    """Score: points and ranks of the applications that were judged."""
    report_step("Scoring")
    inputs = assessed.inputs
    return run(score)(
        submissions=inputs.submissions,
        eligibility=assessed.judged.eligibility,
        evaluations=inputs.evaluations,
        rubric=round_inputs.programme.rubric,
        evaluators=inputs.evaluators,
        decisions=assessed.decisions,
        places=round_inputs.round.max_cities,
    )


def match_cities(
    round_inputs: RoundInputs,
    assessed: AssessedRound,
    scored: Scored,
    previous: PublishedVersion | None,
    run: Runner = run_plain,
) -> RoundResult:
    """Match, check: from ranked applications to the tables of a version.

    `previous` is the version whose twinnings are to stay where they can; None before the first. Raises
    `StoppedError`.
    """
    inputs, linked, judged = assessed.inputs, assessed.linked, assessed.judged
    report_step("Matching")
    pool = candidates_of(round_inputs=round_inputs, assessed=assessed, scored=scored)
    problem = matching_problem(round_inputs=round_inputs, assessed=assessed, pool=pool, previous=previous)
    matched = run(match)(problem=problem, watch=watch_for(problem.rules.limits.seconds))
    report_step("Checking the results")
    of_steps = pl.concat(
        [part.findings for part in (inputs, linked, judged, scored, pool, matched)]  # the order is published
    )
    stop_on(of_steps)
    tables = result_tables(assessed, scored, pool, matched)
    checked = run(check_stages)(
        stages=RESULT_STAGES,
        tables={**input_tables(inputs), **tables, **linked_tables(linked)},
        limits=limits_of(round_inputs, pool),
    )
    stop_on(checked)
    findings = pl.concat([assessed.findings, of_steps, checked]).unique(maintain_order=True)
    tables["findings"] = FINDINGS.conform(findings)
    return RoundResult(assessed, scored, pool, matched, tables)
