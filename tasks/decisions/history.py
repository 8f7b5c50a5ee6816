"""The decisions of a round as a list: what, when, who, why, whether it counts, and what it did.

Belongs here: joining the record with the changes of the versions. Must stay out: reading and printing
(`flows/commands/decisions.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from programme.counts import counted
from tasks.decisions.standing import standings

NONE_YET = "none yet"
NO_EFFECT = {
    "replace": "none: it was replaced before a version was made with it",
    "undone ": "none: it was taken back before a version was made with it",
}
"""Of decisions that will have no effect, by how their standing begins."""
SHOWN = 3
"""How many subjects a decision changed are named for each version before the rest is counted."""


def history(
    recorded: pl.DataFrame,
    changes: Mapping[int, pl.DataFrame],
    notes: Mapping[str, str],
    since: Mapping[str, int],
) -> list[dict[str, Any]]:
    """One row for each recorded decision, in order of recording.

    `recorded` is the dictionary's table DECISIONS, `changes` maps a version to its table CHANGES, `notes` a
    decision without effect to why it has none, and `since` a decision to the first version made with it. The
    columns are those of DECISIONS, `standing` (see `standings`) and `effect` in words: one that was replaced
    or taken back before any version was made with it never has one.
    """
    standing = standings(recorded)
    return [
        {
            **row,
            "standing": (standing_now := standing[row["decision_id"]]),
            "effect": _effect(row, changes, notes, since) or NO_EFFECT.get(standing_now[:7], NONE_YET),
        }
        for row in recorded.iter_rows(named=True)
    ]


def _effect(
    row: Mapping[str, Any],
    changes: Mapping[int, pl.DataFrame],
    notes: Mapping[str, str],
    since: Mapping[str, int],
) -> str:
    decision, own = row["decision_id"], (row["subject"], row["object"])
    parts = [
        f"version {version}: {_changed(found, own)}"
        for version, table in sorted(changes.items())
        if (found := table.filter(pl.col("cause").str.contains(f"decision {decision}", literal=True))).height
    ]
    if decision in notes:
        parts.append(notes[decision])
    if not parts and decision in since:
        parts.append(f"version {since[decision]} was made with it")
    return "; ".join(parts)


def _changed(rows: pl.DataFrame, own: tuple[str, ...]) -> str:
    """How many changes of whom; the parties of the decision come first."""
    subjects = sorted(rows["subject"].unique(), key=lambda name: (name not in own, name))
    more = f" and {len(subjects) - SHOWN} more" if len(subjects) > SHOWN else ""
    return f"{counted(rows.height, 'change')} of {', '.join(subjects[:SHOWN])}{more}"
