"""Opens a workbook or a Parquet file in a limited process of its own.

Belongs here: the checks made before the process starts, its bounds, and what each of its endings means. Must
stay out: reading the file (`child.py`) and what headings and cells mean (`tasks/ingest`).
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Literal, NamedTuple

from programme.problems import UnreadableError

MAX_UNPACKED = 200 * 2**20
"""Bytes a workbook may unpack to: far more than an export of a form tool has, and harmless to the machine."""
MEMORY_MEGABYTES = {"xlsx": 2048, "parquet": 4096}
"""Address space of the process; polars reserves some before it reads anything."""
MAX_PARTS = 5_000
"""Parts (files of the archive) a workbook may have; one of a form tool has about ten."""
SECONDS = 60
"""Processor time of the process; a realistic round takes a tenth of a second."""
_PART_HEADER = b"PK\x01\x02"
"""What begins the entry of each part in an archive's directory."""
_GAVE_UP = 3
"""Exit status of the process where its reader refused the file and said why."""
_DAMAGE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)
"""What the standard library raises for archives that are damaged in one way or another."""
_OTHER_ARCHIVES = {
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
    "Index/Document.iwa": "a Numbers, Pages or Keynote file",
    "Index/Tables/": "a Numbers file",
    "Index.zip": "a Numbers, Pages or Keynote file",
}
"""A part that tells an archive of another program apart, and what the archive then is."""
_CHILD = Path(__file__).with_name("child.py")
_FOUND = {"xlsx": "a workbook", "parquet": "a Parquet file"}
_EXPECTED = {"xlsx": "a whole XLSX file without a password", "parquet": "a whole Parquet file"}
_AS_CSV = "Export the answers as CSV."
_SAVE_AGAIN = "Open it in a spreadsheet program and save it again, or export the answers as CSV."
_TOO_LARGE = "Delete the rows and columns beyond the answers, or export the answers as CSV."


class OpenedSheet(NamedTuple):
    """One sheet as rows of cells: text, or for Parquet also lists and records.

    `date_1904`: whether the workbook counts days from 1904. `notes`: what a person should know of how the
    sheet was read, as (expectation, sentence).
    """

    name: str
    visible: bool
    rows: list[list[Any]]
    date_1904: bool = False
    notes: tuple[tuple[str, str], ...] = ()


def open_in_sandbox(kind: Literal["xlsx", "parquet"], content: bytes, *, max_cells: int) -> list[OpenedSheet]:
    """Every sheet of a workbook (`xlsx`), or the one table of a Parquet file (`parquet`).

    A sheet may span `max_cells` cells, from its first to its last row and column, filled or not. Raises
    `UnreadableError` where the file is damaged, too large, or more than its reader can bear.
    """
    if kind == "xlsx":
        _check_archive(content)
    found, expected = _FOUND[kind], _EXPECTED[kind]
    try:
        done = _run_child(kind, content, max_cells)
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(f"{found} that cannot be read in time", expected, _AS_CSV) from error
    if done.returncode == _GAVE_UP:
        reason = done.stderr.decode(errors="replace").strip()
        remedy = _TOO_LARGE if "spans" in reason or "more text" in reason else _SAVE_AGAIN
        raise UnreadableError(f"{found} that cannot be read ({reason[:200]})", expected, remedy)
    if done.returncode:
        died = f"{found} that its reader does not survive (status {done.returncode})"
        raise UnreadableError(died, f"{expected} of usual size", _AS_CSV)
    return [
        OpenedSheet(
            item["name"],
            item["visible"],
            item["rows"],
            item.get("date_1904", False),
            tuple((expectation, sentence) for expectation, sentence in item.get("notes", ())),
        )
        for item in json.loads(done.stdout)
    ]


def _run_child(kind: str, content: bytes, max_cells: int) -> subprocess.CompletedProcess[bytes]:
    """Run the child on a content; `-I` and the bare environment keep our settings and paths from it."""
    bounds = [str(MEMORY_MEGABYTES[kind]), str(SECONDS), str(max_cells)]
    return subprocess.run(
        [sys.executable, "-I", str(_CHILD), kind, *bounds],
        input=content,
        capture_output=True,
        timeout=SECONDS * 2,
        check=False,
        env={"POLARS_MAX_THREADS": "1"},
    )


def _check_archive(content: bytes) -> None:
    """Raise `UnreadableError` for an archive that is no workbook, is damaged, or would unpack to too much."""
    expected = _EXPECTED["xlsx"]
    if content.count(_PART_HEADER) > MAX_PARTS:
        raise UnreadableError(f"a workbook of more than {MAX_PARTS} parts", expected, _SAVE_AGAIN)
    size, names = _archive_contents(content)
    if not any(name.replace("\\", "/").startswith("xl/") for name in names):
        raise _no_workbook(content, names)
    if size > MAX_UNPACKED:
        remedy = "Delete what is not part of the answers, or export them as CSV."
        unpacked = f"a workbook that unpacks to {size >> 20} MB"
        raise UnreadableError(unpacked, f"at most {MAX_UNPACKED >> 20} MB", remedy)


def _no_workbook(content: bytes, names: list[str]) -> UnreadableError:
    """What an archive is that is no XLSX workbook, and what to do with it."""
    formats = "CSV, XLSX, JSON records or Parquet"
    known = next(
        (what for mark, what in _OTHER_ARCHIVES.items() if any(mark in name for name in names)), None
    )
    if b"application/vnd.oasis.opendocument" in content[:200]:
        known = "an OpenDocument file (ODS)"
    if known:
        return UnreadableError(known, formats, "Open it in its program, and save it as XLSX or CSV.")
    return UnreadableError("a ZIP archive that is no XLSX workbook", formats, "Unpack it, or export as XLSX.")


def _archive_contents(content: bytes) -> tuple[int, list[str]]:
    """The bytes an archive unpacks to, and the names of its parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(item.file_size for item in archive.infolist()), archive.namelist()
    except _DAMAGE as error:
        raise UnreadableError(f"a damaged workbook ({error})", _EXPECTED["xlsx"], _SAVE_AGAIN) from error
