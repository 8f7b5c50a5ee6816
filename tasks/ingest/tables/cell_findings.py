"""What a person should look at in the cells that were read.

Belongs here: turning the rules by which cells were read into findings, without the content of any cell. Must
stay out: rules about whole tables (`expectations`) and anything that stops a run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from tasks.ingest.cells.column_context import ColumnContext
from tasks.ingest.cells.column_reading import (
    AMBIGUOUS_DATE,
    CUT,
    NO_NAME,
    NOT_BELIEVABLE,
    OUT_OF_RANGE,
    PARTLY_READ,
    SPREADSHEET_ERROR,
    TOO_LONG,
    UNREADABLE,
    ColumnReading,
)
from warehouse.dictionary.findings import Finding

MANY = 20
"""Findings of one kind in one column that are listed one by one.

Of more, a person needs the count and the first.
"""
_EXPECTATIONS = {
    UNREADABLE: (
        "cell_readable",
        "The cell holds something that could not be understood; it counts as blank.",
    ),
    PARTLY_READ: ("cell_readable", "Part of the cell could not be understood and was left out."),
    AMBIGUOUS_DATE: (
        "date_unambiguous",
        "Day and month cannot be told apart, and the column has dates of both orders; "
        "the cell counts as blank.",
    ),
    SPREADSHEET_ERROR: (
        "cell_readable",
        "The cell holds an error of a spreadsheet instead of the answer; the answer is unknown.",
    ),
    NOT_BELIEVABLE: (
        "cell_readable",
        "The number is too small to be meant, as where a thousands mark was lost; it counts as unknown.",
    ),
    OUT_OF_RANGE: (
        "cell_readable",
        "The number is beyond what the column can hold; it counts as unknown.",
    ),
    TOO_LONG: (
        "cell_length",
        "The cell holds more letters than its column may; it counts as blank. Give a shorter answer.",
    ),
    CUT: (
        "cell_length",
        "The text is longer than its column may be; what is beyond the limit was left out.",
    ),
    NO_NAME: (
        "name_believable",
        "The cell holds a number, a date or a yes or no, as a spreadsheet makes of a name. "
        "Look up the name and correct it in the file `corrections`, or in the register.",
    ),
    "other-topic": ("topic_known", "The topic is none of the programme's; it counts as 'other'."),
    "unknown-criterion": (
        "criterion_known",
        "The criterion is none of the rubric's; the score does not count.",
    ),
}
"""Rule to the expectation it fails, and the message."""
_COUNTRY_KNOWN = (
    "country_known",
    "No country could be recognised; the row is kept, without a country code.",
)
_TOLD_BY_EXPECTATIONS = {
    ("submissions", "country"),
    ("submissions", "submitted_at"),
    ("cohort", "country"),
    ("gcom", "country"),
    ("evaluators", "country"),
}
"""Columns without a value here, of which the expectations on the inputs say what follows: it is told once."""
_CONFLICT_UNCLEAR = (
    "cell_readable",
    "The cell says neither yes nor no; it counts as a declared conflict of interest until the evaluator "
    "says otherwise.",
)


def cell_findings(
    table: str,
    readings: Mapping[str, ColumnReading],
    keys: pl.Series,
    contexts: Mapping[str, ColumnContext],
    rows: pl.Series,
    used: pl.Series,
) -> list[Finding]:
    """Findings about the cells of one table: what could not be read, and what had to be settled.

    These are unreadable cells, unknown topics, criteria and countries, and columns whose dates were open.
    `keys`: how each row is named to a person, `rows`: its number in the file. Of rows that are not `used`
    there is none: the reason why a row was set aside is told once, with the row.
    """
    found: list[Finding] = []
    is_used = rows.is_in(used.to_list())
    for column, reading in readings.items():
        is_country = contexts[column].form.kind == "country"
        for rule in reading.rules.drop_nulls().unique().sort():
            if rule == UNREADABLE and (table, column) in _TOLD_BY_EXPECTATIONS:
                continue
            fails = _COUNTRY_KNOWN if is_country and rule == UNREADABLE else _EXPECTATIONS.get(rule)
            if column == "conflict" and rule == UNREADABLE:
                fails = _CONFLICT_UNCLEAR
            if fails:
                concerned = (reading.rules == rule).fill_null(value=False) & is_used
                found.extend(
                    _each_or_count(table, column, *fails, keys.filter(concerned), rows.filter(concerned))
                )
        if reading.note:
            found.append(Finding.about_table(table, "date_order", reading.note, column=column))
    return found


def _each_or_count(
    table: str, column: str, expectation: str, message: str, keys: pl.Series, rows: pl.Series
) -> Iterator[Finding]:
    """One finding a row, or one in all where there are many."""
    if len(keys) > MANY:
        counted = f"{len(keys)} cells, the first in {keys[0]}. Its row is {rows[0]}. {message}"
        yield Finding.about_table(table, expectation, counted, column=column)
        return
    for key, row in zip(keys, rows, strict=True):
        yield Finding(table, expectation, f"Row {row}: {message}", row_key=key, column=column)
