"""The main flow: one round, from its files to a published version, under Prefect.

Belongs here: the guards of a run, and the summary it returns. Must stay out: the procedure itself
(`procedure.py`) and what is written (`publishing.py`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
from prefect import flow, get_run_logger

from flows.artifacts import create_report_artifact, create_run_artifacts, create_stop_artifact
from flows.console import also_telling
from flows.context import AppContext, open_context
from flows.deployments import AFTER_THE_DEADLINE, BY_HAND
from flows.errors import StoppedError
from flows.prefect_tasks import run_as_task
from flows.preload import preload
from flows.procedure import ProcessedRound, process
from flows.publishing import Publication
from flows.report import keep_missing_report, report_link, report_place
from flows.round_inputs import RunRequest
from flows.run_record import record_run
from flows.summary import about_gates, applied_before, capacity, files_read, rows_set_aside
from pages.views.findings import findings_by_expectation
from pages.views.funnel import funnel
from pages.views.twinnings import twinning_rows
from pages.views.waiting import open_points_text
from tasks.decisions.effective import released_twinnings
from tasks.publish.gates import check_accepted
from tasks.publish.open_points import count_by_kind, open_points
from warehouse.snapshots import version_path

SCHEDULED = "scheduled"
REASONS_OF_A_SCHEDULE = (SCHEDULED, AFTER_THE_DEADLINE, BY_HAND)
"""Reasons that nobody gave: they are no reason to let a gate pass."""


@flow(name="process-round", flow_run_name="{round_id}: {reason}", persist_result=False)
def process_round(
    round_id: str,
    reason: str = SCHEDULED,
    inputs: str | None = None,
    as_of: datetime | None = None,
    accept: list[str] | None = None,
    by: str = "flow run",
) -> dict[str, Any]:
    """Process one round and publish a new version if anything changed.

    Args:
        round_id: id of a round in programme/rounds.toml, such as 2026-01.
        reason: why it is processed; it is published with the version, so it must not name a person.
        inputs: folder that holds the round's folder; `inputs` of the data folder unless given.
        as_of: decisions made later are not applied; all are unless given.
        accept: gates that may be passed this once; `reason` must then say why.
        by: who accepts; it is kept with the decision and not published.

    Returns the run's summary. Raises `ProblemsError` for a mistake in the inputs, `StoppedError` if a
    stop-level expectation failed or a gate is closed.
    """
    check_accepted(accept or (), None if reason in REASONS_OF_A_SCHEDULE else reason)
    context = open_context()
    preload(context)
    request = RunRequest(round_id, reason, inputs, as_of, tuple(accept or ()), by)
    with record_run(context, round_id, "process", reason, as_of) as record:
        try:
            with also_telling(get_run_logger().info):
                processed = process(context=context, request=request, record=record, run=run_as_task)
        except StoppedError as stop:
            create_stop_artifact(round_id, stop.findings)
            raise
    points = _open_points(processed)
    published = _headline(round_id, processed.publication, context.storage.address)
    headline = " ".join([published, *about_gates(processed.gates), open_points_text(count_by_kind(points))])
    summary, waiting = _summary(round_id, processed, headline), points.rows(named=True)
    create_run_artifacts(round_id, "round", headline, processed.result.tables, waiting, summary["capacity"])
    summary["report"] = _report(context, round_id, processed.publication.version)
    get_run_logger().info(headline)
    return summary


def _report(context: AppContext, round_id: str, version: int) -> str:
    """Keep the report of a version where it is not kept yet, and lead to it; returns where it is."""
    keep_missing_report(context, round_id, version)
    create_report_artifact(round_id, version, report_link(context, round_id, version))
    return report_place(context, round_id, version)


def _headline(round_id: str, publication: Publication, address: str) -> str:
    version = publication.version
    where = f"{address.rstrip('/')}/{version_path(round_id, version)}"
    if not publication.new:
        return f"Nothing changed: version {version} of round {round_id} stands ({where})."
    since = (
        f", {publication.changes.height} change(s) since version {publication.parent}"
        if publication.parent
        else ""
    )
    return f"Published version {version} of round {round_id}{since} ({where})."


def _open_points(processed: ProcessedRound) -> pl.DataFrame:
    released = released_twinnings(processed.result.assessed.decisions)
    return open_points(processed.result.tables, released)


def _summary(round_id: str, processed: ProcessedRound, headline: str) -> dict[str, Any]:
    tables, assessed = processed.result.tables, processed.result.assessed
    return {
        "round": round_id,
        "version": processed.publication.version,
        "new": processed.publication.new,
        "headline": headline,
        "funnel": funnel(tables),
        "twinnings": twinning_rows(tables),
        "capacity": capacity(processed.round_inputs, processed.result),
        "waiting": _open_points(processed).rows(named=True),
        "open_points": count_by_kind(_open_points(processed)),
        "findings": findings_by_expectation(pl.concat([tables["findings"], processed.result.without_effect])),
        "gates": about_gates(processed.gates),
        "changes": processed.publication.changes.rows(named=True),
        "earlier": applied_before(processed.round_inputs, assessed),
        "files": files_read(assessed.inputs),
        "set_aside": rows_set_aside(assessed.inputs),
    }
