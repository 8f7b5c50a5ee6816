"""Workbooks and Parquet, read where they can do no harm.

Belongs here: the separate, limited process that opens them (a workbook of 1.4 KB can kill its reader by
claiming cells at both ends of the sheet), and the checks made before. Must stay out: what headings and cells
mean. This is the one module of the step that starts a process.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

from tasks.ingest.files.grid import MAX_CELLS, UnreadableError

MAX_UNPACKED = 200 * 2**20
"""Bytes a workbook may unpack to; far above any export of a form tool, far below what hurts."""
MEMORY_MEGABYTES = {"xlsx": 2048, "parquet": 4096}
"""Address space of the process; polars reserves some before it reads anything."""
MAX_ENTRIES = 5_000
"""Parts a workbook may have; one of a form tool has about ten."""
_ENTRY = b"PK\x01\x02"
SECONDS = 60
"""Processor time of the process; a realistic round takes a tenth of a second."""
_CHILD = Path(__file__).with_name("isolated_child.py")
_WHAT = {
    "xlsx": ("a workbook", "a whole XLSX file without a password"),
    "parquet": ("a Parquet file", "a whole Parquet file"),
}


class Sheet(NamedTuple):
    """One sheet as rows of cells; of Parquet, cells may be lists or records."""

    name: str
    visible: bool
    rows: list[list[Any]]


def read_isolated(kind: str, content: bytes) -> list[Sheet]:
    """Every sheet of a workbook (`xlsx`), or the table of a Parquet file (`parquet`); raises
    `UnreadableError`.
    """
    if kind == "xlsx":
        _check_archive(content)
    what, expected = _WHAT[kind]
    command = [
        sys.executable,
        "-I",
        str(_CHILD),
        kind,
        str(MEMORY_MEGABYTES[kind]),
        str(SECONDS),
        str(MAX_CELLS),
    ]
    try:
        done = subprocess.run(
            command,
            input=content,
            capture_output=True,
            timeout=SECONDS * 2,
            check=False,
            env={"POLARS_MAX_THREADS": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(
            f"{what} that cannot be read in time", expected, "Export the answers as CSV."
        ) from error
    if done.returncode == 3:
        reason = done.stderr.decode(errors="replace").strip()
        raise UnreadableError(
            f"{what} that cannot be read ({reason[:200]})",
            expected,
            "Save it again, or export the answers as CSV.",
        )
    if done.returncode:
        found = f"{what} that its reader does not survive (status {done.returncode})"
        raise UnreadableError(found, f"{expected} of usual size", "Export the answers as CSV.")
    return [Sheet(item["name"], item["visible"], item["rows"]) for item in json.loads(done.stdout)]


def _check_archive(content: bytes) -> None:
    if content.count(_ENTRY) > MAX_ENTRIES:
        raise UnreadableError(
            f"a workbook of more than {MAX_ENTRIES} parts",
            _WHAT["xlsx"][1],
            "Save it again, or export the answers as CSV.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size, names = sum(item.file_size for item in archive.infolist()), archive.namelist()
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        OverflowError,
    ) as error:
        raise UnreadableError(
            f"a damaged workbook ({error})", _WHAT["xlsx"][1], "Save it again, or export the answers as CSV."
        ) from error
    if not any(name.startswith("xl/") for name in names):
        raise UnreadableError(
            "a ZIP archive that is no XLSX workbook",
            "CSV, XLSX, JSON records or Parquet",
            "Unpack it, or export as XLSX.",
        )
    if size > MAX_UNPACKED:
        remedy = "Delete what is not part of the answers, or export them as CSV."
        raise UnreadableError(
            f"a workbook that unpacks to {size >> 20} MB", f"at most {MAX_UNPACKED >> 20} MB", remedy
        )
