"""What a person should look at in what was read: rows of the dictionary's table `findings`, severity warn.

Belongs here: turning the readings of cells and headings into findings, without the content of any cell. Must
stay out: rules about whole tables (the expectations) and anything that stops a run.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tasks.ingest.cells.choices import PARTLY
from tasks.ingest.cells.column_readers import Context
from tasks.ingest.cells.understood import AMBIGUOUS, UNREADABLE, Understood
from warehouse.dictionary import PUBLISHED_TABLES

FINDINGS = PUBLISHED_TABLES["findings"]
MANY = 20
"""Findings of one kind in one column that are listed one by one; of more, a person needs the count and the
first.
"""
_SAID = {
    UNREADABLE: (
        "cell_readable",
        "The cell holds something that could not be understood; it counts as blank.",
    ),
    PARTLY: ("cell_readable", "Part of the cell could not be understood and was left out."),
    AMBIGUOUS: (
        "date_unambiguous",
        "Day and month cannot be told apart, and the column has dates of both orders; the cell counts as blank.",
    ),
    "other-topic": ("topic_known", "The topic is none of the programme's; it counts as 'other'."),
    "unknown-criterion": (
        "criterion_known",
        "The criterion is none of the rubric's; the score does not count.",
    ),
}
_COUNTRY = ("country_known", "No country could be recognised; the row is kept, without a country code.")

Said = tuple[str, str]


def of_cells(
    name: str, read: dict[str, Understood], keys: pl.Series, contexts: Mapping[str, Context]
) -> pl.DataFrame:
    """Findings about cells: unreadable ones, unknown topics, criteria and countries, columns whose dates were
    open.
    """
    parts = [FINDINGS.empty()]
    for column, item in read.items():
        kind = contexts[column].form.kind
        for rule in item.rules.drop_nulls().unique().sort():
            said = _COUNTRY if kind == "country" and rule == UNREADABLE else _SAID.get(rule)
            if said:
                parts.append(
                    _rows(name, column, said, keys.filter((item.rules == rule).fill_null(value=False)))
                )
        if item.note:
            parts.append(of_table(name, "date_order", column, item.note))
    return FINDINGS.conform(pl.concat(parts))


def of_table(name: str, expectation: str, column: str | None, message: str) -> pl.DataFrame:
    """One finding about a table as a whole."""
    row: dict[str, object] = {
        "table": name,
        "expectation": expectation,
        "severity": "warn",
        "row_key": None,
        "column": column,
        "message": message,
    }
    return FINDINGS.frame([row])


def _rows(name: str, column: str, said: Said, keys: pl.Series) -> pl.DataFrame:
    if keys.is_empty():
        return FINDINGS.empty()
    if len(keys) > MANY:
        return of_table(name, said[0], column, f"{len(keys)} cells, the first in {keys[0]}. {said[1]}")
    frame = keys.alias("row_key").to_frame().select(
        pl.lit(name).alias("table"), pl.lit(said[0]).alias("expectation"), pl.lit("warn").alias("severity"), "row_key",
        pl.lit(column).alias("column"), pl.lit(said[1]).alias("message"),
    )  # fmt: skip
    return frame.cast(dict(FINDINGS.schema))  # type: ignore[arg-type]
