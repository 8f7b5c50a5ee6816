"""What is stated of an approved version: an in-toto statement, the same bytes for the same facts.

Belongs here: which facts, and their one spelling. Must stay out: who signs (`keys.py`) and where it is kept
(`attestation.py`). No person is named in it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from warehouse.snapshots.approved import Approved
from warehouse.snapshots.numbers import round_path, version_path
from warehouse.snapshots.versions import read_package
from warehouse.storage import Storage

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:city2city:approval:v1"
"""The kind of our statement; its number changes with the meaning of its keys."""


def attestation_path(round_id: str, version: int) -> str:
    """Where the signed statement of a version lies."""
    return f"{round_path(round_id)}/attestations/version={version:04d}.intoto.json"


def attested(storage: Storage, round_id: str, version: int) -> dict[str, Any] | None:
    """What is stated of a version, without a look at the signature; None where nothing can be read."""
    statement = _payload(storage, round_id, version)
    return None if statement is None else statement["predicate"]


def signed_files(storage: Storage, round_id: str, version: int) -> dict[str, str]:
    """The files that a version's statement covers, by path with their sha256, as `attested`."""
    statement = _payload(storage, round_id, version) or {"subject": []}
    return {str(item["name"]): str(item["digest"]["sha256"]) for item in statement["subject"]}


def _payload(storage: Storage, round_id: str, version: int) -> dict[str, Any] | None:
    try:
        envelope = json.loads(storage.read(attestation_path(round_id, version)))
        statement: dict[str, Any] = json.loads(base64.b64decode(envelope["payload"]))
        told = statement["predicate"]
        [item["digest"]["sha256"] for item in statement["subject"]]
        return statement if (told["round"], told["version"]) == (round_id, version) else None
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return None


def public_path(round_id: str, version: int) -> str:
    """The folder of the public edition of a version."""
    return f"public/round={round_id}/version={version:04d}"


def describe_approval(storage: Storage, approved: Approved) -> dict[str, Any]:
    """The statement of an approved version, from its files as they are now.

    Its subjects are all files of the version, and of its public edition where there is one. The predicate
    holds what the version says it was made from, and the approval.
    """
    package = read_package(storage, approved.round_id, approved.version)
    return {
        "_type": STATEMENT_TYPE,
        "subject": subjects(storage, approved.round_id, approved.version),
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "round": approved.round_id,
            "version": approved.version,
            "state": package["state"],
            "content": package["content"],
            "seal": package["seal"],
            "inputs": package["inputs"],
            "rules": package["rules"],
            "program": {
                "version": package["program"],
                "source": package.get("program_source"),
                "lock": package.get("program_lock"),
            },
            "approval": {
                "approvedAt": approved.approved_at.isoformat(timespec="microseconds"),
                "approvals": approved.approvals,
            },
        },
    }


def subjects(storage: Storage, round_id: str, version: int) -> list[dict[str, Any]]:
    """Every file that a statement covers, by its path in the data folder, with its sha256."""
    folders = (version_path(round_id, version), public_path(round_id, version))
    return [
        {"name": item.path, "digest": {"sha256": hashlib.sha256(storage.read(item.path)).hexdigest()}}
        for folder in folders
        for item in storage.list(folder)
    ]


def is_of_version(package: dict[str, Any], predicate: dict[str, Any]) -> bool:
    """Whether a predicate says of a version what its `datapackage.json` says."""
    program = predicate["program"]
    told = [predicate[key] for key in ("state", "content", "seal", "inputs", "rules")]
    told += [program["version"], program["source"], program["lock"]]
    keys = ("state", "content", "seal", "inputs", "rules", "program", "program_source", "program_lock")
    return told == [package.get(key) for key in keys]


def encoded(statement: dict[str, Any]) -> bytes:
    """The statement as bytes, in one spelling only."""
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
