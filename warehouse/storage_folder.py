"""A storage that is a folder of this machine (or of a file server mounted on it).

Belongs here: writing aside, flushing to the disk and moving into place in one step. Must stay out: what the
files are.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from programme.problems import problem
from warehouse.storage import AlreadyPublishedError, StoredFile, checked_path

ASIDE = ".aside"
"""Folder below the root in which a directory is prepared (outside the published tree, so that no reader of it
meets a half-written one), and the end of the name of a file that is being written; neither is listed.
"""


class FolderStorage:
    """Files below one folder."""

    def __init__(self, address: str) -> None:
        self.root = Path(address).expanduser()
        self.address = address

    def read(self, path: str) -> bytes:
        """The file's bytes; raises `FileNotFoundError`."""
        return self._at(path).read_bytes()

    def write(self, path: str, data: bytes, *, private: bool = False) -> None:
        """Write to a neighbour, flush, rename over: a crash leaves the old file or the new one."""
        target = self._at(path)
        with _mishaps_said(self.root):
            _make_folders(self.root, target.parent, private)
            handle, neighbour = tempfile.mkstemp(
                prefix=f".{target.name}.", suffix=ASIDE, dir=target.parent
            )  # created 0600
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    _flush(file.fileno())
                if not private:
                    Path(neighbour).chmod(0o666 & ~_umask())
                Path(neighbour).replace(target)
            except BaseException:
                Path(neighbour).unlink(missing_ok=True)
                raise
            _flush_folder(target.parent)

    def exists(self, path: str) -> bool:
        """Whether there is a regular file at that path."""
        return self._at(path).is_file()

    def list(self, directory: str = "") -> list[StoredFile]:
        """Every regular file below, but for what is being written or was when a process died."""
        top = self._at(directory) if directory else self.root
        found = []
        for folder, names, files in os.walk(top):
            names[:] = [name for name in names if name != ASIDE]
            paths = (Path(folder) / name for name in files if not name.endswith(ASIDE))
            found += [
                StoredFile(path.relative_to(self.root).as_posix(), path.stat().st_size)
                for path in paths
                if path.is_file()
            ]
        return sorted(found, key=lambda item: item.path)

    def entries(self, directory: str = "") -> tuple[Sequence[str], Sequence[StoredFile]]:
        """The folders' names and the regular files of one directory; both empty where it is not there or may
        not be looked into.
        """
        top = self._at(directory) if directory else self.root
        try:
            inside = sorted(path for path in top.iterdir() if not path.name.endswith(ASIDE))
        except OSError:
            return [], []
        files = [
            StoredFile(path.relative_to(self.root).as_posix(), path.stat().st_size)
            for path in inside
            if path.is_file()
        ]
        return [path.name for path in inside if path.is_dir()], files

    def delete(self, path: str) -> None:
        """Remove one file; nothing happens where there is none."""
        self._at(path).unlink(missing_ok=True)

    def publish(self, directory: str, files: Mapping[str, bytes], last: str) -> None:
        """Prepare the directory aside, flush it, and rename it into place; the rename is refused where the
        target is already there.
        """
        if last not in files:
            raise ValueError(f"{last!r} is not among the files of {directory}")
        target = self._at(directory)
        with _mishaps_said(self.root), _room_aside(self.root) as aside:
            prepared = aside / "prepared"
            prepared.mkdir()
            for name in sorted(files, key=lambda name: (name == last, name)):
                _write_new(prepared / name, files[name])
            _flush_folder(prepared)
            _make_folders(self.root, target.parent, private=False)
            _move(prepared, target)
            _flush_folder(target.parent)

    def _at(self, path: str) -> Path:
        return self.root / checked_path(path)


def _move(prepared: Path, target: Path) -> None:
    # A rename onto an EMPTY directory would succeed; nobody makes one, and taking it over loses nothing.
    try:
        prepared.rename(target)
    except OSError as error:
        if target.exists():
            raise AlreadyPublishedError(target.name) from error
        raise


@contextmanager
def _room_aside(root: Path) -> Iterator[Path]:
    """A folder of our own below `ASIDE`, removed in the end; those that a killed process left behind are
    removed on the way.

    Who works in such a folder holds a lock on it, which the system lets go when the process dies: so a folder
    that can be locked is abandoned.
    """
    home = root / ASIDE
    _make_folders(root, home, private=True)
    _remove_abandoned(home)
    while True:
        room = Path(tempfile.mkdtemp(dir=home))
        # Until it is locked, another process may take it for abandoned: before it is opened, or between
        # opening and locking.
        try:
            handle = os.open(room, os.O_RDONLY)
        except FileNotFoundError:
            continue
        fcntl.flock(handle, fcntl.LOCK_EX)
        if room.is_dir():
            break
        os.close(handle)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)
        os.close(handle)


def _remove_abandoned(home: Path) -> None:
    for room in sorted(home.iterdir()):
        try:
            handle = os.open(room, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(room, ignore_errors=True)
        except BlockingIOError:
            pass  # somebody is at work in it
        finally:
            os.close(handle)


def _write_new(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        _flush(file.fileno())


def _make_folders(root: Path, folder: Path, private: bool) -> None:
    if folder.is_dir():
        return
    if folder != root:
        _make_folders(root, folder.parent, private and folder.parent != root)
        folder.mkdir(mode=0o700 if private else 0o777, exist_ok=True)
        _flush_folder(folder.parent)
    else:
        folder.mkdir(parents=True, exist_ok=True)


def _flush(handle: int) -> None:
    os.fsync(handle)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    # There is no call that reads the mask without setting it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextmanager
def _mishaps_said(root: Path) -> Iterator[None]:
    """A full disk or a folder that may not be written is the user's to mend: say it as such."""
    try:
        yield
    except OSError as error:
        raise problem(
            found=error.strerror or str(error),
            expected="a folder that can be written, with room on its disk",
            where=str(root),
            remedy="Mend that, or name another folder in CITY2CITY_DATA.",
        ) from error
