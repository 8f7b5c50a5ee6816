"""What every storage can do.

Belongs here: the interface, and what a folder and a bucket share: the shape of a path, and the errors. Must
stay out: how a folder or a bucket does it (`folder.py`, `bucket.py`), and what the bytes mean
(`warehouse/snapshots`, `warehouse/inputs`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class AlreadyPublishedError(Exception):
    """Another process published that directory first; what is there stays as it is."""


@dataclass(frozen=True)
class StoredFile:
    """One file of a storage: its path (relative, with `/`), its size in bytes, and when it was last written
    (with a time zone).
    """

    path: str
    n_bytes: int
    modified_at: datetime | None = field(default=None, compare=False)


class Storage(Protocol):
    """A tree of files.

    Paths are relative, with `/`, and never leave the root; a missing file is `FileNotFoundError`.
    """

    @property
    def address(self) -> str:
        """The root as a person would write it: a folder, or `s3://bucket/prefix`."""

    def read(self, path: str) -> bytes:
        """The file's bytes; raises `FileNotFoundError`."""

    def write(self, path: str, data: bytes, *, private: bool = False) -> None:
        """Write or replace one file in a single step: a reader sees the old bytes or the new, never a part.

        `private` keeps it from other users of the machine (folders 0700, files 0600); in a bucket the
        bucket's own policy decides.
        """

    def append(self, path: str, data: bytes) -> None:
        """Add bytes to the end of a private file, which is made where there is none.

        They are on the disk or in the bucket on return. Of several that append at once, none is lost.
        """

    def exists(self, path: str) -> bool:
        """Whether there is a file at that path (a folder is none)."""

    def list(self, directory: str = "") -> list[StoredFile]:
        """Every file below the directory, however deep, in order of path; empty where it does not exist."""

    def entries(self, directory: str = "") -> tuple[Sequence[str], Sequence[StoredFile]]:
        """The names of the folders and the files directly in the directory, each in order."""

    def leftovers(self, directory: str = "") -> Sequence[StoredFile]:
        """Every file below the directory that was being written and is not in place; none is listed."""

    def clear_leftovers(self) -> int:
        """Remove what killed processes left aside, and return how many files; what is in work stays."""

    @property
    def publishes_at_once(self) -> bool:
        """Whether a directory that `publish` makes appears in one step: one that is there was whole then."""

    def delete(self, path: str) -> None:
        """Remove one file; nothing happens where there is none."""

    def move(self, path: str, to: str) -> None:
        """Move what lies at a path, a file or a folder with all in it, to another path that holds nothing.

        Nothing happens where there is nothing. A crash may leave it at both paths, never at none.
        """

    def publish(self, directory: str, files: Mapping[str, bytes], last: str) -> None:
        """Make a directory appear with all its files, or not at all.

        `last` names the file whose presence makes the directory complete. Raises `AlreadyPublishedError`
        where the directory is already there, and leaves it untouched.
        """


def checked_path(path: str) -> str:
    """The path itself, once it is certain that it stays below the root.

    Raises `ValueError` for any other path. Our own code makes paths from checked ids, so such a path is a
    fault of the program and not a user's mistake.
    """
    parts = path.split("/")
    if path.startswith("/") or any(part in ("", ".", "..") or "\0" in part or "\\" in part for part in parts):
        raise ValueError(f"not a path below the storage's root: {path!r}")
    return path
