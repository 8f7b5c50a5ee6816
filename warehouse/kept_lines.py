"""Lines that are kept beside the database, so that a lost database does not lose what people decided.

Belongs here: appending rows as JSON lines to a restricted file of a round, and reading them. Must stay out:
what the rows mean (`flows/ledger.py`) and the database itself (`warehouse/database`). The lines hold
personal data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from warehouse.storage import Storage

LineKind = Literal["decisions", "drafted", "assigned", "letters"]
"""The files of a round: its decisions, the points a letter was drafted about, what evaluators were given, and
what became of the letters about results.
"""


def append_lines(storage: Storage, round_id: str, kind: LineKind, rows: Iterable[Mapping[str, Any]]) -> None:
    """Append one line for each row; they are kept for good when this returns.

    Each batch begins a line of its own, so that a line that a crash cut short spoils no other.
    """
    lines = [json.dumps(row, sort_keys=True, ensure_ascii=False, default=_text) for row in rows]
    if lines:
        storage.append(lines_path(round_id, kind), ("\n" + "\n".join(lines) + "\n").encode())


def read_lines(storage: Storage, round_id: str, kind: LineKind) -> list[dict[str, Any]]:
    """The rows, in the order in which they were appended; a line that was cut short is none."""
    rows = []
    for line in read_text_lines(storage, round_id, kind):
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            rows.append(row)
    return rows


def read_text_lines(storage: Storage, round_id: str, kind: LineKind) -> list[str]:
    """The lines as they lie there, whatever is in them, blank ones too: a line's number can be told."""
    try:
        data = storage.read(lines_path(round_id, kind))
    except FileNotFoundError:
        return []
    return data.decode(errors="replace").split("\n")


def lines_path(round_id: str, kind: LineKind) -> str:
    """Where the lines of a kind lie."""
    return f"restricted/ledger/{round_id}/{kind}.jsonl"


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
