"""Where the gazetteer's frames are kept between runs: the only file of this step that touches a disk.

Belongs here: reading and writing the bytes of `gazetteer.to_bytes` in a folder the caller names. Must stay out: what is in them.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import polars as pl

from tasks.crosscheck import gazetteer as gazetteer_
from tasks.crosscheck.gazetteer import Gazetteer

DIGEST_BYTES = 32
LENGTH_BYTES = 8


def load(folder: Path | None) -> Gazetteer:
    """The gazetteer, from `folder` where it was kept, else built and kept there; None keeps nothing.

    A file of another version of the data is never read (its name holds the fingerprint), a damaged one is rebuilt (it starts with the
    sha256 of the rest), and a folder that cannot be written to only costs the time of building again.
    """
    if folder is None:
        return gazetteer_.build()
    path = folder / f"gazetteer-{gazetteer_.source_key()}.bin"
    kept = _read(path)
    if kept is not None:
        return kept
    built = gazetteer_.build()
    with contextlib.suppress(OSError):
        _write(path, built)
    return built


def _read(path: Path) -> Gazetteer | None:
    try:
        data = memoryview(path.read_bytes())
    except OSError:
        return None
    body = data[DIGEST_BYTES:]
    if len(data) < DIGEST_BYTES + LENGTH_BYTES or hashlib.sha256(body).digest() != bytes(data[:DIGEST_BYTES]):
        return None
    split = LENGTH_BYTES + int.from_bytes(body[:LENGTH_BYTES], "big")
    try:
        return gazetteer_.from_bytes(bytes(body[LENGTH_BYTES:split]), bytes(body[split:]))
    except pl.exceptions.PolarsError:
        return None


def _write(path: Path, gazetteer: Gazetteer) -> None:
    """Written aside and renamed, so that nobody reads half a file."""
    places, names = gazetteer_.to_bytes(gazetteer)
    body = len(places).to_bytes(LENGTH_BYTES, "big") + places + names
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".gazetteer-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(body).digest() + body)
        Path(aside).replace(path)
    except OSError:
        Path(aside).unlink(missing_ok=True)
        raise
