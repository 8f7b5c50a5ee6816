"""What kind of file a content is, and reading it as rows of text.

Belongs here: recognising the format by content first, by name where the content leaves it open. Must stay out: how each format is read.
"""

from __future__ import annotations

from collections.abc import Callable

from tasks.ingest.delimited import read_delimited
from tasks.ingest.grid import Grid, UnreadableError
from tasks.ingest.records import read_json, read_parquet
from tasks.ingest.spreadsheet import read_spreadsheet

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
    """`xlsx`, `parquet`, `json` or `csv`; raises `UnreadableError` for anything else, an empty file and one too large."""
    if not content.strip(b"\x00\xef\xbb\xbf\xff\xfe \r\n\t"):
        raise UnreadableError("an empty file", _EXPECTED, "Export the file again; it holds nothing.")
    if len(content) > MAX_BYTES:
        raise UnreadableError(f"a file of {len(content) >> 20} MB", f"at most {MAX_BYTES >> 20} MB", "Check that it is the right file.")
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
            "a web page or XML", _EXPECTED, "Export the answers in one of these formats; a sign-in page may have been saved instead."
        )
    return "csv"


def read_grid(content: bytes, name: str, choose: Callable[[list[tuple[str, list[list[str]]]]], int]) -> Grid:
    """Read a content as rows of text; `choose` picks the sheet of a workbook. Raises `UnreadableError`."""
    kind = recognise(content, name)
    if kind == "xlsx":
        return read_spreadsheet(content, choose)
    readers = {"parquet": read_parquet, "json": read_json, "csv": read_delimited}
    return readers[kind](content)
