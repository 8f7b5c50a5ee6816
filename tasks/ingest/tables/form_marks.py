"""Why used forms must not be taken as they stand: table FORM_MARKS.

Belongs here: the rows of the table, from cells that could not be read and from what the form tool says. Must
stay out: what follows for a form (`tasks/eligibility`).
"""

from __future__ import annotations

import polars as pl

from tasks.ingest.cells.column_reading import PARTLY_READ, UNREADABLE_RULES
from tasks.ingest.tables.tool_marks import Marks
from tasks.ingest.tables.typed_rows import TypedRows
from warehouse.dictionary.working import FORM_MARKS


def form_marks(typed: TypedRows, said: Marks) -> pl.DataFrame:
    """One row for each unreadable cell and each mark of the form tool, of the forms that are used."""
    ids = typed.frame.select("row", "submission_id")
    unreadable = (
        typed.readings.filter(pl.col("rule").is_in((*UNREADABLE_RULES, PARTLY_READ)))
        .join(ids, on="row")
        .select("submission_id", pl.lit("unreadable_cell").alias("mark"), "column")
    )
    id_of = dict(ids.iter_rows())
    rows: list[dict[str, object]] = [
        {"submission_id": id_of[row], "mark": mark, "column": None}
        for row, marks in said.items()
        if row in id_of
        for mark in marks
    ]
    return FORM_MARKS.conform(pl.concat([FORM_MARKS.empty(), unreadable, FORM_MARKS.frame(rows)]))
