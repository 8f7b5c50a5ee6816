"""Files made to do harm are refused or read as the text they are; none of them ends the pipeline."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import polars as pl
import pytest
import xlsxwriter

from programme.problems import ProblemsError
from tasks.ingest.files import isolated
from tasks.ingest.step import ReadTable

HEAD = "gcom_id,name,country,region\n"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(sheet: bytes, **more: bytes) -> bytes:
    """A whole workbook with this worksheet XML in the place of its own."""
    plain = io.BytesIO()
    with xlsxwriter.Workbook(plain, {"in_memory": True}) as book:
        book.add_worksheet("S")
    sink = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        parts = (
            {name: source.read(name) for name in source.namelist()}
            | {"xl/worksheets/sheet1.xml": sheet}
            | more
        )
        for name, content in parts.items():
            archive.writestr(name, content)
    return sink.getvalue()


def sheet(rows: bytes) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>'.encode() + rows + b"</sheetData></worksheet>"


def text_cell(place: str, text: str) -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


TWO_CORNERS = sheet(
    b'<row r="1">'
    + text_cell("A1", "gcom_id")
    + b'</row><row r="1048576">'
    + text_cell("XFD1048576", "x")
    + b"</row>"
)
FAR_ROW = sheet(
    b'<row r="1">'
    + text_cell("A1", "a") * 300
    + b'</row><row r="1048576"><c><v>1</v></c></row>'
    + text_cell("ZZZ2", "far")
)
HUGE = sheet(b"<row>" + b" " * (210 * 2**20) + b"</row>")
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>' + sheet(
    b'<row r="1">' + text_cell("A1", "&b;") + b"</row>"
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + sheet(
    b'<row r="1">' + text_cell("A1", "&a;") + b"</row>"
)

REFUSED = [
    ("cells at both ends of the sheet", workbook(TWO_CORNERS), "spans 1048576 rows"), ("cells without a place", workbook(FAR_ROW), "spans"),
    ("unpacks to 210 MB", workbook(HUGE), "unpacks to"), ("entities within entities", workbook(LAUGHS), "g.xlsx"), ("an entity from outside", workbook(OUTSIDE), "g.xlsx"),
    ("an archive of something else", workbook(b"").replace(b"xl/", b"zz/"), "no XLSX workbook"), ("XML cut short", workbook(sheet(b"<row r=")[:-30]), "g.xlsx"),
    ("no workbook part", workbook(sheet(b""), **{"xl/workbook.xml": b""}), "g.xlsx"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_workbooks_that_would_kill_their_reader(
    read: Callable[..., ReadTable], content: bytes, said: str
) -> None:
    with pytest.raises(ProblemsError, match=said) as caught:
        read(content, "gcom", "g.xlsx")
    assert "root:" not in str(caught.value)


def test_a_reader_that_dies_is_a_problem_of_the_file(
    read: Callable[..., ReadTable], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolated, "MAX_CELLS", 10**12)
    monkeypatch.setitem(isolated.MEMORY_MEGABYTES, "xlsx", 600)
    with pytest.raises(ProblemsError, match="does not survive"):
        read(workbook(TWO_CORNERS), "gcom", "g.xlsx")


def test_the_reader_is_given_nothing_of_our_surroundings(
    monkeypatch: pytest.MonkeyPatch, read: Callable[..., ReadTable]
) -> None:
    seen: dict[str, object] = {}
    real = isolated.subprocess.run

    def spy(command: list[str], **options: object) -> object:
        seen.update(options, command=command)
        return real(command, **options)  # type: ignore[call-overload]

    monkeypatch.setenv("CITY2CITY_DATABASE_URL", "postgresql://user:secret@host/db")
    monkeypatch.setattr(isolated.subprocess, "run", spy)
    rows = (
        b'<row r="1">'
        + text_cell("A1", "gcom_id")
        + text_cell("B1", "name")
        + text_cell("C1", "country")
        + b"</row>"
    )
    read(workbook(sheet(rows)), "gcom", "g.xlsx")
    assert "secret" not in str(seen["env"])
    assert "-I" in seen["command"]  # type: ignore[operator]


MARKED = [
    "=1+1", "=HYPERLINK(\"http://example.org\")", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "'; DROP TABLE x; --",
    "../../etc/passwd", "%s%s%n", "[click](javascript:alert(1))", "&lt;b&gt;", "\\u0000",
]  # fmt: skip


@pytest.mark.parametrize("text", MARKED)
def test_formulas_and_markup_stay_text(read: Callable[..., ReadTable], text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    row = read(f"{HEAD}1,{quoted},FI,{quoted}\n", "gcom").frame.row(0, named=True)
    assert (row["name"], row["region"]) == (text, text)


def test_what_nobody_sees_is_taken_out_of_names(read: Callable[..., ReadTable]) -> None:
    table = read(f"{HEAD}1,\u202eku\u200br\u0007uT\u00ad\ufeff \u2066x\u2069,FI,\n", "gcom")
    assert table.frame["name"].to_list() == ["kuruT x"]
    assert table.readings.select("column", "rule").rows() == [("name", "cleaned")]


def test_scripts_keep_their_joiners(read: Callable[..., ReadTable]) -> None:
    assert read(f"{HEAD}1,می‌خواهم,IR,\n", "gcom").frame["name"].to_list() == ["می‌خواهم"]


def test_a_text_of_300_000_letters_and_of_many_lines(read: Callable[..., ReadTable]) -> None:
    long = "word\n" * 60_000
    table = read(
        f'submission_id,submitted_at,city_name,country,applicant_type,topic_1,motivation\nS1,2025-08-01T10:00:00Z,Turku,FI,city,data,"{long}"\n'
    )
    assert table.frame["motivation"].to_list() == [long.strip()]


def test_nested_json_and_huge_numbers(read: Callable[..., ReadTable]) -> None:
    rows = [
        {
            "gcom_id": "1",
            "name": {"a": ["b", {"c": None}]},
            "country": "FI",
            "population": 10**30,
            "latitude": 1e308,
            "region": [1, 2],
        }
    ]
    table = read(json.dumps(rows), "gcom", "gcom.json")
    assert table.frame.select("population", "region").rows() == [(None, "1; 2")]
    with pytest.raises(ProblemsError, match="JSON"):
        read('[{"gcom_id": ' + "9" * 5000 + "}]", "gcom", "gcom.json")


def test_parquet_of_lists_and_records(read: Callable[..., ReadTable]) -> None:
    frame = pl.DataFrame(
        {"gcom_id": [1], "name": [b"Turku"], "country": ["FI"], "region": [["a", "b"]]},
        schema_overrides={"name": pl.Binary},
    )
    sink = io.BytesIO()
    frame.write_parquet(sink)
    assert read(sink.getvalue(), "gcom", "gcom.parquet").frame["region"].to_list() == ["a; b"]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("filler", ["1a", "1 ", "a ", "1,", "yes ", "12.", "(", "technical "])
def test_a_cell_of_any_length_does_not_hang_its_reader(read: Callable[..., ReadTable], filler: str) -> None:
    long = '"' + filler * 100_000 + 'x"'
    columns = ["submission_id", "submitted_at", "city_name", "country", "applicant_type", "topic_1", "population", "members", "action_aspects", "english_confirmed",
               "topic_1_need", "past_cooperation", "cohort_applied_on"]  # fmt: skip
    table = read(",".join(columns) + "\nS1," + ",".join([long] * (len(columns) - 1)) + "\n")
    assert table.passport.n_rows == 1


def test_more_parts_keys_or_columns_than_any_export_has(read: Callable[..., ReadTable]) -> None:
    with pytest.raises(ProblemsError, match="parts"):
        read(workbook(sheet(b""), **{f"x{n}": b"" for n in range(5001)}), "gcom", "g.xlsx")
    with pytest.raises(ProblemsError, match="columns"):
        read(json.dumps([{f"k{n}-{m}": 1 for m in range(100)} for n in range(100)]), "gcom", "gcom.json")
