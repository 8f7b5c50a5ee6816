"""The office under attack: one round published, one decision about to be made.

Belongs here: the story that is disturbed (`live`), step by step. Must stay out: preparing the office
(`preparing.py`), disturbing it, and what must hold afterwards (`aftermath.py`).
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.approving import approve
from flows.context import AppContext, open_context
from flows.ledger import record_decisions
from flows.procedure import process
from flows.round_inputs import RunRequest
from flows.run_record import record_run
from flows.settings import read_settings
from tasks.decisions.kinds import make_decision
from tests.attack.buckets import bucket_settings
from tests.attack.mail import send_letters
from tests.attack.steps import Answering, nothing_computed
from tests.hostile.small_round import Records, small_round
from warehouse.dictionary.inputs import DECISIONS
from warehouse.snapshots import read_table
from warehouse.storage import Storage, open_storage

ROUND = "2025-07"
DECIDED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
REASON = "an attack"
STEPS = ("decide", "run", "approve", "letters")
"""The steps of the story, each a command of its own."""
OUTSIDE = ("promised", "sent")
"""Files beside the data folder that no crash of the office changes."""
DATABASE: dict[str, str] = {}
"""The variable that names the database, where it is not the one in the data folder."""
Runner = Any


def settings_of(data: Path) -> dict[str, str]:
    """The environment of an office whose data is in a folder."""
    own = {"CITY2CITY_DATA": str(data), "CITY2CITY_CACHE": os.environ["CITY2CITY_CACHE"]}
    return own | bucket_settings(data) | DATABASE


def context_of(data: Path) -> AppContext:
    return open_context(read_settings(settings_of(data)))


def storage_of(data: Path) -> Storage:
    """Where an office keeps what it publishes: its folder, or a bucket."""
    return open_storage(settings_of(data)["CITY2CITY_DATA"])


def inputs() -> Records:
    """A small round, with registers as long as they must be."""
    records = small_round()
    for table, key, count in (("cohort", "utm_id", 30), ("gcom", "gcom_id", 110)):
        first = records[table][0]
        more = range(len(records[table]), count)
        records[table] += [
            first | {key: f"MORE-{n}", "name": f"Vale of {n}", "gcom_id": f"MORE-{n}"} for n in more
        ]
    return records


def a_placed_city(data: Path) -> str:
    placed = read_table(storage_of(data), ROUND, 1, "twinning_members")
    return str(placed["application_id"].sort()[0])


def decide(data: Path, subject: str) -> str:
    """Record the decision of the story, and return its id."""
    context = context_of(data)
    row = make_decision(
        kind="withdraw",
        subject=subject,
        object_=None,
        value=None,
        reason="looked at it",
        decided_by="ops",
        decided_at=DECIDED_AT,
    )
    record_decisions(context, context.round(ROUND), DECISIONS.frame([row]), "cli", DECIDED_AT)
    return str(row["decision_id"])


def run(data: Path, runner: Runner) -> tuple[int, tuple[str, ...]]:
    """Process the round; the version that stands, and the faults that were told."""
    context = context_of(data)
    request = RunRequest(ROUND, REASON, str(data / "inputs"), None, (), "ops")
    with record_run(context, ROUND, "process", REASON, None) as record:
        version = process(context, request, record, runner).publication.version
    return version, tuple(record.faults)


def live(workshop: Path, data: Path) -> tuple[int, tuple[str, ...]]:
    """The story: a decision, the run that follows it, its approval, its letters. It may be told again."""
    ended = [take(step, workshop, data) for step in STEPS]
    return ended[STEPS.index("run")]


def take(step: str, workshop: Path, data: Path) -> Any:
    """Take one step of the story."""
    with nothing_computed():
        match step:
            case "decide":
                _promise(data, decide(data, (workshop / "subject").read_text()))
            case "run":
                return run(data, Answering(workshop / "answers"))
            case "approve":
                announce(data)
            case "letters":
                send(data)
    return None


def _promise(data: Path, decision_id: str) -> None:
    """Note outside the office that a decision was recorded: from now on it must never be lost."""
    with (data.parent / "promised").open("a") as file:
        file.write(f"{decision_id}\n")


def announce(data: Path) -> None:
    """Approve the version that the story made."""
    context = context_of(data)
    approve(context, context.round(ROUND), 2, by="boss", reason="looked at it")


def send(data: Path) -> None:
    """Send the letters of the approved version."""
    context = context_of(data)
    send_letters(context, context.round(ROUND), data.parent)
