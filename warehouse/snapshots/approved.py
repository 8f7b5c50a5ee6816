"""`approved.json` beside the versions of a round: which version may leave the house.

Belongs here: writing it, and reading it so that nothing passes for approved that was changed since. Must stay
out: who approves, what speaks against it, and what follows from it.

The file is derived from the decisions, like `latest.json` from the versions; but it alone opens the door, so
it vouches for itself and for every byte of the version it names.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from programme.problems import ProblemsError, problem
from warehouse.aside import put_aside
from warehouse.snapshots.damage import read_or_none, sealed_package
from warehouse.snapshots.descriptor import PACKAGE_FILE
from warehouse.snapshots.numbers import latest_version, round_path, version_path
from warehouse.storage import Storage

APPROVED_FILE = "approved.json"


@dataclass(frozen=True)
class Approved:
    """The newest approved version of a round.

    `seal` and `content` are those of its `datapackage.json`; `approved_at` is the moment (UTC) of the
    approval that completed it, and `approvals` the number of people who approved.
    """

    round_id: str
    version: int
    seal: str
    content: str
    approved_at: datetime
    approvals: int


def approved_path(round_id: str) -> str:
    """Where `approved.json` of a round lies."""
    return f"{round_path(round_id)}/{APPROVED_FILE}"


def write_approved(storage: Storage, approved: Approved) -> None:
    """Make `approved.json` name this version; the same again writes nothing, a damaged one is kept aside."""
    data = _encoded(approved)
    path = approved_path(approved.round_id)
    there = read_or_none(storage, path)
    if there == data:
        return
    if there is None or _decoded(there) is None:
        put_aside(storage, path)
    storage.write(path, data)


def remove_approved(storage: Storage, round_id: str) -> None:
    """Take `approved.json` away, because no version of the round is approved any longer.

    One that is not as it was written is kept aside.
    """
    path = approved_path(round_id)
    there = read_or_none(storage, path)
    if there is None or _decoded(there) is None:
        put_aside(storage, path)
    else:
        storage.delete(path)


def read_approved(storage: Storage, round_id: str) -> Approved | None:
    """The approved version of a round; None where none is approved.

    Raises `ProblemsError` where a byte of `approved.json` or of a file of its version was changed since: then
    nothing is approved, and a person must look.
    """
    approved = read_note(storage, round_id)
    if approved is not None and (changed := changed_files(storage, approved)):
        found = f"{', '.join(changed)}, changed since version {approved.version} was approved"
        raise _void(storage, round_id, found, approved.version)
    return approved


def read_note(storage: Storage, round_id: str) -> Approved | None:
    """What `approved.json` says, without a look at the version; raises `ProblemsError` for a changed byte."""
    path = approved_path(round_id)
    data = read_or_none(storage, path)
    if data is None:
        folders, _ = storage.entries(round_path(round_id))
        if APPROVED_FILE in folders:
            raise _void(storage, round_id, f"a folder in the place of {APPROVED_FILE}")
        return None
    approved = _decoded(data)
    if approved is None or approved.round_id != round_id:
        raise _void(storage, round_id, f"{APPROVED_FILE}, changed after it was written")
    return approved


def _decoded(data: bytes) -> Approved | None:
    """What the bytes say; None where they are not as they were written."""
    try:
        told = json.loads(data)
        approved = Approved(
            round_id=told["round"],
            version=told["version"],
            seal=told["seal"],
            content=told["content"],
            approved_at=datetime.fromisoformat(told["approved_at"]),
            approvals=told["approvals"],
        )
        return approved if _encoded(approved) == data else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def changed_files(storage: Storage, approved: Approved) -> list[str]:
    """The files of the approved version that are missing or hold other bytes than were approved."""
    folder = version_path(approved.round_id, approved.version)
    package = _package(storage, f"{folder}/{PACKAGE_FILE}", approved)
    if package is None:
        return [PACKAGE_FILE]
    return [
        item["path"]
        for item in package["resources"]
        if _digest(storage, f"{folder}/{item['path']}") != item["hash"]
    ]


def _package(storage: Storage, path: str, approved: Approved) -> dict[str, Any] | None:
    """The descriptor, if it is the approved one to the byte."""
    raw = read_or_none(storage, path)
    package = None if raw is None else sealed_package(raw, approved.round_id, approved.version)
    same = package is not None and (package["seal"], package["content"]) == (approved.seal, approved.content)
    return package if same else None


def _digest(storage: Storage, path: str) -> str | None:
    data = read_or_none(storage, path)
    return None if data is None else f"sha256:{hashlib.sha256(data).hexdigest()}"


def _encoded(approved: Approved) -> bytes:
    """The file in one spelling only, with a hash of itself, so that any other byte is a change."""
    told: dict[str, Any] = {
        "round": approved.round_id,
        "version": approved.version,
        "path": f"version={approved.version:04d}/{PACKAGE_FILE}",
        "seal": approved.seal,
        "content": approved.content,
        "approved_at": approved.approved_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "approvals": approved.approvals,
    }
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    return (json.dumps({**told, "hash": f"sha256:{digest}"}, indent=2) + "\n").encode()


def _void(storage: Storage, round_id: str, found: str, version: int | None = None) -> ProblemsError:
    number = (latest_version(storage, round_id) or 1) if version is None else version
    return problem(
        found=found,
        expected="the approved version as it was approved, to the byte",
        where=f"{storage.address}/{round_path(round_id)}",
        remedy=f"Nothing is announced. Look with: city2city verify {round_id}. Rebuild it: city2city repair "
        f"{round_id} {number}. Or approve a version that verifies.",
    )
