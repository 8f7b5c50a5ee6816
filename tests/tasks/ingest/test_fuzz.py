"""2,600 damaged files of every kind: each is read or refused with a clear problem, and every row that another
reader finds in it is used, set aside, superseded, or the whole file is refused.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from programme.problems import ProblemsError
from tasks.ingest.inputs import Passport, ReadTable

pytestmark = pytest.mark.long

ROWS = [
    {
        "submission_id": f"S{n}",
        "submitted_at": f"{n + 10}/08/2025 10:00",
        "city_name": name,
        "country": country,
        "applicant_type": "Municipality / city",
        "topic_1": "Cooling planning, measures & technologies",
        "population": people,
        "members": "A | 20.000 | adopted; B | 5000 | none",
        "action_aspects": "technical; social",
        "plan_covers_whole_city": "Oui",
        "motivation": 'We "want"\nto, learn; more',
    }
    for n, (name, country, people) in enumerate(
        [
            ("Turku", "Finland", "195 000"),
            ("Córdoba", "Argentina", "1.391.000"),
            ("新北市", "Taiwan, Greater China", "approx. 4,000,000"),
        ]
    )
]


def text(separator: str, encoding: str) -> bytes:
    lines = [list(ROWS[0]), *(list(row.values()) for row in ROWS)]
    return "\r\n".join(
        separator.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines
    ).encode(encoding, "replace")


def parquet() -> bytes:
    sink = io.BytesIO()
    pl.DataFrame(ROWS).write_parquet(sink)
    return sink.getvalue()


def xlsx() -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate([list(ROWS[0]), *(list(row.values()) for row in ROWS)]):
            sheet.write_row(number, 0, line)
    return sink.getvalue()


TEXTS = [
    text(",", "utf-8"),
    text(";", "utf-8-sig"),
    text("\t", "utf-16"),
    text(",", "cp1252"),
    json.dumps(ROWS).encode(),
    json.dumps({"results": ROWS}).encode(),
]
TOKENS = [
    b'"',
    b"\r",
    b"\n",
    b",",
    b";",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"{",
    b"]",
    b"=1+1",
    b"\xe2\x80\xae",
    b"9" * 400,
    b"PK\x03\x04",
    b"PAR1",
    b"null",
    b"\xc3",
]


@st.composite
def damage(draw: st.DrawFn, content: bytes) -> bytes:
    """A content cut, overwritten, or with pieces taken out, put in or doubled, up to four times."""
    data = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(0, len(data) - 1)))
        size = draw(st.integers(0, 40))
        kind = draw(st.sampled_from(["cut", "overwrite", "remove", "insert", "double"]))
        if kind == "cut":
            del data[start:]
        elif kind == "overwrite":
            data[start : start + size] = draw(st.binary(min_size=size, max_size=size))
        elif kind == "remove":
            del data[start : start + size]
        elif kind == "insert":
            data[start:start] = draw(st.sampled_from(TOKENS))
        else:
            data[start:start] = data[start : start + size]
    return bytes(data)


def refused(error: ProblemsError, name: str) -> None:
    """Each problem says what was found, what was expected, where, and what to do."""
    assert error.problems
    assert all(item.found and item.expected and item.remedy and name in item.where for item in error.problems)


CODECS = {"UTF-8": "utf-8", "UTF-8 with BOM": "utf-8-sig", "UTF-16": "utf-16"}


def rows_in(content: bytes, passport: Passport) -> int:
    """Rows below the headings, as the libraries' plain readers count them.

    0 where a plain reader does not survive what is damaged.
    """
    try:
        match passport.format:
            case "Parquet":
                return pl.read_parquet(content).height
            case "JSON":
                whole = json.loads(content)
                return len(whole["results"] if isinstance(whole, dict) else whole)
            case "XLSX":
                book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
                return _below_headings(book.worksheets[0].iter_rows(values_only=True))
            case _:
                encoding = passport.encoding or "UTF-8"
                text = content.decode(CODECS.get(encoding, encoding.replace("Windows-", "cp")), "replace")
                rows = csv.reader(io.StringIO(text, newline=""), delimiter=passport.separator or ",")
                return _below_headings(rows)
    except Exception:  # noqa: BLE001  plain readers raise whatever damage makes them raise
        return 0


def _below_headings(records: Iterable[Iterable[object]]) -> int:
    """Records with at least half of the columns filled, after the first that has two of the headings.

    Fewer filled cells are a piece of a row whose quotes are damaged.
    """
    headings, started, count = set(ROWS[0]), False, 0
    for record in records:
        filled = [str(cell) for cell in record if str(cell or "").strip()]
        count += started and len(filled) >= len(headings) / 2
        started = started or len(headings & set(filled)) > 1
    return count


def hold(read: Callable[..., ReadTable], content: bytes, name: str) -> None:
    """Read or refused; if read, every row is used or set aside, once, and no row is lost."""
    try:
        table = read(content, "submissions", name)
    except ProblemsError as error:
        refused(error, name)
        return
    assert table.passport.n_rows == table.frame.height + table.set_aside.height
    assert table.passport.n_rows >= rows_in(content, table.passport)
    assert table.passport.n_superseded <= table.set_aside.height
    assert table.frame["row"].is_duplicated().sum() + table.set_aside["row"].is_duplicated().sum() == 0
    assert not set(table.frame["row"]) & set(table.set_aside["row"])


def fuzz(n_files: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(
        max_examples=n_files,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.timeout(900)
@fuzz(1800)
@given(content=st.sampled_from(TEXTS).flatmap(damage))
def test_damaged_text(read: Callable[..., ReadTable], content: bytes) -> None:
    hold(read, content, "submissions.txt")


@pytest.mark.timeout(900)
@fuzz(300)
@given(content=damage(xlsx()))
def test_damaged_workbooks(read: Callable[..., ReadTable], content: bytes) -> None:
    hold(read, content, "submissions.xlsx")


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


PARTS = parts_of(xlsx())
READ_PARTS = [name for name in PARTS if "workbook" in name or "sheet1" in name or "sharedStrings" in name]


@pytest.mark.timeout(900)
@fuzz(400)
@given(name=st.sampled_from(READ_PARTS), data=st.data())
def test_whole_archives_of_damaged_parts(
    read: Callable[..., ReadTable], name: str, data: st.DataObject
) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for part, content in (PARTS | {name: data.draw(damage(PARTS[name]))}).items():
            archive.writestr(part, content)
    hold(read, sink.getvalue(), "submissions.xlsx")


@pytest.mark.timeout(900)
@fuzz(100)
@given(content=damage(parquet()))
def test_damaged_parquet(read: Callable[..., ReadTable], content: bytes) -> None:
    hold(read, content, "submissions.parquet")
