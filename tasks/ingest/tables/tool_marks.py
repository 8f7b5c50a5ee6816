"""What the form tool says of a response: changed after the deadline, not approved, a preview, unfinished.

Belongs here: reading the tool's own columns (`[[doubts]]` and `last_change` of `programme/form.toml`), and
the findings about them. Must stay out: what follows for a form (`tasks/eligibility`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from programme.form import FormRules, ToolDoubt
from programme.vocabulary import ToolMark
from tasks.ingest.cells.column_context import ColumnContext
from tasks.ingest.cells.columns import read_columns
from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.files.grid import Grid
from tasks.ingest.headings.layout import SheetLayout
from warehouse.dictionary.findings import Finding

SAID: dict[ToolMark, str] = {
    "changed_after_deadline": "the answers were changed after the deadline",
    "not_approved": "the form tool says that the response was not approved",
    "preview": "the form tool says that the response is a preview or a test",
    "unfinished": "the form tool says that the response was not finished",
}
"""Each mark in words, for a finding and for the evidence of a rule."""
Marks = dict[int, list[ToolMark]]
"""Number of a row to what its form tool says of it."""


def tool_marks(
    grid: Grid, layout: SheetLayout, form: FormRules, contexts: Mapping[str, ColumnContext]
) -> Marks:
    """What the form tool says of each row, by the row's number; other rows are left out."""
    body, rows = grid.cells.slice(layout.first_answer), grid.numbers.slice(layout.first_answer).to_list()
    taken = set(layout.positions.values())
    keys = {
        position: comparison_key(heading)
        for position, heading in enumerate(layout.headings)
        if heading and position not in taken and position < body.width
    }
    marks: Marks = {}
    for doubt in form.doubts:
        headings = {comparison_key(heading) for heading in doubt.headings}
        for position in (position for position, key in keys.items() if key in headings):
            for row, cell in zip(rows, body[f"c{position}"], strict=True):
                if cell and _speaks_against(cell, doubt):
                    _add(marks, row, doubt.mark)
    changes = {comparison_key(heading) for heading in form.last_change}
    for position in (position for position, key in keys.items() if key in changes):
        for row in _changed_late(body[f"c{position}"], rows, contexts):
            _add(marks, row, "changed_after_deadline")
    return marks


def _add(marks: Marks, row: int, mark: ToolMark) -> None:
    if mark not in marks.setdefault(row, []):
        marks[row].append(mark)


def _speaks_against(cell: str, doubt: ToolDoubt) -> bool:
    text = " ".join(cell.split()).casefold()
    if doubt.below is not None:
        number = text.removesuffix("%").strip().replace(",", ".")
        return number.replace(".", "", 1).isdigit() and float(number) < doubt.below
    return text in {word.casefold() for word in doubt.words}


def _changed_late(cells: pl.Series, rows: list[int], contexts: Mapping[str, ColumnContext]) -> Iterator[int]:
    """Rows whose last change was after the deadline of the round."""
    context = contexts.get("submitted_at")
    if context is None:
        return
    accepted_until = context.round.accepted_until
    moments = read_columns(pl.DataFrame({"at": cells}), {"at": replace(context)})["at"].values
    for row, moment in zip(rows, moments, strict=True):
        if moment is not None and moment >= accepted_until:
            yield row


def mark_findings(table: str, marks: Marks, rows: pl.Series, keys: pl.Series) -> Iterator[Finding]:
    """One finding for each mark of each row that is used; `keys` names the rows to a person."""
    for row, key in zip(rows, keys, strict=True):
        for mark in marks.get(row, ()):
            asks = "It is not placed until a person decides whether it counts."
            yield Finding(table, "response_counts", f"Row {row}: {SAID[mark]}. {asks}", row_key=key)
