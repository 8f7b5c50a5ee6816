"""The common shape of every file that was read: rows of text, before anybody knows what the columns mean.

Belongs here: `Grid` and how rows of text become one. Must stay out: file formats (`delimited.py`,
`json_records.py`, `read_grid.py`) and the meaning of headings (`tasks/ingest/headings`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from programme.expectations import FileLimits
from programme.problems import UnreadableError

USUAL = FileLimits()
"""The limits of the rules that the program ships with, for what is no input of a round."""
SEPARATOR_NAMES = {
    "\t": "split by tab",
    ",": "split by comma",
    ";": "split by semicolon",
    "|": "split by |",
}
"""Separators of delimited texts as a person reads them."""
N_FIRST_ROWS = 40
"""Rows from the top of a sheet by which it is chosen, and in which headings are looked for."""


@dataclass(frozen=True)
class RepeatSheet:
    """A sheet whose rows each belong to one row of the main sheet: its name and rows, headings first."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Grid:
    """A file's rows as text, headings and all.

    `cells`: one row per row of the file that holds something, every column String, null for nothing, columns
    named by position (`c0`, `c1`, ...). `numbers`: the number of each row as a person counts it, from 1.
    `format`: CSV, XLSX, JSON or Parquet. `other_sheets`: visible sheets that hold something and were not
    read. `joined_sheets`: like sheets that were read too, each with the number its rows are counted on from.
    `repeats`: sheets whose rows belong to rows of this one. `date_1904`: whether days are counted from 1904.
    `is_even`: whether every row had as many cells as the first. `notes`: what had to be settled to read the
    file, as (expectation, sentence).
    """

    cells: pl.DataFrame
    numbers: pl.Series
    format: str
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()
    joined_sheets: tuple[tuple[str, int], ...] = ()
    repeats: tuple[RepeatSheet, ...] = ()
    date_1904: bool = False
    is_even: bool = True
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def first_rows(self) -> list[tuple[str | None, ...]]:
        """The rows in which headings are looked for."""
        return self.cells.head(N_FIRST_ROWS).rows()


def grid_from_frame(cells: pl.DataFrame, file_format: str, **more: Any) -> Grid:
    """A grid without the rows that are entirely blank.

    `cells`: every row of the file, every column String. A blank row's number stays spent, so that each row
    keeps the number a person sees. `more`: further fields of the grid.
    """
    cells = cells.rename({name: f"c{index}" for index, name in enumerate(cells.columns)})
    numbers = pl.Series("row", range(1, cells.height + 1), dtype=pl.Int64)
    if cells.width:
        has_text = pl.any_horizontal(pl.all().str.strip_chars() != "").fill_null(value=False)
        filled = cells.select(has_text).to_series()
        cells, numbers = cells.filter(filled), numbers.filter(filled)
    return Grid(cells, numbers, file_format, **more)


def check_size(height: int, width: int, limits: FileLimits = USUAL) -> None:
    """Raise `UnreadableError` for more columns or cells than an export may have."""
    if width > limits.columns or height * width > limits.cells:
        raise UnreadableError(
            f"{height:,} rows of up to {width:,} cells",
            f"at most {limits.columns:,} columns and {limits.cells:,} cells",
            "Delete the empty rows and columns beyond the answers, and check that it is the right file. "
            + limits.remedy("columns" if width > limits.columns else "cells"),
        )


def frame_from_rows(rows: list[list[str | None]], limits: FileLimits = USUAL) -> pl.DataFrame:
    """Rows of uneven length as one frame of String columns; short rows are filled with null.

    Raises `UnreadableError` where the frame would span too many cells.
    """
    width = max(map(len, rows), default=0)
    check_size(len(rows), width, limits)
    columns = {
        f"c{index}": [row[index] if index < len(row) else None for row in rows] for index in range(width)
    }
    schema = dict.fromkeys(columns, pl.String)
    try:
        return pl.DataFrame(columns, schema=schema)
    except UnicodeEncodeError:
        whole = {name: [_whole_characters(cell) for cell in cells] for name, cells in columns.items()}
        return pl.DataFrame(whole, schema=schema)


def _whole_characters(cell: str | None) -> str | None:
    """The text with U+FFFD in place of each half of a surrogate pair, which JSON and XLSX can name alone.

    Two halves that belong together become their character.
    """
    return cell and cell.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def number_text(value: float) -> str:
    """A number that was stored as a number, as text.

    Its point cannot be taken for a thousands mark by a later reading: 250.125 becomes "250.1250".
    """
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    return text + "0" if "." in text and "e" not in text and len(text.rpartition(".")[2]) == 3 else text
