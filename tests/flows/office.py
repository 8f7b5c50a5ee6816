"""A whole office in a temporary folder, for tests that run rounds: inputs, warehouse, and the procedure
without Prefect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from flows.context import AppContext
from flows.ledger import record_decisions
from flows.procedure import process
from flows.publishing import Publication
from flows.round_inputs import RunRequest
from flows.run_record import record_run
from flows.settling import confirm_proposed
from tasks.decisions.kinds import make_decision
from warehouse.dictionary.inputs import DECISIONS
from warehouse.snapshots import read_tables


@dataclass
class Office:
    """One data folder with inputs, and what a person does there."""

    context: AppContext
    inputs: Path

    def run(self, round_id: str, reason: str = "test", *accept: str) -> Publication:
        """Process a round as the flow does, without Prefect; `accept` names gates that may be passed."""
        request = RunRequest(round_id, reason, str(self.inputs), None, accept, "ops")
        with record_run(self.context, round_id, "process", reason, None) as record:
            return process(self.context, request, record).publication

    def confirm_all(self, round_id: str) -> int:
        """Confirm every twinning of a round that is only proposed."""
        return confirm_proposed(self.context, self.context.round(round_id), "agreed", "ops")

    def decide(
        self, round_id: str, kind: str, subject: str, object_: str | None = None, value: str | None = None
    ) -> str:
        """Record a decision and return its id."""
        at = datetime(2026, 3, 1, 12, tzinfo=UTC)
        row = make_decision(
            kind=kind,
            subject=subject,
            object_=object_,
            value=value,
            reason="looked at it",
            decided_by="ops",
            decided_at=at,
        )
        record_decisions(self.context, self.context.round(round_id), DECISIONS.frame([row]), "cli", at)
        return str(row["decision_id"])

    def tables(self, round_id: str, version: int) -> dict[str, pl.DataFrame]:
        """The tables of a published version."""
        return read_tables(self.context.storage, round_id, version)

    def rewrite(self, round_id: str, name: str, old: str, new: str) -> None:
        """Replace one text in an input file; the text must be there exactly once."""
        path = self.inputs / round_id / name
        text = path.read_bytes().decode("utf-8-sig")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), "utf-8-sig")
