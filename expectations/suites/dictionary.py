"""What the data dictionary alone says of a table: its columns and types, and what each cell must satisfy.

Belongs here: the translation of `warehouse/dictionary` into expectations. Must stay out: rules that the
dictionary does not know (the other suites).
"""

from __future__ import annotations

import sys

import great_expectations.expectations as gxe
import polars as pl
from great_expectations import ExpectationSuite

from expectations.computed_columns.common import FILLED
from expectations.limits import RoundLimits
from expectations.suites.common import Expectations, expected, same, suite, true
from expectations.table_suite import ALL_TABLES, EVERY_TABLE, Tables, TableSuite
from warehouse.dictionary import Column, Table

WHY = "every later step relies on the data dictionary; a table that breaks it was made by a fault of ours"
FINITE = sys.float_info.max


def cells_as_described(table: Table) -> Expectations:
    """Each cell is filled where the dictionary says so, of a known value, and in range. A fault of ours if
    not: `stop`. A personal column is known to be filled or not, and nothing more.
    """
    return [
        *(each for column in table.columns if not column.nullable for each in _filled(column)),
        *(each for column in table.columns if column.values for each in _known(column)),
        *(each for column in table.columns if _bounded(column) for each in _in_range(column)),
    ]


def _cells(column: Column, message: str, native: gxe.Expectation) -> Expectations:
    return expected("cells_as_described", "stop", WHY, column.name, message, native)


def _filled(column: Column) -> Expectations:
    native = (
        true(f"{column.name}{FILLED}")
        if column.personal
        else gxe.ExpectColumnValuesToNotBeNull(column=column.name)
    )
    return _cells(column, f"{column.name} is empty; every row needs it", native)


def _known(column: Column) -> Expectations:
    message = f"{_shown(column)}; expected one of {', '.join(column.values)}"
    native = gxe.ExpectColumnValuesToBeInSet(column=column.name, value_set=list(column.values))
    return _cells(column, message, native)


def _bounded(column: Column) -> bool:
    """Whether the dictionary says anything of the number; every fraction must at least be finite."""
    bounds = column.minimum is not None or column.maximum is not None
    return column.dtype.is_numeric() and (bounds or column.dtype.is_float())


def _in_range(column: Column) -> Expectations:
    low, high = column.minimum, column.maximum
    expectation = "a finite number"
    if low is not None and high is not None:
        expectation = f"{low} to {high}"
    elif low is not None:
        expectation = f"{low} or more"
    elif high is not None:
        expectation = f"{high} or less"
    if column.dtype.is_float():
        low, high = -FINITE if low is None else low, FINITE if high is None else high
    native = gxe.ExpectColumnValuesToBeBetween(column=column.name, min_value=low, max_value=high)
    return _cells(column, f"{_shown(column)}; expected {expectation}", native)


def _shown(column: Column) -> str:
    return f"{column.name} is not as expected" if column.personal else f"{column.name} is {{{column.name}}}"


def described(*names: str) -> TableSuite:
    """The suite that holds those of these tables that are there against the dictionary: every column there,
    of its type. One row of its frame is one column of a table.
    """

    def frame(given: Tables) -> pl.DataFrame:
        cells = [
            (name, column.name, str(column.dtype), str(given[name].schema.get(column.name, "absent")))
            for name in names
            if name in given
            for column in ALL_TABLES[name].columns
        ]
        return pl.DataFrame(cells, schema=["table", "column", "expected", "found"], orient="row")

    return TableSuite("described", EVERY_TABLE, (), frame, ("column",), columns_as_described)


def columns_as_described(limits: RoundLimits) -> ExpectationSuite:
    """Each column has the type of the dictionary."""
    del limits
    message = "column {column} is {found}; expected {expected}"
    return suite(
        "described", expected("columns_as_described", "stop", WHY, None, message, same("found", "expected"))
    )
