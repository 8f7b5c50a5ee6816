"""Whether the files of a version are those that were published, by their bytes alone.

Belongs here: the descriptor's seal, and each file against the hash that the descriptor gives. Must stay out:
what the values mean (`verify.py`), and making a version good (`flows/repairing.py`). It is asked by every
run, so it reads bytes and decodes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from programme.problems import Problem, ProblemsError
from warehouse.snapshots.descriptor import PACKAGE_FILE, encode_package, seal
from warehouse.snapshots.numbers import list_versions, version_path
from warehouse.storage import Storage


class DamagedVersionError(ProblemsError):
    """A version that was published is not as it was published.

    It is told from a storage that does not answer: nobody may pass over a version because of that.
    """


def damaged(storage: Storage, round_id: str, version: int, path: str, found: str) -> DamagedVersionError:
    """The error for a file of a version that is missing or was changed."""
    return DamagedVersionError(
        [
            Problem(
                found=found,
                expected=f"version {version} of round {round_id} as it was published",
                where=f"{storage.address}/{path}",
                remedy=f"Rebuild it: city2city repair {round_id} {version}",
            )
        ]
    )


def sealed_package(raw: bytes, round_id: str, version: int) -> dict[str, Any] | None:
    """The descriptor, if it is that of the version and as it was sealed; None for any other bytes."""
    if not _is_sealed(raw):
        return None
    package: dict[str, Any] = json.loads(raw)
    return package if (package["round"], package["version"]) == (round_id, str(version)) else None


@lru_cache(maxsize=64)
def _is_sealed(raw: bytes) -> bool:
    """Whether these bytes are a descriptor under its own seal, in the one spelling that we write."""
    try:
        package = json.loads(raw)
        named = isinstance(package["resources"], list) and "round" in package and "version" in package
        return named and encode_package(package) == raw and package["seal"] == seal(package)
    except (ValueError, TypeError, KeyError, AttributeError):
        return False


def damaged_files(storage: Storage, round_id: str, version: int) -> dict[str, str]:
    """The files of a version that are not as they were published, each with what was found.

    Where the descriptor is one of them it is the only one: it tells how the others should be.
    """
    folder = version_path(round_id, version)
    raw = read_or_none(storage, f"{folder}/{PACKAGE_FILE}")
    package = None if raw is None else sealed_package(raw, round_id, version)
    if package is None:
        return {PACKAGE_FILE: found_instead(raw)}
    return damaged_tables(storage, round_id, version, package)


def damaged_tables(
    storage: Storage, round_id: str, version: int, package: Mapping[str, Any]
) -> dict[str, str]:
    """The tables of a version that are not as a descriptor says, each by its file with what was found."""
    found = {}
    for item in package["resources"]:
        data = read_or_none(storage, f"{version_path(round_id, version)}/{item['path']}")
        if data is None or f"sha256:{hashlib.sha256(data).hexdigest()}" != item["hash"]:
            found[str(item["path"])] = found_instead(data)
    return found


def newest_whole(storage: Storage, round_id: str) -> int | None:
    """The newest version whose files are all as they were published; None where there is none."""
    numbers = reversed(list_versions(storage, round_id))
    return next((number for number in numbers if not damaged_files(storage, round_id, number)), None)


def read_or_none(storage: Storage, path: str) -> bytes | None:
    """The bytes at a path; None where there is no file."""
    try:
        return storage.read(path)
    except FileNotFoundError:
        return None


def found_instead(data: bytes | None) -> str:
    """What lies in the place of a file that was published, in words."""
    if data is None:
        return "no such file"
    return "other bytes than were published" if data else "an empty file"
