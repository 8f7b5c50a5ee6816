"""Verification: a version as published passes; any other byte, and any broken rule, is told."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.warehouse.published_tables import Tables, with_cell
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.snapshots import read_package, version_path, write_snapshot
from warehouse.snapshots.descriptor import PACKAGE_FILE, VersionMetadata, encode_package, seal
from warehouse.snapshots.verify import verify_version
from warehouse.storage import Storage, open_storage

ROUND = "2026-01"
FOLDER = version_path(ROUND, 1)


@pytest.fixture
def published(storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]) -> Storage:
    write_snapshot(storage, ROUND, tables, metadata())
    return storage


def test_a_version_as_published_has_nothing_wrong(
    published: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    assert verify_version(published, ROUND, 1) == []
    write_snapshot(published, ROUND, tables, metadata(state="draft", parent=1))
    assert verify_version(published, ROUND, 1) == []
    assert verify_version(published, ROUND, 2) == []


def test_a_version_of_no_rows_at_all_has_nothing_wrong(
    storage: Storage, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(
        storage, ROUND, {name: table.empty() for name, table in PUBLISHED_TABLES.items()}, metadata()
    )
    assert verify_version(storage, ROUND, 1) == []


@pytest.mark.parametrize("name", [PACKAGE_FILE, *(f"{name}.parquet" for name in PUBLISHED_TABLES)])
def test_a_flipped_bit_anywhere_is_told(published: Storage, name: str) -> None:
    path = f"{FOLDER}/{name}"
    right = published.read(path)
    rng = random.Random(name)  # noqa: S311  (where to break it, not a secret)
    for position in {0, len(right) - 1, *(rng.randrange(len(right)) for _ in range(2))}:
        wrong = bytearray(right)
        wrong[position] ^= 1 << rng.randrange(8)
        published.write(path, bytes(wrong))
        assert verify_version(published, ROUND, 1) != [], f"byte {position} of {name}"
    published.write(path, right)
    assert verify_version(published, ROUND, 1) == []


def test_bytes_that_are_no_table_are_told_even_if_the_descriptor_vouches_for_them(published: Storage) -> None:
    path = f"{FOLDER}/applications.parquet"
    right = published.read(path)
    told = read_package(published, ROUND, 1)
    rng = random.Random(1)  # noqa: S311
    for wrong in (
        b"",
        b"PAR1",
        *(right[:cut] + rng.randbytes(8) + right[cut + 8 :] for cut in (40, 400, len(right) - 200)),
    ):
        resources = [
            {**item, "n_bytes": len(wrong), "hash": f"sha256:{hashlib.sha256(wrong).hexdigest()}"}
            if item["name"] == "applications"
            else item
            for item in told["resources"]
        ]
        forged = {**told, "resources": resources}
        published.write(path, wrong)
        published.write(f"{FOLDER}/{PACKAGE_FILE}", encode_package({**forged, "seal": seal(forged)}))
        assert any(
            problem.startswith("applications.parquet: ") for problem in verify_version(published, ROUND, 1)
        )


@pytest.mark.long
def test_any_byte_of_the_descriptor_counts(published: Storage) -> None:
    right = published.read(f"{FOLDER}/{PACKAGE_FILE}")
    for position in range(0, len(right), 13):
        wrong = right[:position] + bytes([right[position] ^ 1]) + right[position + 1 :]
        try:
            package = json.loads(wrong)
        except ValueError:
            continue
        assert encode_package(package) != wrong or package.get("seal") != seal(package), position


@pytest.mark.parametrize("name", [PACKAGE_FILE, "applications.parquet", "changes.parquet"])
@pytest.mark.parametrize("how", ["cut", "emptied", "longer", "removed"])
def test_a_file_of_another_length_or_gone_is_told(published: Storage, name: str, how: str) -> None:
    path = f"{FOLDER}/{name}"
    right = published.read(path)
    if how == "removed":
        published.delete(path)
    else:
        published.write(path, {"cut": right[:-7], "emptied": b"", "longer": right + b" "}[how])
    assert any(name in problem for problem in verify_version(published, ROUND, 1))


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "more/ranking.parquet", "ranking.parquet.bak"])
def test_a_file_that_does_not_belong_is_told(published: Storage, name: str) -> None:
    published.write(f"{FOLDER}/{name}", b"")
    assert verify_version(published, ROUND, 1) == [f"{name}: does not belong to a version"]


def test_a_version_that_is_not_there_is_told(published: Storage) -> None:
    assert verify_version(published, ROUND, 2) == [
        f"{version_path(ROUND, 2)}: no {PACKAGE_FILE}, so there is no such version"
    ]


@pytest.mark.parametrize(
    "text",
    [
        b"[]",
        b"null",
        b"{}",
        b'{"resources": 1}',
        b'{"resources": [1, {}]}',
        b"\xff",
        b'{"resources": [], "x": NaN}',
    ],
)
def test_a_descriptor_that_is_none_is_told_without_a_fault(published: Storage, text: bytes) -> None:
    published.write(f"{FOLDER}/{PACKAGE_FILE}", text)
    assert any(PACKAGE_FILE in problem for problem in verify_version(published, ROUND, 1))


@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    key=st.sampled_from(
        ["round", "version", "parent", "parent_seal", "content", "resources", "inputs", "seal"]
    ),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=3,
    ),
)
def test_a_descriptor_with_any_other_value_is_told_without_a_fault(
    published: Storage, key: str, value: object
) -> None:
    path = f"{FOLDER}/{PACKAGE_FILE}"
    right = published.read(path)
    package = json.loads(right)
    unchanged = package[key] == value and type(package[key]) is type(value)
    published.write(path, encode_package({**package, key: value}))
    try:
        assert (verify_version(published, ROUND, 1) == []) == unchanged
    finally:
        published.write(path, right)


def test_a_parent_changed_and_sealed_anew_is_told_by_its_child(
    published: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(published, ROUND, tables, metadata(state="draft", parent=1))
    forged = {**read_package(published, ROUND, 1), "reason": "another one"}
    published.write(f"{FOLDER}/{PACKAGE_FILE}", encode_package({**forged, "seal": seal(forged)}))
    assert verify_version(published, ROUND, 2) == [
        f"{PACKAGE_FILE}: its parent, version 1, is not the one it was made from"
    ]


def test_a_version_moved_to_another_number_or_round_is_told(published: Storage, tmp_path: Path) -> None:
    for path, round_id, version in (
        ("round=2026-01/version=0003", ROUND, 3),
        ("round=2025-07/version=0001", "2025-07", 1),
    ):
        target = tmp_path / "data/snapshots" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / FOLDER).rename(target)
        assert any("the folder" in problem for problem in verify_version(published, round_id, version))
        target.rename(tmp_path / "data" / FOLDER)


def test_latest_that_names_another_version_is_told(published: Storage) -> None:
    published.write("snapshots/round=2026-01/latest.json", b'{"version": 9}')
    assert verify_version(published, ROUND, 1) == [
        "latest.json: it was changed after it was written; the next run of the round mends it"
    ]


VALUES = [
    pytest.param("applications", {"latitude": 91.0}, "at most 90", id="above its maximum"),
    pytest.param("applications", {"population": -1}, "at least 0", id="below its minimum"),
    pytest.param("applications", {"state": "lost"}, "one of accepted", id="not one of its values"),
    pytest.param("scores", {"points": float("nan")}, "a finite number", id="no number"),
    pytest.param("scores", {"weight": float("inf")}, "a finite number", id="infinite"),
    pytest.param("crosscheck", {"evidence": None}, "filled", id="null where none may be"),
]


@pytest.mark.parametrize(("table", "cells", "wanted"), VALUES)
def test_a_value_the_dictionary_forbids_is_told(
    storage: Storage,
    tables: Tables,
    metadata: Callable[..., VersionMetadata],
    table: str,
    cells: dict[str, object],
    wanted: str,
) -> None:
    write_snapshot(storage, ROUND, with_cell(tables, table, 0, **cells), metadata())
    column = next(iter(cells))
    assert any(
        problem.startswith(f"{table}.{column}: 1 row is not {wanted}")
        for problem in verify_version(storage, ROUND, 1)
    )


def test_two_rows_of_one_key_are_told(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(
        storage,
        ROUND,
        {**tables, "ranking": pl.concat([tables["ranking"], tables["ranking"].head(1)])},
        metadata(),
    )
    assert "ranking: 2 rows share their key (application_id): A1, A1" in verify_version(storage, ROUND, 1)


def test_verification_needs_the_files_only(published: Storage, tmp_path: Path) -> None:
    (tmp_path / "data").rename(tmp_path / "elsewhere")
    assert verify_version(open_storage(str(tmp_path / "elsewhere")), ROUND, 1) == []
