"""How a table becomes the bytes of a Parquet file, comes back, and is compared by its values.

Belongs here: the Parquet options, and the hash of a table's content, which does not depend on the writer of
the file. Must stay out: which tables there are (`warehouse/dictionary`) and where the bytes go
(`versions.py`).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Mapping

import polars as pl

from warehouse.dictionary import PUBLISHED_TABLES, Table
from warehouse.snapshots.older import older_form

NULL = "\\N"
"""How the hashed text writes an absent value; no string can be mistaken for it, since strings are quoted."""


def encode_tables(tables: Mapping[str, pl.DataFrame]) -> dict[str, bytes]:
    """Each published table as the bytes of a Parquet file.

    The same rows give the same bytes whatever their order and chunks, with one version of polars, which
    writes its name into the file. Raises `ValueError` unless exactly the published tables are there with all
    their columns, and polars' own error for a value of another type.
    """
    return {name: encode_table(frame) for name, frame in conform_tables(tables).items()}


def conform_tables(
    tables: Mapping[str, pl.DataFrame], lacks: Collection[str] = ()
) -> dict[str, pl.DataFrame]:
    """Exactly the published tables, each with exactly its columns and types, sorted by its key.

    `lacks` is what a version of an older program is without (`lacked_by`). Raises `ValueError` where another
    table or a column is missing, or a table is not published.
    """
    if missing := sorted(set(PUBLISHED_TABLES) - set(tables) - set(lacks)):
        raise ValueError(f"tables missing: {missing}")
    if unknown := sorted(set(tables) - set(PUBLISHED_TABLES)):
        raise ValueError(f"tables that are not published: {unknown}")
    return {
        name: conform_published(older_form(table, lacks), tables[name])
        for name, table in PUBLISHED_TABLES.items()
        if name in tables
    }


def conform_published(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as the dictionary says, in one order of rows, and with 0.0 for -0.0 (its bytes differ)."""
    zeroed = table.conform(frame).with_columns(pl.selectors.float() + 0.0)
    return zeroed.sort(
        [*table.key, *(name for name in table.names if name not in table.key)], nulls_last=True
    ).rechunk()


def encode_table(frame: pl.DataFrame) -> bytes:
    """The frame as the bytes of a Parquet file, without metadata: a time stamp would change the bytes."""
    buffer = io.BytesIO()
    frame.rechunk().write_parquet(buffer, compression="zstd", compression_level=9, statistics=True)
    return buffer.getvalue()


def decode_table(data: bytes) -> pl.DataFrame:
    """The frame of a Parquet file; raises `ValueError` where the bytes are none.

    Bytes that were tampered with can make polars panic, which is no ordinary exception. Compare their hash
    first.
    """
    try:
        return pl.read_parquet(io.BytesIO(data), hive_partitioning=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise ValueError(f"no Parquet file ({type(error).__name__})") from error


def content_hash(frame: pl.DataFrame) -> str:
    """sha256 over the frame's columns, types and values in its order of rows.

    It is the same for any writer, version and machine. Two frames have the same hash exactly if they hold the
    same values; an empty text differs from an absent one.
    """
    heading = "|".join(f"{name}:{dtype.base_type().__name__}" for name, dtype in frame.schema.items())
    body = frame.write_csv(
        quote_style="non_numeric",
        null_value=NULL,
        line_terminator="\n",
        datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ",
    )
    return hashlib.sha256(f"{heading}\n{body}".encode()).hexdigest()
