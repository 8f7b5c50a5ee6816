"""The public edition of an approved version made good: its files again, with the hashes that were signed.

Belongs here: what the files must be, and making them. Must stay out: what an edition says
(`warehouse/public`), and the version itself (`repairing.py`).
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from datetime import datetime
from typing import Any

from flows.context import AppContext
from flows.pinning import with_rules_of
from flows.report import make_report
from programme.problems import ProblemsError, problem
from programme.rounds import Round
from warehouse.aside import put_aside
from warehouse.public.edition import REPORT_FILE, edition_files, public_path
from warehouse.signing.statement import attested, signed_files
from warehouse.snapshots import Approved, read_package
from warehouse.snapshots.approved import read_note
from warehouse.snapshots.damage import found_instead, read_or_none
from warehouse.snapshots.descriptor import PACKAGE_FILE


def repair_edition(context: AppContext, round_: Round, version: int) -> dict[str, str]:
    """Make the damaged files of a public edition again; each by its path, with what was found.

    Raises `ProblemsError` where one would have other bytes than were published: then nothing is changed.
    """
    storage, folder = context.storage, public_path(round_.id, version)
    wanted = _hashes(context, round_.id, version)
    damaged = {}
    for path, sha256 in wanted.items():
        data = read_or_none(storage, path)
        if data is None or hashlib.sha256(data).hexdigest() != sha256:
            damaged[path] = found_instead(data)
    if not damaged:
        return {}
    made = _made(context, round_, version, with_report=f"{folder}/{REPORT_FILE}" in wanted)
    wrong = [path for path in damaged if hashlib.sha256(made.get(path, b"")).hexdigest() != wanted[path]]
    if wrong:
        raise problem(
            found=f"{', '.join(wrong)}, which this program makes with other bytes",
            expected="the public edition as it was published",
            where=f"{storage.address}/{folder}",
            remedy="Nothing of it was changed. Restore these files from a backup.",
        )
    for path in damaged:
        put_aside(storage, path)
        storage.write(path, made[path])
    return damaged


def _hashes(context: AppContext, round_id: str, version: int) -> dict[str, str]:
    """The files of the edition by path, with the sha256 that was signed, or that its descriptor gives."""
    folder = public_path(round_id, version)
    signed = {
        path: digest
        for path, digest in signed_files(context.storage, round_id, version).items()
        if path.startswith(f"{folder}/")
    }
    raw = read_or_none(context.storage, f"{folder}/{PACKAGE_FILE}")
    if signed or raw is None:
        return signed
    try:
        resources = json.loads(raw)["resources"]
        return {f"{folder}/{one['path']}": one["hash"].removeprefix("sha256:") for one in resources}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}


def _made(context: AppContext, round_: Round, version: int, *, with_report: bool) -> dict[str, bytes]:
    """All files of the edition as this program makes them, by path."""
    package = read_package(context.storage, round_.id, version)
    approved = _approval(context, round_.id, version, package)
    with suppress(ProblemsError):
        context = with_rules_of(context, str(package["rules"]))
    report = None
    if with_report:
        report = make_report(context, round_.id, version, public=True, approved=approved).encode()
    files = edition_files(
        context.storage,
        round_.id,
        version,
        approved_at=approved.approved_at,
        programme=context.programme,
        report=report,
    )
    return {f"{public_path(round_.id, version)}/{name}": data for name, data in files.items()}


def _approval(context: AppContext, round_id: str, version: int, package: dict[str, Any]) -> Approved:
    """The approval with which the edition was made: the signed one, or that of `approved.json`."""
    told = (attested(context.storage, round_id, version) or {}).get("approval")
    if told is not None:
        moment = datetime.fromisoformat(told["approvedAt"])
        seal, content = str(package["seal"]), str(package["content"])
        return Approved(round_id, version, seal, content, moment, int(told["approvals"]))
    note = read_note(context.storage, round_id)
    if note is None or note.version != version:
        raise problem(
            found="no approval of the version",
            expected="the moment at which it was approved",
            where=f"the public edition of round {round_id}, version {version}",
            remedy="Nothing of it was changed. Restore its files from a backup.",
        )
    return note
