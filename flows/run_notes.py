"""Why a run has no version: one note for each run that did not end well, beside the ledger.

A note is a file of the restricted area, so it is there when the database is what failed. Belongs here:
writing and reading notes. Must stay out: how a run is guarded (`run_record.py`), and its outcome (ledger).
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime

from flows.errors import StoppedError
from flows.unexpected import UnexpectedError, is_unexpected, without_values
from programme.problems import ProblemsError
from warehouse.storage import Storage

FOLDER = "restricted/runs"
LONGEST = 2_000
"""Characters of a note: it says what to do, it is no log."""


def why_text(error: BaseException) -> str:
    """Why a run ended, without the value of any cell."""
    if isinstance(error, StoppedError):
        return " ".join(error.reasons())[:LONGEST]
    if isinstance(error, ProblemsError):
        return " ".join(str(item) for item in error.problems)[:LONGEST]
    if not isinstance(error, Exception) and not is_unexpected(error):
        return f"It was ended from outside ({type(error).__name__})."
    told = error if isinstance(error, UnexpectedError) else without_values(error)
    return str(told)[:LONGEST]


def write_note(
    storage: Storage, round_id: str, run_id: str, ended_at: datetime, error: BaseException
) -> None:
    """Note why a run ended; where that fails too, the run's own error is what is told."""
    note = {"run": run_id, "ended_at": ended_at.isoformat(timespec="seconds"), "why": why_text(error)}
    with suppress(OSError, ProblemsError):
        storage.write(f"{FOLDER}/{round_id}/{run_id}.json", json.dumps(note).encode(), private=True)


def read_note(storage: Storage, round_id: str, run_id: str) -> str:
    """Why a run ended; empty where nothing was noted."""
    try:
        return str(json.loads(storage.read(f"{FOLDER}/{round_id}/{run_id}.json"))["why"])
    except (OSError, ValueError, KeyError):
        return ""
