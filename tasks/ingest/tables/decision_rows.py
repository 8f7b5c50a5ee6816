"""Rows of the decisions file: the id of each, and those that are not valid.

Belongs here: applying the checks of `tasks/decisions` to the rows of a file. Must stay out: what makes a
decision valid and what its id is made of (`tasks/decisions`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tasks.decisions.kinds import decision_id, faults
from warehouse.dictionary.working import SET_ASIDE

_CONTENT = ("kind", "subject", "object", "value", "reason", "decided_by", "decided_at")
"""The columns a decision's id is made of."""
_MAY_BE_BLANK = ("object", "value")


def decision_ids(columns: Mapping[str, pl.Series], height: int) -> pl.Series:
    """The id of each decision; null where the row lacks something every decision has.

    `columns`: the typed columns that are there, each of `height` values.
    """
    cells = [columns[name].to_list() if name in columns else [None] * height for name in _CONTENT]
    ids = []
    for row in zip(*cells, strict=True):
        content = dict(zip(_CONTENT, row, strict=True))
        is_whole = all(content[name] is not None for name in _CONTENT if name not in _MAY_BE_BLANK)
        ids.append(decision_id(*row) if is_whole else None)
    return pl.Series(ids, dtype=pl.String)


def invalid_decisions(typed: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    """Decisions that are not valid, one row each (dictionary table SET_ASIDE), with their first mistake.

    `typed`: rows of the dictionary table DECISIONS; `keys`: how each is named to a person.
    """
    rows: list[dict[str, object]] = []
    for key, row in zip(keys, typed.iter_rows(named=True), strict=True):
        for column, _, expected in faults(row["kind"] or "", row["subject"], row["object"], row["value"])[:1]:
            reason = f"{column} is not {expected}"
            rows.append(
                {"table": "decisions", "row": row["row"], "row_key": key, "column": column, "reason": reason}
            )
    return SET_ASIDE.frame(rows)
