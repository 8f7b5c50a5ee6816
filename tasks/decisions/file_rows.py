"""The rows of a decisions file as decisions: their ids, and which rows are set aside.

Belongs here: what the step ingest must know of decisions when it reads such a file. Must stay out: formats,
headings and cells (`tasks/ingest`), and what makes a decision valid (`kinds.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

import polars as pl

from tasks.decisions.kinds import decision_id, mistakes
from warehouse.dictionary.decision_ids import old_decision_id
from warehouse.dictionary.working import SET_ASIDE

_OPTIONAL = frozenset({"object", "value"})
_CONTENT = ("kind", "subject", "object", "value", "reason", "decided_by", "decided_at")
"""The columns that make a decision's id, in the order in which `decision_id` takes them."""


def decision_ids(columns: Mapping[str, pl.Series], height: int) -> pl.Series:
    """The id of each row (String); null where a cell that every decision needs is blank or unreadable.

    `columns` are the columns that were found, each of `height` rows; an absent column counts as blank. The
    same line twice is one decision, and gets one id. A line that stands again below an `undo` of it is made
    again, and is a decision of its own.
    """
    cells = [columns[name].to_list() if name in columns else [None] * height for name in _CONTENT]
    repeats: Counter[tuple[object, ...]] = Counter()
    ids: list[str | None] = []
    undone: set[object] = set()
    for row in zip(*cells, strict=True):
        found = _id_of(row, repeats[row])
        if found is not None and undone & {found, _old_id(row, repeats[row])}:
            repeats[row] += 1
            found = _id_of(row, repeats[row])
        if found is not None and row[0] == "undo":
            undone.add(row[1])
        ids.append(found)
    return pl.Series(ids, dtype=pl.String)


def _id_of(row: tuple[object, ...], repeat: int) -> str | None:
    lacking = any(cell is None and name not in _OPTIONAL for name, cell in zip(_CONTENT, row, strict=True))
    return None if lacking else decision_id(*row, repeat=repeat)  # type: ignore[arg-type, misc]  # checked


def _old_id(row: tuple[object, ...], repeat: int) -> str | None:
    """The id that an older program gave a row, by which an `undo` may name it."""
    return None if repeat else old_decision_id(dict(zip(_CONTENT, row, strict=True)))


def with_recorded_ids(from_file: pl.DataFrame, recorded: Collection[str]) -> pl.DataFrame:
    """Decisions of a file, each under the id that it was recorded with.

    An older program made ids in another way. A line that it recorded keeps that id, so that it stays one
    decision.
    """
    if from_file.is_empty():
        return from_file
    ids = [
        old if row["decision_id"] not in recorded and (old := old_decision_id(row)) in recorded else None
        for row in from_file.iter_rows(named=True)
    ]
    names = pl.Series(ids, dtype=pl.String)
    renamed = from_file.with_columns(
        decision_id=pl.select(pl.coalesce(names, from_file["decision_id"])).to_series()
    )
    return renamed.unique("decision_id", keep="first", maintain_order=True)


def invalid_rows(decisions: pl.DataFrame, row_keys: pl.Series) -> pl.DataFrame:
    """Rows that are no valid decision (dictionary table SET_ASIDE), one row each, with the first mistake.

    `decisions` are typed rows of the dictionary's DECISIONS with their `row` number; `row_keys` name each row
    to a person. The reason repeats nothing that was typed.
    """
    rows = []
    for key, row in zip(row_keys, decisions.iter_rows(named=True), strict=True):
        for mistake in mistakes(row["kind"] or "", row["subject"], row["object"], row["value"])[:1]:
            reason = f"{mistake.column} is not {mistake.expected}"
            rows.append(
                {
                    "table": "decisions",
                    "row": row["row"],
                    "row_key": key,
                    "column": mistake.column,
                    "reason": reason,
                }
            )
    return SET_ASIDE.frame(rows)
