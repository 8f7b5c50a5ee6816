"""Putting a backup back, and proving that the warehouse is the one it was made of.

An archive is proved before anything is changed. A data folder or database that holds anything is left alone,
unless it is to be replaced. The journal of erasures that lies there is kept: whoever was forgotten since the
backup is forgotten again.

Belongs here: the order and the proofs. Must stay out: what an archive looks like (`archive.py`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from flows.backups.archive import LEFT_OUT, SUFFIX, ArchiveReader
from flows.backups.encryption import SUFFIX as ENCRYPTED
from flows.backups.encryption import decrypt
from flows.context import AppContext
from flows.ledger import ledger_gaps
from flows.run_record import hold_round
from programme.counts import counted
from programme.problems import ProblemsError, problem
from warehouse.backups import note_backup
from warehouse.database.connection import HEAD, database_url, open_database
from warehouse.database.portable import drop_tables, load_rows, row_counts, sound
from warehouse.erasure_journal import add_to_journal, forgotten, journal
from warehouse.snapshots import list_versions
from warehouse.snapshots.descriptor import PACKAGE_FILE
from warehouse.snapshots.verify import verify_version
from warehouse.storage import Storage

_PUBLISHED = ("snapshots/", "public/")
_POINTERS = ("latest.json", "approved.json")


@dataclass(frozen=True)
class RestoredBackup:
    """What was put back: the archive, when it was made, files, rows, and versions that were verified.

    `to_forget` are submissions that were forgotten since, and are there again. `wrong` says what is not as it
    should be; nothing where all is well.
    """

    path: str
    made_at: str
    n_files: int
    n_rows: int
    n_versions: int
    to_forget: tuple[str, ...]
    wrong: tuple[str, ...]


def restore_backup(
    context: AppContext, place: Path, *, key: Path | None = None, replace: bool = False
) -> RestoredBackup:
    """Put back the backup of a file, or the newest one of a folder.

    Raises `ProblemsError`, before anything is changed, where there is none, it is damaged or of a newer
    program, or there is something already and it is not to be replaced.
    """
    archive = _archive(place)
    with tempfile.TemporaryDirectory(prefix="city2city-restore-") as aside:
        plain = archive
        if archive.name.endswith(ENCRYPTED):
            plain = Path(aside) / "plain.tar"
            decrypt(archive, plain, key)
        reader = ArchiveReader(plain)
        try:
            reader.check()
            with ExitStack() as held:
                for round_ in context.rounds.rounds:
                    held.enter_context(hold_round(context, round_.id, "a restore"))
                return _put_back(context, archive, reader, replace=replace)
        finally:
            reader.close()


def _put_back(context: AppContext, archive: Path, reader: ArchiveReader, *, replace: bool) -> RestoredBackup:
    contents, storage = reader.contents, context.storage
    if contents.revision != HEAD:
        raise problem(
            found=f"a database of step {contents.revision}, made by version {contents.program}",
            expected=f"step {HEAD}",
            where=str(archive),
            remedy=f"Restore it with version {contents.program} of the program, and update that then.",
        )
    _check_empty(context, replace=replace)
    entries = journal(storage)
    if replace:
        for item in _there(storage):
            storage.delete(item)
    for path, data in sorted(reader.files(), key=lambda file: _last(file[0])):
        storage.write(path, data, private=not path.startswith(_PUBLISHED))
    add_to_journal(storage, entries)
    engine = _empty_database(context)
    rows = load_rows(engine, reader.database_lines())
    wrong = _proved(context, engine, contents.rows)
    versions = [(item.id, one) for item in context.rounds.rounds for one in list_versions(storage, item.id)]
    for round_id, version in versions:
        problems = verify_version(storage, round_id, version)
        wrong += [f"round {round_id}, version {version}: {text}" for text in problems]
    note_backup(storage, archive.name, datetime.fromisoformat(contents.made_at))
    known = {row["submission_id"] for row in context.erasures.rows() if row["done_at"]}
    return RestoredBackup(
        str(archive),
        contents.made_at,
        len(contents.files),
        sum(rows.values()),
        len(versions),
        tuple(one for one in forgotten(storage) if one not in known),
        tuple(wrong),
    )


def _archive(place: Path) -> Path:
    if place.is_file():
        return place
    endings = (SUFFIX, SUFFIX + ENCRYPTED)
    found = sorted(path for path in place.glob("city2city-*") if path.name.endswith(endings))
    if not found:
        raise problem(
            found="no backup" if place.is_dir() else "no such folder",
            expected="a backup, or a folder with backups",
            where=str(place),
            remedy="Name the folder that was given to city2city backup.",
        )
    return found[-1]


def _check_empty(context: AppContext, *, replace: bool) -> None:
    files = _there(context.storage)
    n_rows = sum(row_counts(open_database(context.settings.database_url)).values())
    if (files or n_rows) and not replace:
        raise problem(
            found=f"{counted(len(files), 'file')} and {counted(n_rows, 'row')} of a database",
            expected="an empty data folder and an empty database",
            where=f"{context.storage.address} and its database",
            remedy="Restore into another place (CITY2CITY_DATA, CITY2CITY_DATABASE_URL). To lose what is "
            "there, add --replace.",
        )


def _there(storage: Storage) -> list[str]:
    return [item.path for item in storage.list() if not item.path.startswith(LEFT_OUT)]


def _last(path: str) -> tuple[int, str]:
    """Pointers come after the versions that they name, and a version is one once its descriptor is there."""
    name = path.rsplit("/", 1)[-1]
    return (2 if name in _POINTERS else 1 if name == PACKAGE_FILE else 0, path)


def _empty_database(context: AppContext) -> Engine:
    address = context.settings.database_url
    if database_url(address).get_backend_name() != "sqlite":
        drop_tables(open_database(address))
        return open_database(address)
    path = Path(str(database_url(address).database))
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    return open_database(address)


def _proved(context: AppContext, engine: Engine, rows: Mapping[str, int]) -> list[str]:
    """What is not as it was: the database by its own check, its rows, and the record of decisions."""
    wrong = [f"the database: {text}"] if (text := sound(engine)) else []
    if row_counts(engine) != rows:
        wrong.append("the database: other numbers of rows than were backed up")
    try:
        wrong += ledger_gaps(context, [item.id for item in context.rounds.rounds])
    except ProblemsError as error:
        wrong += [str(item) for item in error.problems]
    return wrong
