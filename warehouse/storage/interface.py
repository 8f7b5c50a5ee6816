"""What every storage can do, and the storage at an address.

Belongs here: the interface, what a folder and a bucket share (the shape of a path, the errors), and the
choice by address. Must stay out: how a folder or a bucket does it (`folder.py`, `bucket.py`), what the bytes
mean (`warehouse/snapshots`, `warehouse/inputs`), and the environment: an address and its options come in as
arguments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from programme.problems import problem


class AlreadyPublishedError(Exception):
    """Another process published that directory first; what is there stays as it is."""


@dataclass(frozen=True)
class StoredFile:
    """One file of a storage: its path (relative, with `/`) and its size in bytes."""

    path: str
    n_bytes: int


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

    def exists(self, path: str) -> bool:
        """Whether there is a file at that path (a folder is none)."""

    def list(self, directory: str = "") -> list[StoredFile]:
        """Every file below the directory, however deep, in order of path; empty where it does not exist."""

    def entries(self, directory: str = "") -> tuple[Sequence[str], Sequence[StoredFile]]:
        """The names of the folders and the files directly in the directory, each in order."""

    def delete(self, path: str) -> None:
        """Remove one file; nothing happens where there is none."""

    def publish(self, directory: str, files: Mapping[str, bytes], last: str) -> None:
        """Make a directory appear with all its files, or not at all.

        `last` names the file whose presence makes the directory complete. Raises `AlreadyPublishedError`
        where the directory is already there, and leaves it untouched.
        """


def open_storage(address: str, options: Mapping[str, str] | None = None) -> Storage:
    """The storage at an address: a folder, or `s3://bucket/prefix`.

    `options` are for a bucket: endpoint, region and keys (`OPTIONS` in `bucket.py`). Raises `ProblemsError`
    for an address of another kind or an option that does not exist.
    """
    scheme, separator, _ = address.partition("://")
    if not separator:
        from warehouse.storage.folder import FolderStorage  # noqa: PLC0415  (it imports this module)

        return FolderStorage(address)
    if scheme == "s3":
        from warehouse.storage.bucket import open_bucket  # noqa: PLC0415  (obstore costs 60 ms)

        return open_bucket(address, options or {})
    raise problem(
        found=f"an address of kind {scheme!r}",
        expected="a folder, or s3://bucket/prefix",
        where=f"the address {address!r}",
        remedy="Correct CITY2CITY_DATA or --inputs.",
    )


def checked_path(path: str) -> str:
    """The path itself, once it is certain that it stays below the root.

    Raises `ValueError` for any other path. Our own code makes paths from checked ids, so such a path is a
    fault of the program and not a user's mistake.
    """
    parts = path.split("/")
    if path.startswith("/") or any(part in ("", ".", "..") or "\0" in part or "\\" in part for part in parts):
        raise ValueError(f"not a path below the storage's root: {path!r}")
    return path
