"""How a table of cells becomes a file, byte for byte the same every time.

Belongs here: the few formats the samples are written in. Must stay out: what is in the cells.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter

Cell = str | int | float | datetime | None
Rows = Sequence[dict[str, Cell]]

CREATED = datetime(2025, 7, 1)  # noqa: DTZ001 - workbook properties have no zone; a fixed date keeps the bytes the same
ABOUT = (
    "Invented sample data of City2City.",
    "The cities are real (name, country, position and population: GeoNames, CC BY 4.0). Everything else is "
    "invented:",
    "no city named here sent these answers, and nothing is said about whether it joined a cohort or signed "
    "a covenant.",
    "See README.md in the samples folder.",
)


def as_csv(rows: Rows, separator: str, encoding: str) -> bytes:
    """A CSV file; `encoding` as Python names it, with a byte order mark for `utf-8-sig` and `utf-16-le`.

    Raises `UnicodeEncodeError` rather than lose a letter.
    """
    text = io.StringIO("\ufeff" if encoding == "utf-16-le" else "", newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def as_json(rows: Rows) -> bytes:
    """A JSON file of records, one a line so that a change shows as one line."""
    lines = ",\n".join(" " + json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n".encode()


def as_xlsx(rows: Rows, sheet: str) -> bytes:
    """An XLSX workbook: the data sheet first, then `About`, which says that all is invented.

    Texts stay texts, also those that begin with `=`.
    """
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(
            {"title": "Invented sample data", "author": "City2City samples", "created": CREATED}
        )
        moments = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        data = book.add_worksheet(sheet)
        data.write_row(0, 0, list(rows[0]))
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row.values()):
                _write(data, number, column, cell, moments)
        book.add_worksheet("About").write_column(0, 0, ABOUT)
    return buffer.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    cell: Cell,
    moments: xlsxwriter.format.Format,
) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell, moments)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell)
    else:
        sheet.write_number(row, column, cell)
