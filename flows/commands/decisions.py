"""`city2city decisions`: what people decided about a round, and what came of it."""

from __future__ import annotations

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_json, print_table, print_text
from flows.context import AppContext, open_context
from flows.ledger import ledger_gaps
from flows.published_versions import origin_of, read_version
from flows.working_tables import read_working_table
from tasks.decisions.approvals import rollbacks_to_nothing
from tasks.decisions.confirmations import decisions_in_force
from tasks.decisions.findings import undos_of_nothing
from tasks.decisions.history import history
from warehouse.snapshots import list_versions, read_table

COLUMNS = [
    "decision_id",
    "kind",
    "subject",
    "object",
    "value",
    "decided_at",
    "decided_by",
    "reason",
    "standing",
    "effect",
]


def decisions(round_id: RoundId, show_all: ShowAll = False, as_json: AsJson = False) -> None:
    """List a round's decisions and their effects.

    For each decision: what, when, who, why, whether it is in force, and what it changed in which version. A
    decision of the inputs is listed once a run or a scan has read it.
    """
    context = open_context()
    context.round(round_id)
    recorded = context.ledger.decisions(round_id)
    versions = list_versions(context.storage, round_id)
    changes = {version: read_table(context.storage, round_id, version, "changes") for version in versions}
    since = _named_since(context, round_id, versions)
    rows = history(recorded, changes, _notes(context, round_id, versions), since)
    if as_json:
        print_json([{name: row[name] for name in COLUMNS} for row in rows])
        return
    print_table(rows, COLUMNS, title=f"Decisions of round {round_id}", show_all=show_all)
    print_text(f"{len(rows)} decision(s).")
    for gap in ledger_gaps(context, [round_id]):
        print_text(gap)


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
    found = undos_of_nothing(recorded)
    found += rollbacks_to_nothing(decisions_in_force(recorded), round_id, latest)
    notes = {str(one.row_key): one.message for one in found}
    if versions:
        kept = read_working_table(context, round_id, versions[-1], "without_effect")
        notes |= dict(kept.select("row_key", "message").iter_rows())
    return notes
