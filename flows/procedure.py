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
from datetime import datetime

import polars as pl

from expectations.check import not_told_yet
from flows.approving import after_publishing
from flows.attribution import Again, RememberingRunner, changes_since
from flows.checks import RESULT_STAGES, check_stages, limits_of, stop_on
from flows.console import report_step
from flows.context import AppContext
from flows.gates import pass_gates
from flows.linking_resources import LinkingResources, linking_resources
from flows.matching_clock import watch_for
from flows.matching_inputs import candidates_of, matching_problem
from flows.pinning import pin_of, pinned_inputs, unpin, with_rules_of
from flows.published_versions import PublishedVersion, read_newest_whole, repeated_version
from flows.publishing import (
    Publication,
    new_version,
    publish,
    record_intake,
    with_approved,
)
from flows.round_inputs import RoundInputs, RunRequest, gather
from flows.round_results import (
    AssessedRound,
    RoundResult,
    chosen_tables,
    input_tables,
    linked_tables,
    result_tables,
    with_nothing,
)
from flows.run_record import RunRecord, told_as_fault
from flows.runner import Runner, run_plain
from flows.version_record import record_publication
from tasks.crosscheck.step import Crosschecked, crosscheck
from tasks.decisions.edited_answers import follow_edits
from tasks.decisions.findings import about_no_effect, about_their_file
from tasks.eligibility.carried_over import with_carried
from tasks.eligibility.judge import EligibilityInputs, judge
from tasks.ingest.inputs import Inputs
from tasks.ingest.step import read_all
from tasks.matchmaking.choice import choose
from tasks.matchmaking.step import match
from tasks.publish.gates import GateAnswer
from tasks.scoring.step import Scored, score
from warehouse.dictionary.decision_ids import EditedDecisionsError
from warehouse.dictionary.findings import Finding, findings_frame
from warehouse.dictionary.published import CHANGES, FINDINGS
from warehouse.sandbox import open_in_sandbox
from warehouse.snapshots import is_news, latest_version, read_package


@dataclass(frozen=True)
class ProcessedRound:
    """A round that was processed: what it was made from, its results, what became of them, and what the gates
    said.
    """

    round_inputs: RoundInputs
    result: RoundResult
    publication: Publication
    gates: GateAnswer


def process(
    context: AppContext, request: RunRequest, record: RunRecord, run: Runner = run_plain
) -> ProcessedRound:
    """Process a round from its files to a published version.

    `record` is the run under way, which holds the round's lock. Raises `ProblemsError` for a mistake in the
    inputs and `StoppedError` where nothing may be published.
    """
    remembering = RememberingRunner(run)
    given, (context, gathered) = context, _gather(context, request, record.started_at)
    assessed = assess(round_inputs=gathered, resources=linking_resources(context), run=remembering)
    record_intake(context=context, round_inputs=gathered, assessed=assessed, now=record.started_at)
    round_inputs = with_approved(context, gathered, assessed)
    latest = read_newest_whole(context, request.round_id)
    scored = score_applications(round_inputs=round_inputs, assessed=assessed, run=remembering)
    result = match_cities(
        round_inputs=round_inputs,
        assessed=assessed,
        scored=scored,
        previous=latest,
        repeated=repeated_version(context, latest, round_inputs.origin(assessed.in_force)),
        run=remembering,
    )
    result = with_nothing(result, round_inputs, latest_version(context.storage, request.round_id))
    report_step("Publishing")
    version = new_version(round_inputs=round_inputs, result=result, latest=latest, reason=request.reason)
    gates, moved = GateAnswer(not_needed=request.accept), CHANGES.empty()
    if is_news(context.storage, request.round_id, result.tables, version.state):
        gates = pass_gates(context, request, round_inputs, result, latest, record.started_at)
        again = processed_again(context, latest, remembering.instead(run_plain))
        moved = changes_since(context, latest, result.tables, round_inputs, version.origin, again)
    publication = run(publish)(
        context=context, record=record, round_inputs=round_inputs, result=result, version=version, moved=moved
    )
    record_publication(
        context=context, record=record, round_inputs=round_inputs, result=result, publication=publication
    )
    with told_as_fault(record, "what follows from its approvals"):
        after_publishing(given, given.round(request.round_id), publication)
    return ProcessedRound(round_inputs, result, publication, gates)


def _gather(context: AppContext, request: RunRequest, now: datetime) -> tuple[AppContext, RoundInputs]:
    """The rules that hold for this run, and what there is for the round.

    A pinned round has those of an older version. A decision that was changed in the database stops the run.
    """
    try:
        if request.unpin:
            round_ = context.round(request.round_id)
            unpin(context, round_, reason=request.reason, by=request.by, now=now)
        pin = pin_of(context, request.round_id)
        if pin is None:
            return context, gather(
                context=context, round_id=request.round_id, inputs=request.inputs, as_of=request.as_of
            )
    except EditedDecisionsError as error:
        edited = (Finding.stop("decisions", "decision_as_recorded", str(one)) for one in error.problems)
        stop_on(findings_frame(edited))
        raise
    report_step(str(pin))
    rules = read_package(context.storage, pin.round_id, pin.version)["rules"]
    pinned = with_rules_of(context, rules)
    return pinned, pinned_inputs(pinned, pin, request.as_of)


def processed_again(context: AppContext, previous: PublishedVersion | None, run: Runner) -> Again:
    """The steps from files to twinnings, for inputs that differ from those of a run.

    Nothing is explained or checked: only the tables that facts are taken from are made.
    """

    def again(round_inputs: RoundInputs) -> Mapping[str, pl.DataFrame]:
        assessed = assess(round_inputs=round_inputs, resources=linking_resources(context), run=run)
        scored = score_applications(round_inputs=round_inputs, assessed=assessed, run=run)
        pool = candidates_of(round_inputs=round_inputs, assessed=assessed, scored=scored)
        choice = choose(matching_problem(round_inputs, assessed, pool, previous))
        return chosen_tables(assessed, scored, choice.twinnings, choice.members)

    return again


def assess(round_inputs: RoundInputs, resources: LinkingResources, run: Runner = run_plain) -> AssessedRound:
    """Read, check, link, judge; raises `ProblemsError` for unusable inputs, `StoppedError` for wrong ones."""
    programme, round_ = round_inputs.programme, round_inputs.round
    report_step("Reading the inputs")
    inputs = run(read_all)(
        sources=round_inputs.sources, programme=programme, round_=round_, open_binary=open_in_sandbox
    )
    in_force = round_inputs.decisions_in_force(inputs.decisions)
    about_record = [] if round_inputs.decided is not None else round_inputs.about_decisions(inputs.decisions)
    only_told = pl.concat([inputs.findings.filter(about_their_file()), findings_frame(about_record)])
    inputs = replace(inputs, findings=inputs.findings.filter(~about_their_file()))
    inputs, carried = _carry_over(round_inputs, inputs, in_force)
    decisions, followed = follow_edits(in_force, set(inputs.submissions["submission_id"]))
    findings = check_inputs(
        round_inputs=round_inputs, inputs=inputs, decisions=decisions, only_told=only_told, run=run
    )
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
        link=resources.link,
    )
    report_step("Judging eligibility")
    judged = run(judge)(
        _evidence(inputs, linked, decisions, carried),
        programme=programme,
        round_=round_,
        register_versions=round_inputs.register_versions(),
    )
    findings = pl.concat([findings, findings_frame(followed)])
    return AssessedRound(inputs, decisions, linked, judged, findings, in_force, only_told, carried)


def _evidence(
    inputs: Inputs, linked: Crosschecked, decisions: pl.DataFrame, carried: Mapping[str, str]
) -> EligibilityInputs:
    """What there is to judge."""
    return EligibilityInputs(
        submissions=inputs.submissions,
        set_aside=inputs.set_aside,
        cities=linked.cities,
        crosscheck=linked.crosscheck,
        cohort=inputs.cohort,
        gcom=inputs.gcom,
        decisions=decisions,
        marks=inputs.marks,
        carried=carried,
    )


def check_inputs(
    round_inputs: RoundInputs,
    inputs: Inputs,
    decisions: pl.DataFrame,
    only_told: pl.DataFrame,
    run: Runner = run_plain,
) -> pl.DataFrame:
    """Check: the findings about the inputs; raises `StoppedError` where they must not be used.

    Of the decisions those in force are checked, wherever they were recorded: a version keeps them, and not
    the file that some of them came in. `only_told` are the findings of reading that file.
    """
    report_step("Checking the inputs")
    tables = {**input_tables(inputs), "decisions": decisions}
    findings = run(check_stages)(stages=("inputs",), tables=tables, limits=limits_of(round_inputs))
    findings = not_told_yet(findings, inputs.findings)
    stop_on(pl.concat([inputs.findings, only_told, findings]))
    return findings


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
    repeated: PublishedVersion | None = None,
    run: Runner = run_plain,
) -> RoundResult:
    """Match, check: from ranked applications to the tables of a version.

    `previous` is the version whose twinnings decisions may name; None before the first. `repeated` is the
    version that is made again, if one is: its matching stops where it stopped then. Raises
    `StoppedError`.
    """
    inputs, linked, judged = assessed.inputs, assessed.linked, assessed.judged
    report_step("Matching")
    pool = candidates_of(round_inputs=round_inputs, assessed=assessed, scored=scored)
    problem = matching_problem(round_inputs=round_inputs, assessed=assessed, pool=pool, previous=previous)
    findings_of_repeated = None if repeated is None else repeated.tables["findings"]
    watch = watch_for(problem.rules.limits.seconds, findings_of_repeated)
    matched = run(match)(problem=problem, watch=watch)
    report_step("Checking the results")
    of_steps = pl.concat(
        [part.findings for part in (inputs, linked, judged, scored, pool, matched)]  # the order is published
    )
    stop_on(of_steps)
    told = pl.concat([assessed.findings, of_steps])
    only_told = pl.concat([assessed.only_told, told.filter(about_no_effect()).unique(maintain_order=True)])
    tables = result_tables(assessed, scored, pool, matched)
    checked = run(check_stages)(
        stages=RESULT_STAGES,
        tables={**input_tables(inputs), **tables, **linked_tables(linked)},
        limits=limits_of(round_inputs, pool),
    )
    stop_on(checked)
    findings = pl.concat([assessed.findings, of_steps, checked]).unique(maintain_order=True)
    tables["findings"] = FINDINGS.conform(findings.filter(~about_no_effect()))
    return RoundResult(assessed, scored, pool, matched, tables, FINDINGS.conform(only_told))
