"""Files made to do harm are refused or read as the text they are; none of them ends the pipeline."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import polars as pl
import pytest

from programme.problems import ProblemsError
from tasks.ingest.step import ReadTable
from tests.tasks.ingest.conftest import MINIMAL
from tests.tasks.ingest.workbook_parts import sheet, workbook

HEAD = "gcom_id,name,country,region\n"

MARKED = [
    "=1+1",
    '=HYPERLINK("http://example.org")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "'; DROP TABLE x; --",
    "../../etc/passwd",
    "%s%s%n",
    "[click](javascript:alert(1))",
    "&lt;b&gt;",
    "\\u0000",
]


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
    cells = ",".join(MINIMAL.values())
    table = read(f'{",".join(MINIMAL)},motivation\n{cells},"{long}"\n')
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
    with pytest.raises(ProblemsError, match="column 'name'"):
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
    columns = [*MINIMAL, "population", "members", "action_aspects", "english_confirmed", "topic_1_need"]
    columns += ["past_cooperation", "cohort_applied_on"]
    table = read(",".join(columns) + "\nS1," + ",".join([long] * (len(columns) - 1)) + "\n")
    assert table.passport.n_rows == 1


def test_more_parts_keys_or_columns_than_any_export_has(read: Callable[..., ReadTable]) -> None:
    with pytest.raises(ProblemsError, match="parts"):
        read(workbook(sheet(b""), **{f"x{n}": b"" for n in range(5001)}), "gcom", "g.xlsx")
    with pytest.raises(ProblemsError, match="columns"):
        read(json.dumps([{f"k{n}-{m}": 1 for m in range(100)} for n in range(100)]), "gcom", "gcom.json")
