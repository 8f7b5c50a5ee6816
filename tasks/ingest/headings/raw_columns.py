"""The cells below the headings, one column of text per canonical column.

Belongs here: cutting the raw columns from a grid by its layout, and the rows that cannot be cut. Must stay
out: finding the layout (`layout.py`) and what the cells mean (`tasks/ingest/cells`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from programme.form import FormRules
from tasks.ingest.files.grid import Grid
from tasks.ingest.headings.layout import FORM_TABLE, SheetLayout
from tasks.ingest.headings.tool_rows import tool_rows
from warehouse.dictionary.working import SET_ASIDE

_OVERLONG = "the row has more cells than there are headings, so its cells cannot be told apart"
_NUMBER_YES, _NUMBER_NO = ("1.0", "1,0"), ("0.0", "0,0")
"""Yes and no as a spreadsheet writes the marks 1 and 0."""


def raw_columns(grid: Grid, layout: SheetLayout, form: FormRules) -> pl.DataFrame:
    """The rows below the headings: `row` and one String column per canonical column."""
    body = grid.cells.slice(layout.first_answer)
    exprs = [
        pl.col(f"c{position}").alias(name)
        for name, position in layout.positions.items()
        if name not in layout.options
    ]
    for name, pairs in layout.options.items():
        there = [(position, choice) for position, choice in pairs if position < body.width]
        wordings = form.choices[form.tables[FORM_TABLE][name].choices]
        exprs.append(_chosen(there, wordings, form).alias(name))
    return body.select(grid.numbers.slice(layout.first_answer).alias("row"), *exprs)


def _chosen(
    pairs: Sequence[tuple[int, str]], wordings: Mapping[str, Sequence[str]], form: FormRules
) -> pl.Expr:
    """The ids whose column says yes, as one cell; null where none does.

    A cell that says yes, or names its own choice, is that choice; one that says no or is blank is none. Any
    other text stays as it is, so that the reading of the cell can say that it was not understood.
    """
    yes = {word.casefold() for word in (*form.yes, *_NUMBER_YES)}
    no = {word.casefold() for word in (*form.no, *form.blank, *form.blank_words, *_NUMBER_NO)}
    marks = []
    for position, choice in pairs:
        cell = pl.col(f"c{position}").str.strip_chars()
        said = cell.str.to_lowercase()
        own = {word.casefold() for word in (choice, *wordings.get(choice, ()))} if choice else set()
        marks.append(
            pl.when(said.is_in(sorted(yes | own)) if choice else pl.lit(value=False))
            .then(pl.lit(choice))
            .when(~said.is_in(sorted(no)) & (cell != ""))
            .then(cell)
        )
    joined = pl.concat_str(marks, separator="; ", ignore_nulls=True)
    return pl.when(joined != "").then(joined)


def headless_positions(grid: Grid, layout: SheetLayout) -> list[int]:
    """Positions of filled columns without a heading that no question takes in.

    Cells beyond the headings of a delimited file make a column where at least half of the rows have them;
    fewer are rows with a separator too many.
    """
    taken = {position for pairs in layout.options.values() for position, _ in pairs}
    blank = [
        position
        for position in range(grid.cells.width)
        if position not in taken and not (position < len(layout.headings) and layout.headings[position])
    ]
    body = grid.cells.slice(layout.first_answer)
    if not blank or body.is_empty():
        return []
    counts = body.select((pl.col(f"c{position}").str.strip_chars() != "").sum() for position in blank).row(0)
    beyond = set(_beyond_headings(grid, layout))
    return [
        position
        for position, count in zip(blank, counts, strict=True)
        if count and (position not in beyond or count * 2 >= body.height)
    ]


def _beyond_headings(grid: Grid, layout: SheetLayout) -> list[int]:
    """Positions after the last cell that the row of headings has in a delimited file of uneven rows."""
    if grid.format != "CSV" or grid.is_even:
        return []
    heading = grid.cells.row(layout.heading_row)
    last = max((position for position, cell in enumerate(heading) if cell is not None), default=0)
    return list(range(last + 1, grid.cells.width))


def unusable_rows(table: str, grid: Grid, layout: SheetLayout) -> pl.DataFrame:
    """Rows that hold no answers or answers nobody can tell apart (dictionary table SET_ASIDE).

    Of a row of a delimited file with cells beyond the last heading, it is anybody's guess which cell belongs
    to which column.
    """
    return SET_ASIDE.frame([*tool_rows(table, grid, layout), *_overlong_rows(table, grid, layout)])


def _overlong_rows(table: str, grid: Grid, layout: SheetLayout) -> list[dict[str, object]]:
    columns = set(headless_positions(grid, layout))
    beyond = [f"c{position}" for position in _beyond_headings(grid, layout) if position not in columns]
    if not beyond:
        return []
    body = grid.cells.slice(layout.first_answer)
    has_text = pl.any_horizontal(pl.col(beyond).str.strip_chars() != "").fill_null(value=False)
    numbers = grid.numbers.slice(layout.first_answer).filter(body.select(has_text).to_series())
    return [
        {"table": table, "row": row, "row_key": f"row-{row:04d}", "column": None, "reason": _OVERLONG}
        for row in numbers
    ]
