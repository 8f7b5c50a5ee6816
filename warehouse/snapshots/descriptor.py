"""The `datapackage.json` of a version: what it says and how it is written.

Belongs here: the descriptor's keys (Frictionless Data Package v2, and our own beside the standard ones), and
its seal, a hash of the descriptor itself. Must stay out: writing it (`versions.py`) and verifying it
(`verify.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from warehouse.dictionary import PUBLISHED_TABLES, Column, Table
from warehouse.snapshots.older import older_form
from warehouse.snapshots.parquet import content_hash

PACKAGE_FILE = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
FIELD_TYPES: dict[pl.DataType | type[pl.DataType], str] = {
    pl.String(): "string",
    pl.Int64(): "integer",
    pl.Float64(): "number",
    pl.Boolean(): "boolean",
    pl.Date(): "date",
    pl.Datetime("us", "UTC"): "datetime",
}
REFERENCES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "crosscheck": (("application_id", "applications", "application_id"),),
    "eligibility_checks": (("application_id", "applications", "application_id"),),
    "eligibility": (("application_id", "applications", "application_id"),),
    "scores": (("application_id", "applications", "application_id"),),
    "ranking": (("application_id", "applications", "application_id"),),
    "twinning_members": (
        ("twinning_id", "twinnings", "twinning_id"),
        ("application_id", "applications", "application_id"),
    ),
    "unplaced": (("application_id", "applications", "application_id"),),
}
"""Which columns of a table name a row of another table: (column, other table, its column)."""
NOT_CONTENT = ("changes", "certificate")
"""Tables that say how a version came about or why it is right, not what it holds; a change only there makes
no version.
"""
ABSENT = ("nan", "NaT")
"""How a reader that goes through pandas shows an absent number or moment of a Parquet file.

The standard's own word for an absent value, the empty text, is left out: in these tables it is a value. Nor
is the standard's `bytes` used: its validator counts the bytes of text files alone, and refuses the count of
any other file; the size is `n_bytes`.
"""


@dataclass(frozen=True)
class VersionMetadata:
    """What a version says of itself beyond its tables.

    `state` is the round's state in the caller's words; `reason` says why the version was made (never
    personal); `parent` is the version that `changes` compares it with (None for the first); `inputs` gives
    the sha256 of every input by its name; `rules` is the sha256 of the programme's rules, `program` the
    version of the program, `source` the sha256 of its own files, and `lock` that of its lock file (None where
    it was installed without one). What a version was made by is no content of it.
    """

    state: str
    reason: str
    parent: int | None
    inputs: Mapping[str, str] = field(default_factory=dict)
    rules: str = ""
    program: str = ""
    source: str = ""
    lock: str | None = None


def describe_package(
    round_id: str,
    version: int,
    frames: Mapping[str, pl.DataFrame],
    encoded: Mapping[str, bytes],
    metadata: VersionMetadata,
    parent_seal: str | None,
    lacks: Collection[str] = (),
) -> dict[str, Any]:
    """The descriptor of one version, sealed.

    `encoded` holds the bytes of each table in `frames`. `parent_seal` is the seal of the parent, so each
    version also vouches for the one before. `lacks` is what an older version is without, if these are
    its tables.
    """
    content = {name: content_hash(frame) for name, frame in frames.items()}
    package: dict[str, Any] = {
        "$schema": PROFILE,
        "name": f"city2city-{round_id}",
        "title": f"City2City round {round_id}, version {version}",
        "version": str(version),
        "round": round_id,
        "state": metadata.state,
        "reason": metadata.reason,
        "parent": metadata.parent,
        "parent_seal": parent_seal,
        "inputs": dict(sorted(metadata.inputs.items())),
        "rules": metadata.rules,
        "program": metadata.program,
        "program_source": metadata.source,
        "program_lock": metadata.lock,
        "content": package_content(content),
        "resources": [
            _resource(older_form(PUBLISHED_TABLES[name], lacks), frame, encoded[name], content[name])
            for name, frame in frames.items()
        ],
    }
    return {**package, "seal": seal(package)}


def package_content(contents: Mapping[str, str]) -> str:
    """One sha256 over the content hashes of all tables but `NOT_CONTENT`; equal for equal content."""
    lines = [f"{name} {contents[name]}" for name in sorted(contents) if name not in NOT_CONTENT]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def encode_package(package: Mapping[str, Any]) -> bytes:
    """The descriptor as bytes, in one spelling only, so that any other byte is a change."""
    return (json.dumps(package, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def seal(package: Mapping[str, Any]) -> str:
    """sha256 over the descriptor without its own seal."""
    return hashlib.sha256(
        encode_package({key: value for key, value in package.items() if key != "seal"})
    ).hexdigest()


def describe_table(table: Table) -> dict[str, Any]:
    """The table's schema as Frictionless Table Schema v2 writes it."""
    references = [
        {"fields": [column], "reference": {"resource": other, "fields": [key]}}
        for column, other, key in REFERENCES.get(table.name, ())
    ]
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "missingValues": list(ABSENT),
    }
    return {**schema, "foreignKeys": references} if references else schema


def described_before(table: Table) -> dict[str, Any]:
    """The schema as versions have it that were published before absent values were described."""
    return {key: value for key, value in describe_table(table).items() if key != "missingValues"}


def _resource(table: Table, frame: pl.DataFrame, data: bytes, content: str) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        "title": f"One row per {table.grain.removeprefix('one ')}",
        "path": f"{table.name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "rows": frame.height,
        "n_bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "content": content,
        "schema": describe_table(table),
    }


def _field(column: Column) -> dict[str, Any]:
    constraints = {
        "required": True if not column.nullable else None,
        "enum": list(column.values) or None,
        "minimum": column.minimum,
        "maximum": column.maximum,
    }
    return {
        "name": column.name,
        "type": FIELD_TYPES[column.dtype],
        "description": column.meaning,
        "unit": column.unit,
        "constraints": {key: value for key, value in constraints.items() if value is not None},
    }
