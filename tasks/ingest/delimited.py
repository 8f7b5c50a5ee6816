"""CSV and its kin: encodings, separators, line ends.

Belongs here: turning the bytes of a delimited text into a `Grid`. Must stay out: what headings and cells mean.
"""

from __future__ import annotations

import csv
import io

import polars as pl

from tasks.ingest.grid import MAX_CELLS, MAX_COLUMNS, Grid, UnreadableError, even_out, grid_of

SEPARATORS = ",;\t|"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig", "UTF-8 with BOM"), (b"\xff\xfe", "utf-16", "UTF-16"), (b"\xfe\xff", "utf-16", "UTF-16"))
csv.field_size_limit(2**30)


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: by its byte order mark, else by its zero bytes, else strict UTF-8, else Windows-1252."""
    for mark, codec, name in _BOMS:
        if content.startswith(mark):
            return content.decode(codec, errors="replace"), name
    head = content[:2000]
    if head.count(0) > len(head) // 4:
        codec = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        return content.decode(codec, errors="replace"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "Windows-1252"


def read_delimited(content: bytes) -> Grid:
    """Read a delimited text; raises `UnreadableError` where a quotation mark is never closed."""
    text, encoding = decode(content)
    if "\n" not in text or text.count("\r") > 2 * text.count("\n"):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\x00", "")
    _check_size(text)
    if text[:4].lower() == "sep=" and len(text) > 5 and text[5:6] in "\r\n":
        separator, text = text[4], "\n" + text[6:].lstrip("\n")
    else:
        separator = sniff(text)
    cells = _fast(text, separator)
    return grid_of(_slow(text, separator) if cells is None else cells, "CSV", encoding=encoding, separator=separator)


def _check_size(text: str) -> None:
    cells = max(text.count(mark) for mark in SEPARATORS)
    width = max(text.partition("\n")[0].count(mark) for mark in SEPARATORS)
    if cells > MAX_CELLS or width > MAX_COLUMNS:
        found = f"{width} columns" if width > MAX_COLUMNS else f"{cells} cells"
        raise UnreadableError(found, f"at most {MAX_COLUMNS} columns and {MAX_CELLS:,} cells", "Check that it is the right file.")


def sniff(text: str) -> str:
    """The separator that splits the first records into the most and the most even cells."""
    sample = text[:20_000]
    return max(SEPARATORS, key=lambda separator: _evenness(sample, separator))


def _evenness(sample: str, separator: str) -> tuple[float, int]:
    try:
        widths = [len(row) for _, row in zip(range(20), csv.reader(io.StringIO(sample, newline=""), delimiter=separator), strict=False) if row]
    except csv.Error:
        return (0.0, 0)
    if not widths or max(widths) == 1:
        return (0.0, 0)
    common = max(set(widths), key=lambda width: (widths.count(width), width))
    return (widths.count(common) / len(widths) if common > 1 else 0.0, common)


def _fast(text: str, separator: str) -> pl.DataFrame | None:
    try:
        return pl.read_csv(text.encode(), has_header=False, separator=separator, infer_schema=False, raise_if_empty=False)
    except (pl.exceptions.ComputeError, pl.exceptions.NoDataError, pl.exceptions.ShapeError, pl.exceptions.PanicException):
        return None


def _slow(text: str, separator: str) -> pl.DataFrame:
    """The standard library's reader, for rows of uneven length."""
    try:
        rows: list[list[str | None]] = [[*row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)]
    except csv.Error as error:
        raise UnreadableError(
            f"text that cannot be split into cells ({error})",
            "cells whose quotation marks are closed, and inner ones doubled",
            "Export the file again, or correct the quotation marks.",
        ) from error
    return even_out(rows)
