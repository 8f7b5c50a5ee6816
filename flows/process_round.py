"""The main flow: one round, from its files to a published version.

Belongs here: what runs under Prefect and in which guards. Must stay out: the procedure itself
(`procedure.py`), what is written (`publishing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl
from prefect import flow, get_run_logger

from flows.artifacts import show, show_stop
from flows.context import open_context
from flows.preload import warm_up
from flows.procedure import StoppedError
from flows.publishing import Published, RunRequest, carry_out
from flows.run_record import recorded
from flows.steps import AS_TASKS, publish
from flows.summary import earlier, files, findings_in_short, funnel, set_aside, twinning_rows, waiting
from warehouse.snapshots import version_path


@flow(name="process-round", flow_run_name="{round_id}: {reason}", persist_result=False)
def process_round(
    round_id: str, reason: str = "scheduled", inputs: str | None = None, as_of: datetime | None = None
) -> dict[str, Any]:
    """Process one round and publish a new version if anything changed.

    Args:
        round_id: id of a round in programme/rounds.toml, such as 2026-01.
        reason: why it is processed; it is published with the version, so it must not name a person.
        inputs: folder that holds the round's folder; `inputs` of the data folder unless given.
        as_of: decisions made later are not applied; all are unless given.

    Returns the run's summary. Raises `ProblemsError` for a mistake in the inputs, `StoppedError` if a
    stop-level expectation failed.
    """
    context = open_context()
    warm_up(context)
    with recorded(context, round_id, "process", reason, as_of) as run:
        try:
            round_inputs, result, published = carry_out(
                context, RunRequest(round_id, reason, inputs, as_of), run, AS_TASKS, publish
            )
        except StoppedError as stop:
            show_stop(round_id, stop.findings)
            raise
    headline = _headline(round_id, published, context.storage.address)
    show(round_id, "round", headline, result.tables)
    get_run_logger().info(headline)
    more = {"earlier": earlier(round_inputs, result.assessed), "files": files(result.assessed.inputs)} | {
        "set_aside": set_aside(result.assessed.inputs)
    }
    return _summary(round_id, published, result.tables, headline) | more


def _headline(round_id: str, published: Published, address: str) -> str:
    where = f"{address.rstrip('/')}/{version_path(round_id, published.version)}"
    if not published.new:
        return f"Nothing changed: version {published.version} of round {round_id} stands ({where})."
    since = (
        f", {published.changes.height} change(s) since version {published.parent}" if published.parent else ""
    )
    return f"Published version {published.version} of round {round_id}{since} ({where})."


def _summary(
    round_id: str, published: Published, tables: Mapping[str, pl.DataFrame], headline: str
) -> dict[str, Any]:
    return {
        "round": round_id,
        "version": published.version,
        "new": published.new,
        "headline": headline,
        "funnel": funnel(tables),
        "twinnings": twinning_rows(tables),
        "waiting": waiting(tables),
        "findings": findings_in_short(tables["findings"]),
        "changes": published.changes.rows(named=True),
    }
