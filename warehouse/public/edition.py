"""Writing a public edition: all its files in one step, and none of them ever again.

Belongs here: where an edition lies, what it is made from, and finding those before it. Must stay out: what
it says.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from programme.problems import ProblemsError, problem
from programme.programme import Programme
from warehouse.public.package import describe_edition, encode_csv, open_sql
from warehouse.public.tables import PUBLIC_TABLES, public_tables
from warehouse.public.words import Edition, changes_page, feed
from warehouse.snapshots.descriptor import PACKAGE_FILE, encode_package
from warehouse.snapshots.parquet import decode_table, encode_table
from warehouse.snapshots.versions import read_package, read_table
from warehouse.storage import AlreadyPublishedError, Storage

FEED_FILE, REPORT_FILE = "feed.atom", "report.html"
_EDITION = re.compile(r"/version=([0-9]{4,})/datapackage\.json$")
_FROM = ("applications", "eligibility", "twinnings", "twinning_members")
"""The tables of a version that an edition is made from."""


@dataclass(frozen=True)
class WrittenEdition:
    """Where an edition lies, its files, and whether it was written now or was there before."""

    path: str
    files: tuple[str, ...]
    new: bool


def public_round_path(round_id: str) -> str:
    """The folder of a round's public editions."""
    return f"public/round={round_id}"


def public_path(round_id: str, version: int) -> str:
    """The folder of one edition; Hive-aware readers take `round` and `version` from it."""
    return f"{public_round_path(round_id)}/version={version:04d}"


def list_editions(storage: Storage, round_id: str) -> list[int]:
    """The versions of which there is a public edition, in order."""
    paths = (_EDITION.search(item.path) for item in storage.list(public_round_path(round_id)))
    return sorted(int(match[1]) for match in paths if match)


def write_public_edition(
    storage: Storage,
    round_id: str,
    version: int,
    *,
    approved_at: datetime,
    programme: Programme,
    report: bytes | None = None,
) -> WrittenEdition:
    """Write the public edition of an approved version.

    `approved_at` is zone-aware; `report` is the public report as one HTML file, where there is one. An
    edition of the same version that is there already stays as it is: an approval that is given again, or that
    was cut short, changes nothing. Raises `ProblemsError` where the edition that is there was made from
    another version of that number.
    """
    seal = str(read_package(storage, round_id, version)["seal"])
    path = public_path(round_id, version)
    if version in list_editions(storage, round_id):
        return _there(storage, round_id, version, seal)
    files = edition_files(
        storage, round_id, version, approved_at=approved_at, programme=programme, report=report
    )
    try:
        storage.publish(path, files, last=PACKAGE_FILE)
    except AlreadyPublishedError:
        return _there(storage, round_id, version, seal)
    _keep_feed(storage, round_id)
    return WrittenEdition(path, tuple(sorted(files)), new=True)


def edition_files(
    storage: Storage,
    round_id: str,
    version: int,
    *,
    approved_at: datetime,
    programme: Programme,
    report: bytes | None,
) -> dict[str, bytes]:
    """All files of an edition by name, its descriptor among them; the same bytes for the same arguments."""
    seal = str(read_package(storage, round_id, version)["seal"])
    tables = {name: read_table(storage, round_id, version, name) for name in _FROM}
    earlier = _earlier(storage, round_id, version, programme)
    public = public_tables(tables, [one["counts"] for _, one in earlier], programme)
    edition = Edition(programme.rounds.get(round_id), version, approved_at)
    files = _files(edition, public, earlier, programme, report)
    package = describe_edition(edition, seal, public, files, programme.public)
    return files | {PACKAGE_FILE: encode_package(package)}


def _keep_feed(storage: Storage, round_id: str) -> None:
    """Make the feed of the round that of its newest edition; each edition keeps the feed as it was.

    Whoever follows a feed needs one address for it. A crash after an edition is made good here.
    """
    newest = public_path(round_id, list_editions(storage, round_id)[-1])
    path, wanted = f"{public_round_path(round_id)}/{FEED_FILE}", storage.read(f"{newest}/{FEED_FILE}")
    if not storage.exists(path) or storage.read(path) != wanted:
        storage.write(path, wanted)


def _files(
    edition: Edition,
    public: dict[str, pl.DataFrame],
    earlier: list[tuple[Edition, dict[str, pl.DataFrame]]],
    programme: Programme,
    report: bytes | None,
) -> dict[str, bytes]:
    rules = programme.public
    files = {f"{name}.parquet": encode_table(frame) for name, frame in public.items()}
    files |= {f"{name}.csv": encode_csv(frame) for name, frame in public.items()}
    files["CHANGES.md"] = changes_page(edition, public, earlier[-1] if earlier else None, rules)
    files[FEED_FILE] = feed(edition, public, earlier, rules)
    files["open.sql"] = open_sql()
    return files | ({} if report is None else {REPORT_FILE: report})


def _earlier(
    storage: Storage, round_id: str, version: int, programme: Programme
) -> list[tuple[Edition, dict[str, pl.DataFrame]]]:
    """The editions before a version with their tables, the oldest first."""
    found = []
    for number in list_editions(storage, round_id):
        if number < version:
            path = public_path(round_id, number)
            moment = datetime.fromisoformat(_package(storage, round_id, number)["created"])
            edition = Edition(programme.rounds.get(round_id), number, moment)
            try:
                read = {name: storage.read(f"{path}/{name}.parquet") for name in PUBLIC_TABLES}
                tables = {name: decode_table(data) for name, data in read.items()}
            except (FileNotFoundError, ValueError) as error:
                raise _damaged(storage, round_id, number) from error
            found.append((edition, tables))
    return found


def _package(storage: Storage, round_id: str, version: int) -> dict[str, Any]:
    try:
        raw = storage.read(f"{public_path(round_id, version)}/{PACKAGE_FILE}")
        package: dict[str, Any] = json.loads(raw)
        datetime.fromisoformat(package["created"])
    except (FileNotFoundError, ValueError, TypeError, KeyError) as error:
        raise _damaged(storage, round_id, version) from error
    return package


def _damaged(storage: Storage, round_id: str, version: int) -> ProblemsError:
    return problem(
        found="a file that is missing or was changed",
        expected="the public edition as it was published",
        where=f"{storage.address}/{public_path(round_id, version)}",
        remedy=f"Rebuild it: city2city repair {round_id} {version}",
    )


def _there(storage: Storage, round_id: str, version: int, seal: str) -> WrittenEdition:
    """The edition that is there; raises `ProblemsError` where it is of another version."""
    path = public_path(round_id, version)
    if _package(storage, round_id, version).get("version_seal") != seal:
        raise problem(
            found="a public edition that was made from another version of that number",
            expected="none, or one of this version",
            where=f"{storage.address}/{path}",
            remedy="An edition is never replaced. Look where it came from, and move the folder away by hand.",
        )
    _keep_feed(storage, round_id)
    names = [item.path.removeprefix(f"{path}/") for item in storage.list(path)]
    return WrittenEdition(path, tuple(sorted(names)), new=False)
