"""A second copy of each version's `datapackage.json`, so that a lost or damaged one can be made good.

Belongs here: keeping it beside the kept inputs, and reading it back if it is as it was sealed. Must stay out:
what it says (`warehouse/snapshots/descriptor.py`) and making a version good.
"""

from __future__ import annotations

from programme.problems import ProblemsError
from warehouse.snapshots.damage import sealed_package
from warehouse.snapshots.descriptor import PACKAGE_FILE
from warehouse.snapshots.numbers import list_versions, version_path
from warehouse.storage import Storage

FOLDER = "restricted/packages"


def keep_packages(storage: Storage, round_id: str) -> None:
    """Keep a copy of the descriptor of every version that has no copy yet; a damaged one is not copied."""
    for version in list_versions(storage, round_id):
        if read_kept_package(storage, round_id, version) is not None:
            continue
        try:
            raw = storage.read(f"{version_path(round_id, version)}/{PACKAGE_FILE}")
        except FileNotFoundError:
            continue
        if sealed_package(raw, round_id, version) is not None:
            storage.write(kept_package_path(round_id, version), raw, private=True)


def read_kept_package(storage: Storage, round_id: str, version: int) -> bytes | None:
    """The kept descriptor of a version; None where there is none, or it is not as it was sealed."""
    try:
        raw = storage.read(kept_package_path(round_id, version))
    except (FileNotFoundError, ProblemsError):
        return None
    return raw if sealed_package(raw, round_id, version) is not None else None


def kept_package_path(round_id: str, version: int) -> str:
    """Where the copy of a version's descriptor lies."""
    return f"{FOLDER}/round={round_id}/version={version:04d}.json"
