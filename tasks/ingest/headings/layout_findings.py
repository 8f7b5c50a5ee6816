"""What a person should look at in how a file is laid out.

Belongs here: findings about headings and sheets. Must stay out: findings about cells (`tasks/ingest/tables`).
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.ingest.files.grid import Grid
from tasks.ingest.headings.layout import SheetLayout
from warehouse.dictionary.findings import Finding

_SHOWN, _SHOWN_LETTERS = 10, 60
"""How many headings or sheets are named, and how many letters of each."""


def layout_findings(table: str, grid: Grid, layout: SheetLayout) -> list[Finding]:
    """Headings that mean nothing or the same as another, and sheets that were not read."""
    found = []
    if layout.unknown:
        known = (
            f"{len(layout.unknown)} columns mean nothing to the programme: {_named(layout.unknown_headings)}"
        )
        found.append(Finding.about_table(table, "columns_known", known))
    for position, name in layout.duplicates:
        distinct = f"Column {position + 1} has a heading of the same meaning; it is left out."
        found.append(Finding.about_table(table, "columns_distinct", distinct, column=name))
    if grid.other_sheets:
        others = _named(grid.other_sheets)
        read = f"Only one sheet was read; the workbook has others that hold something: {others}"
        found.append(Finding.about_table(table, "sheets_read", read))
    return found


def _named(texts: Sequence[str]) -> str:
    return "; ".join(text[:_SHOWN_LETTERS] for text in texts[:_SHOWN])
