"""What versions of an older program lack of the dictionary of today: whole tables, and columns.

Belongs here: which they are, and a table in the form that an older version has it. Must stay out: what the
tables mean (`warehouse/dictionary`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from warehouse.dictionary import PUBLISHED_TABLES, Table
from warehouse.dictionary.published import LATER_COLUMNS, LATER_TABLES
from warehouse.dictionary.released import RELEASED


def lacked_by(package: Mapping[str, Any]) -> tuple[str, ...]:
    """The tables, and columns as `table.column`, that a version lacks because an older program made it.

    Later tables are lacked together or not at all: where some are missing, somebody took them away.
    """
    described = {item.get("name"): item for item in package["resources"] if isinstance(item, dict)}
    tables = () if described.keys() & set(LATER_TABLES) else LATER_TABLES
    columns = [
        f"{table}.{column}"
        for table, later in LATER_COLUMNS.items()
        for column in later
        if table in described and column not in _columns(described[table])
    ]
    return (*tables, *columns)


def released_by(package: Mapping[str, Any]) -> str | None:
    """The release that published in this form, where the dictionary of today has another; None otherwise."""
    form = {str(item.get("name")): _digest(item) for item in package["resources"] if isinstance(item, dict)}
    return next((release for release, tables in RELEASED.items() if tables == form), None)


def _digest(resource: Mapping[str, Any]) -> str:
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    named = [field for field in fields if isinstance(field, dict)] if isinstance(fields, list) else []
    lines = [f"{field.get('name')} {field.get('type')}" for field in named]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _columns(resource: Mapping[str, Any]) -> set[object]:
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    named = fields if isinstance(fields, list) else []
    return {field.get("name") for field in named if isinstance(field, dict)}


def older_form(table: Table, lacks: Collection[str]) -> Table:
    """The table without the columns that a version lacks."""
    kept = tuple(column for column in table.columns if f"{table.name}.{column.name}" not in lacks)
    return table if len(kept) == len(table.columns) else replace(table, columns=kept)


def without_lacked(name: str, frame: pl.DataFrame, lacks: Collection[str]) -> pl.DataFrame:
    """The frame of a table without the columns that a version lacks."""
    return frame.select(column for column in frame.columns if f"{name}.{column}" not in lacks)


def filled(name: str, frame: pl.DataFrame, *, of_release: bool = False) -> pl.DataFrame:
    """The frame of a table with the later columns of today, empty where the version lacks them.

    `of_release` says that the version has the form of a release: then any column may be lacking.
    """
    table = PUBLISHED_TABLES[name]
    known = table.names if of_release else LATER_COLUMNS.get(name, ())
    later = [column for column in known if column not in frame.columns]
    if not later:
        return frame
    with_all = frame.with_columns(pl.lit(None, table.schema[column]).alias(column) for column in later)
    return with_all.select(column for column in table.names if column in with_all.columns)
