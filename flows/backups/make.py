"""Making a backup: storage and database as they were at one moment, also while runs go on.

Nobody is kept waiting. The files are copied first, then the database is read in one transaction, then the
list of files is looked at again: if none changed meanwhile, both are of one moment. Otherwise those that
changed are copied again, until a moment was quiet enough. A run writes in bursts, so that does not take long.

Belongs here: that order. Must stay out: what an archive looks like (`archive.py`).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.backups.archive import DATABASE, FILES, LEFT_OUT, SUFFIX, ArchiveWriter, Contents, archive_name
from flows.backups.encryption import SUFFIX as ENCRYPTED
from flows.backups.encryption import check_recipient, encrypt
from flows.context import AppContext
from flows.version import program_version
from programme.problems import problem
from warehouse.backups import note_backup
from warehouse.database.connection import HEAD, open_database
from warehouse.database.portable import dumped_rows, row_counts
from warehouse.storage import Storage, StoredFile

TRIES, PAUSE_S = 30, 1.0


@dataclass(frozen=True)
class Backup:
    """A backup that was made: its file, what is in it, and whether it is encrypted."""

    path: str
    at: datetime
    n_files: int
    n_rows: int
    n_bytes: int
    encrypted: bool


def make_backup(context: AppContext, folder: Path, recipient: str | None = None) -> Backup:
    """Make a backup in a folder, and note it in the storage.

    Raises `ProblemsError` where the folder cannot be used, the recipient is none, or no moment was quiet.
    """
    if recipient is not None:
        check_recipient(recipient)
    _check_folder(context, folder)
    at = datetime.now(UTC)
    target = folder / (archive_name(at) + (ENCRYPTED if recipient else ""))
    with tempfile.TemporaryDirectory(dir=folder, prefix=".city2city-") as aside:
        place = Path(aside)
        contents = _copy(context, place, at)
        plain = place / f"whole{SUFFIX}"
        _pack(place, plain, contents)
        whole = plain
        if recipient is not None:
            whole = place / "encrypted"
            encrypt(plain, whole, recipient)
        whole.chmod(0o600)
        with whole.open("rb") as file:
            os.fsync(file.fileno())
        n_bytes = whole.stat().st_size
        whole.replace(target)
    note_backup(context.storage, target.name, at)
    n_rows = sum(contents.rows.values())
    return Backup(str(target), at, len(contents.files), n_rows, n_bytes, recipient is not None)


def _check_folder(context: AppContext, folder: Path) -> None:
    data = context.settings.data_folder
    if data is not None and folder.resolve().is_relative_to(data.resolve()):
        raise problem(
            found="a folder within the data folder",
            expected="a folder elsewhere, best on another machine",
            where=str(folder),
            remedy="Name another one. A backup beside the data is lost with it.",
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise problem(
            found=f"that it cannot be written ({error.strerror})",
            expected="a folder that can be written",
            where=str(folder),
            remedy="Correct its permissions, or name another one.",
        ) from error


def _copy(context: AppContext, place: Path, at: datetime) -> Contents:
    """Copy files and rows to a place aside until both are of one moment."""
    engine = open_database(context.settings.database_url)
    copied: dict[str, tuple[StoredFile, str]] = {}
    for _ in range(TRIES):
        before = _listed(context.storage)
        changed = _copy_changed(context.storage, before, copied, place)
        counts = row_counts(engine)
        digest, n_rows = _dump(engine, place / DATABASE)
        after = _listed(context.storage)
        if not changed and _same(before, after) and n_rows == sum(counts.values()):
            hashes = {name: sha256 for name, (_, sha256) in copied.items()}
            return Contents(at.isoformat(), program_version(), HEAD, hashes, counts, digest)
        if not changed:
            time.sleep(PAUSE_S)
    raise problem(
        found=f"no quiet moment in {TRIES} tries",
        expected="a moment in which nothing is written",
        where="the data folder",
        remedy="Make the backup when no run is at work.",
    )


def _listed(storage: Storage) -> dict[str, StoredFile]:
    return {item.path: item for item in storage.list() if not item.path.startswith(LEFT_OUT)}


def _same(one: dict[str, StoredFile], other: dict[str, StoredFile]) -> bool:
    return {path: (item.n_bytes, item.modified_at) for path, item in one.items()} == {
        path: (item.n_bytes, item.modified_at) for path, item in other.items()
    }


def _copy_changed(
    storage: Storage, listed: dict[str, StoredFile], copied: dict[str, tuple[StoredFile, str]], place: Path
) -> bool:
    """Copy what is new or changed since it was copied, and leave out what is gone; whether there was any."""
    changed = False
    for gone in set(copied) - set(listed):
        copied.pop(gone)
        changed = True
    for path, item in listed.items():
        if path in copied and _same({path: copied[path][0]}, {path: item}):
            continue
        changed = True
        try:
            data = storage.read(path)
        except FileNotFoundError:
            copied.pop(path, None)
            continue
        (place / _aside(path)).write_bytes(data)
        copied[path] = (item, hashlib.sha256(data).hexdigest())
    return changed


def _aside(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()


def _dump(engine: object, path: Path) -> tuple[str, int]:
    digest, count = hashlib.sha256(), 0
    with path.open("wb") as file:
        for line in dumped_rows(engine):  # type: ignore[arg-type]
            digest.update(line)
            file.write(line)
            count += 1
    return digest.hexdigest(), count


def _pack(place: Path, target: Path, contents: Contents) -> None:
    writer = ArchiveWriter(target)
    for path in sorted(contents.files):
        writer.add(FILES + path, (place / _aside(path)).read_bytes())
    writer.add(DATABASE, (place / DATABASE).read_bytes())
    writer.finish(contents)
