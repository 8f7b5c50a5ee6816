"""Files of every kind, encoding, separator and line end read the same."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from programme.problems import ProblemsError, UnreadableError
from tasks.ingest.files import read_grid
from tasks.ingest.files.delimited import _read_with_polars, read_delimited
from tasks.ingest.files.grid import frame_from_rows
from tasks.ingest.files.split_text import split_text

ROWS = [
    {
        "gcom_id": "1",
        "name": "Córdoba, Ciudad de",
        "country": "Argentina",
        "population": "1.391.000",
        "region": 'the "old" one; west',
    },
    {"gcom_id": "2", "name": "Malmö", "country": "Sweden", "population": "344166", "region": "two\nlines"},
    {"gcom_id": "3", "name": "Łódź", "country": "Poland", "population": "", "region": ""},
]
EXPECTED = [
    ("1", "Córdoba, Ciudad de", "ARG", 1391000),
    ("2", "Malmö", "SWE", 344166),
    ("3", "Łódź", "POL", None),
]


def essence(table: object) -> list[tuple[object, ...]]:
    return table.frame.select("gcom_id", "name", "country_iso3", "population").rows()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_delimited_text(
    read: Callable[..., object], as_csv: Callable[..., str], separator: str, ends: str, encoding: str
) -> None:
    text = as_csv(ROWS, separator).replace("\r\n", "\n").replace("\n", ends)
    assert essence(read(text.encode(encoding), "gcom")) == EXPECTED


def test_windows_1252(read: Callable[..., object], as_csv: Callable[..., str]) -> None:
    table = read(as_csv(ROWS[:2], ";").encode("cp1252"), "gcom")
    assert essence(table) == EXPECTED[:2]
    assert (table.passport.encoding, table.passport.separator) == ("Windows-1252", ";")  # type: ignore[attr-defined]


def test_a_cell_of_windows_1252_pasted_into_utf_8(read: Callable[..., object]) -> None:
    content = (
        b"gcom_id,name,country\n"
        + "".join(f"{n},Łódź,PL\n" for n in range(9)).encode()
        + "9,Malmö,SE\n".encode("cp1252")
    )
    table = read(content, "gcom")
    assert table.frame["name"].to_list() == ["Łódź"] * 9 + ["Malmö"]  # type: ignore[attr-defined]
    assert table.passport.encoding == "UTF-8 with some Windows-1252"  # type: ignore[attr-defined]


def test_the_line_that_names_the_separator_is_no_heading(
    read: Callable[..., object], as_csv: Callable[..., str]
) -> None:
    assert essence(read("sep=;\r\n" + as_csv(ROWS, ";"), "gcom")) == EXPECTED


def test_json_records_bare_wrapped_and_by_line(read: Callable[..., object]) -> None:
    for text in (
        json.dumps(ROWS),
        json.dumps({"count": 3, "results": ROWS}),
        "\n".join(json.dumps(row) for row in ROWS),
    ):
        assert essence(read(text, "gcom", "gcom.json")) == EXPECTED


NOT_ALL = {
    "pages, deeper": {"meta": {"pagination": {"total_pages": 3, "current_page": 1}}},
    "elements and pages": {"totalPages": 3, "totalElements": 9, "last": False},
    "not the last page": {"isLast": False},
    "cut off": {"IsTruncated": True},
    "an offset to go on from": {"offset": "itrX/recY"},
    "a page before this one": {"count": 3, "previous": "https://example.org?page=1", "next": None},
    "found more": {"numFound": 8, "start": 0},
    "a page that is full": {"resultSet": {"offset": 0, "limit": 3, "count": 3}},
    "a token": {"nextPageToken": "abc"},
    "a link beside, likes of other lists": {"links": {"next": "https://example.org?page=2"}, "errors": []},
}
ALL = {
    "no more": {"has_more": False, "next": None, "previous": None, "nextPageToken": ""},
    "all of them": {"total": 3, "limit": 3, "offset": 0},
    "the last page": {"totalPages": 1, "last": True, "isLast": True},
    "a form of several pages in another zone": {"form": {"pages": 4, "offset": 120, "complete": False}},
    "a limit above": {"resultSet": {"offset": 0, "limit": 1000, "count": 3}},
}


@pytest.mark.parametrize("beside", NOT_ALL.values(), ids=NOT_ALL)
def test_a_page_of_an_interface_that_is_not_all_stops(read: Callable[..., object], beside: Any) -> None:
    with pytest.raises(ProblemsError, match="one page of answers, 3 "):
        read(json.dumps({**beside, "data": ROWS}), "gcom", "gcom.json")


@pytest.mark.parametrize("beside", ALL.values(), ids=ALL)
def test_an_answer_of_an_interface_that_is_all_is_read(read: Callable[..., object], beside: Any) -> None:
    assert essence(read(json.dumps({**beside, "data": ROWS}), "gcom", "gcom.json")) == EXPECTED


def test_parquet_keeps_its_numbers(read: Callable[..., object]) -> None:
    frame = pl.DataFrame(ROWS).with_columns(
        pl.Series("population", [1391000.0, 344166.125, None]), pl.Series("latitude", [-31.125, 55.6, None])
    )
    sink = io.BytesIO()
    frame.write_parquet(sink)
    table = read(sink.getvalue(), "gcom", "gcom.parquet")
    assert table.frame["population"].to_list() == [1391000, 344166, None]  # type: ignore[attr-defined]
    assert table.frame["latitude"].to_list() == [-31.125, 55.6, None]  # type: ignore[attr-defined]


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True}) as book:
        fill(book)
    return sink.getvalue()


def write(sheet: object, rows: list[list[object]], top: int = 0) -> None:
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(top + number, column, value)  # type: ignore[attr-defined]


TABLE: list[list[object]] = [list(ROWS[0]), *(list(row.values()) for row in ROWS)]


def test_workbook_with_several_sheets_titles_merged_and_hidden_columns(read: Callable[..., object]) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        write(book.add_worksheet("Notes"), [["Nothing here", "that is an answer"]])
        sheet = book.add_worksheet("Export")
        sheet.merge_range(0, 0, 0, 4, "Signatories, exported on 1 August 2025")
        write(sheet, [["3 rows"]], 1)
        write(sheet, TABLE, 3)
        sheet.merge_range(7, 2, 8, 2, "Norway")
        write(sheet, [["4", "Bergen"], ["5", "Oslo"]], 7)
        sheet.set_column(2, 3, None, None, {"hidden": True})
        book.add_worksheet("Lists").hide()

    table = read(workbook(fill), "gcom", "gcom.xlsx")
    assert essence(table) == [*EXPECTED, ("4", "Bergen", "NOR", None), ("5", "Oslo", "NOR", None)]
    assert table.passport.sheet == "Export"  # type: ignore[attr-defined]
    assert "Notes" in table.findings["message"][0]  # type: ignore[attr-defined]
    assert "Lists" not in table.findings["message"][0]  # type: ignore[attr-defined]
    assert table.frame["row"].to_list() == [5, 6, 7, 8, 9]  # type: ignore[attr-defined]


def test_numbers_and_dates_of_a_workbook_are_read_as_stored(read: Callable[..., object]) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        write(
            sheet,
            [
                ["gcom_id", "name", "country", "population", "latitude", "signed_on"],
                [17, "Turku", "FI", 250.125, 60.125, None],
            ],
        )
        sheet.write_datetime(
            1, 5, pl.Series(["2015-03-02"]).str.to_date()[0], book.add_format({"num_format": "d/m/yyyy"})
        )

    row = read(workbook(fill), "gcom", "gcom.xlsx").frame.row(0, named=True)  # type: ignore[attr-defined]
    assert (row["gcom_id"], row["population"], row["latitude"], str(row["signed_on"])) == (
        "17",
        None,
        60.125,
        "2015-03-02",
    )


def test_an_answer_that_was_saved_as_a_formula_stays_the_text_it_is(read: Callable[..., object]) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Before", 0).append(["=1+1"])
    book["Sheet"].append(["gcom_id", "name", "country", "region", "population"])
    book["Sheet"].append(
        ["1", '=HYPERLINK("http://example.org","click") <b>&amp;</b>', "FI", "=cmd|' /C calc'!A0", "=1+1"]
    )
    sink = io.BytesIO()
    book.save(sink)
    row = read(sink.getvalue(), "gcom", "gcom.xlsx").frame.row(0, named=True)  # type: ignore[attr-defined]
    assert row["name"] == '=HYPERLINK("http://example.org","click") <b>&amp;</b>'
    assert (row["region"], row["population"]) == ("=cmd|' /C calc'!A0", None)


def test_a_formula_saved_with_its_result_is_the_result(read: Callable[..., object]) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        write(sheet, [["gcom_id", "name", "country", "population"], ["1", "Turku", "FI"]])
        sheet.write_formula(1, 3, "=190000+5000", None, 195000)

    assert read(workbook(fill), "gcom", "gcom.xlsx").frame["population"].to_list() == [195000]  # type: ignore[attr-defined]


def test_only_a_hidden_sheet_holds_something(read: Callable[..., object]) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Empty").activate()
        sheet = book.add_worksheet("Data")
        write(sheet, TABLE)
        sheet.hide()

    assert essence(read(workbook(fill), "gcom", "gcom.xlsx")) == EXPECTED


def hidden_beside(visible: list[list[object]]) -> bytes:
    def fill(book: xlsxwriter.Workbook) -> None:
        write(book.add_worksheet("Seen"), visible)
        sheet = book.add_worksheet("Unseen")
        write(sheet, [*TABLE[:1], ["9", "Oslo", "Norway"]])
        sheet.hide()

    return workbook(fill)


def test_a_like_sheet_that_is_hidden_is_not_read_but_named(read: Callable[..., Any]) -> None:
    table = read(hidden_beside(TABLE), "gcom", "gcom.xlsx")
    assert essence(table) == EXPECTED
    assert "Hidden sheet 'Unseen' was not read" in table.findings["message"][0]


def test_a_hidden_sheet_is_read_where_the_visible_ones_hold_nothing_of_the_input(
    read: Callable[..., Any],
) -> None:
    table = read(hidden_beside([["About this export"]]), "gcom", "gcom.xlsx")
    assert [row[:2] for row in essence(table)] == [("9", "Oslo")]
    assert "Hidden sheet 'Unseen' was read" in table.findings["message"][0]


NOT_READ = [
    ("empty", b"", "empty"),
    ("blank", b"\xef\xbb\xbf \r\n", "empty"),
    ("PDF", b"%PDF-1.7 ...", "a PDF"),
    ("old Excel", b"\xd0\xcf\x11\xe0" + b"\0" * 99, "old Excel"),
    ("a web page", b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
    ("an image", b"\x89PNG\r\n\x1a\n", "an image"),
    ("damaged workbook", b"PK\x03\x04damaged", "damaged workbook"),
    ("damaged Parquet", b"PAR1damagedPAR1", "Parquet"),
    ("broken JSON", b'[{"gcom_id": 1, ', "JSON"),
    ("numbers, not records", b'[1, 2, {"a": "b"}]', "JSON"),
    ("quotation never closed", b'gcom_id,name,country\n1,"Turku,FI\n2,Oslo,NO\n', "quotation"),
    ("headings unknown", b"a,b,c\n1,2,3\n", "no column 'gcom_id'"),
    ("too many columns", b"x," * 5000 + b"\n", "columns"),
    ("deep JSON", b"[" * 200_000 + b"]" * 200_000, "JSON"),
]


@pytest.mark.parametrize(
    ("content", "said"), [case[1:] for case in NOT_READ], ids=[case[0] for case in NOT_READ]
)
def test_what_cannot_be_read_is_one_clear_problem(
    read: Callable[..., object], content: bytes, said: str
) -> None:
    with pytest.raises(ProblemsError, match=said) as caught:
        read(content, "gcom", "gcom.json" if said == "JSON" else "gcom.csv")
    assert all(problem.where.startswith("gcom.") and problem.remedy for problem in caught.value.problems)


def test_content_outranks_the_name(as_csv: Callable[..., str]) -> None:
    assert read_grid.detect_format(as_csv(ROWS).encode(), "gcom.xlsx") == "csv"
    assert read_grid.detect_format(b'[{"a": 1}]', "gcom.csv") == "json"
    with pytest.raises(UnreadableError):
        read_grid.detect_format(b"\x7fELF....", "gcom.csv")


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8))
def test_both_readers_of_delimited_text_agree(rows: list[list[str]]) -> None:
    text = "\n".join(",".join('"' + value.replace('"', '""') + '"' for value in row) for row in rows) + "\n"
    fast, slow = _read_with_polars(text, ","), frame_from_rows(split_text(text, ",").rows)
    assert fast is not None
    assert (
        [[cell or "" for cell in row] for row in fast.rows()]
        == [[cell or "" for cell in row] for row in slow.rows()]
        == rows
    )


QUOTED = [
    ("quoted and more", '1,"Old" Town,FI', "Old Town"),
    ("inches", '1,5" pipe,FI', '5" pipe'),
    ("blanks before the mark", '1, "Old, Town", FI', "Old, Town"),
    ("inner marks", '1,St "Old" Town,FI', 'St "Old" Town'),
    ("blanks behind the mark", '1,"Old" ,FI', "Old"),
    ("lines", '1,"Old\nTown",FI', "Old Town"),
]


@pytest.mark.parametrize(("line", "name"), [case[1:] for case in QUOTED], ids=[case[0] for case in QUOTED])
def test_quotation_marks_as_people_set_them(read: Callable[..., object], line: str, name: str) -> None:
    table = read(f"gcom_id,name,country\n{line}\n2,Oslo,NO\n", "gcom")
    assert table.frame["name"].to_list() == [name, "Oslo"]  # type: ignore[attr-defined]


def test_a_row_keeps_the_number_a_person_sees() -> None:
    grid = read_delimited(b"gcom_id,name,country\n\n1,Turku,FI\n,,\n2,Oslo,NO\n")
    assert dict(zip(grid.numbers.to_list(), grid.cells["c0"].to_list(), strict=True)) == {
        1: "gcom_id",
        3: "1",
        5: "2",
    }


def test_rows_of_uneven_length(read: Callable[..., object]) -> None:
    table = read("gcom_id,name,country,region\n1,Turku,FI\n2,Oslo,NO,x,too,many\n3,Bergen,NO,,,\n", "gcom")
    assert table.frame["gcom_id"].to_list() == ["1", "3"]  # type: ignore[attr-defined]
    assert table.set_aside.select("row", "reason").rows() == [
        (3, "the row has more cells than there are headings, so its cells cannot be told apart")
    ]  # type: ignore[attr-defined]
