"""The gates before publishing: gathering what they are judged from, and stopping a run.

Belongs here: the facts. Must stay out: when a gate is closed and what is said (`tasks/publish/gates.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import polars as pl

from flows.context import AppContext
from flows.errors import StoppedError
from flows.ledger import ledger_gaps, record_decisions
from flows.published_versions import PublishedVersion
from flows.round_inputs import RoundInputs, RunRequest
from flows.round_results import RoundResult
from flows.settling import unsettled_twinnings
from pages.views.findings import findings_by_expectation
from tasks.decisions.kinds import make_decision
from tasks.ingest.lost_shares import lost_shares
from tasks.publish.gates import GateAnswer, GateFacts, judge_gates
from warehouse.dictionary.findings import findings_frame
from warehouse.dictionary.inputs import DECISIONS
from warehouse.kept_lines import read_lines

EVALUATIONS = "evaluations"


def pass_gates(
    context: AppContext,
    request: RunRequest,
    round_inputs: RoundInputs,
    result: RoundResult,
    latest: PublishedVersion | None,
    now: datetime,
) -> GateAnswer:
    """Judge the gates of a run that would publish a version; record what was accepted.

    `latest` is the last version of the round. Raises `StoppedError` with the gates that stop the run.
    """
    facts = gate_facts(context, round_inputs, result, latest, now)
    answer = judge_gates(facts, context.rounds.gates, request.accept)
    if answer.stops:
        stops = findings_frame(answer.stops)
        raise StoppedError(stops, findings_by_expectation(stops))
    rows = [
        make_decision(
            kind="accept",
            subject=round_inputs.round.id,
            object_=gate,
            reason=request.reason,
            decided_by=request.by,
            decided_at=now,
        )
        for gate in answer.let_pass
    ]
    if rows:
        record_decisions(context, round_inputs.round, DECISIONS.frame(rows), "cli", now)
    return answer


def gate_facts(
    context: AppContext,
    round_inputs: RoundInputs,
    result: RoundResult,
    latest: PublishedVersion | None,
    now: datetime,
) -> GateFacts:
    """What the gates of a run are judged from."""
    round_, tables = round_inputs.round, result.tables
    before: Mapping[str, pl.DataFrame] | None = latest.tables if latest else None
    lost = lost_shares(result.assessed.inputs, context.programme.expectations)
    earlier = [item.id for item in context.rounds.before(round_.id)]
    return GateFacts(
        round=round_,
        now=now,
        evaluations=result.assessed.inputs.evaluations.height,
        evaluations_before=_evaluations_of(context, round_.id, latest),
        evaluations_expected=_expected(context, round_inputs),
        unsettled=unsettled_twinnings(context, round_inputs.earlier_versions),
        applications=frozenset(tables["applications"]["application_id"]),
        applications_before=frozenset(before["applications"]["application_id"]) if before else None,
        lost={one.gate: one.message for one in lost if one.exceeded},
        twinnings=tables["twinnings"].height,
        twinnings_before=before["twinnings"].height if before else None,
        ledger_gaps=ledger_gaps(context, [*earlier, round_.id]),
    )


def _evaluations_of(context: AppContext, round_id: str, latest: PublishedVersion | None) -> int | None:
    """Rows of the file of evaluations that a version was made from; 0 where it had none."""
    if latest is None:
        return None
    sha256 = latest.package["inputs"].get(EVALUATIONS)
    known: dict[str, int] = {item["sha256"]: item["n_used"] for item in context.ledger.inputs(round_id)}
    return known.get(sha256, 0)


def _expected(context: AppContext, round_inputs: RoundInputs) -> str | None:
    """Why evaluations are expected; None where they are not."""
    round_ = round_inputs.round
    if round_.evaluations_expected:
        return "programme/rounds.toml expects them"
    handed_out: Collection[object] = read_lines(context.storage, round_.id, "assigned")
    if handed_out or context.storage.exists(f"restricted/evaluation/{round_.id}/assignment.csv"):
        return "applications were handed out to evaluators"
    return None
