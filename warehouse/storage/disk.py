"""The calls that change a folder of this machine, and the order that makes a change last.

Belongs here: every call by which the storage of a folder changes the disk: making, writing, flushing,
renaming, removing. Nothing is buffered in between, so that what is flushed is what was written. Must stay
out: which file is written when (`folder.py`).

A file survives a power cut once its bytes are flushed, and its name once the folder that holds it is. Each
call here is one step between which a machine can fail; tests record them and try every such failure.
"""

from __future__ import annotations

import os
from pathlib import Path


def open_new(path: Path, mode: int) -> int:
    """Make a file that is not there yet, and return its handle."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)


def open_end(path: Path, mode: int) -> int:
    """Open a file for writing at its end, and return its handle; it is made where there is none."""
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, mode)


def write(handle: int, data: bytes | memoryview) -> int:
    """Hand bytes over to the system, which may take only the first of them; returns how many it took."""
    return os.write(handle, data)


def flush(handle: int) -> None:
    """Return when the file's bytes are on the disk."""
    os.fsync(handle)


def flush_folder(folder: Path) -> None:
    """Return when the names in the folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def shorten(handle: int, size: int) -> None:
    """Cut a file off after so many bytes."""
    os.ftruncate(handle, size)


def make_folder(path: Path, mode: int) -> None:
    """Make a folder; one that is there already stays."""
    path.mkdir(mode=mode, exist_ok=True)


def rename(source: Path, target: Path) -> None:
    """Give a file or a folder another name in one step."""
    source.rename(target)


def remove(path: Path) -> None:
    """Remove a file; nothing happens where there is none."""
    path.unlink(missing_ok=True)
