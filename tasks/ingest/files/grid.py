"""The common shape of everything that was read: rows of text, before anybody knows what the columns mean.

Belongs here: `Grid` and how raw text is counted into it. Must stay out: file formats (`delimited.py`,
`records.py`, `spreadsheet.py`) and the meaning of headings (`headings.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

MAX_CELLS = 10_000_000
"""Cells a sheet may span, from its first to its last row and column, filled or not: a reader lays out all of
them.
"""
MAX_COLUMNS = 4096
"""Columns a table may have; the widest form of the programme has some fifty, an export with one column a
choice a few hundred.
"""


FIRST_ROWS = 40
"""Rows from the top in which headings are looked for."""


class UnreadableError(Exception):
    """The content cannot be read as what it is; `expected` and `remedy` are for the person who sent the
    file.
    """

    def __init__(self, found: str, expected: str, remedy: str) -> None:
        super().__init__(found)
        self.found, self.expected, self.remedy = found, expected, remedy


@dataclass(frozen=True)
class Grid:
    """A file's rows as text, headings and all.

    `cells`: one row per row of the file, every column String, null for nothing, columns named by position;
    `numbers`: the row's number as a person counts it (from 1); `other_sheets`: visible sheets that hold
    something and were not read.
    """

    cells: pl.DataFrame
    numbers: pl.Series
    format: str
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()


def grid_of(cells: pl.DataFrame, kind: str, numbers: pl.Series | None = None, **about: object) -> Grid:
    """A grid without its entirely blank rows; their numbers stay spent, so that a row keeps the number a
    person sees.
    """
    cells = cells.rename({name: f"c{index}" for index, name in enumerate(cells.columns)})
    if numbers is None:
        numbers = pl.Series("row", range(1, cells.height + 1), dtype=pl.Int64)
    if cells.width == 0:
        return Grid(cells, numbers, kind, **about)  # type: ignore[arg-type]
    filled = cells.select(
        pl.any_horizontal(pl.all().str.strip_chars() != "").fill_null(value=False)
    ).to_series()
    return Grid(cells.filter(filled), numbers.filter(filled), kind, **about)  # type: ignore[arg-type]


def check_size(height: int, width: int) -> None:
    """Raise `UnreadableError` for more columns or cells than any export has."""
    if width > MAX_COLUMNS or height * width > MAX_CELLS:
        raise UnreadableError(
            f"{height} rows of up to {width} cells",
            f"at most {MAX_COLUMNS} columns and {MAX_CELLS:,} cells",
            "Delete the empty rows and columns beyond the answers, or check that it is the right file.",
        )


def even_out(rows: list[list[str | None]]) -> pl.DataFrame:
    """Rows of uneven length as one frame, short ones filled with nothing; raises `UnreadableError` where that
    would span too many cells.
    """
    width = max(map(len, rows), default=0)
    check_size(len(rows), width)
    columns = {
        f"c{index}": [row[index] if index < len(row) else None for row in rows] for index in range(width)
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def number_text(value: float) -> str:
    """A number that was stored as a number, written so that no later reading can take its point for a
    thousands mark (250.125 → "250.1250").
    """
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    return text + "0" if "." in text and "e" not in text and len(text.rpartition(".")[2]) == 3 else text
