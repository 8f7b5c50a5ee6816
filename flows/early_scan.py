"""The early scan, daily while a call is open: the first steps of a round under Prefect; nothing is published.

The FAQ (3.1) promises applicants early scans "to be resolved in a more timely manner". Belongs here: the
flow. Must stay out: the steps (`procedure.py`) and the letters (`letters.py`).
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import polars as pl
from prefect import flow, get_run_logger

from flows.artifacts import create_inputs_artifact, create_run_artifacts
from flows.context import AppContext, open_context
from flows.flow_ends import ends_in_words, tag_with_round
from flows.letters import ScanLetters, write_letters
from flows.linking_resources import linking_resources
from flows.mailing.waiting import points_of_answers
from flows.moments import in_utc
from flows.prefect_tasks import run_as_task
from flows.preload import preload
from flows.procedure import assess
from flows.publishing import record_intake
from flows.round_choice import RoundChoice
from flows.round_inputs import RoundInputs, gather
from flows.round_results import AssessedRound, scan_tables
from flows.run_record import SCAN_REASON, record_run
from flows.settings import keep_prefect_home_private
from flows.summary import applied_before, files_read, inputs_used, rows_set_aside
from flows.unexpected import guarded
from pages.views.findings import findings_by_expectation
from pages.views.funnel import funnel
from pages.views.waiting import open_points_text
from programme.counts import counted
from tasks.publish.open_points import count_by_kind, open_points
from warehouse.snapshots import newest_whole, read_table

_NOT_SCANNED = ("ranking", "twinnings", "twinning_members", "findings")
"""Published tables with open points that a scan does not make."""


@flow(name="early-scan", flow_run_name="{round_id}: early scan", persist_result=False)
@ends_in_words
@guarded
def early_scan(
    round_id: RoundChoice, inputs: str | None = None, as_of: datetime | None = None
) -> dict[str, Any]:
    """Look at what has come in so far: who is missing what. Publishes nothing.

    Args:
        round_id: id of a round in programme/rounds.toml.
        inputs: folder that holds the round's folder; `inputs` of the data folder unless given.
        as_of: decisions made later are not applied; all are unless given. Without an offset it is meant in
            the round's time zone.

    Returns the scan's summary. Raises as `process_round`.
    """
    keep_prefect_home_private()
    context = open_context()
    preload(context)
    as_of = as_of and in_utc(as_of, context.round(round_id).zone)
    tag_with_round(round_id)
    with record_run(context, round_id, "scan", SCAN_REASON, as_of) as record:
        round_inputs = gather(context=context, round_id=round_id, inputs=inputs, as_of=as_of)
        assessed = assess(round_inputs, linking_resources(context), run_as_task)
        record_intake(context=context, round_inputs=round_inputs, assessed=assessed, now=record.started_at)
        letters = write_letters(context, round_inputs, assessed, as_of or record.started_at)
        record.outcome = "unchanged"
    headline = _headline(context, round_id, assessed, as_of or datetime.now(UTC))
    tables = tables_of_scan(context, round_id, assessed)
    answers = points_of_answers(
        context, round_inputs.round, tables, assessed.decisions, as_of or record.started_at
    )
    points = open_points(tables, answers=answers)
    waiting = open_points_text(count_by_kind(points))
    summary = _summary(round_inputs, assessed, letters, f"{headline} {waiting} {_about_letters(letters)}")
    summary |= {"waiting": points.rows(named=True), "open_points": count_by_kind(points)}
    create_run_artifacts(
        round_id, "scan", summary["headline"], scan_tables(assessed), points.rows(named=True)
    )
    create_inputs_artifact(round_id, summary["inputs"], "scan-")
    get_run_logger().info(summary["headline"])
    return summary


def tables_of_scan(context: AppContext, round_id: str, assessed: AssessedRound) -> dict[str, pl.DataFrame]:
    """The tables of a scan, and what it does not compute as the latest version has it: what waits there still
    waits.
    """
    tables, version = scan_tables(assessed), newest_whole(context.storage, round_id)
    if version is None:
        return tables
    last = {name: read_table(context.storage, round_id, version, name) for name in _NOT_SCANNED}
    of_evaluations = last["findings"].filter(pl.col("table") == "evaluations")
    findings = pl.concat([tables["findings"], of_evaluations]).unique(maintain_order=True)
    return tables | last | {"findings": findings}


def _summary(
    round_inputs: RoundInputs, assessed: AssessedRound, letters: ScanLetters, headline: str
) -> dict[str, Any]:
    tables = scan_tables(assessed)
    return {
        "round": round_inputs.round.id,
        "headline": headline,
        "funnel": funnel(tables),
        "findings": findings_by_expectation(tables["findings"]),
        "earlier": applied_before(round_inputs, assessed),
        "files": files_read(assessed.inputs),
        "inputs": inputs_used(assessed.inputs),
        "set_aside": rows_set_aside(assessed.inputs),
        "letters": asdict(letters),
    }


def _about_letters(letters: ScanLetters) -> str:
    return (
        f"Applicants are missing {counted(letters.open, 'thing')}: {letters.new} new since the last scan, "
        f"{letters.settled} settled. {counted(letters.drafts, 'letter')} to send and the overview are in "
        f"{letters.folder}."
    )


def _headline(context: AppContext, round_id: str, assessed: AssessedRound, now: datetime) -> str:
    round_ = context.round(round_id)
    forms = assessed.judged.applications.height
    if now >= round_.accepted_until:
        return f"Round {round_id} closed on {round_.closes:%-d %B %Y}; {forms} forms. Nothing was published."
    days = (round_.closes - now.astimezone(round_.zone).date()).days
    return (
        f"Round {round_id}: {forms} forms so far, {counted(days, 'day')} to the deadline of "
        f"{round_.closes:%-d %B %Y}. Nothing was published."
    )
