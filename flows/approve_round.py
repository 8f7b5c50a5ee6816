"""The flow that approves a version, for the Prefect UI: the same as `city2city approve`.

No flow run waits for a person, because a paused run fails after an hour: an approval is a run of its own.
Belongs here: the flow. Must stay out: what is refused and what follows (`approving.py`).
"""

from __future__ import annotations

from typing import Any

from prefect import flow, get_run_logger

from flows.announcement import announcement
from flows.approving import approve
from flows.artifacts import create_approval_artifact
from flows.context import open_context
from flows.flow_ends import ends_in_words, tag_with_round
from flows.round_choice import RoundChoice
from flows.settings import keep_prefect_home_private
from flows.unexpected import guarded
from programme.counts import counted


@flow(name="approve-round", flow_run_name="{round}: approve version {version}", persist_result=False)
@ends_in_words
@guarded
def approve_round(
    round: RoundChoice,  # noqa: A002  (people read the names of parameters in the UI)
    version: int,
    by: str,
    reason: str = "approved",
    older: bool = False,
) -> dict[str, Any]:
    """Approve a version, so that it may leave the house.

    Args:
        round: id of a round in programme/rounds.toml, such as 2026-01.
        version: the version that is approved; it must be the latest, unless `older`.
        by: name of the person who approves; it is kept with the decision and not published.
        reason: why; it is kept with the decision and not published.
        older: insist on a version that is not the latest one.

    Returns what became of it. Raises `ProblemsError` with everything that speaks against it.
    """
    keep_prefect_home_private()
    context = open_context()
    round_ = context.round(round)
    tag_with_round(round_.id)
    page = announcement(context, round_, version, traced=False)
    answer = approve(context, round_, version, by=by, reason=reason, older=older)
    approved = None if answer.approved is None else answer.approved.version
    outcome = f"{len(answer.people)} of {counted(answer.needed, 'approval')}; " + (
        "nothing may leave the house yet." if approved is None else f"version {approved} may leave the house."
    )
    create_approval_artifact(page, outcome)
    headline = f"Round {round}, version {version}: {outcome}"
    get_run_logger().info(headline)
    told = {"round": round, "version": version, "approvals": len(answer.people), "approved": approved}
    return told | {"headline": headline}
