"""Rows below the headings that a tool writes about its questions: no answers.

Belongs here: recognising such rows, and the time zone that one of them states. Must stay out: a second row of
headings that names choices (`split_columns.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo, available_timezones

from tasks.ingest.files.grid import Grid
from tasks.ingest.headings.layout import SheetLayout
from warehouse.dictionary.working import SET_ASIDE

_ABOUT_QUESTIONS = "the row is the form tool's own about its questions and holds no answers"
_ROWS = 3
"""Rows below the headings that are looked at."""
_IMPORT_ID = re.compile(r'^\{\s*"ImportId"')
_HXL_TAG = re.compile(r"^#[a-z][\w]*(?:\s?[+][\w]+)*$", re.IGNORECASE)
_MOST = 0.8
"""Share of the filled cells that must be of the tool."""


def tool_row_numbers(grid: Grid, layout: SheetLayout) -> list[int]:
    """Numbers of the rows directly below the headings that hold import ids (Qualtrics) or HXL tags."""
    body = grid.cells.slice(layout.first_answer, _ROWS).rows()
    numbers = grid.numbers.slice(layout.first_answer, _ROWS).to_list()
    return [number for number, row in zip(numbers, body, strict=True) if _is_of_tool(row)]


def _is_of_tool(row: Sequence[str | None]) -> bool:
    texts = [text.strip() for text in row if text and text.strip()]
    n_of_tool = sum(bool(_IMPORT_ID.match(text) or _HXL_TAG.match(text)) for text in texts)
    return n_of_tool > 0 and n_of_tool >= _MOST * len(texts)


def tool_rows(table: str, grid: Grid, layout: SheetLayout) -> list[dict[str, object]]:
    """These rows as rows of the dictionary table SET_ASIDE."""
    row = {"table": table, "column": None, "reason": _ABOUT_QUESTIONS}
    return [
        SET_ASIDE_ROW | row | {"row": number, "row_key": f"row-{number:04d}"}
        for number in tool_row_numbers(grid, layout)
    ]


SET_ASIDE_ROW: dict[str, object] = dict.fromkeys(SET_ASIDE.names)


def stated_zone(grid: Grid, layout: SheetLayout, column: str) -> ZoneInfo | None:
    """The time zone that a row of the tool states for a column; None where it states none."""
    position = layout.positions.get(column)
    if position is None:
        return None
    for row in grid.cells.slice(layout.first_answer, _ROWS).rows():
        cell = row[position] or ""
        if not _IMPORT_ID.match(cell.strip()):
            continue
        try:
            name = json.loads(cell).get("timeZone", "")
        except ValueError:
            continue
        name = "UTC" if name == "Z" else name
        if name in available_timezones():
            return ZoneInfo(name)
    return None
