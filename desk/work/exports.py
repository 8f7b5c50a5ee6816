"""The tables of a version as files for other programs: XLSX, CSV, Parquet.

Belongs here: writing them so that no cell is taken for a formula. Must stay out: which tables there are
(`warehouse/dictionary`).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime

import polars as pl

from warehouse.escapes import csv_cell, workbook_cell

Kind = str
TYPES: dict[Kind, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
MADE = datetime(2025, 7, 1)  # noqa: DTZ001  (a workbook's date has no zone)
"""The date that every workbook carries, so that the same table is the same file."""
WIDEST = 60


def as_csv(frame: pl.DataFrame) -> bytes:
    """A table as CSV with a BOM, which spreadsheets need to read UTF-8; texts cannot become formulas."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    safe = frame.with_columns(
        pl.col(name).map_elements(csv_cell, return_dtype=pl.String, skip_nulls=True) for name in texts
    )
    buffer = io.BytesIO()
    safe.write_csv(buffer, include_bom=True)
    return buffer.getvalue()


def as_workbook(title: str, tables: Mapping[str, pl.DataFrame]) -> bytes:
    """Tables as an XLSX workbook, a sheet each; every text is written as a text."""
    import xlsxwriter  # noqa: PLC0415  (only what writes workbooks needs it)

    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"title": workbook_cell(title), "author": "City2City", "created": MADE})
    heading = book.add_format({"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF"})
    for name, frame in tables.items():
        sheet = book.add_worksheet(name[:31])
        for column, text in enumerate(frame.columns):
            sheet.write_string(0, column, text, heading)
            longest = max(
                (len(str(value)) for value in frame[text].head(200) if value is not None), default=0
            )
            sheet.set_column(column, column, min(WIDEST, max(len(text), longest) + 2))
        for row, cells in enumerate(frame.iter_rows(), 1):
            for column, value in enumerate(cells):
                _write(sheet, row, column, value)
        sheet.freeze_panes(1, 0)
        if frame.height:
            sheet.autofilter(0, 0, frame.height, len(frame.columns) - 1)
    book.close()
    return content.getvalue()


def _write(sheet: object, row: int, column: int, value: object) -> None:
    """A cell of its kind; moments and days as ISO text, which no program reads in another way."""
    if value is None:
        return
    writer = sheet
    if isinstance(value, bool):
        writer.write_boolean(row, column, value)  # type: ignore[attr-defined]
    elif isinstance(value, int | float):
        writer.write_number(row, column, value)  # type: ignore[attr-defined]
    else:
        text = value.isoformat() if isinstance(value, date | datetime) else value
        writer.write_string(row, column, workbook_cell(text))  # type: ignore[attr-defined]
