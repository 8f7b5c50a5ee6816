"""Which kept input stands in the place of which, since somebody was erased from it.

Belongs here: the record from the old hash to the new one. It holds hashes and ids of submissions, nothing
else. Must stay out: the bytes (`kept.py`) and what is erased in them (`tasks/ingest/erasing`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from warehouse.storage import Storage

PATH = "restricted/erasures/rewritten.jsonl"


def note_rewritten(storage: Storage, old: str, new: str, submission_ids: Sequence[str]) -> None:
    """Note that the input `new` stands in the place of `old`, without these submissions."""
    row = {"old": old, "new": new, "submissions": list(submission_ids)}
    storage.append(PATH, ("\n" + json.dumps(row, sort_keys=True) + "\n").encode())


def newest(storage: Storage, sha256: str) -> str:
    """The hash of what stands in the place of an input now; its own where nobody was erased from it."""
    after = {row["old"]: row["new"] for row in _rows(storage)}
    seen = {sha256}
    while (following := after.get(sha256)) and following not in seen:
        seen.add(sha256 := following)
    return sha256


def oldest(storage: Storage, sha256: str) -> str:
    """The hash of the input as it was first read, of which this one is left; its own where it is that one."""
    before = {row["new"]: row["old"] for row in _rows(storage)}
    seen = {sha256}
    while (earlier := before.get(sha256)) and earlier not in seen:
        seen.add(sha256 := earlier)
    return sha256


def erased_from(storage: Storage, sha256: str) -> tuple[str, ...]:
    """The submissions that were erased from an input, in the order in which they were."""
    found: dict[str, None] = {}
    following: str | None = sha256
    rows = {row["old"]: row for row in _rows(storage)}
    while following and (row := rows.pop(following, None)):
        found |= dict.fromkeys(row["submissions"])
        following = row["new"]
    return tuple(found)


def _rows(storage: Storage) -> list[dict[str, str]]:
    """The record; a line that a crash cut short is none."""
    try:
        lines = storage.read(PATH).decode(errors="replace").split("\n")
    except FileNotFoundError:
        return []
    rows = []
    for line in lines:
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return rows
