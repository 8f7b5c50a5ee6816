"""The cells below the headings, one column of text per canonical column.

Belongs here: cutting the raw columns from a grid by its layout, and the rows that cannot be cut. Must stay
out: finding the layout (`layout.py`) and what the cells mean (`tasks/ingest/cells`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import polars as pl

from programme.form import FormRules
from tasks.ingest.files.grid import Grid
from tasks.ingest.headings.layout import SheetLayout
from warehouse.dictionary.working import SET_ASIDE

_OVERLONG = "the row has more cells than there are headings, so its cells cannot be told apart"
_ID_DIGITS = 10
"""Hexadecimal digits of an id that is made where the tool gives none."""


def raw_columns(grid: Grid, layout: SheetLayout, form: FormRules) -> pl.DataFrame:
    """The rows below the headings: `row` and one String column per canonical column.

    Where the form tool gives no id, it is made of columns that never change afterwards, so that the same row
    has the same id in every export.
    """
    body = grid.cells.slice(layout.heading_row + 1)
    exprs = [
        pl.col(f"c{position}").alias(name)
        for name, position in layout.positions.items()
        if name not in layout.options
    ]
    exprs += [_chosen(pairs, form).alias(name) for name, pairs in layout.options.items()]
    raw = body.select(grid.numbers.slice(layout.heading_row + 1).alias("row"), *exprs)
    id_columns = form.profiles[layout.profile].id_from if layout.profile else ()
    if id_columns and "submission_id" not in raw.columns and layout.columns >= set(id_columns):
        raw = raw.with_columns(_made_ids(raw, id_columns))
    return raw


def _chosen(pairs: Sequence[tuple[int, str]], form: FormRules) -> pl.Expr:
    """The ids whose column says yes, as one cell; null where none does."""
    yes = sorted({word.casefold() for word in form.yes})
    marks = [
        pl.when(pl.col(f"c{position}").str.strip_chars().str.to_lowercase().is_in(yes)).then(pl.lit(choice))
        for position, choice in pairs
    ]
    joined = pl.concat_str(marks, separator="; ", ignore_nulls=True)
    return pl.when(joined != "").then(joined)


def _made_ids(raw: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """An id for each row from the texts of `columns`; null where all of them are blank."""
    made = []
    for cells in raw.select(columns).rows():
        written = "\x1f".join((cell or "").strip() for cell in cells)
        digest = hashlib.sha256(written.encode()).hexdigest()[:_ID_DIGITS]
        made.append(digest if any(cells) else None)
    return pl.Series("submission_id", made, dtype=pl.String)


def overlong_rows(table: str, grid: Grid, layout: SheetLayout) -> pl.DataFrame:
    """Rows of a delimited file with cells beyond the last heading (dictionary table SET_ASIDE).

    Which cell of such a row belongs to which column is anybody's guess.
    """
    last = max((position for position, text in enumerate(layout.headings) if text), default=0)
    beyond = [f"c{position}" for position in range(last + 1, grid.cells.width)]
    if grid.format != "CSV" or not beyond:
        return SET_ASIDE.empty()
    body = grid.cells.slice(layout.heading_row + 1)
    has_text = pl.any_horizontal(pl.col(beyond).str.strip_chars() != "").fill_null(value=False)
    numbers = grid.numbers.slice(layout.heading_row + 1).filter(body.select(has_text).to_series())
    rows: list[dict[str, object]] = [
        {"table": table, "row": row, "row_key": f"row-{row:04d}", "column": None, "reason": _OVERLONG}
        for row in numbers
    ]
    return SET_ASIDE.frame(rows)
