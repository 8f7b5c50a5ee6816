"""A storage that is a folder of this machine (or of a file server mounted on it).

Belongs here: writing beside the target, flushing to the disk and moving into place in one step. Must stay
out: what the files are.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from programme.problems import problem
from warehouse.storage.interface import AlreadyPublishedError, StoredFile, checked_path

STAGING = ".aside"
"""Where something is written before it is moved into place; nothing under this name is listed.

It is the name of a folder below the root in which a directory is prepared, so that no reader of the published
tree meets a half-written one, and the end of the name of a single file that is being written.
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
        """Write to a neighbour, flush, rename: a crash leaves the old file or the new one."""
        target = self._at(path)
        with _os_errors_reported(self.root):
            _make_folders(self.root, target.parent, private)
            # mkstemp makes the file with mode 0600.
            handle, neighbour = tempfile.mkstemp(prefix=f".{target.name}.", suffix=STAGING, dir=target.parent)
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

    def append(self, path: str, data: bytes) -> None:
        """Write at the end under a lock, and flush."""
        target = self._at(path)
        with _os_errors_reported(self.root):
            _make_folders(self.root, target.parent, private=True)
            handle = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "ab") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.write(data)
                file.flush()
                _flush(file.fileno())
            _flush_folder(target.parent)

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
        """Prepare the directory in the staging folder, flush it, and rename it into place.

        The rename is refused where the target is already there.
        """
        if last not in files:
            raise ValueError(f"{last!r} is not among the files of {directory}")
        target = self._at(directory)
        with _os_errors_reported(self.root), _staging_folder(self.root) as staging:
            prepared = staging / "prepared"
            prepared.mkdir()
            for name in sorted(files, key=lambda name: (name == last, name)):
                _write_new(prepared / name, files[name])
            _flush_folder(prepared)
            _make_folders(self.root, target.parent, private=False)
            _move(prepared, target)
            _flush_folder(target.parent)

    def _stored(self, path: Path) -> StoredFile:
        told = path.stat()
        modified_at = datetime.fromtimestamp(told.st_mtime, UTC)
        return StoredFile(path.relative_to(self.root).as_posix(), told.st_size, modified_at)

    def _at(self, path: str) -> Path:
        return self.root / checked_path(path)


def _move(prepared: Path, target: Path) -> None:
    # A rename onto an empty directory succeeds; nobody makes one, and taking it over loses nothing.
    try:
        prepared.rename(target)
    except OSError as error:
        if target.exists():
            raise AlreadyPublishedError(target.name) from error
        raise


@contextmanager
def _staging_folder(root: Path) -> Iterator[Path]:
    """A folder of this process below the staging folder, removed in the end.

    A process that works in such a folder holds a lock on it, which the system releases when the process dies.
    A folder that can be locked is therefore abandoned, and is removed on the way.
    """
    staging = root / STAGING
    _make_folders(root, staging, private=True)
    _remove_abandoned(staging)
    while True:
        own = Path(tempfile.mkdtemp(dir=staging))
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


def _remove_abandoned(staging: Path) -> None:
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
def _os_errors_reported(root: Path) -> Iterator[None]:
    """Report a full disk or a folder that cannot be written as a problem that the user can mend."""
    try:
        yield
    except OSError as error:
        raise problem(
            found=error.strerror or str(error),
            expected="a folder that can be written, with room on its disk",
            where=str(root),
            remedy="Mend that, or name another folder in CITY2CITY_DATA.",
        ) from error
