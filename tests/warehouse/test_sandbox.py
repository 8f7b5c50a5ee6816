"""The sandbox: what a workbook or Parquet file holds comes out as text, and no file does harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from programme.problems import UnreadableError
from tests.tasks.ingest.workbook_parts import formula_cell, row, sheet, text_cell, workbook
from warehouse.sandbox import OpenedSheet, child, open_in_sandbox, process

CELLS = 10_000_000


def opened(content: bytes, kind: str = "xlsx", cells: int = CELLS) -> list[OpenedSheet]:
    return open_in_sandbox(kind, content, max_cells=cells)  # type: ignore[arg-type]


def parquet(frame: pl.DataFrame) -> bytes:
    sink = io.BytesIO()
    frame.write_parquet(sink)
    return sink.getvalue()


TWO_CORNERS = sheet(row(1, text_cell("A1", "gcom_id")) + row(1048576, text_cell("XFD1048576", "x")))
FAR_ROW = sheet(
    row(1, text_cell("A1", "a") * 300) + row(1048576, b"<c><v>1</v></c>", text_cell("ZZZ2", "far"))
)
HUGE = sheet(b"<row>" + b" " * (210 * 2**20) + b"</row>")
LAUGHS = sheet(
    row(1, text_cell("A1", "&b;")),
    start=b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
)
OUTSIDE = sheet(
    row(1, text_cell("A1", "&a;")),
    start=b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
)
REFUSED: dict[str, tuple[bytes, str]] = {
    "cells at both ends of the sheet": (workbook(TWO_CORNERS), "spans 1048576 rows"),
    "cells without a place": (workbook(FAR_ROW), "spans"),
    "unpacks to 210 MB": (workbook(HUGE), "unpacks to 210 MB"),
    "entities within entities": (workbook(LAUGHS), "cannot be read"),
    "an entity from outside": (workbook(OUTSIDE), "cannot be read"),
    "an archive of something else": (workbook(b"").replace(b"xl/", b"zz/"), "no XLSX workbook"),
    "XML cut short": (workbook(sheet(b"<row r=")[:-30]), "cannot be read"),
    "no workbook part": (workbook(sheet(b""), **{"xl/workbook.xml": b""}), "cannot be read"),
    "no archive": (b"PK\x03\x04damaged", "a damaged workbook"),
    "more parts than any workbook": (
        workbook(sheet(b""), **{f"x{n}": b"" for n in range(5001)}),
        "5000 parts",
    ),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_workbooks_that_would_kill_their_reader(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableError, match=said) as caught:
        opened(content)
    assert "root:" not in str(caught.value)
    assert caught.value.expected
    assert caught.value.remedy


def test_the_span_allowed_is_counted_from_the_first_cell_to_the_last() -> None:
    content = workbook(sheet(row(3, text_cell("D3", "x"))))
    assert opened(content, cells=12)[0].rows[2][3] == "x"
    with pytest.raises(UnreadableError, match="spans 3 rows x 4 columns"):
        opened(content, cells=11)


def test_a_parquet_file_of_too_many_cells_is_refused_before_it_is_read() -> None:
    content = parquet(pl.DataFrame({"a": [1, 2, 3], "b": ["x", None, "z"]}))
    assert opened(content, "parquet", 6)[0].rows == [["a", "b"], ["1", "x"], ["2", None], ["3", "z"]]
    with pytest.raises(UnreadableError, match="a table that spans 3 rows x 2 columns"):
        opened(content, "parquet", 5)


def test_a_damaged_parquet_file_is_refused() -> None:
    with pytest.raises(UnreadableError, match="a Parquet file that cannot be read"):
        opened(b"PAR1damagedPAR1", "parquet")


def test_a_reader_that_dies_is_a_problem_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(process.MEMORY_MEGABYTES, "xlsx", 600)
    with pytest.raises(UnreadableError, match="does not survive"):
        opened(workbook(TWO_CORNERS), cells=10**12)


def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SECONDS", 0.0001)
    with pytest.raises(UnreadableError, match="in time"):
        opened(workbook(sheet(row(1, text_cell("A1", "x")))))


def test_the_reader_is_given_nothing_of_our_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}
    real = process.subprocess.run

    def spy(command: Sequence[str], **options: object) -> object:
        seen.update(options, command=command)
        return real(command, **options)  # type: ignore[call-overload]

    monkeypatch.setenv("CITY2CITY_DATABASE_URL", "postgresql://user:secret@host/db")
    monkeypatch.setattr(process.subprocess, "run", spy)
    opened(workbook(sheet(row(1, text_cell("A1", "x")))))
    assert "secret" not in str(seen["env"])
    assert "-I" in seen["command"]  # type: ignore[operator]


def saved(book: openpyxl.Workbook) -> bytes:
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


FORMULAS = {
    "without a result: its text": ("1+1", "", "=1+1"),
    "with a result: the result": ("1+1", "2", "2"),
    "with characters of XML": ("&quot;a&quot;&amp;B1&lt;3", "", '="a"&B1<3'),
}


@pytest.mark.parametrize(("formula", "result", "text"), FORMULAS.values(), ids=FORMULAS)
def test_a_formula_is_its_result_or_its_text(formula: str, result: str, text: str) -> None:
    content = workbook(sheet(row(1, text_cell("A1", "x"), formula_cell("B1", formula, result))))
    assert opened(content)[0].rows == [["x", text]]


def test_formulas_are_written_into_the_sheet_they_stand_in() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Second"
    book.create_sheet("First", 0).append(["=1+1", "a"])
    book["Second"].append(["b", "=2+2"])
    assert [(sheet.name, sheet.rows) for sheet in opened(saved(book))] == [
        ("First", [["=1+1", "a"]]),
        ("Second", [["b", "=2+2"]]),
    ]


def test_a_workbook_that_hides_which_part_is_which_sheet_keeps_its_values() -> None:
    content = workbook(
        sheet(row(1, text_cell("A1", "x"), formula_cell("B1", "1+1", "2"))),
        **{"xl/worksheets/other.xml": b"<f"},
    )
    assert opened(content)[0].rows == [["x", "2"]]


def test_a_merged_range_is_filled_unless_it_covers_a_whole_sheet() -> None:
    small = b'<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
    large = b'<mergeCells count="1"><mergeCell ref="A1:B5001"/></mergeCells>'
    rows = row(1, text_cell("A1", "x")) + row(2, text_cell("C2", "y"))
    assert opened(workbook(sheet(rows, end=small)))[0].rows == [["x", "x", ""], ["x", "x", "y"]]
    assert opened(workbook(sheet(rows, end=large)))[0].rows == [["x", "", ""], ["", "", "y"]]


def test_hidden_sheets_are_named_so_and_charts_are_no_sheets() -> None:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True}) as book:
        book.add_worksheet("Seen").write(0, 0, "x")
        book.add_worksheet("Hidden").hide()
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Seen!$A$1:$A$1"})
        book.add_chartsheet("Chart").set_chart(chart)
    assert [(sheet.name, sheet.visible) for sheet in opened(sink.getvalue())] == [
        ("Seen", True),
        ("Hidden", False),
    ]


TEXTS: dict[str, tuple[object, str]] = {
    "a whole number": (17.0, "17"),
    "three decimals keep their point": (250.125, "250.1250"),
    "two decimals": (60.25, "60.25"),
    "beyond whole numbers": (1e20, "1e+20"),
    "yes": (True, "true"),
    "no": (False, "false"),
    "text": (" x ", " x "),
}


@pytest.mark.parametrize(("value", "text"), TEXTS.values(), ids=TEXTS)
def test_a_cell_as_text(value: object, text: str) -> None:
    assert child.cell_text(value) == text


def test_dates_and_times_of_a_workbook_are_iso_8601() -> None:
    book = openpyxl.Workbook()
    values = pl.Series(["2025-08-01 10:15:00"]).str.to_datetime()
    book.active.append([values[0], values.dt.date()[0], values.dt.time()[0]])
    assert opened(saved(book))[0].rows == [["2025-08-01T10:15:00", "2025-08-01", "10:15:00"]]


def test_lists_and_records_of_a_parquet_file_stay_what_they_are() -> None:
    frame = pl.DataFrame({"a": [["x", "y"]], "b": [{"name": "n", "day": None}]})
    assert opened(parquet(frame), "parquet")[0].rows == [["a", "b"], [["x", "y"], {"name": "n", "day": None}]]


def test_more_text_than_any_export_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MAX_TEXT", 3)
    with pytest.raises(ValueError, match="more text"):
        child.read_workbook(workbook(sheet(row(1, text_cell("A1", "four")))), CELLS)


def test_an_archive_without_its_directory_is_damaged() -> None:
    whole = workbook(sheet(b""))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        cut = whole[: archive.start_dir]
    with pytest.raises(UnreadableError, match="a damaged workbook"):
        opened(cut)
