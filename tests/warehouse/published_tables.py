"""Changing the published tables of a right version, so that they break one rule."""

from __future__ import annotations

import polars as pl

from warehouse.dictionary import PUBLISHED_TABLES

Tables = dict[str, pl.DataFrame]


def with_cell(tables: Tables, table: str, row: int, **cells: object) -> Tables:
    """The tables with some cells of one row replaced."""
    rows = tables[table].to_dicts()
    rows[row] |= cells
    return {**tables, table: PUBLISHED_TABLES[table].frame(rows)}
