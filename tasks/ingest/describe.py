"""What a file is and how it was understood, in words and counts.

Belongs here: guessing which input a file holds, and the description `city2city check` prints. Must stay out:
printing, and reading the file from disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from programme.form import FormRules
from programme.problems import Problem, ProblemsError
from tasks.ingest.cells.understood import NOTHING
from tasks.ingest.files.formats import read_grid
from tasks.ingest.files.grid import UnreadableError
from tasks.ingest.headings.layout import Layout, first_rows, lay_out
from tasks.ingest.step import ReadTable
from warehouse.dictionary import INPUT_TABLES
from warehouse.dictionary.model import Table

EXAMPLES = 3
"""Spellings shown of each rule; enough to see what was done, few enough to read."""


def guess_table(content: bytes, name: str, form: FormRules) -> str:
    """Which input a file holds: by its name, else the one whose required columns are there and of which most
    columns are.

    Raises `ProblemsError` where the file cannot be read, or no input's columns are there.
    """
    stem = name.lower().partition(".")[0]
    if stem in INPUT_TABLES:
        return stem
    try:
        grid = read_grid(
            content,
            name,
            lambda sheets: max(
                range(len(sheets)),
                key=lambda index: (_best(_layouts(sheets[index][1], form), form)[0], -index),
            ),
        )
    except UnreadableError as error:
        raise ProblemsError([Problem(error.found, error.expected, name, error.remedy)]) from error
    score, table = _best(_layouts(first_rows(grid), form), form) if grid.cells.height else ((0, 0.0), "")
    if not score[1]:
        remedy = "Say which input it is with --table, or look whether the first rows hold the headings."
        raise ProblemsError(
            [Problem("no heading of any input", f"a file of {', '.join(INPUT_TABLES)}", name, remedy)]
        )
    return table


def _layouts(rows: Any, form: FormRules) -> dict[str, Layout]:
    return {table: lay_out(rows, table, form) for table in INPUT_TABLES}


def _best(layouts: Mapping[str, Layout], form: FormRules) -> tuple[tuple[int, float], str]:
    """The likeliest input, and how likely: whether all its required columns are there, then the share of the
    file's headings it knows.
    """

    def score(table: str) -> tuple[int, float]:
        layout = layouts[table]
        required = {name for name, column in form.tables[table].items() if column.required}
        return int(required <= layout.columns), len(layout.columns) / max(1, sum(map(bool, layout.headings)))

    best = max(layouts, key=score)
    return score(best), best


def about(read: ReadTable) -> list[dict[str, Any]]:
    """What the file is, one row a fact (`what`, `found`)."""
    passport = read.passport
    facts = {
        "input": passport.table,
        "format": " ".join(
            filter(None, (passport.format, passport.encoding, _separator(passport.separator)))
        ),
        "sheet": passport.sheet,
        "written by": None if passport.profile == "canonical" else passport.profile,
        "bytes": passport.n_bytes,
        "sha256": passport.sha256,
        "rows": passport.n_rows,
        "rows used": passport.n_used,
        "rows set aside": passport.n_set_aside,
        "columns recognised": len(passport.mapped),
        "columns without meaning": "; ".join(passport.unknown) or None,
    }
    return [{"what": what, "found": found} for what, found in facts.items() if found is not None]


def _separator(mark: str | None) -> str | None:
    return {
        None: None,
        "\t": "split by tab",
        ",": "split by comma",
        ";": "split by semicolon",
        "|": "split by |",
    }[mark]


def columns(read: ReadTable) -> list[dict[str, Any]]:
    """How each column was understood, one row a column that is there: its heading, and how many of the used
    cells are filled, were taken as they stood, were understood by a rule, and could not be understood.
    """
    used = (
        read.readings.join(read.frame.select("row"), on="row", how="semi")
        if "row" in read.frame.columns
        else read.readings
    )
    counts = used.group_by("column").agg(
        pl.col("rule").is_in(NOTHING).sum().alias("nothing"),
        (~pl.col("rule").is_in(NOTHING) & pl.col("after").is_not_null()).sum().alias("understood"),
    )
    by_column = {row["column"]: row for row in counts.iter_rows(named=True)}
    rows = []
    for name, heading in read.passport.mapped:
        found = by_column.get(name, {"nothing": 0, "understood": 0})
        filled = read.frame.height - read.frame[name].null_count()
        rows.append(
            {"column": name, "heading": heading, "filled": filled, "as_it_stood": max(0, filled - found["understood"]), "by_a_rule": found["understood"],
             "not_understood": found["nothing"]}
        )  # fmt: skip
    return rows


def examples(read: ReadTable) -> list[dict[str, Any]]:
    """What was understood from what was written: for each column and rule the count and a few spellings; of
    personal columns none is shown.
    """
    table = INPUT_TABLES[read.passport.table]
    grouped = (
        read.readings.with_columns(_example(table).alias("example"))
        .group_by("column", "rule", maintain_order=True)
        .agg(
            pl.len().alias("cells"),
            pl.col("example").unique(maintain_order=True).head(EXAMPLES).alias("examples"),
        )
        .sort("column", "rule")
    )
    return [
        {**row, "examples": "; ".join(filter(None, row["examples"]))} for row in grouped.iter_rows(named=True)
    ]


def _example(table: Table) -> pl.Expr:
    shown = (
        pl.col("before").str.head(60).fill_null("")
        + " → "
        + pl.col("after").str.head(60).fill_null("nothing")
    )
    personal = [column.name for column in table.columns if column.personal]
    return pl.when(~pl.col("column").is_in(personal)).then(shown)
