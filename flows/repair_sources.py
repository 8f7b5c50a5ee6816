"""What a damaged version is rebuilt from: its descriptor, and the bytes of each of its tables.

Belongs here: finding the descriptor that was sealed, finding or making bytes that have a hash. Must stay out:
putting them in place (`repairing.py`). Nothing is written here, and nothing is believed that does not have
the hash that was published.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from flows.context import AppContext
from flows.errors import StoppedError
from flows.pinning import its_rules_or_todays
from flows.published_versions import PublishedVersion, origin_of, read_parent
from flows.replay import erased_of, made_again
from flows.version import identity_of, program_identity
from programme.problems import ProblemsError, problem
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.kept_packages import read_kept_package
from warehouse.signing.statement import attested
from warehouse.snapshots import DamagedVersionError, list_versions, read_package, version_path
from warehouse.snapshots.approved import read_note
from warehouse.snapshots.damage import read_or_none, sealed_package
from warehouse.snapshots.descriptor import PACKAGE_FILE, VersionMetadata, describe_package
from warehouse.snapshots.older import lacked_by, without_lacked
from warehouse.snapshots.parquet import conform_tables, content_hash, decode_table, encode_table

Package = dict[str, Any]


def known_seals(context: AppContext, round_id: str, version: int) -> dict[str, str]:
    """Who says which seal the version has: the database, its approval, and the versions made after it.

    Its signed approval is asked where none of these knows.
    """
    noted = [row for row in context.ledger.versions(round_id) if row["version"] == version]
    found = {"the database": str(noted[0]["seal"])} if noted else {}
    try:
        note = read_note(context.storage, round_id)
    except ProblemsError:
        note = None
    if note is not None and note.version == version:
        found["approved.json"] = note.seal
    for later in list_versions(context.storage, round_id):
        if later > version:
            try:
                package = read_package(context.storage, round_id, later)
            except DamagedVersionError:
                continue
            if package["parent"] == version:
                found[f"version {later}"] = str(package["parent_seal"])
    if not found and (predicate := attested(context.storage, round_id, version)):
        found["its signed approval"] = str(predicate.get("seal"))
    return found


def sealed_descriptor(context: AppContext, round_id: str, version: int) -> Package:
    """The descriptor of a version as it was published.

    It is the one that is there, or the copy that is kept, or one made again from what is left; always one
    with the seal that others know. Raises `ProblemsError` where none of them is.
    """
    seals = known_seals(context, round_id, version)
    if len(set(seals.values())) > 1:
        raise problem(
            found=", ".join(f"the seal {seal[:12]} by {who}" for who, seal in sorted(seals.items())),
            expected="one seal of the version",
            where=f"round {round_id}, version {version}",
            remedy="Somebody changed one of them. Nothing was changed now. Restore a backup.",
        )
    wanted = next(iter(seals.values()), None)
    for package in _possible(context, round_id, version):
        if wanted in (None, package["seal"]):
            return package
    raise problem(
        found=f"no {PACKAGE_FILE} with the seal that was published, and none can be made again",
        expected="its copy, which the next run of a round keeps since this program, or what it said",
        where=f"round {round_id}, version {version}",
        remedy="Nothing was changed. Restore its file from a backup.",
    )


def _possible(context: AppContext, round_id: str, version: int) -> Iterator[Package]:
    """Descriptors with a seal that holds: the one there, the kept copy, and those made again."""
    raw = read_or_none(context.storage, f"{version_path(round_id, version)}/{PACKAGE_FILE}")
    for data in (raw, read_kept_package(context.storage, round_id, version)):
        if data is not None and (package := sealed_package(data, round_id, version)):
            yield package
    seals = set(known_seals(context, round_id, version).values())
    for told in _told(context, round_id, version, raw):
        package = _described_again(context, round_id, version, told)
        if package is not None and package["seal"] in seals:
            yield package


def _told(context: AppContext, round_id: str, version: int, raw: bytes | None) -> Iterator[Package]:
    """What is left of what the descriptor said: its damaged text, or the signed approval and the database."""
    try:
        told = json.loads(raw or b"")
    except ValueError:
        told = None
    if isinstance(told, dict):
        yield told
    noted = [row for row in context.ledger.versions(round_id) if row["version"] == version]
    predicate = attested(context.storage, round_id, version)
    if predicate and noted:
        program = predicate.get("program") or {}
        yield {
            "state": predicate.get("state"),
            "reason": noted[0]["reason"],
            "parent": noted[0]["parent"],
            "inputs": predicate.get("inputs"),
            "rules": predicate.get("rules"),
            "program": program.get("version"),
            "program_source": program.get("source"),
            "program_lock": program.get("lock"),
        }


def _described_again(context: AppContext, round_id: str, version: int, told: Package) -> Package | None:
    """The descriptor of the tables that are there, with what is left of what it said; None if that fails."""
    try:
        metadata = VersionMetadata(
            state=told["state"],
            reason=told["reason"],
            parent=told["parent"],
            inputs=told["inputs"],
            rules=told["rules"],
            program=told["program"],
            source=told["program_source"],
            lock=told["program_lock"],
        )
        encoded = _tables_there(context, round_id, version)
        frames = conform_tables({name: frame for name, (_, frame) in encoded.items()})
        parent = read_package(context.storage, round_id, metadata.parent) if metadata.parent else None
        return describe_package(
            round_id,
            version,
            frames,
            {name: data for name, (data, _) in encoded.items()},
            metadata,
            parent["seal"] if parent else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError, ProblemsError, pl.exceptions.PolarsError):
        return None


def _tables_there(context: AppContext, round_id: str, version: int) -> dict[str, tuple[bytes, pl.DataFrame]]:
    found = {}
    for name in PUBLISHED_TABLES:
        data = context.storage.read(f"{version_path(round_id, version)}/{name}.parquet")
        found[name] = (data, decode_table(data))
    return found


@dataclass(frozen=True)
class Made:
    """What was made again, by table: its bytes, or why it has not the bytes that were published."""

    data: dict[str, bytes]
    why_not: dict[str, str]


def make_tables(context: AppContext, round_id: str, version: int, package: Package, names: list[str]) -> Made:
    """The bytes of these tables of a version, each with the hash that its descriptor gives.

    They are taken from another version of the round that has the same table, or made again from the kept
    inputs.
    """
    told = {str(item["name"]): item for item in package["resources"]}
    data = {name: found for name in names if (found := _elsewhere(context, round_id, version, told[name]))}
    left = [name for name in names if name not in data]
    if not left:
        return Made(data, {})
    published = PublishedVersion(version, _findings(context, round_id, version, told), package)
    erased = erased_of(context, published)
    try:
        tables = _remade(context, round_id, published)
    except (ProblemsError, StoppedError) as error:
        return Made(data, dict.fromkeys(left, _why(error)))
    why_not = {}
    lacks = lacked_by(package)
    for name in left:
        frame = without_lacked(name, tables[name], lacks)
        made = encode_table(frame)
        if f"sha256:{hashlib.sha256(made).hexdigest()}" == told[name]["hash"]:
            data[name] = made
        else:
            same = told[name]["content"] == content_hash(frame)
            why_not[name] = _what_differs(package, same, erased)
    return Made(data, why_not)


def _elsewhere(context: AppContext, round_id: str, version: int, item: Package) -> bytes | None:
    """The bytes of a table, from another version of the round that has the same."""
    for other in list_versions(context.storage, round_id):
        path = f"{version_path(round_id, other)}/{item['path']}"
        data = None if other == version else read_or_none(context.storage, path)
        if data is not None and f"sha256:{hashlib.sha256(data).hexdigest()}" == item["hash"]:
            return data
    return None


def _findings(context: AppContext, round_id: str, version: int, told: Package) -> dict[str, pl.DataFrame]:
    """The findings of the version, if they are whole: they say where its matching stopped."""
    item = told.get("findings", {})
    path = f"{version_path(round_id, version)}/findings.parquet"
    data = read_or_none(context.storage, path)
    if data is None or f"sha256:{hashlib.sha256(data).hexdigest()}" != item.get("hash"):
        return {}
    return {"findings": decode_table(data)}


def _remade(context: AppContext, round_id: str, published: PublishedVersion) -> dict[str, pl.DataFrame]:
    parent = read_parent(context, round_id, published)
    origin = origin_of(context, published)
    repeated = published if published.tables else None
    # What comes of the wrong rules has not the hash that was published, and is not taken.
    return made_again(its_rules_or_todays(context, origin.rules), round_id, origin, parent, repeated)[0]


def _why(error: ProblemsError | StoppedError) -> str:
    if isinstance(error, StoppedError):
        return f"made again, the round stops: {'; '.join(error.reasons())}"
    return " ".join(str(one) for one in error.problems)


def _what_differs(package: Package, same_values: bool, erased: tuple[str, ...]) -> str:
    if same_values:
        return "made again, it has the same values in other bytes: another Parquet writer wrote it"
    if erased:
        return f"made again, it has other values: {', '.join(erased)} was erased since, on request"
    program = identity_of(str(package["program"]), package.get("program_source"))
    if program != program_identity():
        return f"made again, it has other values: program {program} made it, this is {program_identity()}"
    return "made again from the kept inputs, it has other values"
