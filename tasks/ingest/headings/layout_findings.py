"""What a person should look at in how a file is laid out.

Belongs here: findings about headings and sheets. Must stay out: findings about cells (`tasks/ingest/tables`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from programme.counts import counted
from programme.form import FormRules
from tasks.ingest.cells.cell_kinds import kind_of_cells
from tasks.ingest.files.grid import Grid
from tasks.ingest.headings.layout import SheetLayout
from tasks.ingest.headings.raw_columns import headless_positions
from tasks.ingest.headings.shown_headings import column_letters, shown_headings
from warehouse.dictionary.findings import Finding

_SHOWN, _SHOWN_LETTERS = 10, 60
"""How many headings or sheets are named, and how many letters of each."""


def layout_findings(table: str, grid: Grid, layout: SheetLayout, form: FormRules) -> Iterator[Finding]:
    """Headings that mean nothing or the same as another, columns without one, and sheets beside the first."""
    if layout.unknown:
        names = _named(shown_headings(layout.unknown, layout.headings, table, form))
        unknown = counted(len(layout.unknown), "column")
        known = (
            f"{unknown} {'means' if len(layout.unknown) == 1 else 'mean'} nothing to the programme: {names}"
        )
        yield Finding.about_table(table, "columns_known", known)
    for position, name in layout.duplicates:
        distinct = f"Column {position + 1} has a heading of the same meaning; it is left out."
        yield Finding.about_table(table, "columns_distinct", distinct, column=name)
    if headless := headless_positions(grid, layout):
        yield _headless(table, headless, grid, layout, form)
    for name in layout.numbered:
        order = "The choices of this question are only numbered; they were taken in the order of our list."
        yield Finding.about_table(table, "choices_named", order, column=name)
    for name, shift in grid.joined_sheets:
        joined = (
            f"Sheet {name[:_SHOWN_LETTERS]!r} has the same headings and was read too; its row N is counted"
        )
        yield Finding.about_table(table, "sheets_read", f"{joined} as row N + {shift}.")
    if grid.other_sheets:
        others = _named(grid.other_sheets)
        read = f"Sheets of other headings hold something and were not read: {others}"
        yield Finding.about_table(table, "sheets_read", read)
    for expectation, sentence in grid.notes:
        yield Finding.about_table(table, expectation, sentence)


def _headless(
    table: str, positions: Sequence[int], grid: Grid, layout: SheetLayout, form: FormRules
) -> Finding:
    """One finding for all filled columns without a heading: their letters, and what each looks like."""
    body = grid.cells.slice(layout.first_answer)
    kinds = [
        f"{column_letters(position)} ({kind_of_cells(body[f'c{position}'].drop_nulls().to_list(), form)})"
        for position in positions
    ]
    shown = ", ".join(kinds[:_SHOWN]) + (", ..." if len(kinds) > _SHOWN else "")
    message = (
        f"Not read, because no heading is above it: {counted(len(positions), 'filled column')}: {shown}. "
        "Write the question above each, and read the file again."
    )
    return Finding.about_table(table, "columns_headed", message)


def _named(texts: Sequence[str]) -> str:
    return "; ".join(text[:_SHOWN_LETTERS] for text in texts[:_SHOWN])
