"""Where the versions of a round lie, and which numbers were published: damaged ones too.

Belongs here: paths and numbers. Must stay out: reading a version (`versions.py`) and what is wrong with one
(`damage.py`, `verify.py`).

A version is published once its `datapackage.json` is there. If that is lost later, the version was published
all the same: its number is never given again. Whoever reads it is told that it is damaged.
"""

from __future__ import annotations

import json
import re
from typing import Any

from warehouse.snapshots.descriptor import PACKAGE_FILE
from warehouse.storage import Storage

LATEST_FILE = "latest.json"
_DESCRIBED = re.compile(r"/version=([0-9]{4,})/datapackage\.json$")
_SIGNED = re.compile(r"/attestations/version=([0-9]{4,})\.intoto\.json$")
_FOLDER = re.compile(r"version=([0-9]{4,})$")


def round_path(round_id: str) -> str:
    """The folder of a round's versions; Hive-aware readers take `round` from it."""
    return f"snapshots/round={round_id}"


def version_path(round_id: str, version: int) -> str:
    """The folder of one version; Hive-aware readers take `round` and `version` from it."""
    return f"{round_path(round_id)}/version={version:04d}"


def list_versions(storage: Storage, round_id: str) -> list[int]:
    """The versions of a round, in order: every number up to the highest that was published.

    A damaged version is one of them. A folder of a bucket without a descriptor is none, unless something else
    says that it was published: a run may be filling it.
    """
    top = round_path(round_id)
    found = [
        int(match[1])
        for item in storage.list(top)
        if (match := _DESCRIBED.search(item.path) or _SIGNED.search(item.path))
    ]
    if storage.publishes_at_once:
        folders, _ = storage.entries(top)
        found += [int(match[1]) for name in folders if (match := _FOLDER.fullmatch(name))]
    found.append(_noted(storage, f"{top}/{LATEST_FILE}", round_id))
    return list(range(1, max(found) + 1))


def latest_version(storage: Storage, round_id: str) -> int | None:
    """The newest version, or None before the first."""
    return max(list_versions(storage, round_id), default=None)


def encode_latest(round_id: str, version: int, digest: str) -> bytes:
    """`latest.json` for a version whose descriptor has that sha256."""
    latest = {
        "round": round_id,
        "version": version,
        "path": f"version={version:04d}/{PACKAGE_FILE}",
        "hash": f"sha256:{digest}",
    }
    return (json.dumps(latest, indent=2) + "\n").encode()


def named_version(data: bytes, round_id: str) -> int | None:
    """The version that the bytes of a `latest.json` name; None where they are not as they were written."""
    try:
        told: dict[str, Any] = json.loads(data)
        version = int(told["version"])
        whole = encode_latest(round_id, version, str(told["hash"]).removeprefix("sha256:")) == data
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return version if whole and version > 0 else None


def _noted(storage: Storage, path: str, round_id: str) -> int:
    """The version that `latest.json` names; 0 where it names none."""
    try:
        return named_version(storage.read(path), round_id) or 0
    except FileNotFoundError:
        return 0
