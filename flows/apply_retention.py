"""The flow that erases what was kept as long as the programme says.

Belongs here: the flow. Must stay out: what is due and how it is erased (`retention.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger

from flows.context import open_context
from flows.retention import apply_due, what_is_due
from flows.settings import keep_prefect_home_private
from flows.unexpected import guarded


@flow(name="apply-retention", flow_run_name="retention", persist_result=False)
@guarded
def apply_retention(only_tell: bool = False) -> dict[str, Any]:
    """Erase what is kept longer than programme/retention.toml says.

    Args:
        only_tell: say what is due, and erase nothing.

    Returns how many applications and files were erased, by round and kind. Raises `ProblemsError` while a run
    is at work.
    """
    keep_prefect_home_private()
    context, now = open_context(), datetime.now(UTC)
    due = what_is_due(context, now) if only_tell else apply_due(context, by="apply-retention", now=now)
    for one in due:
        get_run_logger().info(str(one))
    counts = {f"{one.round_id} {one.kind}": len(one.submissions) + len(one.files) for one in due}
    return {"erased": not only_tell, "due": counts}
