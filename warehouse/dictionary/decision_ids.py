"""What a decision is called: a hash of its content, and how a recorded row is proved to be unchanged.

Belongs here: the two schemes of ids, and the digest over what an id leaves out. Must stay out: what makes a
decision valid (`tasks/decisions/kinds.py`) and how one is recorded (`warehouse/database`).

Reason and author may have to be erased. So they enter an id as digests, which stay when the text goes. Ids of
the first scheme were made of the texts themselves; they stay valid.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from programme.problems import ProblemsError

OLD_SCHEME, SCHEME = 1, 2
ERASED = "[erased]"
"""What the reason or the author of a decision becomes when a person it may name is forgotten."""
ID_LETTERS = 12
MOST_REPEATS = 1_000
"""How often one decision can be taken back and made again with the same words and the same moment."""
Row = Mapping[str, Any]


class EditedDecisionsError(ProblemsError):
    """Decisions in the database are not as they were recorded."""


def text_digest(text: str) -> str:
    """sha256 of a reason or an author."""
    return hashlib.sha256(_storable(text).encode()).hexdigest()


def decision_id(row: Row, repeat: int = 0) -> str:
    """The id of a decision: the first 12 hex digits of the sha256 over its content as canonical JSON.

    `row` has `kind`, `subject`, `object`, `value`, `decided_at` (zone-aware), and `reason` and `decided_by`
    as texts, or their digests as `reason_digest` and `decided_by_digest`. The same content gives the same id,
    so the same line twice is one decision. `repeat` counts how often it was taken back and made again: each
    time is a decision of its own. A blank object or value counts as none.
    """
    content = {
        **{name: _text(value) for name, value in _plain(row).items()},
        "scheme": SCHEME,
        "reason": row.get("reason_digest") or text_digest(row["reason"]),
        "decided_by": row.get("decided_by_digest") or text_digest(row["decided_by"]),
    }
    return _hash(content | ({"repeat": repeat} if repeat else {}))[:ID_LETTERS]


def old_decision_id(row: Row) -> str:
    """The id that the first scheme gave: reason and author are in it as texts."""
    return _hash({**_plain(row), "reason": row["reason"], "decided_by": row["decided_by"]})[:ID_LETTERS]


def stamp(row: Row) -> dict[str, Any]:
    """What is recorded beside a decision so that its id can be proved later.

    These are `id_scheme`, `repeat`, `reason_digest` and `decided_by_digest`. Raises `ValueError` where the
    id is not that of the content. Of the first scheme, an id cannot be proved once a text was erased.
    """
    if row.get("id_scheme") == OLD_SCHEME and ERASED in (row["reason"], row["decided_by"]):
        return dict(_OLD_STAMP)
    digests = {name: row.get(name) or text_digest(row[name.removesuffix("_digest")]) for name in _DIGESTS}
    for repeat in range(MOST_REPEATS):
        if decision_id({**row, **digests}, repeat) == row["decision_id"]:
            return {"id_scheme": SCHEME, "repeat": repeat, **digests}
        if not repeat and old_decision_id(row) == row["decision_id"]:
            return dict(_OLD_STAMP)
    raise ValueError(f"decision {row['decision_id']} is not what its id says")


def row_digest(row: Row) -> str:
    """sha256 over what an id leaves out: its place, when and from where it came, and its twinning."""
    kept = {name: _text(row.get(name)) for name in _BESIDE}
    return _hash(kept)


def is_unchanged(row: Row) -> bool:
    """Whether a recorded row is as it was recorded.

    `row` is one row of the ledger: the columns of DECISIONS, those of `stamp`, and `digest`. A reason or
    author that was erased is no change.
    """
    try:
        return row["digest"] == row_digest(row) and _id_proved(row)
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _id_proved(row: Row) -> bool:
    if row["id_scheme"] == OLD_SCHEME:
        # Of the first scheme, an id says nothing any more once a text was erased.
        if ERASED in (row["reason"], row["decided_by"]):
            return True
        # The database keeps no NUL; the id was made of the text as it came.
        as_it_came = {name: str(row[name]).replace("\N{REPLACEMENT CHARACTER}", "\0") for name in _TEXTS}
        return row["decision_id"] in (old_decision_id(row), old_decision_id({**row, **as_it_came}))
    told = all(
        row[name] == ERASED or text_digest(row[name]) == row[f"{name}_digest"]
        for name in ("reason", "decided_by")
    )
    return bool(told and decision_id(row, row["repeat"]) == row["decision_id"])


_OLD_STAMP = {"id_scheme": OLD_SCHEME, "repeat": 0, "reason_digest": None, "decided_by_digest": None}
_DIGESTS = ("reason_digest", "decided_by_digest")
_TEXTS = ("reason", "decided_by")
_BESIDE = (
    "decision_id",
    "topic",
    "members",
    "recorded_at",
    "sequence",
    "source",
    "id_scheme",
    "repeat",
    *_DIGESTS,
)


def _plain(row: Row) -> dict[str, Any]:
    return {
        "kind": row["kind"],
        "subject": row["subject"],
        "object": row.get("object") or None,
        "value": row.get("value") or None,
        "decided_at": _text(row["decided_at"]),
    }


def _text(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return _storable(value) if isinstance(value, str) else value


def _storable(text: str) -> str:
    """The text as every database keeps it: Postgres has no NUL."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _hash(content: Mapping[str, Any]) -> str:
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
