"""The generated page is current, and says every table and column."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from warehouse.dictionary import INPUT_TABLES, PUBLISHED_TABLES, WORKING_TABLES
from warehouse.docs import PAGE, render_dictionary, type_name

ROOT = Path(__file__).parents[2]


def test_the_page_is_current() -> None:
    assert (ROOT / PAGE).read_text("utf-8") == render_dictionary(), "run: .venv/bin/python -m warehouse.docs"


def test_every_table_and_column_is_in_it() -> None:
    page = render_dictionary()
    for table in (*INPUT_TABLES.values(), *WORKING_TABLES.values(), *PUBLISHED_TABLES.values()):
        section = page.split(f"\n### {table.name}\n")[1].split("\n### ")[0].split("\n## ")[0]
        rows = [line for line in section.splitlines() if line.startswith("| `")]
        assert [row.split("`")[1] for row in rows] == list(table.names)
        assert all(len(row.replace("\\|", "").split("|")) == 7 for row in rows)


def test_personal_columns_are_marked_as_such() -> None:
    page = render_dictionary()
    personal = [
        column.name
        for tables in (INPUT_TABLES, WORKING_TABLES)
        for table in tables.values()
        for column in table.columns
        if column.personal
    ]
    assert page.count("(**personal**)") == len(personal) > 0


@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        (pl.String(), "text"),
        (pl.Datetime("us", "UTC"), "moment"),
        (pl.List(pl.String()), "list of text"),
        (pl.List(pl.Struct({"a": pl.Int64(), "b": pl.Date()})), "list of record (a: integer, b: date)"),
    ],
    ids=str,
)
def test_types_are_in_a_readers_words(dtype: pl.DataType, name: str) -> None:
    assert type_name(dtype) == name
