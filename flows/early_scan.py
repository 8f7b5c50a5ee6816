"""The early scan, daily while a call is open: the same first steps as the main flow, and nothing is
published.

The FAQ (3.1) promises applicants early scans "to be resolved in a more timely manner". Belongs here: the
flow. Must stay out: the steps.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import polars as pl
from prefect import flow, get_run_logger

from flows.artifacts import show, show_stop
from flows.context import AppContext, open_context
from flows.letters import Written, write_letters
from flows.preload import places, warm_up
from flows.procedure import Assessed, StoppedError, assess
from flows.publishing import record_intake
from flows.round_inputs import gather
from flows.run_record import recorded
from flows.steps import AS_TASKS
from flows.summary import earlier, files, findings_in_short, funnel, set_aside, waiting
from warehouse.dictionary.published import FINDINGS


@flow(name="early-scan", flow_run_name="{round_id}: early scan", persist_result=False)
def early_scan(round_id: str, inputs: str | None = None, as_of: datetime | None = None) -> dict[str, Any]:
    """Look at what has come in so far: who is missing what. Publishes nothing.

    Args:
        round_id: id of a round in programme/rounds.toml.
        inputs: folder that holds the round's folder; `inputs` of the data folder unless given.
        as_of: decisions made later are not applied; all are unless given.

    Returns the scan's summary. Raises as `process_round`.
    """
    context = open_context()
    warm_up(context)
    with recorded(context, round_id, "scan", "early scan", as_of) as run:
        try:
            round_inputs = gather(context, round_id, inputs, as_of)
            assessed = assess(round_inputs, places(context), AS_TASKS)
        except StoppedError as stop:
            show_stop(round_id, stop.findings)
            raise
        record_intake(context, round_inputs, assessed, run.started_at)
        letters = write_letters(context, round_inputs, assessed, as_of or run.started_at)
        run.outcome = "unchanged"
    tables = scan_tables(assessed)
    headline = _headline(context, round_id, assessed, as_of or datetime.now(UTC)) + _told(letters)
    show(round_id, "scan", headline, tables)
    get_run_logger().info(headline)
    return {
        "round": round_id,
        "headline": headline,
        "funnel": funnel(tables),
        "waiting": waiting(tables),
        "findings": findings_in_short(tables["findings"]),
        "earlier": earlier(round_inputs, assessed),
        "files": files(assessed.inputs),
        "set_aside": set_aside(assessed.inputs),
        "letters": asdict(letters),
    }


def scan_tables(assessed: Assessed) -> dict[str, pl.DataFrame]:
    """The tables of the first steps."""
    judged = assessed.judged
    findings = pl.concat(
        [assessed.findings, assessed.inputs.findings, assessed.linked.findings, judged.findings]
    )
    return {
        "applications": judged.applications,
        "eligibility_checks": judged.checks,
        "eligibility": judged.eligibility,
        "findings": FINDINGS.conform(findings.unique(maintain_order=True)),
    }


def _told(letters: Written) -> str:
    return (
        f" {letters.open} open point(s): {letters.new} new since the last scan, {letters.settled} settled. "
        f"{letters.drafts} draft(s) to send and the overview are in {letters.folder}."
    )


def _headline(context: AppContext, round_id: str, assessed: Assessed, now: datetime) -> str:
    round_ = context.round(round_id)
    forms = assessed.judged.applications.height
    if now >= round_.accepted_until:
        return f"Round {round_id} closed on {round_.closes:%-d %B %Y}; {forms} forms. Nothing was published."
    days = (round_.closes - now.astimezone(round_.zone).date()).days
    return f"Round {round_id}: {forms} forms so far, {days} day(s) to the deadline of {round_.closes:%-d %B %Y}. Nothing was published."
