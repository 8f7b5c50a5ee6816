"""A cache of files: what is slow to make is kept in a folder between runs.

Belongs here: reading and writing bytes in a folder that the caller names, and checking them. Must stay out:
what the bytes are, and when they are out of date (`flows/caches.py`).
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


def load_or_build(
    folder: Path | None,
    name: str,
    read: Callable[[Iterable[bytes]], T],
    build: Callable[[], T],
    write: Callable[[T], Iterable[bytes]],
) -> T:
    """What `read` makes of the file `name` of `folder`; without that file, what `build` makes, which is kept.

    `name` must hold a fingerprint of everything the thing is made from, so that an outdated file is never
    read. `write` gives the thing as parts; one part is in memory at a time. A file starts with the sha256 of
    the rest: a damaged one is made again. A folder that cannot be written to costs only the time of building;
    None keeps nothing.
    """
    if folder is None:
        return build()
    path = folder / name
    with contextlib.suppress(OSError, pl.exceptions.PolarsError, TypeError, ValueError):
        return read_file(path, read)
    built = build()
    with contextlib.suppress(OSError):
        keep_file(path, write(built))
    return built


def read_file(path: Path, read: Callable[[Iterable[bytes]], T]) -> T:
    """What `read` makes of the parts of a file; raises `ValueError` for a damaged file before that."""
    with path.open("rb") as file:
        expected, digest = file.read(DIGEST_BYTES), hashlib.sha256()
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
        if digest.digest() != expected:
            raise ValueError(path)
        file.seek(DIGEST_BYTES)
        with contextlib.suppress(OSError):
            os.utime(path)
        return read(_parts(file))


def _parts(file: BinaryIO) -> Iterator[bytes]:
    while length := file.read(LENGTH_BYTES):
        yield file.read(int.from_bytes(length, "big"))


def keep_file(path: Path, parts: Iterable[bytes]) -> None:
    """Write the parts, behind their digest, to a temporary file and rename it: nobody reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".cache-")
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
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def remove_oldest(folder: Path, pattern: str, keep: int) -> None:
    """Remove all files of a pattern but the `keep` most recently used, so that the folder does not grow."""
    with contextlib.suppress(OSError):
        files = sorted(folder.glob(pattern), key=lambda path: (-path.stat().st_mtime_ns, path.name))
        for path in files[keep:]:
            path.unlink(missing_ok=True)
