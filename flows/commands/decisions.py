"""`city2city decisions`: what people decided about a round, and what came of it."""

from __future__ import annotations

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_error, print_json, print_table, print_text
from flows.context import open_context
from flows.decision_history import decision_history
from flows.ledger import ledger_gaps
from programme.counts import counted

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
    rows, left_out = decision_history(context, round_id)
    for sentence in left_out:
        print_error(sentence)
    if as_json:
        print_json([{name: row[name] for name in COLUMNS} for row in rows])
        return
    print_table(rows, COLUMNS, title=f"Decisions of round {round_id}", show_all=show_all)
    print_text(f"{counted(len(rows), 'decision')}.")
    for gap in ledger_gaps(context, [round_id]):
        print_text(gap)
