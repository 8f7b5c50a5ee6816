"""What kind of file a content is, and reading it as rows of text.

Belongs here: recognising the format by content first, by name where the content leaves it open. Must stay
out: how each format is read.
"""

from __future__ import annotations

from collections.abc import Callable

from tasks.ingest.files.delimited import read_delimited
from tasks.ingest.files.grid import FIRST_ROWS, Grid, UnreadableError, even_out, grid_of
from tasks.ingest.files.isolated import read_isolated
from tasks.ingest.files.json_records import as_text, read_json

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
_EXPECTED = "CSV, XLSX, JSON records or Parquet"


def recognise(content: bytes, name: str) -> str:
    """`xlsx`, `parquet`, `json` or `csv`; raises `UnreadableError` for anything else, an empty file and one
    too large.
    """
    if not content.strip(b"\x00\xef\xbb\xbf\xff\xfe \r\n\t"):
        raise UnreadableError("an empty file", _EXPECTED, "Export the file again; it holds nothing.")
    if len(content) > MAX_BYTES:
        raise UnreadableError(
            f"a file of {len(content) >> 20} MB",
            f"at most {MAX_BYTES >> 20} MB",
            "Check that it is the right file.",
        )
    if content.startswith(b"PK"):
        return "xlsx"
    if content.startswith(b"PAR1"):
        return "parquet"
    for mark, what in _FOREIGN:
        if content.startswith(mark) and not (mark == b"MZ" and b"\x00" not in content[:500]):
            raise UnreadableError(what, _EXPECTED, "Export the answers in one of these formats.")
    start = content[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t")
    if start[:1] in (b"[", b"{") and (name.lower().endswith((".json", ".jsonl", ".ndjson")) or b'"' in start):
        return "json"
    if start[:1] == b"<" and start[:15].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise UnreadableError(
            "a web page or XML",
            _EXPECTED,
            "Export the answers in one of these formats; a sign-in page may have been saved instead.",
        )
    return "csv"


Choose = Callable[[list[tuple[str, list[list[str]]]]], int]
"""Picks a sheet by its index from the name and first rows of each."""


def read_grid(content: bytes, name: str, choose: Choose) -> Grid:
    """Read a content as rows of text; `choose` picks the sheet of a workbook. Raises `UnreadableError`."""
    kind = recognise(content, name)
    if kind == "csv":
        return read_delimited(content)
    if kind == "json":
        return read_json(content)
    return _read_sheets(kind, content, choose)


def _read_sheets(kind: str, content: bytes, choose: Choose) -> Grid:
    """Hidden sheets count only where no visible one holds anything: people hide lists and drafts, tools hide
    settings.
    """
    filled = [sheet for sheet in read_isolated(kind, content) if sheet.rows]
    sheets = [sheet for sheet in filled if sheet.visible] or filled
    if not sheets:
        return grid_of(even_out([]), kind.upper())
    sheet = sheets[choose([(item.name, item.rows[:FIRST_ROWS]) for item in sheets]) if len(sheets) > 1 else 0]
    rows = [[as_text(cell) for cell in row] for row in sheet.rows] if kind == "parquet" else sheet.rows
    others = tuple(item.name for item in sheets if item is not sheet)
    return grid_of(
        even_out(rows), "XLSX" if kind == "xlsx" else "Parquet", sheet=sheet.name or None, other_sheets=others
    )
