"""A file as the rows that were read from it: what is kept of an input from which somebody was erased.

A workbook has more in it than its cells (comments, hidden sheets, the name of its author), and so has any
file. So what is kept of one from which somebody was erased is what is read from it, cell by cell, and no
byte of the file itself.

Belongs here: writing a `Grid` as JSON and reading it back the same. Must stay out: which cells are emptied
(`tasks/ingest/erasing`).
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import polars as pl

from programme.problems import UnreadableError
from tasks.ingest.files.encodings import WINDOWS_1252
from tasks.ingest.files.grid import Grid, RepeatSheet

MARK = b'{"city2city": "rows as they were read"'
_OF_ENCODING = "encoding_certain"
_LISTS = ("cells", "numbers")


def is_kept_rows(content: bytes) -> bool:
    """Whether a content is what `kept_rows` writes."""
    return content.startswith(MARK)


def kept_rows(grid: Grid) -> bytes:
    """A grid as JSON, the same bytes for the same grid.

    What is asked of the letters of a file that does not say its encoding is asked again when it is read, so
    that note is left out.
    """
    told = {item.name: getattr(grid, item.name) for item in fields(Grid) if item.name not in _LISTS}
    if grid.encoding == WINDOWS_1252:
        told["notes"] = [note for note in grid.notes if note[0] != _OF_ENCODING]
    told["repeats"] = [[sheet.name, sheet.rows] for sheet in grid.repeats]
    lines = [
        json.dumps([number, *row], ensure_ascii=False)
        for number, row in zip(grid.numbers, grid.cells.rows(), strict=True)
    ]
    head = json.dumps({"width": grid.cells.width, **told}, ensure_ascii=False, sort_keys=True)
    body = ",\n".join(lines)
    return MARK + f', "about": {head}, "rows": [\n{body}\n]}}\n'.encode()


def read_kept_rows(content: bytes) -> Grid:
    """The grid that was kept; raises `UnreadableError` where somebody changed the file."""
    try:
        told = json.loads(content)
        return _grid(told["about"], told["rows"])
    except (ValueError, TypeError, KeyError, AttributeError, pl.exceptions.PolarsError) as error:
        raise UnreadableError(
            "rows that were kept, and changed since",
            "the rows as this program kept them",
            "Restore the file from a backup, or put the form tool's export there again.",
        ) from error


def _grid(about: dict[str, Any], rows: list[list[Any]]) -> Grid:
    width = about.pop("width")
    about["repeats"] = tuple(
        RepeatSheet(name, tuple(tuple(row) for row in of_sheet)) for name, of_sheet in about["repeats"]
    )
    about["other_sheets"] = tuple(about["other_sheets"])
    about |= {name: tuple(tuple(pair) for pair in about[name]) for name in ("joined_sheets", "notes")}
    cells = {f"c{at}": [row[at + 1] for row in rows] for at in range(width)}
    return Grid(
        pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String)),
        pl.Series("row", [row[0] for row in rows], dtype=pl.Int64),
        **about,
    )
