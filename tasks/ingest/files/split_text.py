"""Splitting a delimited text into rows of cells, also where its quotation marks do not keep the rules.

Belongs here: the ways to split (doubled marks, marks behind a backslash, marks that are never closed) and
which of them a text keeps. Must stay out: encodings and which separator a text has (`delimited.py`).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from programme.problems import UnreadableError

_LAST_LINE = "\x1eend"
"""A last line that must come out alone; it does not where a quotation mark before it is never closed."""
csv.field_size_limit(2**30)
_WIDTH_ROWS = 1000
"""Rows whose commonest width is taken for the width of the table."""
_HEADING_LINES = 40
"""Lines from the top among which the headings are."""
Cells = list[list[str | None]]


@dataclass(frozen=True)
class SplitText:
    """A text in rows of cells, with what had to be settled about its quotation marks (None: nothing)."""

    rows: Cells
    note: tuple[str, str] | None = None


def split_text(text: str, separator: str) -> SplitText:
    """The rows of a text.

    Doubled quotation marks are read first; where rows come out uneven or swallow others, marks behind a
    backslash and marks that are closed nowhere are tried, and the way with most even rows counts. Raises
    `UnreadableError` where a mark swallows all the rest of the text.
    """
    usual = _with_csv(text, separator)
    if usual and '"' not in text:
        return SplitText(usual)
    if usual and _n_even(usual) == len(usual) and not swallows_rows(usual, separator):
        return SplitText(usual)
    best = SplitText(usual or [])
    if '\\"' in text and (escaped := _with_csv(text, separator, escape="\\")) and _better(escaped, best.rows):
        sentence = "Quotation marks stand behind a backslash; they were read as marks inside the answers."
        best = SplitText(escaped, ("quotation_marks", sentence))
    mended, opened = _with_open_marks(text, separator)
    if not best.rows:
        rows = f" (opened in row {', '.join(map(str, opened[:10]))})" if opened else ""
        raise cannot_be_split(f"a quotation mark is never closed{rows}")
    if opened and _better(mended, best.rows):
        best = SplitText(mended, ("quotation_marks", _opened(opened)))
    return best


def _better(rows: Cells, than: Cells) -> bool:
    """Whether more rows are as wide as most are."""
    return _n_even(rows) > _n_even(than)


def _n_even(rows: Cells) -> int:
    """How many rows are blank or as wide as most rows are."""
    width = usual_width(rows)
    return sum(len(row) in (0, width) for row in rows)


def usual_width(rows: Cells) -> int:
    """The commonest number of cells of a row; of equally common ones, the largest."""
    counts = Counter(map(len, rows[:_WIDTH_ROWS]))
    return max(counts, key=lambda width: (width > 1, counts[width], width), default=0)


def _opened(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10])) + (", ..." if len(numbers) > 10 else "")
    return (
        "A quotation mark is opened and never closed, and was read as part of the answer; "
        f"it is in these rows: {shown}."
    )


def swallows_rows(rows: Cells, separator: str) -> bool:
    """Whether a cell holds a line that looks like a whole row, which a stray quotation mark has swallowed."""
    enough = usual_width(rows) - 1
    return enough > 1 and any(
        cell is not None and "\n" in cell and _longest_line(cell, separator) >= enough
        for row in rows
        for cell in row
    )


def _longest_line(cell: str, separator: str) -> int:
    return max(line.count(separator) for line in cell.split("\n"))


def _with_csv(text: str, separator: str, escape: str | None = None) -> Cells:
    """The standard library's reader: uneven rows, marks inside a cell, blanks before one; empty where a
    quotation mark is never closed.
    """
    lines = io.StringIO(text.rstrip("\n") + "\n" + _LAST_LINE, newline="")
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, escapechar=escape)
    try:
        rows: Cells = [[*row] for row in reader]
    except csv.Error as error:
        raise cannot_be_split(str(error)) from error
    return rows[:-1] if rows[-1] == [_LAST_LINE] else []


def _with_open_marks(text: str, separator: str) -> tuple[Cells, list[int]]:
    """The rows where a quotation mark counts only if it is closed before a separator or a line's end.

    Beside them, the numbers of the rows (from 1) that hold a mark which is opened and not closed.
    """
    rows: Cells = [[]]
    opened: list[int] = []
    width = max(line.count(separator) for line in text.split("\n", _HEADING_LINES)[:_HEADING_LINES])
    for cell, is_open, ends_line in _tokens(text.rstrip("\n") + "\n", separator, width):
        rows[-1].append(cell)
        if is_open and (not opened or opened[-1] != len(rows)):
            opened.append(len(rows))
        if ends_line:
            rows[-1] = [] if rows[-1] == [""] else rows[-1]
            rows.append([])
    return rows[:-1], opened


def _tokens(text: str, separator: str, width: int) -> Iterator[tuple[str, bool, bool]]:
    """Each cell, whether it opens a mark without closing it, and whether it ends a line."""
    mark = re.escape(separator)
    quoted = re.compile(rf'[ ]*"((?:[^"]|"")*)"[ ]*({mark}|\n)')
    plain = re.compile(rf"([^{mark}\n]*)({mark}|\n)")
    place = 0
    while place < len(text):
        found = quoted.match(text, place)
        if found and "\n" in found[1] and _longest_line(found[1], separator) >= max(width, 2):
            found = None
        is_quoted = found is not None
        found = found or plain.match(text, place)
        if found is None:
            break
        is_open = not is_quoted and found[1].lstrip(" ").startswith('"')
        yield found[1].replace('""', '"') if is_quoted else found[1], is_open, found[2] == "\n"
        place = found.end()


def cannot_be_split(reason: str) -> UnreadableError:
    """The error for a text whose cells cannot be told apart."""
    return UnreadableError(
        f"text that cannot be split into cells: {reason}",
        "cells whose quotation marks are closed, and inner ones doubled",
        "Export the file again, or correct the quotation marks.",
    )
