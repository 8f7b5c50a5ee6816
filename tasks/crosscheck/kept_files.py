"""Keeping what is slow to make as files between runs: with the two `*_cache.py`, all of this step that touches a disk.

Belongs here: reading and writing bytes in a folder the caller names. Must stay out: what is in them (`gazetteer_cache.py`, `index_cache.py`).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import polars as pl

DIGEST_BYTES = 32
LENGTH_BYTES = 8

T = TypeVar("T")


def load_kept(
    folder: Path | None, name: str, read: Callable[[Sequence[bytes]], T], build: Callable[[], T], write: Callable[[T], Sequence[bytes]]
) -> T:
    """What `read` makes of the file `name` of `folder`; where it is absent or damaged, what `build` makes, kept by `write` for the next time.

    `name` must hold the fingerprint of all the thing is made from, so that a stale one is never read. A damaged file (it starts with the sha256
    of the rest) is made again, and a folder that cannot be written to only costs the time of building again; None keeps nothing.
    """
    if folder is None:
        return build()
    path = folder / name
    parts = _read(path)
    if parts is not None:
        with contextlib.suppress(pl.exceptions.PolarsError, TypeError):
            return read(parts)
    built = build()
    with contextlib.suppress(OSError):
        _write(path, write(built))
    return built


def _read(path: Path) -> list[bytes] | None:
    """The parts of a file, or None where it is absent or damaged."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    body = memoryview(data)[DIGEST_BYTES:]
    if len(data) < DIGEST_BYTES or hashlib.sha256(body).digest() != data[:DIGEST_BYTES]:
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    parts, at = [], 0
    while at < len(body):
        end = at + LENGTH_BYTES + int.from_bytes(body[at : at + LENGTH_BYTES], "big")
        parts.append(bytes(body[at + LENGTH_BYTES : end]))
        at = end
    return parts


def _write(path: Path, parts: Sequence[bytes]) -> None:
    """Written aside and renamed, so that nobody reads half a file."""
    body = b"".join(len(part).to_bytes(LENGTH_BYTES, "big") + part for part in parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".kept-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(body).digest() + body)
        Path(aside).replace(path)
    except OSError:
        Path(aside).unlink(missing_ok=True)
        raise


def forget_oldest(folder: Path, pattern: str, keep: int) -> None:
    """Remove all but the `keep` most recently used files of that pattern, so that the folder does not grow with every version of a register."""
    with contextlib.suppress(OSError):
        files = sorted(folder.glob(pattern), key=lambda path: (-path.stat().st_mtime_ns, path.name))
        for path in files[keep:]:
            path.unlink(missing_ok=True)
