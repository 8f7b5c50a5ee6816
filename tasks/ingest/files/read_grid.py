"""Which format a content is in, and reading it as rows of text.

Belongs here: recognising the format, by the content first and by the name where the content leaves it open,
and choosing the sheets that are read. Must stay out: how each format is read (`delimited.py`,
`json_records.py`; workbooks and Parquet are opened by the function passed in).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from programme.problems import UnreadableError
from tasks.ingest.files.delimited import read_delimited
from tasks.ingest.files.grid import (
    MAX_CELLS,
    N_FIRST_ROWS,
    Grid,
    RepeatSheet,
    frame_from_rows,
    grid_from_frame,
)
from tasks.ingest.files.json_records import json_text, read_json
from tasks.ingest.files.kept_rows import is_kept_rows, read_kept_rows
from tasks.ingest.files.sheet_fit import Fit, JudgeFit, joined_rows, knows_nothing
from tasks.ingest.files.sheets import BinaryKind, OpenBinary, Sheet

MAX_BYTES = 100 * 2**20
"""Size up to which a file is read at all; the realistic round's largest is under 1 MB."""
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "an old Excel file (XLS) or a workbook with a password"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
"""First bytes of files that are none of ours, and what such a file is."""
_EXPECTED = "CSV, XLSX, JSON records or Parquet"
_NO_TEXT = b"\x00\xef\xbb\xbf\xff\xfe \r\n\t"
"""Bytes that say nothing: zero bytes, byte order marks, blanks and line ends."""
_EXPORT_AGAIN = "Export the answers in one of these formats"

Format = Literal["csv", "json", "xlsx", "parquet"]
PARENT_HEADINGS = ("_parent_index", "_submission__id", "_submission__uuid", "PARENT_KEY")
"""Headings of the row of another sheet that a row belongs to, as KoboToolbox and ODK write them."""

_NOTHING_OF_IT = 0.5
"""Share of the known headings of a hidden sheet below which the visible ones hold nothing of the input."""


def detect_format(content: bytes, name: str) -> Format:
    """The format of a content named `name`.

    Raises `UnreadableError` for an empty content, one that is too large, and any other kind of file.
    """
    _check_not_foreign(content)
    if content.startswith(b"PK"):
        return "xlsx"
    if content.startswith(b"PAR1"):
        return "parquet"
    start = content[:200].lstrip(_NO_TEXT)
    if start[:1] in (b"[", b"{") and (name.lower().endswith((".json", ".jsonl", ".ndjson")) or b'"' in start):
        return "json"
    if start[:1] == b"<" and start[:15].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        remedy = f"{_EXPORT_AGAIN}; a sign-in page may have been saved instead."
        raise UnreadableError("a web page or XML", _EXPECTED, remedy)
    return "csv"


def _check_not_foreign(content: bytes) -> None:
    """Raise `UnreadableError` for what is known by its size or first bytes to be no input."""
    if not content.strip(_NO_TEXT):
        raise UnreadableError("an empty file", _EXPECTED, "Export the file again; it holds nothing.")
    if len(content) > MAX_BYTES:
        found, expected = f"a file of {len(content) >> 20} MB", f"at most {MAX_BYTES >> 20} MB"
        raise UnreadableError(found, expected, "Check that it is the right file.")
    for mark, what in _FOREIGN:
        if content.startswith(mark) and not (mark == b"MZ" and b"\x00" not in content[:500]):
            raise UnreadableError(what, _EXPECTED, f"{_EXPORT_AGAIN}.")


def read_grid(
    content: bytes, name: str, judge: JudgeFit = knows_nothing, *, open_binary: OpenBinary, title: str = ""
) -> Grid:
    """Read the content of the file `name` as rows of text.

    `judge` says how well rows fit the input, where a file can be read in several ways (sheets, separators);
    `open_binary` opens workbooks and Parquet files; of several sheets, the one called `title` is read where
    it is there. Raises `UnreadableError`.
    """
    if is_kept_rows(content):
        return read_kept_rows(content)
    match detect_format(content, name):
        case "csv":
            return read_delimited(content, judge)
        case "json":
            return read_json(content, judge)
        case "xlsx" | "parquet" as kind:
            return _chosen_sheets(kind, open_binary(kind, content, max_cells=MAX_CELLS), judge, title)


def _chosen_sheets(kind: BinaryKind, opened: Sequence[Sheet], judge: JudgeFit, title: str) -> Grid:
    """The sheet that fits best, together with those that are like it."""
    filled = [sheet for sheet in opened if sheet.rows]
    if not filled:
        return grid_from_frame(frame_from_rows([]), kind.upper())
    sheets, fits, about_hidden = _seen(filled, judge)
    ranks = [(bool(title) and sheet.name == title, fit.rank) for sheet, fit in zip(sheets, fits, strict=True)]
    best = ranks.index(max(ranks))
    alike = [index for index, fit in enumerate(fits) if index == best or fit.is_like(fits[best])]
    sheet, rows, joined = sheets[alike[0]], sheets[alike[0]].rows, []
    for index in alike[1:]:
        fit = judge(rows[:N_FIRST_ROWS])
        rows, shift = joined_rows(rows, fit, sheets[index].rows, fits[index])
        joined.append((sheets[index].name, shift))
    if kind == "parquet":
        rows = [[json_text(cell) for cell in row] for row in rows]
    others = [other for index, other in enumerate(sheets) if index not in alike]
    repeats = [other for other in others if is_repeat(other.rows)]
    return grid_from_frame(
        frame_from_rows(rows),
        "XLSX" if kind == "xlsx" else "Parquet",
        sheet=sheet.name or None,
        other_sheets=tuple(other.name for other in others if other not in repeats),
        joined_sheets=tuple(joined),
        repeats=tuple(RepeatSheet(other.name, tuple(map(tuple, other.rows))) for other in repeats),
        date_1904=getattr(sheet, "date_1904", False),  # what opens a sheet may know no more than its rows
        notes=(*getattr(sheet, "notes", ()), *about_hidden),
    )


def _seen(
    filled: Sequence[Sheet], judge: JudgeFit
) -> tuple[list[Sheet], list[Fit], tuple[tuple[str, str], ...]]:
    """The sheets that count, their fits, and what a person should know of hidden ones.

    People hide lists and drafts, tools hide settings: a hidden sheet counts only where the visible ones hold
    nothing, or nothing of the input while it holds all that is required.
    """
    fits = [judge(sheet.rows[:N_FIRST_ROWS]) for sheet in filled]
    visible = [index for index, sheet in enumerate(filled) if sheet.visible]
    hidden = [index for index, sheet in enumerate(filled) if not sheet.visible and fits[index].complete]
    most = max((fits[index].share for index in visible), default=0.0)
    if not visible:
        return list(filled), fits, ()
    if hidden and not any(fits[index].complete for index in visible):
        full = [index for index in hidden if most < _NOTHING_OF_IT * fits[index].share]
        if full:
            return (
                [filled[index] for index in full],
                [fits[index] for index in full],
                _hidden_note(filled, full, "read, as no visible sheet holds answers"),
            )
    like = [index for index in hidden if any(fits[index].is_like(fits[other]) for other in visible)]
    note = (
        _hidden_note(filled, like, "not read, though it has the same headings; show it if its rows count")
        if like
        else ()
    )
    return [filled[index] for index in visible], [fits[index] for index in visible], note


def _hidden_note(filled: Sequence[Sheet], indexes: Sequence[int], what: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        ("sheets_read", f"Hidden sheet {filled[index].name[:60]!r} was {what}.") for index in indexes
    )


def is_repeat(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the rows of a sheet each belong to a row of another, as tools write the rows of a group."""
    return bool(rows) and any(cell in PARENT_HEADINGS for cell in rows[0])
