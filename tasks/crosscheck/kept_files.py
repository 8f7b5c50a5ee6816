"""Keeping what is slow to make as files between runs: with the two `*_cache.py`, all of this step that
touches a disk.

Belongs here: reading and writing bytes in a folder the caller names. Must stay out: what is in them
(`gazetteer_cache.py`, `index_cache.py`).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

import polars as pl

DIGEST_BYTES = 32
LENGTH_BYTES = 8
BLOCK_BYTES = 1 << 20

T = TypeVar("T")


def load_kept(
    folder: Path | None,
    name: str,
    read: Callable[[Iterable[bytes]], T],
    build: Callable[[], T],
    write: Callable[[T], Iterable[bytes]],
) -> T:
    """What `read` makes of the file `name` of `folder`; where it is absent or damaged, what `build` makes,
    kept by `write` for the next time.

    `name` must hold the fingerprint of all the thing is made from, so that a stale one is never read. A
    damaged file (it starts with the sha256 of the rest) is made again, and a folder that cannot be written to
    only costs the time of building again; None keeps nothing. One part is in memory at a time.
    """
    if folder is None:
        return build()
    path = folder / name
    with contextlib.suppress(OSError, pl.exceptions.PolarsError, TypeError, ValueError):
        return _read(path, read)
    built = build()
    with contextlib.suppress(OSError):
        _write(path, write(built))
    return built


def _read(path: Path, read: Callable[[Iterable[bytes]], T]) -> T:
    """What `read` makes of the parts of a file; raises `ValueError` where it is damaged, before anything is
    made of it.
    """
    with path.open("rb") as file:
        told, digest = file.read(DIGEST_BYTES), hashlib.sha256()
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
        if digest.digest() != told:
            raise ValueError(path)
        file.seek(DIGEST_BYTES)
        with contextlib.suppress(OSError):
            os.utime(path)
        return read(_parts(file))


def _parts(file: BinaryIO) -> Iterator[bytes]:
    while length := file.read(LENGTH_BYTES):
        yield file.read(int.from_bytes(length, "big"))


def _write(path: Path, parts: Iterable[bytes]) -> None:
    """Written aside and renamed, so that nobody reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".kept-")
    try:
        with os.fdopen(handle, "wb") as file:
            digest = hashlib.sha256()
            file.write(bytes(DIGEST_BYTES))
            for part in parts:
                for piece in (len(part).to_bytes(LENGTH_BYTES, "big"), part):
                    digest.update(piece)
                    file.write(piece)
            file.seek(0)
            file.write(digest.digest())
        Path(aside).replace(path)
    except OSError:
        Path(aside).unlink(missing_ok=True)
        raise


def forget_oldest(folder: Path, pattern: str, keep: int) -> None:
    """Remove all but the `keep` most recently used files of that pattern, so that the folder does not grow
    with every version of a register.
    """
    with contextlib.suppress(OSError):
        files = sorted(folder.glob(pattern), key=lambda path: (-path.stat().st_mtime_ns, path.name))
        for path in files[keep:]:
            path.unlink(missing_ok=True)
