"""Delimited text (CSV and its kin) as a `Grid`: encodings, separators, line ends, quotation marks.

Belongs here: turning the bytes of a delimited text into rows. Must stay out: what headings and cells mean.
"""

from __future__ import annotations

import csv
import io
import re

import polars as pl

from programme.problems import UnreadableError
from tasks.ingest.files.grid import Grid, check_size, frame_from_rows, grid_from_frame

SEPARATORS = ",;\t|"
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8 with BOM"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_LAST_LINE = "\x1eend"
"""A last line that must come out alone; it does not where a quotation mark before it is never closed."""
_STRAY_BYTE = re.compile("[\udc80-\udcff]")
LETTERS_PER_STRAY_BYTE = 10
"""Letters of valid UTF-8 beyond ASCII that each stray byte must come with.

Where there are fewer, the file is taken for Windows-1252 throughout.
"""
_SAMPLE_LETTERS, _SAMPLE_RECORDS = 20_000, 20
"""How much of a text is split to find its separator."""
csv.field_size_limit(2**30)


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding.

    The byte order mark decides, else zero bytes (UTF-16), else UTF-8 if it is valid, else Windows-1252.
    """
    for mark, codec, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(codec, errors="replace"), name
    head = content[:2000]
    if head.count(0) > len(head) // 4:
        codec = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        return content.decode(codec, errors="replace"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _decode_mixed(content) or (content.decode("cp1252", errors="replace"), "Windows-1252")


def _decode_mixed(content: bytes) -> tuple[str, str] | None:
    """UTF-8 into which a few cells of Windows-1252 were pasted; None where they are not few.

    Only the stray bytes are read as Windows-1252.
    """
    text = content.decode("utf-8", errors="surrogateescape")
    n_stray = len(_STRAY_BYTE.findall(text))
    n_whole = sum(not character.isascii() for character in text) - n_stray
    if n_stray * LETTERS_PER_STRAY_BYTE > n_whole:
        return None
    return _STRAY_BYTE.sub(_windows_1252_letter, text), "UTF-8 with some Windows-1252"


def _windows_1252_letter(stray: re.Match[str]) -> str:
    return bytes([ord(stray[0]) - 0xDC00]).decode("cp1252", errors="replace")


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
        separator = detect_separator(text)
    cells = None if f'{separator} "' in text else _read_with_polars(text, separator)
    if cells is None:
        cells = _read_with_csv(text, separator)
    return grid_from_frame(cells, "CSV", encoding=encoding, separator=separator)


def _check_size(text: str) -> None:
    """Bound the cells before they are made: those of the first row, which decides the width, and of all."""
    check_size(1, max(text.partition("\n")[0].count(mark) for mark in SEPARATORS))
    check_size(max(text.count(mark) for mark in SEPARATORS), 1)


def detect_separator(text: str) -> str:
    """The separator that splits the first records into the most even and then the most cells."""
    sample = text[:_SAMPLE_LETTERS]
    return max(SEPARATORS, key=lambda separator: _evenness(sample, separator))


def _evenness(sample: str, separator: str) -> tuple[float, int]:
    """The share of records with the commonest number of cells, and that number; 0 where nothing splits."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        widths = [len(row) for _, row in zip(range(_SAMPLE_RECORDS), reader, strict=False) if row]
    except csv.Error:
        return (0.0, 0)
    if not widths or max(widths) == 1:
        return (0.0, 0)
    common = max(set(widths), key=lambda width: (widths.count(width), width))
    return (widths.count(common) / len(widths) if common > 1 else 0.0, common)


def _read_with_polars(text: str, separator: str) -> pl.DataFrame | None:
    """The fast reader; None where the rows are of uneven length or a quotation mark stands inside a cell."""
    errors = pl.exceptions
    try:
        return pl.read_csv(
            text.encode(), has_header=False, separator=separator, infer_schema=False, raise_if_empty=False
        )
    except (errors.ComputeError, errors.NoDataError, errors.ShapeError, errors.PanicException):
        return None


def _read_with_csv(text: str, separator: str) -> pl.DataFrame:
    """The standard library's reader.

    It copes with rows of uneven length, quotation marks inside a cell, and blanks before one.
    """
    lines = io.StringIO(text.rstrip("\n") + "\n" + _LAST_LINE, newline="")
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    try:
        rows: list[list[str | None]] = [[*row] for row in reader]
    except csv.Error as error:
        raise _cannot_be_split(str(error)) from error
    if rows[-1] != [_LAST_LINE]:
        raise _cannot_be_split("a quotation mark is never closed")
    return frame_from_rows(rows[:-1])


def _cannot_be_split(reason: str) -> UnreadableError:
    return UnreadableError(
        f"text that cannot be split into cells: {reason}",
        "cells whose quotation marks are closed, and inner ones doubled",
        "Export the file again, or correct the quotation marks.",
    )
