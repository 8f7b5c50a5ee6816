"""The journal of erasures: who was forgotten and when, so that an older backup can be made to forget again.

Belongs here: noting an erasure before it begins, reading the journal, and adding a copy of it that was kept
elsewhere. It holds ids of submissions and moments, and no personal data. Must stay out: erasing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from warehouse.storage import Storage

PATH = "restricted/erasures/journal.jsonl"


@dataclass(frozen=True)
class ErasureEntry:
    """One erasure: the submissions, the one that was named first, and when it was asked for."""

    submission_ids: tuple[str, ...]
    at: datetime


def note_erasure(storage: Storage, submission_ids: Sequence[str], at: datetime) -> None:
    """Note that these submissions are to be forgotten; the same again is noted once."""
    if tuple(submission_ids) not in {entry.submission_ids for entry in journal(storage)}:
        row = {"submissions": list(submission_ids), "at": at.isoformat()}
        storage.append(PATH, ("\n" + json.dumps(row, sort_keys=True) + "\n").encode())


def journal(storage: Storage) -> tuple[ErasureEntry, ...]:
    """Every erasure that was asked for, in order."""
    try:
        return read_journal(storage.read(PATH).decode(errors="replace"))
    except FileNotFoundError:
        return ()


def read_journal(text: str) -> tuple[ErasureEntry, ...]:
    """The entries of a journal; a line that a crash cut short is none."""
    entries: dict[ErasureEntry, None] = {}
    for line in text.split("\n"):
        try:
            row = json.loads(line)
            entries[ErasureEntry(tuple(row["submissions"]), datetime.fromisoformat(row["at"]))] = None
        except (ValueError, TypeError, KeyError):
            continue
    return tuple(entries)


def add_to_journal(storage: Storage, entries: Iterable[ErasureEntry]) -> None:
    """Add the entries of a copy of the journal."""
    for entry in entries:
        note_erasure(storage, entry.submission_ids, entry.at)


def forgotten(storage: Storage) -> tuple[str, ...]:
    """Every submission that is to be forgotten, each once."""
    return tuple(dict.fromkeys(name for entry in journal(storage) for name in entry.submission_ids))
