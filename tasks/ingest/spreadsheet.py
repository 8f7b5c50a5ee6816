"""XLSX, read where it can do no harm.

Belongs here: the checks made on a workbook before it is opened, and the separate, limited process that opens it (a workbook of 1.4 KB can kill its
reader by claiming cells at both ends of the sheet). Must stay out: what headings and cells mean. This is the one module of the step that
starts a process.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tasks.ingest.grid import MAX_CELLS, Grid, UnreadableError, even_out, grid_of

MAX_UNPACKED = 200 * 2**20
"""Bytes a workbook may unpack to; far above any export of a form tool, far below what hurts."""
MEMORY_MEGABYTES = 2048
SECONDS = 60
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_CHILD = Path(__file__).with_name("spreadsheet_child.py")


def read_spreadsheet(content: bytes, choose: Callable[[list[tuple[str, list[list[str]]]]], int]) -> Grid:
    """Read the sheet that `choose` picks from (name, first rows) of each visible sheet; raises `UnreadableError`."""
    check_workbook(content)
    sheets = [sheet for sheet in _in_child(content) if sheet["rows"]]
    if not sheets:
        return grid_of(even_out([]), "XLSX")
    sheet = sheets[choose([(item["name"], item["rows"][:40]) for item in sheets])]
    others = tuple(item["name"] for item in sheets if item is not sheet)
    return grid_of(even_out(sheet["rows"]), "XLSX", sheet=sheet["name"], notes=others)


def check_workbook(content: bytes) -> None:
    """Raise `UnreadableError` for a file that is no workbook, is encrypted, unpacks to too much, or spans too many cells."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
                raise _too_big(f"a workbook that unpacks to more than {MAX_UNPACKED >> 20} MB")
            for item in archive.infolist():
                if item.filename.startswith("xl/worksheets/") and item.filename.endswith(".xml"):
                    _check_span(archive.read(item))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise UnreadableError(f"a damaged or protected workbook ({error})", "a whole XLSX file without password", "Save it again as XLSX.") from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise UnreadableError("a damaged workbook", "a whole XLSX file", "Save it again as XLSX.") from error


def _check_span(xml: bytes) -> None:
    columns, rows = 0, 0
    for letters, digits in _CELL.findall(xml):
        columns = max(columns, _column_number(letters))
        rows = max(rows, int(digits))
    if columns * rows > MAX_CELLS:
        raise _too_big(f"a sheet that spans {rows} rows x {columns} columns")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_big(found: str) -> UnreadableError:
    return UnreadableError(found, f"at most {MAX_CELLS:,} cells a sheet", "Delete the empty rows and columns beyond the answers, or export as CSV.")


def _in_child(content: bytes) -> list[dict[str, Any]]:
    command = [sys.executable, "-I", str(_CHILD), str(MEMORY_MEGABYTES), str(SECONDS)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS * 2, check=False, env={})
    except subprocess.TimeoutExpired as error:
        raise UnreadableError("a workbook that cannot be read in time", "a workbook of usual size", "Export the answers as CSV.") from error
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or [f"its reader ended with status {done.returncode}"]
        raise UnreadableError(f"a workbook that cannot be read ({reason[0][:200]})", "a whole XLSX file", "Save it again as XLSX, or export as CSV.")
    answer: list[dict[str, Any]] = json.loads(done.stdout)
    return answer
