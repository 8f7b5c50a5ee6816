"""What verification says of files, descriptor and values, word for word."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tests.warehouse.published_tables import Tables
from warehouse.snapshots import read_package, version_path, write_snapshot
from warehouse.snapshots.descriptor import PACKAGE_FILE, VersionMetadata, encode_package, seal
from warehouse.snapshots.verify import verify_version
from warehouse.storage import Storage

ROUND = "2026-01"
FOLDER = version_path(ROUND, 1)
LATEST = "snapshots/round=2026-01/latest.json"
Metadata = Callable[..., VersionMetadata]


@pytest.fixture
def published(storage: Storage, tables: Tables, metadata: Metadata) -> Storage:
    write_snapshot(storage, ROUND, tables, metadata())
    return storage


def reseal(storage: Storage, **changed: object) -> dict[str, Any]:
    """The descriptor with some keys changed and sealed anew, as somebody would who knows how."""
    forged = {**read_package(storage, ROUND, 1), **changed}
    forged = {**forged, "seal": seal(forged)}
    storage.write(f"{FOLDER}/{PACKAGE_FILE}", encode_package(forged))
    return forged


def problems(storage: Storage) -> list[str]:
    """Everything wrong but the hash that latest.json gives of a forged descriptor."""
    found = verify_version(storage, ROUND, 1)
    return [problem for problem in found if problem != f"latest.json: gives another hash of {PACKAGE_FILE}"]


KEYS = [
    ({"round": "2025-07"}, f"{PACKAGE_FILE}: says round '2025-07', the folder '2026-01'"),
    ({"version": "7"}, f"{PACKAGE_FILE}: says version '7', the folder 1"),
    ({"content": "sha256:0"}, f"{PACKAGE_FILE}: its content hash is not that of the tables"),
    ({"parent": 9}, f"{PACKAGE_FILE}: its parent, version 9, is not there"),
    ({"parent": "1"}, f"{PACKAGE_FILE}: its parent, version 1, is not there"),
    ({"parent": 0}, f"{PACKAGE_FILE}: its parent, version 0, is not there"),
    ({"parent": -1}, f"{PACKAGE_FILE}: its parent, version -1, is not there"),
    (
        {"parent": 1, "parent_seal": "none"},
        f"{PACKAGE_FILE}: its parent, version 1, is not the one it was made from",
    ),
]


@pytest.mark.parametrize(("changed", "told"), KEYS, ids=[told for _, told in KEYS])
def test_a_key_of_the_descriptor(published: Storage, changed: dict[str, object], told: str) -> None:
    reseal(published, **changed)
    assert problems(published) == [told]


def test_a_forged_descriptor_has_another_hash_than_the_latest_gives(published: Storage) -> None:
    reseal(published, reason="another")
    assert verify_version(published, ROUND, 1) == [f"latest.json: gives another hash of {PACKAGE_FILE}"]


def test_a_parent_that_is_no_descriptor(published: Storage, tables: Tables, metadata: Metadata) -> None:
    write_snapshot(published, ROUND, tables, metadata(state="draft", parent=1))
    published.write(f"{FOLDER}/{PACKAGE_FILE}", b"{}")
    told = f"{PACKAGE_FILE}: its parent, version 1, is not the one it was made from"
    assert verify_version(published, ROUND, 2) == [told]


def test_an_older_version_is_not_asked_for_by_latest(
    published: Storage, tables: Tables, metadata: Metadata
) -> None:
    write_snapshot(published, ROUND, tables, metadata(state="draft", parent=1))
    published.write(LATEST, b"{")
    assert verify_version(published, ROUND, 1) == []
    assert verify_version(published, ROUND, 2) == [CHANGED]


CHANGED = "latest.json: it was changed after it was written; the next run of the round mends it"
UNREADABLE = [
    (b"{", "no JSON; it was changed after it was published"),
    (b"[]", "no descriptor of a version"),
    (b'{"resources": {}}', "no descriptor of a version"),
]


@pytest.mark.parametrize(("raw", "told"), UNREADABLE, ids=["no JSON", "a list", "no resources"])
def test_what_is_no_descriptor(published: Storage, raw: bytes, told: str) -> None:
    published.write(f"{FOLDER}/{PACKAGE_FILE}", raw)
    assert verify_version(published, ROUND, 1) == [f"{PACKAGE_FILE}: {told}"]


def test_a_broken_seal(published: Storage) -> None:
    package = read_package(published, ROUND, 1)
    broken = f"{PACKAGE_FILE}: its seal is broken; it was changed after it was published"
    for changed in (encode_package({**package, "reason": "x"}), json.dumps(package).encode()):
        published.write(f"{FOLDER}/{PACKAGE_FILE}", changed)
        assert problems(published) == [broken]


LATEST_FILES = [b"[]", b'{"version": 9}', b'{"version": "1"}']


@pytest.mark.parametrize("content", LATEST_FILES)
def test_latest_that_names_no_such_version(published: Storage, content: bytes) -> None:
    published.write(LATEST, content)
    assert verify_version(published, ROUND, 1) == [CHANGED]


def test_a_lost_latest_is_no_problem(published: Storage) -> None:
    published.delete(LATEST)
    assert verify_version(published, ROUND, 1) == []


RESOURCES = [
    ({"rows": 99}, "ranking.parquet: 4 rows, published were 99"),
    ({"content": "sha256:0"}, "ranking.parquet: its content hash is not the one published"),
    ({"schema": {}}, f"{PACKAGE_FILE}: the schema of ranking is not the dictionary's"),
    ({"path": "other.parquet"}, f"{PACKAGE_FILE}: path of ranking is 'other.parquet'"),
    ({"hash": "sha256:0"}, "ranking.parquet: other bytes than were published (sha256)"),
]


def with_resource(storage: Storage, **changed: object) -> list[dict[str, Any]]:
    resources = read_package(storage, ROUND, 1)["resources"]
    return [{**item, **changed} if item["name"] == "ranking" else item for item in resources]


@pytest.mark.parametrize(("changed", "told"), RESOURCES, ids=[told for _, told in RESOURCES])
def test_what_the_descriptor_says_of_a_table(
    published: Storage, changed: dict[str, object], told: str
) -> None:
    reseal(published, resources=with_resource(published, **changed))
    assert problems(published) == [told]


def test_the_length_of_a_table(published: Storage) -> None:
    n_bytes = next(
        i["n_bytes"] for i in read_package(published, ROUND, 1)["resources"] if i["name"] == "ranking"
    )
    reseal(published, resources=with_resource(published, n_bytes=1))
    assert problems(published) == [f"ranking.parquet: {n_bytes:,} bytes, published were 1"]


def test_a_table_that_is_described_twice_or_not(published: Storage) -> None:
    resources = with_resource(published)
    ranking = next(item for item in resources if item["name"] == "ranking")
    reseal(published, resources=[*resources, ranking, 7])
    assert problems(published) == [f"{PACKAGE_FILE}: describes table ranking 2 times"]
    reseal(published, resources=[item for item in resources if item is not ranking])
    assert problems(published) == [f"{PACKAGE_FILE}: describes table ranking 0 times"]


def test_a_table_that_is_missing(published: Storage) -> None:
    published.delete(f"{FOLDER}/ranking.parquet")
    assert verify_version(published, ROUND, 1) == ["ranking.parquet: missing"]


@pytest.mark.parametrize(("n", "more"), [(1, ""), (4, ""), (5, ""), (6, " and 1 more"), (8, " and 3 more")])
def test_five_keys_are_named_and_the_rest_is_counted(
    storage: Storage, tables: Tables, metadata: Metadata, n: int, more: str
) -> None:
    bad = pl.when(pl.int_range(pl.len()) < n).then(float("nan")).otherwise("weight").alias("weight")
    scores = tables["scores"].with_columns(bad)
    write_snapshot(storage, ROUND, {**tables, "scores": scores}, metadata())
    shown = [
        f"{row[0]}/{row[1]}" for row in scores.select("application_id", "criterion").head(min(n, 5)).rows()
    ]
    are = "1 row is" if n == 1 else f"{n} rows are"
    told = f"scores.weight: {are} not a finite number: {', '.join(shown)}{more}"
    assert verify_version(storage, ROUND, 1) == [told]


def test_a_version_published_before_absent_values_were_described_still_holds(published: Storage) -> None:
    package = read_package(published, ROUND, 1)
    resources = [
        {**{key: value for key, value in item.items() if key != "n_bytes"}, "bytes": item["n_bytes"]}
        | {"schema": {key: value for key, value in item["schema"].items() if key != "missingValues"}}
        for item in package["resources"]
    ]
    reseal(published, resources=resources)
    assert problems(published) == []
