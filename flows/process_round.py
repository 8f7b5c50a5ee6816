"""The main flow: one round, from its files to a published version, under Prefect.

Belongs here: the guards of a run, and the summary it returns. Must stay out: the procedure itself
(`procedure.py`) and what is written (`publishing.py`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
from prefect import flow, get_run_logger

from flows.announcement import announcement
from flows.artifacts import (
    create_approval_artifact,
    create_inputs_artifact,
    create_report_artifact,
    create_run_artifacts,
)
from flows.console import also_telling
from flows.context import AppContext, open_context
from flows.deployments import AFTER_THE_DEADLINE, BY_HAND, STARTED_BY_HAND
from flows.flow_ends import ends_in_words, tag_with_round
from flows.mailing.waiting import waiting_points
from flows.moments import in_utc
from flows.pinning import pin_of
from flows.prefect_tasks import run_as_task
from flows.preload import preload
from flows.procedure import ProcessedRound, process
from flows.publishing import Publication
from flows.repairing import make_good_for_run
from flows.report import keep_missing_report, report_link, report_place
from flows.round_choice import RoundChoice
from flows.round_inputs import RunRequest
from flows.run_record import RunRecord, accepted_by, record_run
from flows.settings import keep_prefect_home_private
from flows.summary import about_gates, applied_before, capacity, files_read, inputs_used, rows_set_aside
from flows.unexpected import guarded
from pages.views.changes import changes_in_words
from pages.views.findings import findings_by_expectation
from pages.views.funnel import funnel
from pages.views.twinnings import twinning_rows
from pages.views.waiting import open_points_text
from programme.counts import counted
from tasks.ingest.personal.masks import without_addresses
from tasks.publish.gates import check_accepted
from tasks.publish.open_points import count_by_kind
from warehouse.snapshots import version_path

SCHEDULED = "scheduled"
NOBODY = "flow run"
REASONS_OF_A_SCHEDULE = (SCHEDULED, AFTER_THE_DEADLINE, BY_HAND, STARTED_BY_HAND)
"""Reasons that nobody gave: they are no reason to let a gate pass."""


@flow(name="process-round", flow_run_name="{round_id}: {reason}", persist_result=False)
@ends_in_words
@guarded
def process_round(
    round_id: RoundChoice,
    reason: str = SCHEDULED,
    inputs: str | None = None,
    as_of: datetime | None = None,
    accept: list[str] | None = None,
    by: str = NOBODY,
    unpin: bool = False,
) -> dict[str, Any]:
    """Process one round and publish a new version if anything changed.

    Args:
        round_id: id of a round in programme/rounds.toml, such as 2026-01.
        reason: why it is processed; it is published with the version, so it must not name a person.
        inputs: folder that holds the round's folder; `inputs` of the data folder unless given.
        as_of: decisions made later are not applied; all are unless given. Without an offset it is meant in
            the round's time zone.
        accept: gates that may be passed this once; `reason` must then say why.
        by: who started the run, and accepts; it is kept and not published. A schedule is nobody.
        unpin: end what a rollback pinned, and read the round's inputs and rules as they are now.

    Returns the run's summary; its headline is the message of the flow run's state. Raises `ProblemsError` for
    a mistake in the inputs, `StoppedError` if a stop-level expectation failed or a gate is closed.
    """
    check_accepted(accept or (), None if reason in REASONS_OF_A_SCHEDULE else reason)
    keep_prefect_home_private()
    context = open_context()
    preload(context)
    reason = without_addresses(reason)
    as_of = as_of and in_utc(as_of, context.round(round_id).zone)
    by = accepted_by.get() or by
    tag_with_round(round_id)
    request = RunRequest(round_id, reason, inputs, as_of, tuple(accept or ()), by, unpin)
    with (
        record_run(context, round_id, "process", reason, as_of, by) as record,
        also_telling(get_run_logger().info),
    ):
        make_good_for_run(context, round_id)
        processed = process(context=context, request=request, record=record, run=run_as_task)
    return _told(context, round_id, record, processed)


def _told(context: AppContext, round_id: str, record: RunRecord, processed: ProcessedRound) -> dict[str, Any]:
    """Tell of a run that has ended, in Prefect's artifacts, its log and the summary, which is returned."""
    points = waiting_points(
        context,
        processed.round_inputs.round,
        processed.result.tables,
        processed.result.assessed.decisions,
        record.started_at,
    )
    headline = _headline(context, round_id, processed, points)
    summary, waiting = _summary(round_id, processed, points, headline), points.rows(named=True)
    try:
        changed = changes_in_words({**processed.result.tables, "changes": processed.publication.changes})
        create_run_artifacts(
            round_id, "round", headline, processed.result.tables, waiting, summary["capacity"], changed
        )
        create_inputs_artifact(round_id, summary["inputs"])
        _say_what_an_approval_would_announce(context, round_id, processed.publication.version)
    except Exception as error:  # noqa: BLE001  (Prefect's errors share no class, and the version stands)
        record.faults.append(f"Prefect does not show what this run did ({type(error).__name__}).")
    summary["report"] = _report(context, round_id, record, processed.publication.version)
    summary["faults"] = list(record.faults)
    get_run_logger().info(headline)
    for fault in record.faults:
        get_run_logger().warning(fault)
    return summary


def _headline(context: AppContext, round_id: str, processed: ProcessedRound, points: pl.DataFrame) -> str:
    published = _published(round_id, processed.publication, context.storage.address)
    waiting = open_points_text(count_by_kind(points))
    pinned = [str(pin_of(context, round_id))] if processed.round_inputs.pinned else []
    return " ".join([published, *about_gates(processed.gates), waiting, *pinned])


def _say_what_an_approval_would_announce(context: AppContext, round_id: str, version: int) -> None:
    page = announcement(context, context.round(round_id), version, traced=False)
    how = f"To approve it: the deployment approve-round, or city2city approve {round_id} {version} --by NAME."
    create_approval_artifact(
        page, f"{counted(page.needed, 'person')} must approve it. {how}" if page.needed else ""
    )


def _report(context: AppContext, round_id: str, record: RunRecord, version: int) -> str | None:
    """Keep the report of a version where it is not kept yet, and lead to it; returns where it is."""
    try:
        keep_missing_report(context, round_id, version)
        create_report_artifact(round_id, version, report_link(context, round_id, version))
    except Exception as error:  # noqa: BLE001  (whatever it is, the version stands)
        again = f"city2city report {round_id} {version}"
        record.faults.append(f"The report was not made ({type(error).__name__}); {again} makes it.")
        return None
    return report_place(context, round_id, version)


def _published(round_id: str, publication: Publication, address: str) -> str:
    version = publication.version
    where = f"{address.rstrip('/')}/{version_path(round_id, version)}"
    if not publication.new:
        return f"Nothing changed: version {version} of round {round_id} stands ({where})."
    since = (
        f", {counted(publication.changes.height, 'change')} since version {publication.parent}"
        if publication.parent
        else ""
    )
    return f"Published version {version} of round {round_id}{since} ({where})."


def _summary(round_id: str, processed: ProcessedRound, points: pl.DataFrame, headline: str) -> dict[str, Any]:
    tables, assessed = processed.result.tables, processed.result.assessed
    return {
        "round": round_id,
        "version": processed.publication.version,
        "new": processed.publication.new,
        "headline": headline,
        "funnel": funnel(tables),
        "twinnings": twinning_rows(tables),
        "capacity": capacity(processed.round_inputs, processed.result),
        "waiting": points.rows(named=True),
        "open_points": count_by_kind(points),
        "findings": findings_by_expectation(pl.concat([tables["findings"], processed.result.without_effect])),
        "gates": about_gates(processed.gates),
        "changes": processed.publication.changes.rows(named=True),
        "earlier": applied_before(processed.round_inputs, assessed),
        "files": files_read(assessed.inputs),
        "inputs": inputs_used(assessed.inputs),
        "set_aside": rows_set_aside(assessed.inputs),
    }
