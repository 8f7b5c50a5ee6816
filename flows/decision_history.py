"""Every decision of a round with what came of it, for the terminal and the desk.

Belongs here: reading the record and the versions that it changed. Must stay out: joining them
(`tasks/decisions/history.py`) and showing the list.
"""

from __future__ import annotations

from typing import Any

from flows.context import AppContext
from flows.published_versions import origin_of, read_version, whole_versions
from flows.working_tables import read_working_table
from tasks.decisions.approvals import rollbacks_to_nothing
from tasks.decisions.confirmations import decisions_in_force
from tasks.decisions.findings import undos_of_nothing
from tasks.decisions.history import history
from warehouse.snapshots import read_table


def decision_history(context: AppContext, round_id: str) -> tuple[list[dict[str, Any]], list[str]]:
    """One row for each recorded decision of a round (`history`), and sentences of versions that are damaged.

    What decisions did in a damaged version is not in the rows. Raises `ProblemsError` for no such round.
    """
    context.round(round_id)
    recorded = context.ledger.decisions(round_id)
    versions, left_out = whole_versions(context, round_id)
    changes = {version: read_table(context.storage, round_id, version, "changes") for version in versions}
    since = _named_since(context, round_id, versions)
    return history(recorded, changes, _notes(context, round_id, versions), since), left_out


def _named_since(context: AppContext, round_id: str, versions: list[int]) -> dict[str, int]:
    """Decision to the first version that was made with it."""
    since: dict[str, int] = {}
    for version in versions:
        for name in origin_of(context, read_version(context, round_id, version)).decisions["decision_id"]:
            since.setdefault(name, version)
    return since


def _notes(context: AppContext, round_id: str, versions: list[int]) -> dict[str, str]:
    """Decisions without effect, with why: as the last run found, and undos of nothing."""
    recorded = context.ledger.decisions(round_id)
    latest = versions[-1] if versions else None
    nothing = rollbacks_to_nothing(decisions_in_force(recorded), round_id, latest)
    found = [*undos_of_nothing(recorded), *nothing]
    notes = {str(one.row_key): one.message for one in found}
    if versions:
        kept = read_working_table(context, round_id, versions[-1], "without_effect")
        notes |= dict(kept.select("row_key", "message").iter_rows())
    return notes
