"""Reads one workbook in a process of its own: bytes on the standard input, JSON rows on the standard output.

Belongs here: what runs inside that process, started by path as `python -I spreadsheet_child.py MEGABYTES SECONDS`; it imports only the reader, so
that it starts in a few hundredths of a second. Must stay out: any import of ours, any file access. A workbook that kills its reader kills this.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum


def limit(megabytes: int, seconds: int) -> None:
    """Bound memory and processor time of this process."""
    size = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def text(value: Any) -> str:
    """One cell as text; numbers so that their point cannot be taken for a thousands mark later (see `grid.number_text`)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value == int(value) and abs(value) < 1e15:
            return str(int(value))
        written = repr(value)
        return written + "0" if "e" not in written and len(written.rpartition(".")[2]) == 3 else written
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    return value.isoformat() if isinstance(value, datetime | date | time) else str(value)


def sheets(content: bytes) -> list[dict[str, Any]]:
    """Every visible worksheet: its name, the number of its first row and its rows."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = []
    for index, about in enumerate(book.sheets_metadata):
        if about.typ is SheetTypeEnum.WorkSheet and about.visible is SheetVisibleEnum.Visible:
            rows = book.get_sheet_by_index(index).to_python(skip_empty_area=False)
            found.append({"name": about.name, "rows": [[text(cell) for cell in row] for row in rows]})
    return found


def main() -> None:
    """Read, limit, answer; any failure is one line on the standard error and status 3."""
    content = sys.stdin.buffer.read()
    limit(int(sys.argv[1]), int(sys.argv[2]))
    try:
        json.dump(sheets(content), sys.stdout, ensure_ascii=True, separators=(",", ":"))
    except (CalamineError, ValueError, OSError, OverflowError, MemoryError) as error:
        sys.stderr.write(str(error) or type(error).__name__)
        sys.exit(3)


if __name__ == "__main__":
    main()
