"""The versions of a round: written once, in one step, and read back.

Belongs here: where a version lies, when there is a new one, and `latest.json` beside the versions. Must stay
out: how a table becomes bytes (`parquet.py`), what the descriptor says (`descriptor.py`), how bytes reach a
disk or a bucket (`warehouse/storage`), and whether a version is right (`verify.py`).

A version exists exactly if its `datapackage.json` does. `latest.json` is derived from that: where a crash
left an old one, the next write corrects it, and nothing here relies on it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

import polars as pl

from programme.problems import ProblemsError, problem
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.snapshots.descriptor import (
    PACKAGE_FILE,
    VersionMetadata,
    describe_package,
    encode_package,
    package_content,
)
from warehouse.snapshots.older import filled
from warehouse.snapshots.parquet import conform_tables, content_hash, decode_table, encode_table
from warehouse.storage import AlreadyPublishedError, Storage

LATEST_FILE = "latest.json"
_VERSION = re.compile(r"/version=([0-9]{4,})/datapackage\.json$")


def round_path(round_id: str) -> str:
    """The folder of a round's versions; Hive-aware readers take `round` from it."""
    return f"snapshots/round={round_id}"


def version_path(round_id: str, version: int) -> str:
    """The folder of one version; Hive-aware readers take `round` and `version` from it."""
    return f"{round_path(round_id)}/version={version:04d}"


def list_versions(storage: Storage, round_id: str) -> list[int]:
    """The versions of a round, in order; a folder without a descriptor (cut short in a bucket) is none."""
    paths = (_VERSION.search(item.path) for item in storage.list(round_path(round_id)))
    return sorted(int(match[1]) for match in paths if match)


def latest_version(storage: Storage, round_id: str) -> int | None:
    """The newest version, or None before the first."""
    return max(list_versions(storage, round_id), default=None)


def read_package(storage: Storage, round_id: str, version: int) -> dict[str, Any]:
    """The descriptor of a version; raises `ProblemsError` where it is absent or unreadable."""
    path = f"{version_path(round_id, version)}/{PACKAGE_FILE}"
    try:
        package = json.loads(storage.read(path))
    except FileNotFoundError as error:
        raise _no_such_version(storage, round_id, version) from error
    except ValueError as error:
        raise _damaged(storage, path, "no JSON") from error
    if not isinstance(package, dict):
        raise _damaged(storage, path, "no JSON object")
    return package


def read_tables(storage: Storage, round_id: str, version: int) -> dict[str, pl.DataFrame]:
    """All tables of a version by name, each checked against its hash in the descriptor.

    Raises `ProblemsError` where one differs.
    """
    package = read_package(storage, round_id, version)
    return {str(item["name"]): _frame(storage, round_id, version, item) for item in package["resources"]}


def _frame(storage: Storage, round_id: str, version: int, resource: Mapping[str, Any]) -> pl.DataFrame:
    """A table of a version; what an older version lacks of its columns is empty."""
    return filled(str(resource["name"]), decode_table(_read_resource(storage, round_id, version, resource)))


def read_table(storage: Storage, round_id: str, version: int, name: str) -> pl.DataFrame:
    """One table of a version; as `read_tables`, without reading the others."""
    package = read_package(storage, round_id, version)
    for item in package["resources"]:
        if item["name"] == name:
            return _frame(storage, round_id, version, item)
    raise _damaged(storage, version_path(round_id, version), f"no table {name}")


def is_news(storage: Storage, round_id: str, tables: Mapping[str, pl.DataFrame], state: str) -> bool:
    """Whether these tables would make a new version: see `write_snapshot`.

    `tables` are those of `PUBLISHED_TABLES`; `changes`, which is no content, may be missing.
    """
    version = latest_version(storage, round_id)
    if version is None:
        return True
    before = read_package(storage, round_id, version)
    frames = conform_tables({**tables, "changes": tables.get("changes", PUBLISHED_TABLES["changes"].empty())})
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
    the latest version (None before the first): `changes` was computed against it. Nothing changed means: the
    latest version has the same state, and the same values in all tables but `NOT_CONTENT`.

    A version whose bytes are there is published, whatever its storage said: an answer may be lost on the way.
    `latest.json` is brought up to date where that can be done (`point_to_latest` says where not).

    Raises `ProblemsError` if another run has published meanwhile; nothing is written then. Raises
    `ValueError` if tables or columns are missing or unknown.
    """
    parent = latest_version(storage, round_id)
    frames = conform_tables(tables, lacks)
    before = read_package(storage, round_id, parent) if parent is not None else None
    version = (parent or 0) + 1
    encoded = {name: encode_table(frame) for name, frame in frames.items()}
    seal = before["seal"] if before else None
    package = describe_package(round_id, version, frames, encoded, metadata, seal, lacks)
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
    """Make `latest.json` name the newest version, where it does not.

    Two runs may do so at once, and the slower one might write the older number last; so each looks again
    after it has written.
    """
    path = f"{round_path(round_id)}/{LATEST_FILE}"
    while (version := latest_version(storage, round_id)) is not None:
        wanted = _latest(storage, round_id, version)
        if storage.exists(path) and storage.read(path) == wanted:
            return
        storage.write(path, wanted)


def _latest(storage: Storage, round_id: str, version: int) -> bytes:
    folder = f"version={version:04d}"
    digest = hashlib.sha256(storage.read(f"{version_path(round_id, version)}/{PACKAGE_FILE}")).hexdigest()
    latest = {
        "round": round_id,
        "version": version,
        "path": f"{folder}/{PACKAGE_FILE}",
        "hash": f"sha256:{digest}",
    }
    return (json.dumps(latest, indent=2) + "\n").encode()


def _read_resource(storage: Storage, round_id: str, version: int, item: Mapping[str, Any]) -> bytes:
    name = str(item["name"])
    if name not in PUBLISHED_TABLES:
        raise _damaged(storage, version_path(round_id, version), f"a table {name!r}")
    path = f"{version_path(round_id, version)}/{name}.parquet"
    try:
        data = storage.read(path)
    except FileNotFoundError as error:
        raise _damaged(storage, path, "no such file") from error
    if f"sha256:{hashlib.sha256(data).hexdigest()}" != item["hash"]:
        raise _damaged(storage, path, "other bytes than were published")
    return data


def _no_such_version(storage: Storage, round_id: str, version: int) -> ProblemsError:
    there = ", ".join(str(number) for number in list_versions(storage, round_id)) or "none yet"
    return problem(
        found=f"no version {version} of round {round_id}",
        expected=f"a published version (there are: {there})",
        where=f"{storage.address}/{round_path(round_id)}",
        remedy="Name one of those, or run the round first.",
    )


def _damaged(storage: Storage, path: str, found: str) -> ProblemsError:
    return problem(
        found=found,
        expected="a version as it was published",
        where=f"{storage.address}/{path}",
        remedy="Run `city2city verify` to see everything that is wrong, and restore the folder from a "
        "backup.",
    )


def _overtaken(storage: Storage, round_id: str, parent: int | None, there: int | None) -> ProblemsError:
    return problem(
        found=f"version {there}, published by another run meanwhile",
        expected="no version yet" if parent is None else f"version {parent} as the latest",
        where=f"{storage.address}/{round_path(round_id)}",
        remedy="Run the round again.",
    )
