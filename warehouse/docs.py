"""The data dictionary as a page: `python -m warehouse.docs` writes `docs/data-dictionary.md`.

Belongs here: how the dictionary is laid out as Markdown; a test compares the page. Must stay out: any meaning
of a table or column (`warehouse/dictionary`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.dictionary import (
    INPUT_TABLES,
    PUBLISHED_TABLES,
    REQUIRED_INPUTS,
    WORKING_TABLES,
    Column,
    Table,
)

PAGE = Path("docs/data-dictionary.md")
INTRODUCTION = """# Data dictionary

Generated from `warehouse/dictionary/` by `python -m warehouse.docs`; do not edit it here.

Every table of the pipeline: what a row is, what identifies it, and what each column holds. *Null* says
whether the value may be absent, *personal* whether it is about a person and therefore never leaves the
warehouse database and the restricted folder. Moments are in UTC.

A text of an input has at most as many letters as its column says. A longer free text is cut there; of any
other cell that is longer nothing is taken, and a row that needs it is set aside. A finding says so.
"""
LENGTHS = """## Lengths of texts

| Letters | Why that is enough |
|---|---|
"""


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


SECTIONS: tuple[tuple[str, str, Mapping[str, Table]], ...] = (
    (
        "Published tables",
        "One Parquet file each in `snapshots/round=<ROUND>/version=<NNNN>/`. No column of them is personal.",
        PUBLISHED_TABLES,
    ),
    (
        "Input tables",
        f"What comes in, once read and understood. Required: {_names(REQUIRED_INPUTS)}; the others are "
        "optional. "
        "`row` is the row's number in its file.",
        INPUT_TABLES,
    ),
    ("Working tables", "What passes between the steps and is not published as it stands.", WORKING_TABLES),
)


def render_dictionary() -> str:
    """The whole page, in Markdown."""
    parts = [INTRODUCTION]
    for title, introduction, tables in SECTIONS:
        contents = ", ".join(f"[{name}](#{name})" for name in tables)
        parts += [
            f"## {title}\n\n{introduction}\n\n{contents}\n",
            *(_render_table(table) for table in tables.values()),
        ]
    return "\n".join([*parts, LENGTHS + "".join(_length_rows())])


def _length_rows() -> Iterable[str]:
    columns = [column for table in INPUT_TABLES.values() for column in table.columns]
    lengths = {column.longest for column in columns if column.longest}
    for length in sorted(lengths, key=lambda item: (item.letters, item.why)):
        yield f"| {length.letters:,} | {_one_line(length.why)} |\n"


def _render_table(table: Table) -> str:
    heading = f"### {table.name}\n\nOne row: {_one_line(table.grain)}. Key: {_names(table.key)}.\n"
    rows = [
        ("Column", "Type", "Meaning", "Unit or range", "Null"),
        ("---",) * 5,
        *(_cells(column) for column in table.columns),
    ]
    return heading + "\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _cells(column: Column) -> tuple[str, ...]:
    meaning = _one_line(column.meaning) + (" (**personal**)" if column.personal else "")
    return (
        f"`{column.name}`",
        type_name(column.dtype),
        meaning,
        "; ".join(_limits(column)),
        "yes" if column.nullable else "no",
    )


def _limits(column: Column) -> Iterable[str]:
    if column.unit:
        yield column.unit
    if column.longest:
        yield f"at most {column.longest.letters:,} letters"
    if column.values:
        yield ", ".join(f"`{value}`" for value in column.values)
    told = column.unit == f"{column.minimum}-{column.maximum}"
    if not told and column.minimum is not None and column.maximum is not None:
        yield f"{column.minimum:g} to {column.maximum:g}"
    elif not told and column.minimum is not None:
        yield f"at least {column.minimum:g}"
    elif not told and column.maximum is not None:
        yield f"at most {column.maximum:g}"


def type_name(dtype: Any) -> str:
    """The type in a reader's words, not in polars'."""
    simple: dict[object, str] = {
        pl.String: "text",
        pl.Int64: "integer",
        pl.Float64: "number",
        pl.Boolean: "true or false",
        pl.Date: "date",
        pl.Datetime: "moment",
    }
    if isinstance(dtype, pl.List):
        return f"list of {type_name(dtype.inner)}"
    if isinstance(dtype, pl.Struct):
        return (
            "record (" + ", ".join(f"{field.name}: {type_name(field.dtype)}" for field in dtype.fields) + ")"
        )
    return simple[dtype.base_type()]


def _one_line(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").strip()


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(render_dictionary(), "utf-8")
