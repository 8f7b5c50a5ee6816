"""Quotation marks that stand round what is already written: round whole rows, or round every cell.

Spreadsheets write them where a file was opened with the wrong separator and saved again, tools where an
export is exported once more. Belongs here: taking them off. Must stay out: marks that split a text into cells
(`split_text.py`).
"""

from __future__ import annotations

import csv
import re

import polars as pl

_WHOLE_ROW = re.compile(r'^"((?:[^"]|"")*)"[ \t]*(?=\r?$)', re.MULTILINE)
_LEAST_CELLS = 3
"""Cells that a row inside quotation marks must hold; a text with a comma is no row."""
_OTHER_MARKS = (("“", "”"), ("„", "“"), ("”", "”"), ("«", "»"), ("'", "'"), ("‘", "’"))
"""Opening and closing marks that some programs write instead of the straight ones."""
_ROUND_CELLS = (('"', '"'), *_OTHER_MARKS)
_LEAST_SHARE = 0.5
"""Share of all filled cells with marks round them from which on they are no part of the answers."""


def without_marks_round_rows(text: str, separators: str) -> str:
    """The text in which a row that stands as one cell, its marks doubled, is written as a row."""

    def row(found: re.Match[str]) -> str:
        inside = found[1].replace('""', '"')
        cells = max((_n_cells(inside, separator) for separator in separators), default=0)
        return inside if cells >= _LEAST_CELLS else found[0]

    return _WHOLE_ROW.sub(row, text) if text.startswith('"') or '\n"' in text else text


def _n_cells(text: str, separator: str) -> int:
    if separator not in text:
        return 1
    try:
        return max(map(len, csv.reader(text.splitlines(), delimiter=separator)), default=1)
    except csv.Error:
        return 1


def with_straight_marks(text: str, separators: str) -> str:
    """The text with straight quotation marks where it quotes its cells by others."""
    headings = text.lstrip().partition("\n")[0].rstrip()
    for opening, closing in _OTHER_MARKS:
        if not (headings.startswith(opening) and headings.endswith(closing)):
            continue
        between = {separator: text.count(f"{closing}{separator}{opening}") for separator in separators}
        separator = max(separators, key=lambda one: between[one])
        quotes_straight = re.search(f'(?:^|{re.escape(separator)})"', text, re.MULTILINE)
        if between[separator] and not quotes_straight:
            return _straightened(text, opening, closing, separator)
    return text


def _straightened(text: str, opening: str, closing: str, separator: str) -> str:
    edge = re.escape(separator)
    behind = rf'(?=\r?$|{edge}"|{edge}[\w.+-]*(?:{edge}|\r?$))'
    text = text.replace('"', '""')
    text = re.sub(f"(?:^|(?<={edge})){opening}", '"', text, flags=re.MULTILINE)
    text = re.sub(f"{closing}{behind}", '"', text, flags=re.MULTILINE)
    return text.replace(opening * 2, opening) if opening == closing else text


def without_marks_round_cells(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells without marks that stand round every cell of a column, and round most cells of the file."""
    body = cells.slice(1)
    filled = sum(body[name].len() - body[name].null_count() for name in cells.columns)
    for opening, closing in _ROUND_CELLS:
        pattern = f"^{opening}(?s:.*){closing}$"
        marked = {name: body[name].str.contains(pattern).sum() for name in cells.columns}
        if not filled or sum(marked.values()) < _LEAST_SHARE * filled:
            continue
        every = [name for name, n in marked.items() if n and n == body[name].len() - body[name].null_count()]
        return cells.with_columns(_inside(pl.col(name), opening, closing) for name in every)
    return cells


def _inside(cell: pl.Expr, opening: str, closing: str) -> pl.Expr:
    text = cell.str.extract(f"^{opening}((?s:.*)){closing}$")
    if opening == closing:
        text = text.str.replace_all(opening * 2, opening, literal=True)
    return pl.coalesce(text, cell)
