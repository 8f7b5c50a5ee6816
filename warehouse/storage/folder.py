"""A storage that is a folder of this machine (or of a file server mounted on it).

Belongs here: writing beside the target, flushing to the disk and moving into place in one step. Must stay
out: what the files are, and the calls that change the disk (`disk.py`).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from warehouse.storage import disk
from warehouse.storage.disk_faults import os_errors_reported
from warehouse.storage.interface import AlreadyPublishedError, StoredFile, checked_path
from warehouse.storage.staging import (
    STAGING,
    locked_new,
    remove_abandoned,
    remove_unlocked,
    staging_folder,
)


class FolderStorage:
    """Files below one folder."""

    publishes_at_once = True

    def __init__(self, address: str) -> None:
        self.root = Path(address).expanduser()
        self.address = address
        self._on_disk: set[Path] = set()

    def read(self, path: str) -> bytes:
        """The file's bytes; raises `FileNotFoundError`, also where a folder lies in the place of the file."""
        try:
            return self._at(path).read_bytes()
        except (IsADirectoryError, NotADirectoryError) as error:
            raise FileNotFoundError(error.errno, "No such file", str(self._at(path))) from error

    def write(self, path: str, data: bytes, *, private: bool = False) -> None:
        """Write to a neighbour, flush, rename: a crash leaves the old file or the new one."""
        target = self._at(path)
        with os_errors_reported(self.root):
            self._make_folders(target.parent, private=private)
            neighbour = target.with_name(f".{target.name}.{token_hex(8)}{STAGING}")
            try:
                with locked_new(neighbour, 0o600 if private else 0o666) as handle:
                    _write_all(handle, data)
                    disk.rename(neighbour, target)
            except BaseException:
                disk.remove(neighbour)
                raise
            disk.flush_folder(target.parent)

    def append(self, path: str, data: bytes) -> None:
        """Write at the end under a lock, and flush; where the disk takes only a part, it is cut off again."""
        target = self._at(path)
        with os_errors_reported(self.root):
            self._make_folders(target.parent, private=True)
            handle = disk.open_end(target, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                size = os.fstat(handle).st_size
                try:
                    _write_all(handle, data)
                except OSError:
                    disk.shorten(handle, size)
                    raise
            finally:
                os.close(handle)
            disk.flush_folder(target.parent)

    def exists(self, path: str) -> bool:
        """Whether there is a regular file at that path."""
        return self._at(path).is_file()

    def list(self, directory: str = "") -> list[StoredFile]:
        """Every regular file below the directory, except what is being written or was left half-written."""
        top = self._at(directory) if directory else self.root
        found = []
        for folder, names, files in os.walk(top):
            names[:] = [name for name in names if name != STAGING]
            paths = (Path(folder) / name for name in files if not name.endswith(STAGING))
            found += [self._stored(path) for path in paths if path.is_file()]
        return sorted(found, key=lambda item: item.path)

    def entries(self, directory: str = "") -> tuple[Sequence[str], Sequence[StoredFile]]:
        """The names of the folders and the regular files; both empty where the directory cannot be read."""
        top = self._at(directory) if directory else self.root
        try:
            inside = sorted(path for path in top.iterdir() if not path.name.endswith(STAGING))
        except OSError:
            return [], []
        files = [self._stored(path) for path in inside if path.is_file()]
        return [path.name for path in inside if path.is_dir()], files

    def leftovers(self, directory: str = "") -> Sequence[StoredFile]:
        """Every file below the directory that was being written and is not in place."""
        top = self._at(directory) if directory else self.root
        paths = (path.relative_to(self.root) for path in top.rglob("*") if path.is_file())
        found = (path for path in paths if path.name.endswith(STAGING) or STAGING in path.parts)
        return [StoredFile(path.as_posix(), (self.root / path).stat().st_size) for path in sorted(found)]

    def clear_leftovers(self) -> int:
        """Remove what a killed process left aside, and return how many files that were.

        Whoever writes a file holds a lock on it until it is in place, so what can be locked is abandoned.
        """
        before = self.leftovers()
        with os_errors_reported(self.root):
            if (self.root / STAGING).is_dir():
                remove_abandoned(self.root / STAGING)
            for path in (self.root / item.path for item in before):
                if path.name.endswith(STAGING):
                    remove_unlocked(path)
        left = {item.path for item in self.leftovers()} if before else set()
        return sum(item.path not in left for item in before)

    def delete(self, path: str) -> None:
        """Remove one file; nothing happens where there is none."""
        target = self._at(path)
        with os_errors_reported(self.root):
            if target.is_file():
                disk.remove(target)
                disk.flush_folder(target.parent)

    def move(self, path: str, to: str) -> None:
        """Copy each file, flushed, before the old one is removed; a crash between leaves both.

        A rename from one folder to another is two changes: a power cut may lose the new name alone.
        """
        source = self._at(path)
        with os_errors_reported(self.root):
            inside = sorted(source.rglob("*")) if source.is_dir() and not source.is_symlink() else [source]
            for file in (one for one in inside if one.is_file() and not one.is_symlink()):
                self.write(
                    to + file.as_posix().removeprefix(source.as_posix()), file.read_bytes(), private=True
                )
            if source.exists() or source.is_symlink():
                self._take_away(source)

    def _take_away(self, source: Path) -> None:
        """Remove what is no file too: a folder goes whole, in one step, and nobody meets a part of it."""
        if source.is_dir() and not source.is_symlink():
            self._make_folders(self.root / STAGING, private=True)
            with staging_folder(self.root / STAGING) as staging:
                disk.rename(source, staging / source.name)
        else:
            disk.remove(source)
        disk.flush_folder(source.parent)

    def publish(self, directory: str, files: Mapping[str, bytes], last: str) -> None:
        """Prepare the directory in the staging folder, flush it, and rename it into place.

        The rename is refused where the target is already there.
        """
        if last not in files:
            raise ValueError(f"{last!r} is not among the files of {directory}")
        target = self._at(directory)
        with os_errors_reported(self.root):
            self._make_folders(self.root / STAGING, private=True)
            with staging_folder(self.root / STAGING) as staging:
                prepared = staging / "prepared"
                disk.make_folder(prepared, 0o777)
                for name in sorted(files, key=lambda name: (name == last, name)):
                    _write_new(prepared / name, files[name], 0o666)
                disk.flush_folder(prepared)
                self._make_folders(target.parent, private=False)
                _move(prepared, target)
                disk.flush_folder(target.parent)

    def _make_folders(self, folder: Path, *, private: bool) -> None:
        """Make a folder and those above it, so that they last.

        Of a folder that is there already, nobody knows whether whoever made it lived to flush it. So the
        first use of a folder in this process flushes it too.
        """
        if folder in self._on_disk and folder.is_dir():
            return
        if folder == self.root:
            _make_root(folder)
        else:
            self._make_folders(folder.parent, private=private and folder.parent != self.root)
            disk.make_folder(folder, 0o700 if private else 0o777)
            disk.flush_folder(folder.parent)
        self._on_disk.add(folder)

    def _stored(self, path: Path) -> StoredFile:
        told = path.stat()
        modified_at = datetime.fromtimestamp(told.st_mtime, UTC)
        return StoredFile(path.relative_to(self.root).as_posix(), told.st_size, modified_at)

    def _at(self, path: str) -> Path:
        return self.root / checked_path(path)


def _move(prepared: Path, target: Path) -> None:
    # A rename onto an empty directory succeeds; nobody makes one, and taking it over loses nothing.
    try:
        disk.rename(prepared, target)
    except OSError as error:
        if target.exists() and not prepared.exists():
            return  # it was done, and only the answer is wrong, as network file systems give one
        if target.exists():
            raise AlreadyPublishedError(target.name) from error
        raise


def _write_new(path: Path, data: bytes, mode: int) -> None:
    handle = disk.open_new(path, mode)
    try:
        _write_all(handle, data)
    finally:
        os.close(handle)


def _write_all(handle: int, data: bytes) -> None:
    """Write and flush; a disk that takes only some of the bytes is given the rest, and then says why not."""
    rest = memoryview(data)
    while rest:
        rest = rest[disk.write(handle, rest) :]
    disk.flush(handle)


def _make_root(root: Path) -> None:
    """Make the root and the folders above it that are not there, each flushed into the one that holds it."""
    missing = [folder for folder in (root, *root.parents) if not folder.is_dir()]
    for folder in reversed(missing):
        disk.make_folder(folder, 0o777)
        disk.flush_folder(folder.parent)
