"""Signing what was approved with the office's key, where it has one, and checking that.

Belongs here: which key that is, the step that an approval takes (`sign_approved`), and what `verify --key`
asks. The libraries of signatures are loaded where something is signed or checked. Must stay out: the key
itself and what is signed (`warehouse/signing`), and when something is approved (the flow of approvals).
"""

from __future__ import annotations

from pathlib import Path

from flows.context import AppContext
from programme.problems import problem
from programme.rounds import Round
from warehouse.snapshots.approved import Approved, read_note

KEY_FILE = "restricted/keys/office.pem"
"""Where the key lies in the data folder, unless a setting names another place."""


def key_path(context: AppContext) -> Path:
    """Where the office's key is, or will be made.

    Raises `ProblemsError` where the data are in a bucket and no setting names a place: a key is not kept in
    one.
    """
    settings = context.settings
    if settings.signing_key is not None:
        return settings.signing_key
    if settings.data_folder is None:
        raise problem(
            found="a bucket as the data folder, and no place for a key",
            expected="a file on this machine",
            where="the environment",
            remedy="Set CITY2CITY_SIGNING_KEY to the path of the key.",
        )
    return settings.data_folder / KEY_FILE


def has_key(context: AppContext) -> bool:
    """Whether the office has a key to sign with."""
    settings = context.settings
    return (settings.signing_key is not None or settings.data_folder is not None) and key_path(
        context
    ).is_file()


def sign_approved(context: AppContext, _round: Round, approved: Approved) -> None:
    """Sign an approved version; an office without a key signs nothing.

    Raises `ProblemsError` where there is a key that cannot be used: then it must be looked at first.
    """
    if context.settings.signing_key is None and not has_key(context):
        return
    from warehouse.signing.attestation import sign_approval  # noqa: PLC0415  (see the module)
    from warehouse.signing.keys import read_key  # noqa: PLC0415

    sign_approval(context.storage, approved, read_key(key_path(context)))


def signature_problems(
    context: AppContext, round_id: str, version: int, key: Path, *, named: bool
) -> list[str] | None:
    """What is wrong with the signed approval of a version, by the public key in a file.

    None where there is none and none is asked for: only a version that was `named`, and the approved one,
    must have one.
    """
    from warehouse.signing.attestation import attestation_problems, has_attestation  # noqa: PLC0415  (see the module)
    from warehouse.signing.keys import read_public_key  # noqa: PLC0415

    public, storage = read_public_key(key), context.storage
    approved = read_note(storage, round_id)
    asked_for = named or (approved is not None and approved.version == version)
    if not asked_for and not has_attestation(storage, round_id, version):
        return None
    return attestation_problems(storage, round_id, version, public)
