"""The rows of a decisions file as decisions: their ids, and which rows are set aside.

Belongs here: what the step ingest must know of decisions when it reads such a file. Must stay out: formats,
headings and cells (`tasks/ingest`), and what makes a decision valid (`kinds.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tasks.decisions.kinds import decision_id, mistakes
from warehouse.dictionary.working import SET_ASIDE

_OPTIONAL = frozenset({"object", "value"})
_CONTENT = ("kind", "subject", "object", "value", "reason", "decided_by", "decided_at")
"""The columns that make a decision's id, in the order in which `decision_id` takes them."""


def decision_ids(columns: Mapping[str, pl.Series], height: int) -> pl.Series:
    """The id of each row (String); null where a cell that every decision needs is blank or unreadable.

    `columns` are the columns that were found, each of `height` rows; an absent column counts as blank.
    """
    cells = [columns[name].to_list() if name in columns else [None] * height for name in _CONTENT]
    return pl.Series([_id_of(row) for row in zip(*cells, strict=True)], dtype=pl.String)


def _id_of(row: tuple[object, ...]) -> str | None:
    lacking = any(cell is None and name not in _OPTIONAL for name, cell in zip(_CONTENT, row, strict=True))
    return None if lacking else decision_id(*row)  # type: ignore[arg-type]  # by the dictionary's types


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
