"""What the frames of several suites need.

Belongs here: helpers that know the dictionary's column names and no suite. Must stay out: the frame of one
suite (`inputs.py`, `results.py`).
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from expectations.table_suite import Tables

TOLERANCE = 1e-6
"""How far two sums of the same numbers may be apart: rounding in another order, never a point."""
FILLED = "__filled"
"""Suffix of the yes/no column that says whether a personal column is filled."""


def filled_columns(frame: pl.DataFrame, personal: Collection[str]) -> pl.DataFrame:
    """The frame with a yes/no column for each personal column in it: whether it is filled."""
    known = [name for name in frame.columns if name in personal]
    return frame.with_columns(pl.col(name).is_not_null().alias(f"{name}{FILLED}") for name in known)


def known(column: str, among: pl.Series) -> pl.Expr:
    """Whether the column's cell is one of the other series' values."""
    return pl.col(column).is_in(among.drop_nulls().unique().implode())


def missing_rows(expected: pl.DataFrame, there: pl.DataFrame) -> pl.DataFrame:
    """The ids of applications that are expected and not there, once each, in order: rows of nothing else, so
    that what is missing can be named.
    """
    return (
        expected.select("application_id")
        .unique(maintain_order=True)
        .join(there, on="application_id", how="anti", maintain_order="left")
    )


def statuses(tables: Tables) -> pl.DataFrame:
    """Status and city by application; of an application that is there twice (which is its own finding) the
    first.
    """
    first = tables["eligibility"].unique("application_id", keep="first", maintain_order=True)
    return first.select("application_id", "status", judged_city_id="city_id")
