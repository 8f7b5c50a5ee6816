"""The versions of a round: written once, in one step, and read back.

Belongs here: when there is a new version, and `latest.json` beside the versions. Must stay out: where one
lies and which there are (`numbers.py`), how a table becomes bytes (`parquet.py`), what the descriptor says
(`descriptor.py`), how bytes reach a disk or a bucket (`warehouse/storage`), and whether a version is right
(`damage.py`, `verify.py`).

`latest.json` is derived from the versions: where a crash left an old one, the next write corrects it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

import polars as pl

from programme.problems import ProblemsError, problem
from warehouse.aside import put_aside
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.snapshots.damage import damaged, found_instead, newest_whole, read_or_none, sealed_package
from warehouse.snapshots.descriptor import (
    PACKAGE_FILE,
    VersionMetadata,
    describe_package,
    encode_package,
    package_content,
)
from warehouse.snapshots.numbers import (
    LATEST_FILE,
    encode_latest,
    latest_version,
    list_versions,
    named_version,
    round_path,
    version_path,
)
from warehouse.snapshots.older import filled, released_by
from warehouse.snapshots.parquet import conform_tables, content_hash, decode_table, encode_table
from warehouse.storage import AlreadyPublishedError, Storage


def read_package(storage: Storage, round_id: str, version: int) -> dict[str, Any]:
    """The descriptor of a version.

    Raises `ProblemsError` where there is no such version, and `DamagedVersionError` where the descriptor is
    not as it was sealed.
    """
    path = f"{version_path(round_id, version)}/{PACKAGE_FILE}"
    raw = read_or_none(storage, path)
    if raw is None and version not in list_versions(storage, round_id):
        raise _no_such_version(storage, round_id, version)
    package = None if raw is None else sealed_package(raw, round_id, version)
    if package is None:
        raise damaged(storage, round_id, version, path, found_instead(raw))
    return package


def read_tables(storage: Storage, round_id: str, version: int) -> dict[str, pl.DataFrame]:
    """All tables of a version by name, each checked against its hash in the descriptor.

    Raises `ProblemsError` where one differs.
    """
    package = read_package(storage, round_id, version)
    old = released_by(package) is not None
    read = {str(item["name"]): _frame(storage, round_id, version, item, old) for item in package["resources"]}
    lacking = PUBLISHED_TABLES.keys() - read.keys() if old else ()
    return {**read, **{name: PUBLISHED_TABLES[name].empty() for name in lacking}}


def _frame(
    storage: Storage, round_id: str, version: int, resource: Mapping[str, Any], of_release: bool
) -> pl.DataFrame:
    """A table of a version; what an older version lacks of its columns is empty."""
    frame = decode_table(_read_resource(storage, round_id, version, resource))
    return filled(str(resource["name"]), frame, of_release=of_release)


def read_table(storage: Storage, round_id: str, version: int, name: str) -> pl.DataFrame:
    """One table of a version; as `read_tables`, without reading the others."""
    package = read_package(storage, round_id, version)
    old = released_by(package) is not None
    for item in package["resources"]:
        if item["name"] == name:
            return _frame(storage, round_id, version, item, old)
    if old and name in PUBLISHED_TABLES:
        return PUBLISHED_TABLES[name].empty()
    raise damaged(storage, round_id, version, version_path(round_id, version), f"no table {name}")


def is_news(
    storage: Storage,
    round_id: str,
    tables: Mapping[str, pl.DataFrame],
    state: str,
    lacks: Collection[str] = (),
) -> bool:
    """Whether these tables would make a new version: see `write_snapshot`.

    `tables` are those of `PUBLISHED_TABLES` but for what an older version `lacks`; `changes`, which is no
    content, may be missing.
    """
    version = newest_whole(storage, round_id)
    if version is None:
        return True
    before = read_package(storage, round_id, version)
    changes = tables.get("changes", PUBLISHED_TABLES["changes"].empty())
    frames = conform_tables({**tables, "changes": changes}, lacks)
    content = package_content({name: content_hash(frame) for name, frame in frames.items()})
    return (before["content"], before["state"]) != (content, state)


def write_snapshot(
    storage: Storage,
    round_id: str,
    tables: Mapping[str, pl.DataFrame],
    metadata: VersionMetadata,
    lacks: Collection[str] = (),
) -> int | None:
    """Publish a new version with these tables, and return its number; None if nothing changed.

    `tables` are those of `PUBLISHED_TABLES` but for what an older version `lacks`. `metadata.parent` must be
    the newest version that is whole (None before the first): `changes` was computed against it. The number is
    the next after all that were published, damaged ones too. Nothing changed means: the newest whole version
    has the same state, and the same values in all tables but `NOT_CONTENT`.

    A version whose bytes are there is published, whatever its storage said: an answer may be lost on the way.
    `latest.json` is brought up to date where that can be done (`point_to_latest` says where not).

    Raises `ProblemsError` if another run has published meanwhile; nothing is written then. `ValueError` is
    for tables or columns that are missing or unknown.
    """
    version = (latest_version(storage, round_id) or 0) + 1  # first: from now on nobody publishes unseen
    parent = newest_whole(storage, round_id)
    frames = conform_tables(tables, lacks)
    before = read_package(storage, round_id, parent) if parent is not None else {}
    encoded = {name: encode_table(frame) for name, frame in frames.items()}
    package = describe_package(round_id, version, frames, encoded, metadata, before.get("seal"), lacks)
    if before and (before["content"], before["state"]) == (package["content"], package["state"]):
        with suppress(ProblemsError):
            point_to_latest(storage, round_id)
        return None
    if metadata.parent != parent:
        raise _overtaken(storage, round_id, metadata.parent, parent)
    files = {f"{name}.parquet": data for name, data in encoded.items()}
    try:
        _publish_files(storage, round_id, version, files | {PACKAGE_FILE: encode_package(package)})
    except AlreadyPublishedError as error:
        raise _overtaken(storage, round_id, metadata.parent, version) from error
    with suppress(ProblemsError):
        point_to_latest(storage, round_id)
    return version


def _publish_files(storage: Storage, round_id: str, version: int, files: Mapping[str, bytes]) -> None:
    """Publish; a fault that comes when the version is there already is none."""
    try:
        storage.publish(version_path(round_id, version), files, last=PACKAGE_FILE)
    except ProblemsError:
        if not _is_there(storage, round_id, version, files[PACKAGE_FILE]):
            raise


def _is_there(storage: Storage, round_id: str, version: int, descriptor: bytes) -> bool:
    """Whether a version has this descriptor, which seals all its files."""
    try:
        return storage.read(f"{version_path(round_id, version)}/{PACKAGE_FILE}") == descriptor
    except (FileNotFoundError, ProblemsError):
        return False


def point_to_latest(storage: Storage, round_id: str) -> None:
    """Make `latest.json` name the newest version, where it does not; what was damaged is kept aside.

    Two runs may do so at once, and the slower one might write the older number last; so each looks again
    after it has written. While the newest version has no descriptor, the file stays as it is.
    """
    path = f"{round_path(round_id)}/{LATEST_FILE}"
    while (version := latest_version(storage, round_id)) is not None:
        raw = read_or_none(storage, f"{version_path(round_id, version)}/{PACKAGE_FILE}")
        if raw is None or sealed_package(raw, round_id, version) is None:
            return
        wanted = encode_latest(round_id, version, hashlib.sha256(raw).hexdigest())
        there = read_or_none(storage, path)
        if there == wanted:
            return
        if there is None or named_version(there, round_id) is None:
            put_aside(storage, path)
        storage.write(path, wanted)


def _read_resource(storage: Storage, round_id: str, version: int, item: Mapping[str, Any]) -> bytes:
    name = str(item["name"])
    if name not in PUBLISHED_TABLES:
        raise damaged(storage, round_id, version, version_path(round_id, version), f"a table {name!r}")
    path = f"{version_path(round_id, version)}/{name}.parquet"
    data = read_or_none(storage, path)
    if data is None or f"sha256:{hashlib.sha256(data).hexdigest()}" != item["hash"]:
        raise damaged(storage, round_id, version, path, found_instead(data))
    return data


def _no_such_version(storage: Storage, round_id: str, version: int) -> ProblemsError:
    there = ", ".join(str(number) for number in list_versions(storage, round_id)) or "none yet"
    return problem(
        found=f"no version {version} of round {round_id}",
        expected=f"a published version (there are: {there})",
        where=f"{storage.address}/{round_path(round_id)}",
        remedy="Name one of those, or run the round first.",
    )


def _overtaken(storage: Storage, round_id: str, parent: int | None, there: int | None) -> ProblemsError:
    return problem(
        found=f"version {there}, published by another run meanwhile",
        expected="no version yet" if parent is None else f"version {parent} as the latest",
        where=f"{storage.address}/{round_path(round_id)}",
        remedy="Run the round again.",
    )
