"""CSV and its kin: encodings, separators, line ends.

Belongs here: turning the bytes of a delimited text into a `Grid`. Must stay out: what headings and cells
mean.
"""

from __future__ import annotations

import csv
import io
import re

import polars as pl

from tasks.ingest.files.grid import Grid, UnreadableError, check_size, even_out, grid_of

SEPARATORS = ",;\t|"
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8 with BOM"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_END = "\x1eend"
"""A last line that must come out alone: it does not where a quotation mark before it is never closed."""
_STRAY = re.compile("[\udc80-\udcff]")
STRAY_AT_MOST = 10
"""A stray byte may come with no fewer than so many letters of whole UTF-8, else the file is Windows-1252
throughout.
"""
csv.field_size_limit(2**30)


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: by its byte order mark, else by its zero bytes, else UTF-8, else
    Windows-1252.
    """
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
        return _mixed(content) or (content.decode("cp1252", errors="replace"), "Windows-1252")


def _mixed(content: bytes) -> tuple[str, str] | None:
    """UTF-8 into which a few cells of Windows-1252 were pasted: the stray bytes alone are read as such; None
    where they are not few.
    """
    text = content.decode("utf-8", errors="surrogateescape")
    stray = len(_STRAY.findall(text))
    if stray * STRAY_AT_MOST > sum(not character.isascii() for character in text) - stray:
        return None
    return _STRAY.sub(
        lambda found: bytes([ord(found[0]) - 0xDC00]).decode("cp1252", errors="replace"), text
    ), "UTF-8 with some Windows-1252"


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
    cells = None if f'{separator} "' in text else _fast(text, separator)
    return grid_of(
        _slow(text, separator) if cells is None else cells, "CSV", encoding=encoding, separator=separator
    )


def _check_size(text: str) -> None:
    """Bound the cells before they are made: those of all rows together, and those of the first row, which
    decides the width.
    """
    check_size(1, max(text.partition("\n")[0].count(mark) for mark in SEPARATORS))
    check_size(max(text.count(mark) for mark in SEPARATORS), 1)


def sniff(text: str) -> str:
    """The separator that splits the first records into the most and the most even cells."""
    sample = text[:20_000]
    return max(SEPARATORS, key=lambda separator: _evenness(sample, separator))


def _evenness(sample: str, separator: str) -> tuple[float, int]:
    try:
        widths = [
            len(row)
            for _, row in zip(
                range(20), csv.reader(io.StringIO(sample, newline=""), delimiter=separator), strict=False
            )
            if row
        ]
    except csv.Error:
        return (0.0, 0)
    if not widths or max(widths) == 1:
        return (0.0, 0)
    common = max(set(widths), key=lambda width: (widths.count(width), width))
    return (widths.count(common) / len(widths) if common > 1 else 0.0, common)


def _fast(text: str, separator: str) -> pl.DataFrame | None:
    try:
        return pl.read_csv(
            text.encode(), has_header=False, separator=separator, infer_schema=False, raise_if_empty=False
        )
    except (
        pl.exceptions.ComputeError,
        pl.exceptions.NoDataError,
        pl.exceptions.ShapeError,
        pl.exceptions.PanicException,
    ):
        return None


def _slow(text: str, separator: str) -> pl.DataFrame:
    """The standard library's reader, for rows of uneven length, quotation marks inside a cell, and blanks
    before one.
    """
    reader = csv.reader(
        io.StringIO(text.rstrip("\n") + "\n" + _END, newline=""), delimiter=separator, skipinitialspace=True
    )
    try:
        rows: list[list[str | None]] = [[*row] for row in reader]
    except csv.Error as error:
        raise _not_split(str(error)) from error
    if rows[-1] != [_END]:
        raise _not_split("a quotation mark is never closed")
    return even_out(rows[:-1])


def _not_split(reason: str) -> UnreadableError:
    return UnreadableError(
        f"text that cannot be split into cells: {reason}",
        "cells whose quotation marks are closed, and inner ones doubled",
        "Export the file again, or correct the quotation marks.",
    )
