"""Verifying a published version from its files alone.

Belongs here: whether the files are those that were published, their hashes, the schema, and the limits of the
dictionary. Must stay out: the rules between the tables (`verify_rules.py`), and everything that made the
version; nothing here imports a step or the solver.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from programme.counts import counted
from warehouse.dictionary import PUBLISHED_TABLES, Column, Table
from warehouse.dictionary.published import CERTIFICATE
from warehouse.snapshots.certificate import broken_certificate
from warehouse.snapshots.damage import read_or_none
from warehouse.snapshots.descriptor import (
    PACKAGE_FILE,
    describe_table,
    described_before,
    encode_package,
    package_content,
    seal,
)
from warehouse.snapshots.numbers import (
    encode_latest,
    latest_version,
    list_versions,
    named_version,
    round_path,
    version_path,
)
from warehouse.snapshots.older import lacked_by, older_form, released_by
from warehouse.snapshots.parquet import content_hash, decode_table
from warehouse.snapshots.verify_rules import broken_rules
from warehouse.storage import Storage

SHOWN = 5
"""Keys that one message names; the rest is counted."""


def verify_version(storage: Storage, round_id: str, version: int, *, proof: bool = True) -> list[str]:
    """Everything that is wrong with a version, in plain words; empty if it is as it was published.

    It checks that the folder lacks nothing and has nothing extra; that the descriptor is unchanged (its seal,
    and the seal it gives of its parent); bytes, sha256, rows, schema and content of each table; keys, nulls,
    allowed values and limits of the dictionary; the rules between the tables; and the certificate. A version
    of an older program may lack something (`lacked_by`), which is nothing wrong; of one in the form of a
    release (`released_by`) the bytes, the seals and the content are checked alone. `proof` false leaves out
    the certificate, for whoever opens a version to read it: it cannot change without the bytes.
    """
    folder = version_path(round_id, version)
    files = {item.path.removeprefix(f"{folder}/"): item.n_bytes for item in storage.list(folder)}
    if PACKAGE_FILE not in files:
        return [_no_descriptor(storage, round_id, version)]
    raw = storage.read(f"{folder}/{PACKAGE_FILE}")
    package, problems = _read_package(raw)
    if package is None:
        return problems
    problems += _misplaced(package, round_id, version)
    problems += _parent_problems(storage, round_id, package)
    problems += _latest_problems(storage, round_id, version, raw)
    if released_by(package) is not None:
        return [*problems, *_problems_of_release(storage, folder, package, set(files))]
    lacks = lacked_by(package)
    tables = [older_form(table, lacks) for name, table in PUBLISHED_TABLES.items() if name not in lacks]
    expected = {PACKAGE_FILE, *(f"{table.name}.parquet" for table in tables)}
    problems += [f"{name}: does not belong to a version" for name in sorted(set(files) - expected)]
    frames: dict[str, pl.DataFrame] = {}
    for table in tables:
        problems += _table_problems(storage, folder, table, package, frames)
    if len(frames) == len(tables):
        contents = {name: content_hash(frame) for name, frame in frames.items()}
        problems += [f"{PACKAGE_FILE}: its content hash is not that of the tables"] * (
            package.get("content") != package_content(contents)
        )
        problems += [*broken_rules(frames), *(_certificate_problems(frames) if proof else ())]
    return problems


def _misplaced(package: Mapping[str, Any], round_id: str, version: int) -> Iterator[str]:
    if package.get("round") != round_id:
        yield f"{PACKAGE_FILE}: says round {package.get('round')!r}, the folder {round_id!r}"
    if package.get("version") != str(version):
        yield f"{PACKAGE_FILE}: says version {package.get('version')!r}, the folder {version}"


def _problems_of_release(
    storage: Storage, folder: str, package: Mapping[str, Any], files: set[str]
) -> Iterator[str]:
    """What is wrong with the files of a version whose form the dictionary does not describe any more."""
    expected = {PACKAGE_FILE, *(str(item["path"]) for item in package["resources"])}
    yield from (f"{name}: does not belong to a version" for name in sorted(files - expected))
    contents = {}
    for item in package["resources"]:
        data = read_or_none(storage, f"{folder}/{item['path']}")
        if data is None:
            yield f"{item['path']}: missing"
        elif f"sha256:{hashlib.sha256(data).hexdigest()}" != item["hash"]:
            yield f"{item['path']}: other bytes than were published (sha256)"
        else:
            contents[str(item["name"])] = content_hash(decode_table(data))
            if contents[str(item["name"])] != item["content"]:
                yield f"{item['path']}: its content hash is not the one published"
    if len(contents) == len(package["resources"]) and package_content(contents) != package["content"]:
        yield f"{PACKAGE_FILE}: its content hash is not that of the tables"


def _no_descriptor(storage: Storage, round_id: str, version: int) -> str:
    was_published = version in list_versions(storage, round_id)
    then = "although it was published" if was_published else "so there is no such version"
    return f"{version_path(round_id, version)}: no {PACKAGE_FILE}, {then}"


def _read_package(raw: bytes) -> tuple[dict[str, Any] | None, list[str]]:
    try:
        package = json.loads(raw)
    except ValueError:
        return None, [f"{PACKAGE_FILE}: no JSON; it was changed after it was published"]
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        return None, [f"{PACKAGE_FILE}: no descriptor of a version"]
    try:
        sealed = encode_package(package) == raw and package.get("seal") == seal(package)
    except ValueError:  # NaN, or half a surrogate pair: no descriptor of ours holds them
        sealed = False
    return package, [] if sealed else [
        f"{PACKAGE_FILE}: its seal is broken; it was changed after it was published"
    ]


def _certificate_problems(frames: Mapping[str, pl.DataFrame]) -> list[str]:
    """Whether the certificate proves what it claims of the selection; a version may be older than it."""
    if CERTIFICATE.name not in frames:
        return []
    broken = broken_certificate(
        {
            "matching_facts": frames["matching_facts"].iter_rows(),
            "certificate": frames["certificate"].iter_rows(),
            "twinnings": frames["twinnings"].select("twinning_id", "topic", "state").iter_rows(),
            "twinning_members": frames["twinning_members"]
            .select("twinning_id", "application_id")
            .iter_rows(),
        }
    )
    return [] if broken is None else [f"the certificate does not prove the selection: {broken}"]


def _parent_problems(storage: Storage, round_id: str, package: Mapping[str, Any]) -> list[str]:
    """Whether the parent still has the seal that this version gives of it.

    So a parent that was changed and sealed anew is found out by its child.
    """
    parent = package.get("parent")
    if parent is None:
        return []
    path = (
        f"{version_path(round_id, parent)}/{PACKAGE_FILE}" if isinstance(parent, int) and parent > 0 else ""
    )
    if not path or not storage.exists(path):
        return [f"{PACKAGE_FILE}: its parent, version {parent}, is not there"]
    sealed = _read_package(storage.read(path))[0]
    if sealed is None or sealed.get("seal") != package.get("parent_seal"):
        return [f"{PACKAGE_FILE}: its parent, version {parent}, is not the one it was made from"]
    return []


def _latest_problems(storage: Storage, round_id: str, version: int, raw: bytes) -> list[str]:
    path = f"{round_path(round_id)}/latest.json"
    if version != latest_version(storage, round_id) or not storage.exists(path):
        return []  # an older version is not named there; a lost latest.json is made again by the next run
    data = storage.read(path)
    named = named_version(data, round_id)
    if named is None:
        found = "it was changed after it was written"
    elif named != version:
        found = f"does not name version {version}, which is the latest"
    else:
        same = encode_latest(round_id, version, hashlib.sha256(raw).hexdigest()) == data
        return [] if same else [f"latest.json: gives another hash of {PACKAGE_FILE}"]
    return [f"latest.json: {found}; the next run of the round mends it"]


def _table_problems(
    storage: Storage, folder: str, table: Table, package: Mapping[str, Any], frames: dict[str, pl.DataFrame]
) -> list[str]:
    """What is wrong with one table; the frame goes to `frames` if it can be judged further."""
    path = f"{table.name}.parquet"
    try:
        data = storage.read(f"{folder}/{path}")
    except FileNotFoundError:
        return [f"{path}: missing"]
    described = _descriptions_of(table, package)
    if len(described) != 1:
        return [f"{PACKAGE_FILE}: describes table {table.name} {counted(len(described), 'time')}"]
    told = described[0]
    problems = []
    # Versions that were published before carry the size under the standard's name.
    size = told.get("n_bytes", told.get("bytes"))
    if len(data) != size:
        problems.append(f"{path}: {counted(len(data), 'byte')}, published were {size}")
    if told.get("hash") != f"sha256:{hashlib.sha256(data).hexdigest()}":
        # Whatever the bytes are now, they are not read: a decoder may crash on what somebody tampered with.
        return [*problems, f"{path}: other bytes than were published (sha256)"]
    if told.get("path") != path:
        problems.append(f"{PACKAGE_FILE}: path of {table.name} is {told.get('path')!r}")
    if told.get("schema") not in (describe_table(table), described_before(table)):
        problems.append(f"{PACKAGE_FILE}: the schema of {table.name} is not the dictionary's")
    try:
        frame = decode_table(data)
    except ValueError as error:
        return [*problems, f"{path}: {error}"]
    if frame.schema != table.schema:
        return [*problems, f"{path}: columns {dict(frame.schema)}, the dictionary has {dict(table.schema)}"]
    frames[table.name] = frame
    if frame.height != told.get("rows"):
        problems.append(f"{path}: {counted(frame.height, 'row')}, published were {told.get('rows')}")
    if told.get("content") != content_hash(frame):
        problems.append(f"{path}: its content hash is not the one published")
    return [*problems, *_value_problems(table, frame)]


def _descriptions_of(table: Table, package: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        item for item in package["resources"] if isinstance(item, dict) and item.get("name") == table.name
    ]


def _value_problems(table: Table, frame: pl.DataFrame) -> Iterator[str]:
    doubled = frame.filter(frame.select(table.key).is_duplicated())
    if not doubled.is_empty():
        key = ", ".join(table.key)
        yield f"{table.name}: {doubled.height} rows share their key ({key}): {_keys(table, doubled)}"
    for column in table.columns:
        for wanted, bad in _breaches(column):
            rows = frame.filter(bad)
            if not rows.is_empty():
                are = f"{counted(rows.height, 'row')} {'is' if rows.height == 1 else 'are'}"
                yield f"{table.name}.{column.name}: {are} not {wanted}: {_keys(table, rows)}"


def _breaches(column: Column) -> Iterator[tuple[str, pl.Expr]]:
    """What the dictionary demands of a column: its name, and what is true where a value breaks it."""
    value = pl.col(column.name)
    if not column.nullable:
        yield "filled", value.is_null()
    if column.values:
        yield f"one of {', '.join(column.values)}", ~value.is_in(list(column.values))
    if column.dtype == pl.Float64():
        yield "a finite number", ~value.is_finite()
    if column.minimum is not None:
        yield f"at least {column.minimum}", value < column.minimum
    if column.maximum is not None:
        yield f"at most {column.maximum}", value > column.maximum


def _keys(table: Table, rows: pl.DataFrame) -> str:
    shown = ["/".join(str(part) for part in row) for row in rows.select(table.key).head(SHOWN).iter_rows()]
    return ", ".join(shown) + (f" and {rows.height - SHOWN} more" if rows.height > SHOWN else "")
