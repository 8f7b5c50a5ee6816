"""JSON records and Parquet.

Belongs here: turning those two formats into a `Grid`. Must stay out: what headings and cells mean.
"""

from __future__ import annotations

import io
import json
import math
from typing import Any

import polars as pl

from tasks.ingest.delimited import decode
from tasks.ingest.grid import Grid, UnreadableError, even_out, grid_of, number_text


def read_json(content: bytes) -> Grid:
    """Read a list of records, bare or as the only list of an object, or one record a line; raises `UnreadableError`."""
    text, encoding = decode(content)
    try:
        records = _records(text)
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        raise UnreadableError(f"JSON that cannot be read ({error})", "a list of records", "Export the file again.") from error
    headings = list(dict.fromkeys(key for record in records for key in record))
    rows: list[list[str | None]] = [[*headings], *([as_text(record.get(key)) for key in headings] for record in records)]
    return grid_of(even_out(rows if headings else []), "JSON", encoding=encoding)


def _records(text: str) -> list[dict[str, Any]]:
    stripped = text.strip()
    try:
        value = json.loads(stripped)
    except json.JSONDecodeError:
        if "\n" not in stripped:
            raise
        value = [json.loads(line) for line in stripped.splitlines() if line.strip()]
    if isinstance(value, dict):
        lists = [item for item in value.values() if isinstance(item, list)]
        value = lists[0] if len(lists) == 1 else [value]
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError("not a list of records")
    return value


def as_text(value: Any) -> str | None:
    """One JSON value as the text a cell would hold; lists of words are joined by `;`, lists of records by lines of `a | b | c`."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value) if math.isfinite(value) else None
    if isinstance(value, list):
        mark = "\n" if any(isinstance(item, dict | list) for item in value) else "; "
        return mark.join(as_text(item) or "" for item in value)
    if isinstance(value, dict):
        return " | ".join(as_text(item) or "" for item in value.values())
    return str(value)


def read_parquet(content: bytes) -> Grid:
    """Read a Parquet file; raises `UnreadableError`."""
    try:
        frame = pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise UnreadableError("Parquet that cannot be read", "a whole Parquet file", "Export the file again.") from error
    body = frame.select(_as_text(frame[name]).alias(f"c{index}") for index, name in enumerate(frame.columns))
    head = pl.DataFrame([list(frame.columns)], schema=body.schema, orient="row")
    return grid_of(pl.concat([head, body]), "Parquet")


def _as_text(column: pl.Series) -> pl.Series:
    dtype = column.dtype
    if dtype == pl.String:
        return column
    if dtype.is_float() or dtype.is_nested() or dtype in (pl.Boolean, pl.Object):
        return pl.Series([as_text(value) for value in column.to_list()], dtype=pl.String)
    if isinstance(dtype, pl.Datetime):
        return column.dt.to_string("iso:strict")
    return column.cast(pl.String, strict=False)
