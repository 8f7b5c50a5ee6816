"""Delimited text (CSV and its kin) as a `Grid`: encodings, separators, line ends.

Belongs here: turning the bytes of a delimited text into rows. Must stay out: quotation marks
(`split_text.py`), and what headings and cells mean.
"""

from __future__ import annotations

import csv
import io
import re

import polars as pl

from tasks.ingest.files.encodings import WINDOWS_1252, decode_windows_1252
from tasks.ingest.files.grid import N_FIRST_ROWS, Grid, check_size, frame_from_rows, grid_from_frame
from tasks.ingest.files.outer_quotes import (
    with_straight_marks,
    without_marks_round_cells,
    without_marks_round_rows,
)
from tasks.ingest.files.sheet_fit import JudgeFit, knows_nothing
from tasks.ingest.files.split_text import split_text, swallows_rows

SEPARATORS = ",;\t|"
"""Separators that are tried; of equally good ones the first counts."""
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8 with BOM"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_STRAY_BYTE = re.compile("[\udc80-\udcff]")
LETTERS_PER_STRAY_BYTE = 10
"""Letters of valid UTF-8 beyond ASCII that each stray byte must come with.

Where there are fewer, the file is taken for Windows-1252 throughout.
"""
_SAMPLE_LETTERS = 100_000
"""How much of a text is split to find its separator."""


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding.

    The byte order mark decides, else zero bytes (UTF-16), else UTF-8 if it is valid, else it is read in
    Windows-1252 for now: the rows settle later which encoding of one byte a letter it is.
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
        return _decode_mixed(content) or (decode_windows_1252(content), WINDOWS_1252)


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


def read_delimited(content: bytes, judge: JudgeFit = knows_nothing) -> Grid:
    """Read a delimited text.

    `judge` says how well rows fit the input; the separator under which they fit best counts. Raises
    `UnreadableError` where the text cannot be split.
    """
    text, encoding = decode(content)
    if "\n" not in text or text.count("\r") > 2 * text.count("\n"):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = without_blank_end(text.replace("\x00", ""))
    text = with_straight_marks(without_marks_round_rows(text, SEPARATORS), SEPARATORS)
    _check_size(text)
    if text[:4].lower() == "sep=" and len(text) > 5 and text[5:6] in "\r\n":
        separator, text = text[4], "\n" + text[6:].lstrip("\n")
    else:
        separator = detect_separator(text, judge)
    about = {"encoding": encoding, "separator": separator}
    cells = None if f'{separator} "' in text or '\\"' in text else _read_with_polars(text, separator)
    if cells is not None and not _swallows(cells, separator):
        return grid_from_frame(_unwrapped(cells, text), "CSV", **about)
    split = split_text(text.replace("\r\n", "\n"), separator)
    cells = _unwrapped(frame_from_rows(split.rows), text)
    notes = (split.note,) if split.note else ()
    return grid_from_frame(cells, "CSV", is_even=False, notes=notes, **about)


def without_blank_end(text: str) -> str:
    """The text without lines at its end that hold nothing but separators: a sheet saved to its last row.

    Separators of two kinds in one line are no blank line: one of them is somebody's answer.
    """
    end = min(len(text.rstrip(f"{separator} \r\n")) for separator in ",;\t|")
    line_end = text.find("\n", end)
    return text if line_end < 0 else text[: line_end + 1]


def _swallows(cells: pl.DataFrame, separator: str) -> bool:
    """Whether a cell holds a line that looks like a whole row (`split_text.swallows_rows`)."""
    if cells.width < 3:
        return False
    texts = [cells[name].filter(cells[name].str.contains("\n", literal=True)) for name in cells.columns]
    rows: list[list[str | None]] = [[None] * cells.width, *([text] for column in texts for text in column)]
    return swallows_rows(rows, separator)


def _unwrapped(cells: pl.DataFrame, text: str) -> pl.DataFrame:
    """Cells without marks round each, and without the shell ="..." by which tools keep what they hold."""
    cells = without_marks_round_cells(cells)
    if '="' not in text:
        return cells
    return cells.select(
        pl.coalesce(
            pl.col(name).str.extract(r'^="((?s:.*))"$').str.replace_all('""', '"', literal=True), name
        ).alias(name)
        for name in cells.columns
    )


def _check_size(text: str) -> None:
    """Bound the cells before they are made: those of the first row, which decides the width, and of all."""
    check_size(1, max(text.partition("\n")[0].count(mark) for mark in SEPARATORS))
    check_size(max(text.count(mark) for mark in SEPARATORS), 1)


def detect_separator(text: str, judge: JudgeFit = knows_nothing) -> str:
    """The separator under which the headings fit best; of equal ones, the most even cells, then the most."""
    sample = text[:_SAMPLE_LETTERS]

    def rank(separator: str) -> tuple[tuple[bool, float], tuple[float, int]]:
        rows = _sample_rows(sample, separator)
        return judge(list(rows)).rank if rows else (False, 0.0), _evenness(rows)

    return max(SEPARATORS, key=rank)


def _sample_rows(sample: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    try:
        return [row for _, row in zip(range(N_FIRST_ROWS), reader, strict=False)]
    except csv.Error:
        return []


def _evenness(rows: list[list[str]]) -> tuple[float, int]:
    """The share of rows with the commonest number of cells, and that number; 0 where nothing splits."""
    widths = [len(row) for row in rows if row]
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
