"""The words suites are written in: short ways to say the expectations that return in many tables.

Belongs here: builders of rules that know nothing of any particular table, and what follows from the data
dictionary alone. Must stay out: expectations of one table (`suites/`). A rule about a cell that may be absent
says so with `if_known`, since a null answer is a no.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from expectations.model import ALL_TABLES, EVERY_TABLE, RowRule, Rule, Suite, Tables, Verdict
from programme.vocabulary import Severity
from warehouse.dictionary import Column, Table

DICTIONARY_WHY = (
    "every later step relies on the data dictionary; a table that breaks it was made by a fault of ours"
)


def rows(
    name: str, severity: Severity, why: str, column: str | None, holds: pl.Expr, message: str
) -> RowRule:
    """An expectation of one yes or no per row."""
    return RowRule(name, severity, why, (Verdict(column, holds, message),))


def if_known(holds: pl.Expr, *columns: str) -> pl.Expr:
    """`holds`, required only of rows that have all of these columns."""
    return pl.any_horizontal(pl.col(name).is_null() for name in columns) | holds


def only_with(column: str, condition: pl.Expr) -> pl.Expr:
    """The column is filled exactly where the condition holds."""
    return pl.col(column).is_not_null() == condition


def unique(*columns: str) -> pl.Expr:
    """No other row has the same cells in these columns."""
    return ~pl.struct(columns).is_duplicated()


def dictionary_rule(table: Table) -> Rule:
    """What the dictionary alone says of the cells: filled where it says so, of a known value, a number in
    range. A fault of ours if not: `stop`.

    One expectation for the whole table, because each costs milliseconds whatever it asks; the findings name
    the column and what is wrong with it.
    """
    filled = (_filled(column) for column in table.columns if not column.nullable)
    known = (_known(column) for column in table.columns if column.values)
    in_range = (_in_range(column) for column in table.columns if column.dtype.is_numeric())
    return RowRule("cells_as_described", "stop", DICTIONARY_WHY, (*filled, *known, *in_range))


def _filled(column: Column) -> Verdict:
    return Verdict(
        column.name, pl.col(column.name).is_not_null(), f"{column.name} is empty; every row needs it"
    )


def _known(column: Column) -> Verdict:
    holds = if_known(pl.col(column.name).is_in(list(column.values)), column.name)
    return Verdict(column.name, holds, f"{_shown(column)}; expected one of {', '.join(column.values)}")


def _in_range(column: Column) -> Verdict:
    cell = pl.col(column.name)
    holds = cell.is_finite() if column.dtype.is_float() else pl.lit(value=True)
    expected = "a finite number"
    if column.minimum is not None:
        holds, expected = holds & (cell >= column.minimum), f"{column.minimum} or more"
    if column.maximum is not None:
        holds, expected = holds & (cell <= column.maximum), f"{column.maximum} or less"
    if column.minimum is not None and column.maximum is not None:
        expected = f"{column.minimum} to {column.maximum}"
    return Verdict(column.name, if_known(holds, column.name), f"{_shown(column)}; expected {expected}")


def _shown(column: Column) -> str:
    return f"{column.name} is not as expected" if column.personal else f"{column.name} is {{{column.name}}}"


def described(names: Iterable[str]) -> Suite:
    """The suite that holds those of these tables that are there against the dictionary: every column there,
    of its type.
    """
    tables = [ALL_TABLES[name] for name in names]

    def frame(given: Tables) -> pl.DataFrame:
        cells = [
            (
                table.name,
                column.name,
                str(column.dtype),
                str(given[table.name].schema.get(column.name, "absent")),
            )
            for table in tables
            if table.name in given
            for column in table.columns
        ]
        return pl.DataFrame(cells, schema=["table", "column", "expected", "found"], orient="row")

    same = pl.col("found") == pl.col("expected")
    rule = rows(
        "columns_as_described",
        "stop",
        DICTIONARY_WHY,
        None,
        same,
        "column {column} is {found}; expected {expected}",
    )
    return Suite("described", EVERY_TABLE, (), frame, ("column",), (rule,))
