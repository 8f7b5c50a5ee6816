"""Reads one workbook or Parquet file: bytes on the standard input, JSON on the standard output.

Belongs here: what runs inside the sandbox's process. It is started by its path, as `python -I child.py KIND
MEGABYTES SECONDS CELLS`, and imports only the reader it needs, so that it starts in a few hundredths of a
second. Must stay out: any import of ours, any file access.
"""

from __future__ import annotations

import io
import itertools
import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

Rows = list[list[str]]
_FILLED_CELL = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br\s*=\s*["\']([A-Z]{1,3})(\d{1,9})["\'][^>]*(?<!/)>\s*<(?!/)'
)
"""A cell that holds something; a format alone makes no cell, and costs its reader nothing."""
_UNPLACED_CELL = re.compile(rb"<(?:\w+:)?c(?:\s(?![^>]*\br\s*=)[^>]*)?(?<!/)>\s*<(?!/)")
"""A cell that holds something and does not say where it stands: its row and the cells before it place it."""
_CELL_OR_ROW = re.compile(rb'<(?:\w+:)?(?:c|row)\s[^>]*?\br\s*=\s*["\']([A-Z]{0,3})(\d{1,9})["\']')
_ROW = re.compile(rb"<(?:\w+:)?row[\s>]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]{1,20})</',
    re.DOTALL,
)
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d{1,7})"')
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a workbook writes a character that XML cannot hold; _x005F_ stands for an underscore."""
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?>([^<]+)</'
)
MAX_TEXT = 300 * 2**20
"""Letters all cells together may hold: the program that started this process must hold them too."""
MAX_MERGED_CELLS = 10_000
"""Cells a merged range may cover to be filled with its value.

A title that is merged over a whole sheet says nothing about its rows.
"""


def limit_process(megabytes: int, seconds: int) -> None:
    """Bound memory and processor time of this process, and forbid a core file."""
    size = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def usual_names(content: bytes) -> bytes:
    """The workbook with `/` between the names of its parts; some Windows programs write `\\`."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if not any("\\" in name for name in archive.namelist()):
            return content
        mended = io.BytesIO()
        with zipfile.ZipFile(mended, "w") as copy:
            for item in archive.infolist():
                copy.writestr(item.filename.replace("\\", "/"), archive.read(item))
    return mended.getvalue()


def sheets_xml(content: bytes) -> dict[str, bytes]:
    """The XML of every worksheet, by the name of its part."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name: archive.read(name)
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        }


def _part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name) if name in archive.namelist() else b""


def check_span(xml: bytes, max_cells: int) -> None:
    """Raise `ValueError` for a sheet whose filled cells span more than `max_cells`.

    Its reader would lay out all of them, filled or not.
    """
    some_unplaced = _UNPLACED_CELL.search(xml) is not None
    placed = (_CELL_OR_ROW if some_unplaced else _FILLED_CELL).findall(xml)
    width = max(map(_column_number, {letters for letters, _ in placed}), default=1)
    height = max(map(int, {digits for _, digits in placed}), default=0)
    if some_unplaced:
        rows = _ROW.split(xml)[1:]
        width = max([width, *(len(_CELL.findall(row)) for row in rows)])
        height = max(height, len(rows))
    if width * height > max_cells:
        raise ValueError(f"a sheet that spans {height} rows x {width} columns")


def spans_at_most(xml: bytes, max_cells: int) -> bool:
    """Whether a sheet is small enough to be laid out."""
    try:
        check_span(xml, max_cells)
    except ValueError:
        return False
    return True


def hidden_parts(content: bytes, parts: list[str]) -> set[str]:
    """The parts of the sheets that the workbook hides."""
    tags = re.findall(rb"<(?:\w+:)?sheet\s[^>]*>", _part(content, "xl/workbook.xml"))
    hides = [re.search(rb'\bstate\s*=\s*["\'](?:hidden|veryHidden)', tag) is not None for tag in tags]
    return {part for part, is_hidden in zip(parts, hides, strict=True) if is_hidden}


def counts_from_1904(content: bytes) -> bool:
    """Whether the workbook counts days from 1904."""
    book = _part(content, "xl/workbook.xml")
    return re.search(rb'<(?:\w+:)?workbookPr\s[^>]*\bdate1904\s*=\s*["\'](?:1|true)', book) is not None


def sheet_parts(content: bytes) -> list[str]:
    """The part of each sheet in the order of the workbook; "" where the workbook does not name it.

    The workbook lists its sheets by the ids of relations, and another part says which part each relation
    means.
    """
    book, relations = _part(content, "xl/workbook.xml"), _part(content, "xl/_rels/workbook.xml.rels")
    targets = {}
    for tag in re.findall(rb"<(?:\w+:)?Relationship\s[^>]*>", relations):
        key, target = (re.search(name + rb'\s*=\s*"([^"]*)"', tag) for name in (rb"\bId", rb"\bTarget"))
        if key and target:
            targets[key[1]] = "xl/" + target[1].decode().removeprefix("/xl/").removeprefix("/")
    ids = [
        re.search(rb'\b(?:\w+:)?id\s*=\s*"([^"]*)"', tag)
        for tag in re.findall(rb"<(?:\w+:)?sheet\s[^>]*>", book)
    ]
    return [targets.get(found[1], "") if found else "" for found in ids]


def fill_formulas(rows: Rows, xml: bytes) -> None:
    """Write each formula that was saved without its result as the text it is.

    A form tool takes an answer that begins with "=" for a formula. Nothing is computed; a formula with a
    saved result stays that result.
    """
    from html import unescape  # noqa: PLC0415  only workbooks with formulas need it

    for letters, digits, formula in _FORMULA.findall(xml):
        row, column = int(digits) - 1, _column_number(letters) - 1
        if row < len(rows):
            rows[row].extend([""] * (column + 1 - len(rows[row])))
            rows[row][column] = rows[row][column] or "=" + unescape(formula.decode("utf-8", "replace"))


def fill_errors(rows: Rows, xml: bytes) -> None:
    """Write each error of a spreadsheet (#NAME?) as the text it shows; its reader leaves the cell blank."""
    for letters, digits, shown in _ERROR_CELL.findall(xml):
        row, column = int(digits) - 1, _column_number(letters) - 1
        if row < len(rows):
            rows[row].extend([""] * (column + 1 - len(rows[row])))
            rows[row][column] = rows[row][column] or shown.decode("utf-8", "replace")


def hidden_rows(rows: Rows, xml: bytes) -> list[list[str]]:
    """The note on filled rows that a filter or a person hides: they are read like any other."""
    numbers = [int(digits) for digits in _HIDDEN_ROW.findall(xml)]
    filled = [number for number in numbers if number <= len(rows) and any(rows[number - 1])]
    if not filled:
        return []
    shown = ", ".join(map(str, filled[:10])) + (", ..." if len(filled) > 10 else "")
    sentence = f"Hidden rows were read like the others: {shown}. Delete them if they do not count."
    return [["rows_visible", sentence]]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def cell_text(value: Any) -> str:
    """One cell as text.

    A number is written so that its point cannot be taken for a thousands mark later: 250.125 becomes
    "250.1250".
    """
    if isinstance(value, str):
        return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
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


def read_workbook(content: bytes, max_cells: int) -> list[dict[str, Any]]:
    """Every worksheet: its name, whether it is visible, its rows as text with merged ranges filled.

    A hidden sheet that is too large is left out, so that it never stops the reading of a visible one.
    """
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415  only what this file needs

    content = usual_names(content)
    xml, parts, from_1904 = sheets_xml(content), sheet_parts(content), counts_from_1904(content)
    hidden = hidden_parts(content, parts)
    for name, part in xml.items():
        if name not in hidden:
            check_span(part, max_cells)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets, n_letters = [], 0
    for index, about in enumerate(book.sheets_metadata):
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        part = xml.get(parts[index], b"") if index < len(parts) else b""
        visible = about.visible is SheetVisibleEnum.Visible
        if part and parts[index] in hidden and not spans_at_most(part, max_cells):
            continue
        sheet = book.get_sheet_by_index(index)
        rows = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        if b"<f" in part or b":f" in part:
            fill_formulas(rows, part)
        if b't="e"' in part:
            fill_errors(rows, part)
        fill_merged(rows, sheet.merged_cell_ranges or [])
        n_letters += sum(map(len, itertools.chain.from_iterable(rows)))
        if n_letters > MAX_TEXT:
            raise ValueError("more text than any export has")
        notes = hidden_rows(rows, part) if visible else []
        sheets.append(
            {"name": about.name, "visible": visible, "rows": rows, "date_1904": from_1904, "notes": notes}
        )
    return sheets


def fill_merged(rows: Rows, ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Write the value of a merged range into each of its cells.

    To the person who merged the cells, the value stands in all of them. A range is given by the (row, column)
    of its first and of its last cell, from 0.
    """
    for (top, left), (bottom, right) in ranges:
        n_cells = (bottom - top + 1) * (right - left + 1)
        if n_cells <= MAX_MERGED_CELLS and top < len(rows) and left < len(rows[top]):
            for row in rows[top : bottom + 1]:
                row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])


def read_parquet(content: bytes, max_cells: int) -> list[dict[str, Any]]:
    """The one table of a Parquet file as rows of text under its headings."""
    import polars as pl  # noqa: PLC0415  only what this file needs

    height = pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item()
    width = len(pl.read_parquet_schema(io.BytesIO(content)))
    if height * width > max_cells:
        raise ValueError(f"a table that spans {height} rows x {width} columns")
    frame = pl.read_parquet(io.BytesIO(content))
    rows = [list(frame.columns), *([json_value(value) for value in row] for row in frame.iter_rows())]
    return [{"name": "", "visible": True, "rows": rows}]


def json_value(value: Any) -> Any:
    """A value of a Parquet cell as JSON can carry it: text, or lists and records."""
    if value is None or isinstance(value, list | dict):
        return json.loads(json.dumps(value, default=str))
    return cell_text(value)


def main() -> None:
    """Limit this process, read, answer; any failure is one line on the standard error and status 3."""
    kind, megabytes, seconds, max_cells = sys.argv[1], *map(int, sys.argv[2:5])
    content = sys.stdin.buffer.read()
    limit_process(megabytes, seconds)
    try:
        sheets = {"xlsx": read_workbook, "parquet": read_parquet}[kind](content, max_cells)
        json.dump(sheets, sys.stdout, separators=(",", ":"))
    except Exception as error:  # noqa: BLE001  the readers' own exceptions would have to be loaded to be named
        give_up(error)


def give_up(error: Exception) -> None:
    """Say why in one line, and end with the status that means it was said."""
    sys.stderr.write((str(error) or type(error).__name__).splitlines()[0][:300])
    sys.exit(3)


if __name__ == "__main__":
    main()
