"""What is written beside its place before it is moved there: under a lock, so that what was left is seen.

Belongs here: new files and folders that nobody lists yet, and removing those whose writer was killed. Must
stay out: what is written, and where it is moved (`folder.py`).
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from warehouse.storage import disk

STAGING = ".aside"
"""Where something is written before it is moved into place; nothing under this name is listed.

It is the name of a folder below the root in which a directory is prepared, so that no reader of the published
tree meets a half-written one, and the end of the name of a single file that is being written.
"""


@contextmanager
def staging_folder(staging: Path) -> Iterator[Path]:
    """A folder of this process below the staging folder, removed in the end.

    A process that works in such a folder holds a lock on it, which the system releases when the process dies.
    A folder that can be locked is therefore abandoned, and is removed on the way.
    """
    remove_abandoned(staging)
    while True:
        own = staging / token_hex(8)
        disk.make_folder(own, 0o700)
        # Until it is locked, another process may take it for abandoned: before it is opened, or between
        # opening and locking.
        try:
            handle = os.open(own, os.O_RDONLY)
        except FileNotFoundError:
            continue
        fcntl.flock(handle, fcntl.LOCK_EX)
        if own.is_dir():
            break
        os.close(handle)
    try:
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)
        os.close(handle)


def remove_abandoned(staging: Path) -> None:
    """Remove every folder below the staging folder whose process is dead."""
    for folder in sorted(staging.iterdir()):
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            pass  # another process works in it
        finally:
            os.close(handle)


@contextmanager
def locked_new(path: Path, mode: int) -> Iterator[int]:
    """The handle of a new file, under a lock as long as the block lasts."""
    while True:
        handle = disk.open_new(path, mode)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if path.exists():
            break
        # Somebody took it for abandoned before it was locked.
        os.close(handle)
    try:
        yield handle
    finally:
        os.close(handle)


def remove_unlocked(path: Path) -> None:
    """Remove a file unless another process holds a lock on it."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        disk.remove(path)
    except BlockingIOError:
        pass
    finally:
        os.close(handle)
