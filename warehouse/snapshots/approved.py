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
from warehouse.snapshots.descriptor import PACKAGE_FILE, encode_package, seal
from warehouse.snapshots.versions import round_path, version_path
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
    """Make `approved.json` name this version; the same again writes nothing."""
    data = _encoded(approved)
    path = approved_path(approved.round_id)
    if not storage.exists(path) or storage.read(path) != data:
        storage.write(path, data)


def remove_approved(storage: Storage, round_id: str) -> None:
    """Take `approved.json` away, because no version of the round is approved any longer."""
    storage.delete(approved_path(round_id))


def read_approved(storage: Storage, round_id: str) -> Approved | None:
    """The approved version of a round; None where none is approved.

    Raises `ProblemsError` where a byte of `approved.json` or of a file of its version was changed since: then
    nothing is approved, and a person must look.
    """
    approved = read_note(storage, round_id)
    if approved is not None and (changed := changed_files(storage, approved)):
        raise _void(
            storage, round_id, f"{', '.join(changed)}, changed since version {approved.version} was approved"
        )
    return approved


def read_note(storage: Storage, round_id: str) -> Approved | None:
    """What `approved.json` says, without a look at the version; raises `ProblemsError` for a changed byte."""
    try:
        data = storage.read(approved_path(round_id))
    except FileNotFoundError:
        return None
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
        untouched = _encoded(approved) == data
    except (ValueError, TypeError, KeyError, AttributeError):
        untouched = False
    if not untouched or approved.round_id != round_id:
        raise _void(storage, round_id, f"{APPROVED_FILE}, changed after it was written")
    return approved


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
    try:
        raw = storage.read(path)
        package: dict[str, Any] = json.loads(raw)
        same = encode_package(package) == raw and seal(package) == package["seal"] == approved.seal
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return package if same and package["content"] == approved.content else None


def _digest(storage: Storage, path: str) -> str | None:
    try:
        return f"sha256:{hashlib.sha256(storage.read(path)).hexdigest()}"
    except FileNotFoundError:
        return None


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


def _void(storage: Storage, round_id: str, found: str) -> ProblemsError:
    return problem(
        found=found,
        expected="the approved version as it was approved, to the byte",
        where=f"{storage.address}/{round_path(round_id)}",
        remedy=f"Nothing is announced. Look with: city2city verify {round_id}. Restore the files from a "
        "backup, or approve a version that verifies.",
    )
