"""What is in an archive: the files of the storage, the rows of the database, and a list of both.

Belongs here: names, hashes, and that an archive is whole. Must stay out: where the files come from and go to.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from programme.problems import ProblemsError, problem

CONTENTS, DATABASE, FILES = "contents.json", "database.jsonl", "files/"
LEFT_OUT = ("prefect/", "locks/", ".cache/", "warehouse.db", "restricted/backups/")
"""Paths of the storage that are in no backup: what can be made again, the database, and this list."""
SUFFIX = ".tar"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Contents:
    """What an archive holds: path to sha256 of each file, rows by table, and what it was made by.

    `revision` is the newest step of the database's migrations.
    """

    made_at: str
    program: str
    revision: str
    files: Mapping[str, str]
    rows: Mapping[str, int]
    database: str


def archive_name(at: datetime) -> str:
    """The name of the archive of a moment (UTC)."""
    return f"city2city-{at:%Y%m%dT%H%M%S}Z{SUFFIX}"


class ArchiveWriter:
    """Writes an archive member by member; the list comes last, so a part of an archive is none."""

    def __init__(self, path: Path) -> None:
        self._tar = tarfile.open(path, "w", format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def add(self, name: str, data: bytes) -> None:
        """Add one member."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(data), 0o600
        self._tar.addfile(member, io.BytesIO(data))

    def finish(self, contents: Contents) -> None:
        """Add the list, and close the archive."""
        self.add(CONTENTS, json.dumps(asdict(contents), sort_keys=True, indent=1).encode())
        self._tar.close()


class ArchiveReader:
    """Reads an archive; `contents` is its list. Raises `ProblemsError` for a file that is none of ours."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._tar = tarfile.open(path, "r:")  # noqa: SIM115
            self.contents = Contents(**json.loads(self._read(CONTENTS)))
        except (tarfile.TarError, KeyError, ValueError, TypeError, OSError) as error:
            raise self._damaged("no archive of a backup, or a part of one") from error

    def check(self) -> None:
        """Raise `ProblemsError` naming every member that is missing or is not as it was archived."""
        wanted = {FILES + name: sha256 for name, sha256 in self.contents.files.items()}
        wanted[DATABASE] = self.contents.database
        try:
            found = {item.name: self._sha256(item) for item in self._tar.getmembers()}
        except (tarfile.TarError, OSError) as error:
            raise self._damaged("an archive that ends too early") from error
        wrong = sorted(name for name, sha256 in wanted.items() if found.get(name) != sha256)
        more = sorted(set(found) - {*wanted, CONTENTS})
        if wrong or more:
            raise self._damaged(f"other bytes or none: {', '.join([*wrong, *more][:5])}")

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of each file."""
        return ((name, self._read(FILES + name)) for name in self.contents.files)

    def database_lines(self) -> Iterator[bytes]:
        """The rows of the database."""
        member = self._tar.extractfile(DATABASE)
        if member is None:
            raise self._damaged("no rows of a database")
        yield from member

    def close(self) -> None:
        """Close the file."""
        self._tar.close()

    def _read(self, name: str) -> bytes:
        member = self._tar.extractfile(name)
        return b"" if member is None else member.read()

    def _sha256(self, item: tarfile.TarInfo) -> str:
        digest, member = hashlib.sha256(), self._tar.extractfile(item)
        while member is not None and (block := member.read(_BLOCK)):
            digest.update(block)
        return digest.hexdigest()

    def _damaged(self, found: str) -> ProblemsError:
        return problem(
            found=found,
            expected="a whole backup",
            where=str(self._path),
            remedy="Take an older one. Nothing was changed.",
        )


def contents_of(path: Path) -> dict[str, Any]:
    """The list of an archive, as a table."""
    reader = ArchiveReader(path)
    try:
        return asdict(reader.contents)
    finally:
        reader.close()
