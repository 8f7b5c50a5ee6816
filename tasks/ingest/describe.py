"""What one file is and how it was read, in words and counts.

Belongs here: guessing which input a file holds, and the description `city2city check` prints. Must stay out:
printing, and reading the file from disk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from programme.expectations import FileLimits
from programme.form import FormRules
from programme.problems import Problem, ProblemsError, UnreadableError, problem
from tasks.ingest.cells.column_reading import UNREADABLE_RULES
from tasks.ingest.files.grid import SEPARATOR_NAMES, USUAL
from tasks.ingest.files.read_grid import read_grid
from tasks.ingest.files.sheet_fit import Fit
from tasks.ingest.files.sheets import OpenBinary
from tasks.ingest.headings.layout import Row, SheetLayout, find_layout, fit_of
from tasks.ingest.inputs import ReadTable
from tasks.ingest.personal.masking import RULE as MASKED_BY
from tasks.ingest.personal.masks import mask_text
from tasks.ingest.personal.people import People
from warehouse.dictionary import INPUT_TABLES
from warehouse.dictionary.model import Table

N_EXAMPLES = 3
"""Spellings shown of each rule; enough to see what was done, few enough to read."""
_EXAMPLE_LETTERS = 60
"""Letters of a spelling that are shown."""
ARROW = " → "
"""Between what was written and what was understood."""
NOBODY = People()
Likelihood = tuple[int, float]
"""Whether all required columns of an input are there (1 or 0), then the share of headings it knows."""


def guess_table(
    content: bytes, name: str, form: FormRules, *, open_binary: OpenBinary, limits: FileLimits = USUAL
) -> str:
    """Which input a file holds.

    Its name decides; else it is the input whose required columns are there and of which most columns are.
    `open_binary` opens workbooks and Parquet files. Raises `ProblemsError` where the file cannot be read, or
    no input's columns are there.
    """
    stem = name.lower().partition(".")[0]
    if stem in INPUT_TABLES:
        return stem

    def judge(first_rows: Sequence[Row]) -> Fit:
        (complete, share), likeliest = _likeliest_table(first_rows, form)
        layout = find_layout(first_rows, likeliest, form)
        return replace(fit_of(layout, likeliest, form, share=share), complete=bool(complete))

    try:
        grid = read_grid(content, name, judge, open_binary=open_binary, limits=limits)
    except UnreadableError as error:
        raise ProblemsError([Problem(error.found, error.expected, name, error.remedy)]) from error
    likelihood, table = _likeliest_table(grid.first_rows, form) if grid.cells.height else ((0, 0.0), "")
    if not likelihood[1]:
        raise problem(
            found="no heading of any input",
            expected=f"a file of {', '.join(INPUT_TABLES)}",
            where=name,
            remedy="Say which input it is with --table, or look whether the first rows hold the headings.",
        )
    return table


def _likeliest_table(first_rows: Sequence[Row], form: FormRules) -> tuple[Likelihood, str]:
    """The likeliest input, and how likely it is."""
    layouts = {table: find_layout(first_rows, table, form) for table in INPUT_TABLES}
    best = max(layouts, key=lambda table: _likelihood(table, layouts, form))
    return _likelihood(best, layouts, form), best


def _likelihood(table: str, layouts: Mapping[str, SheetLayout], form: FormRules) -> Likelihood:
    layout = layouts[table]
    required = {name for name, column in form.tables[table].items() if column.required}
    n_headings = sum(map(bool, layout.headings))
    if layout.profile and form.profiles[layout.profile].id_from:
        required -= {"submission_id"}
    return int(required <= layout.columns), len(layout.columns) / max(1, n_headings)


def describe_file(read: ReadTable) -> list[dict[str, Any]]:
    """What the file is, one row a fact (`what`, `found`)."""
    passport = read.passport
    separator = SEPARATOR_NAMES[passport.separator] if passport.separator else None
    facts = {
        "input": passport.table,
        "format": " ".join(filter(None, (passport.format, passport.encoding, separator))),
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


def describe_columns(read: ReadTable) -> list[dict[str, Any]]:
    """How each column was read, one row per column that is there.

    A row names the heading and counts the used cells that are filled, were taken as they stood, were
    understood by a rule, and could not be understood.
    """
    used = read.readings
    if "row" in read.frame.columns:
        used = used.join(read.frame.select("row"), on="row", how="semi")
    is_unreadable = pl.col("rule").is_in(UNREADABLE_RULES)
    counts = used.group_by("column").agg(
        is_unreadable.sum().alias("unreadable"),
        (~is_unreadable & pl.col("after").is_not_null()).sum().alias("understood"),
    )
    by_column = {row["column"]: row for row in counts.iter_rows(named=True)}
    rows = []
    for name, heading in read.passport.mapped:
        count = by_column.get(name, {"unreadable": 0, "understood": 0})
        filled = read.frame.height - read.frame[name].null_count()
        row = {"column": name, "heading": heading, "filled": filled}
        row |= {"as_it_stood": max(0, filled - count["understood"]), "by_a_rule": count["understood"]}
        rows.append(row | {"not_understood": count["unreadable"]})
    return rows


def describe_readings(read: ReadTable, people: People = NOBODY) -> list[dict[str, Any]]:
    """What was understood from what was written: for each column and rule the count and a few spellings.

    Of personal columns no spelling is shown, and of others none that is personal.
    """
    example = _example(INPUT_TABLES[read.passport.table]).alias("example")
    some = pl.col("example").unique(maintain_order=True).head(N_EXAMPLES).alias("examples")
    grouped = (
        read.readings.with_columns(example)
        .group_by("column", "rule", maintain_order=True)
        .agg(pl.len().alias("cells"), some)
        .sort("column", "rule")
    )
    return [
        {**row, "examples": "; ".join(_shown(one, people) for one in row["examples"] if one)}
        for row in grouped.iter_rows(named=True)
    ]


def _shown(example: str, people: People) -> str:
    """What was written and what was understood, without what is personal, each cut to a few letters."""
    before, arrow, after = mask_text(example, people).text.rpartition(ARROW)
    return before[:_EXAMPLE_LETTERS] + arrow + after[:_EXAMPLE_LETTERS]


def _example(table: Table) -> pl.Expr:
    before, after = pl.col("before"), pl.col("after")
    personal = [column.name for column in table.columns if column.personal]
    shown = before.fill_null("") + ARROW + after.fill_null("nothing")
    hidden = pl.col("column").is_in(personal) | (pl.col("rule") == MASKED_BY)
    return pl.when(~hidden).then(shown)
