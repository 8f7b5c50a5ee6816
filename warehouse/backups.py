"""When the warehouse was backed up last: noted in the storage by each backup that was made whole.

Belongs here: noting it and asking it. Must stay out: making a backup (`flows/backups`).
"""

from __future__ import annotations

import json
from datetime import datetime

from warehouse.storage import Storage

PATH = "restricted/backups/made.jsonl"


def note_backup(storage: Storage, name: str, at: datetime) -> None:
    """Note that the backup of that file name is whole."""
    row = {"name": name, "at": at.isoformat()}
    storage.append(PATH, ("\n" + json.dumps(row, sort_keys=True) + "\n").encode())


def last_backup(storage: Storage) -> datetime | None:
    """The moment of the last backup; None where none was ever made."""
    try:
        lines = storage.read(PATH).decode(errors="replace").split("\n")
    except FileNotFoundError:
        return None
    moments = []
    for line in lines:
        try:
            moments.append(datetime.fromisoformat(json.loads(line)["at"]))
        except (ValueError, TypeError, KeyError):
            continue  # a line that a crash cut short
    return max(moments, default=None)
