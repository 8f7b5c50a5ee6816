"""The descriptor: what the Data Package standard (v2) asks of it, and that it is written in one way only."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import pytest

from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.snapshots.descriptor import (
    VersionMetadata,
    describe_package,
    describe_table,
    encode_package,
    package_content,
    seal,
)
from warehouse.snapshots.parquet import conform_tables, encode_tables

Tables = dict[str, pl.DataFrame]
STANDARD_TYPES = {"string", "number", "integer", "boolean", "date", "datetime"}
STANDARD_CONSTRAINTS = {"required", "enum", "minimum", "maximum"}


@pytest.fixture
def package(tables: Tables, metadata: Callable[..., VersionMetadata]) -> dict[str, Any]:
    return describe_package("2026-01", 1, conform_tables(tables), encode_tables(tables), metadata(), None)


def test_package_and_resources_keep_the_standard(package: Mapping[str, Any]) -> None:
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert isinstance(package["version"], str)
    names = [resource["name"] for resource in package["resources"]]
    assert names == list(PUBLISHED_TABLES)
    for resource in package["resources"]:
        assert re.fullmatch(r"[-a-z0-9._]+", resource["name"])
        assert re.fullmatch(r"[a-z_]+\.parquet", resource["path"])  # relative, and no way up
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", resource["hash"])
        assert (resource["type"], resource["format"]) == ("table", "parquet")
        assert isinstance(resource["n_bytes"], int)
        assert isinstance(resource["rows"], int)


@pytest.mark.parametrize("name", list(PUBLISHED_TABLES))
def test_every_schema_keeps_the_standard(name: str) -> None:
    schema = describe_table(PUBLISHED_TABLES[name])
    fields = {field["name"]: field for field in schema["fields"]}
    assert list(fields) == list(PUBLISHED_TABLES[name].names)
    assert set(schema["primaryKey"]) <= set(fields)
    for field in fields.values():
        assert field["type"] in STANDARD_TYPES
        assert field["description"]
        assert set(field["constraints"]) <= STANDARD_CONSTRAINTS
    for reference in schema.get("foreignKeys", []):
        other = PUBLISHED_TABLES[reference["reference"]["resource"]]
        assert set(reference["fields"]) <= set(fields)
        assert set(reference["reference"]["fields"]) <= set(other.key)


def test_there_is_one_spelling_and_the_seal_covers_everything_else(package: dict[str, Any]) -> None:
    raw = encode_package(package)
    assert encode_package(json.loads(raw)) == raw
    assert package["seal"] == seal(package)
    for key in package:
        if key != "seal":
            assert seal({**package, key: "other"}) != package["seal"], key
            assert seal({name: value for name, value in package.items() if name != key}) != package["seal"], (
                key
            )


def test_content_leaves_out_the_changes_and_the_proof_and_nothing_else() -> None:
    contents = dict.fromkeys(PUBLISHED_TABLES, "0" * 64)
    other = {
        name
        for name in contents
        if package_content({**contents, name: "1" * 64}) != package_content(contents)
    }
    assert other == set(PUBLISHED_TABLES) - {"changes", "certificate"}


def test_no_moment_is_in_it(package: dict[str, Any]) -> None:
    assert not re.search(rb"20\d\d-\d\d-\d\d[T ]\d\d:\d\d", encode_package(package))
