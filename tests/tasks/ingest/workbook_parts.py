"""Small workbooks made part by part, for what no library would write."""

from __future__ import annotations

import io
import zipfile

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(sheet: bytes, **more: bytes) -> bytes:
    """A whole workbook with this worksheet XML in the place of its own."""
    plain = io.BytesIO()
    with xlsxwriter.Workbook(plain, {"in_memory": True}) as book:
        book.add_worksheet("S")
    sink = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = {name: source.read(name) for name in source.namelist()}
        for name, content in (parts | {"xl/worksheets/sheet1.xml": sheet} | more).items():
            archive.writestr(name, content)
    return sink.getvalue()


def sheet(rows: bytes, start: bytes = b"", end: bytes = b"") -> bytes:
    """The XML of a worksheet; `start` stands before it, `end` behind its rows."""
    head = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
    return start + head + rows + b"</sheetData>" + end + b"</worksheet>"


def row(number: int, *cells: bytes) -> bytes:
    return f'<row r="{number}">'.encode() + b"".join(cells) + b"</row>"


def text_cell(place: str, text: str) -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def formula_cell(place: str, formula: str, result: str = "") -> bytes:
    saved = f"<v>{result}</v>" if result else ""
    return f'<c r="{place}"><f>{formula}</f>{saved}</c>'.encode()
