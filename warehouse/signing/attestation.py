"""A signed statement of an approved version: kept beside the versions, and checked against their files.

Belongs here: the envelope (DSSE), where it lies, and everything that makes a check fail. Must stay out: what
is stated (`statement.py`) and the key (`keys.py`).

A version is immutable and holds nothing but its tables, so its statement lies beside the versions of the
round. The signature covers every file by its hash; whoever has the public key needs nothing else of ours.
"""

from __future__ import annotations

import json
from typing import Any

from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import FormatError, VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

from programme.problems import ProblemsError
from warehouse.aside import put_aside
from warehouse.signing.statement import (
    PAYLOAD_TYPE,
    PREDICATE_TYPE,
    STATEMENT_TYPE,
    attestation_path,
    describe_approval,
    encoded,
    is_of_version,
    subjects,
)
from warehouse.snapshots.approved import Approved, read_note
from warehouse.snapshots.damage import read_or_none
from warehouse.snapshots.versions import read_package
from warehouse.storage import Storage


def has_attestation(storage: Storage, round_id: str, version: int) -> bool:
    """Whether there is a signed statement of a version."""
    return storage.exists(attestation_path(round_id, version))


def sign_approval(storage: Storage, approved: Approved, signer: CryptoSigner) -> None:
    """Sign what is approved, and keep that; done again for the same approval it changes nothing.

    Another statement that lies there is kept aside.
    """
    envelope = Envelope(encoded(describe_approval(storage, approved)), PAYLOAD_TYPE, {})
    envelope.sign(signer)
    data, path = _encoded(envelope), attestation_path(approved.round_id, approved.version)
    if read_or_none(storage, path) != data:
        put_aside(storage, path)
        storage.write(path, data)


def attestation_problems(storage: Storage, round_id: str, version: int, key: SSlibKey) -> list[str]:
    """Everything that is wrong with the signed statement of a version, in plain words; none if it holds.

    It holds if its signature is that of the key, and every file, the descriptor and the approval are as it
    says.
    """
    path = attestation_path(round_id, version)
    try:
        data = storage.read(path)
    except FileNotFoundError:
        return [f"{path}: there is none; nobody signed that version {version} was approved"]
    statement = _statement(data, key)
    if isinstance(statement, str):
        return [f"{path}: {statement}"]
    return [f"{path}: {found}" for found in _differences(storage, round_id, version, statement)]


def _statement(data: bytes, key: SSlibKey) -> dict[str, Any] | str:
    """What was signed; or, in words, why nothing can be believed."""
    try:
        envelope = Envelope.from_dict(json.loads(data))
        if _encoded(envelope) != data or envelope.payload_type != PAYLOAD_TYPE:
            return "it was changed after it was signed"
        envelope.verify([key], 1)
        statement: dict[str, Any] = json.loads(envelope.payload)
    except VerificationError:
        return f"the key {key.keyid[:16]} did not sign this"
    except (ValueError, TypeError, KeyError, AttributeError, FormatError):
        return "it is no signed statement, or it was changed after it was signed"
    return statement


def _differences(storage: Storage, round_id: str, version: int, statement: dict[str, Any]) -> list[str]:
    """Where what was signed is not what is there."""
    if (statement.get("_type"), statement.get("predicateType")) != (STATEMENT_TYPE, PREDICATE_TYPE):
        return ["it states something else than an approval"]
    told, found = statement["predicate"], []
    if (told["round"], told["version"]) != (round_id, version):
        return [f"it states the approval of round {told['round']}, version {told['version']}"]
    signed = {item["name"]: item["digest"]["sha256"] for item in statement["subject"]}
    there = {item["name"]: item["digest"]["sha256"] for item in subjects(storage, round_id, version)}
    found += [f"{name} is missing" for name in sorted(signed.keys() - there.keys())]
    found += [f"{name} was not there when it was signed" for name in sorted(there.keys() - signed.keys())]
    found += [
        f"{name} holds other bytes than were signed"
        for name in sorted(signed.keys() & there.keys())
        if signed[name] != there[name]
    ]
    try:
        if not is_of_version(read_package(storage, round_id, version), told):
            found.append("inputs, rules or program are not those of the version")
        found += _approval_differences(read_note(storage, round_id), round_id, version, told["approval"])
    except ProblemsError as error:
        found += [str(item) for item in error.problems]
    return found


def _approval_differences(
    approved: Approved | None, round_id: str, version: int, told: dict[str, Any]
) -> list[str]:
    """Whether the approval still stands; a later version that was approved leaves an older one as it is."""
    if approved is None or approved.version < version:
        return [f"version {version} of round {round_id} is not approved any more"]
    same = (approved.approved_at.isoformat(timespec="microseconds"), approved.approvals)
    if approved.version == version and same != (told["approvedAt"], told["approvals"]):
        return ["it states another approval than the one that stands"]
    return []


def _encoded(envelope: Envelope) -> bytes:
    """The envelope in one spelling only, so that any other byte is a change."""
    return (json.dumps(envelope.to_dict(), sort_keys=True, indent=2) + "\n").encode()
