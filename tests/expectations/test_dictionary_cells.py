"""What the data dictionary says of a single cell is expected of it, for every table a suite looks at."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import polars as pl
import pytest

from expectations.check import STAGE_NAMES, check_suite, stage_suites
from expectations.limits import RoundLimits
from expectations.table_suite import ALL_TABLES, Tables, TableSuite
from programme.programme import read_programme

NAME = "cells_as_described"


@cache
def _described() -> dict[str, TableSuite]:
    """The suite that holds each table against the dictionary."""
    limits = RoundLimits.of(read_programme(), "2025-07", datetime(2025, 9, 5, tzinfo=UTC))
    suites = [suite for stage in STAGE_NAMES for suite in stage_suites(stage)]
    return {suite.table: suite for suite in suites if any(e.name == NAME for e in suite.expected(limits))}


def _cells() -> list[tuple[str, str, str, object]]:
    """Table, column, what is wrong, and a cell that is: for everything the dictionary says of a single
    cell.
    """
    cases: list[tuple[str, str, str, object]] = []
    for table in sorted(_described()):
        for column in ALL_TABLES[table].columns:
            cases += [(table, column.name, "null", None)] if not column.nullable else []
            cases += [(table, column.name, "unknown", "no such value")] if column.values else []
            cases += [(table, column.name, "below", column.minimum - 1)] if column.minimum is not None else []
            cases += [(table, column.name, "above", column.maximum + 1)] if column.maximum is not None else []
            if column.dtype == pl.Float64():
                cases += [(table, column.name, name, float(name)) for name in ("nan", "inf", "-inf")]
    return cases


CELLS = _cells()
QUICK = 3
"""One case in so many is among the quick tests."""


def test_every_table_that_is_published_and_checked_is_described() -> None:
    assert len(_described()) == 20


@pytest.mark.parametrize(
    ("table", "column", "wrong", "cell"),
    [
        pytest.param(*case, id="-".join(case[:3]), marks=() if number % QUICK == 0 else (pytest.mark.long,))
        for number, case in enumerate(CELLS)
    ],
)
def test_the_dictionary_is_kept_cell_by_cell(
    table: str, column: str, wrong: str, cell: object, world: Tables, limits: RoundLimits
) -> None:
    suite = _described()[table]
    first = pl.when(pl.int_range(pl.len()) == 0)
    dtype = world[table].schema[column]
    broken = world[table].with_columns(first.then(pl.lit(cell, dtype=dtype)).otherwise(column).alias(column))
    expected = [item for item in suite.expected(limits) if item.name == NAME]
    found = [item for item in check_suite(suite, expected, {**world, table: broken}) if item.column == column]
    assert len(found) == 1
    assert found[0].severity == "stop"
    assert "empty" in found[0].message if wrong == "null" else "expected" in found[0].message
