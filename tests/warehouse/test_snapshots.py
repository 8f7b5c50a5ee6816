"""Versions: when there is a new one, what is in its folder, and that nothing half-done is ever taken for
one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from programme.problems import ProblemsError
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.snapshots import (
    latest_version,
    list_versions,
    read_package,
    read_table,
    read_tables,
    version_path,
    write_snapshot,
)
from warehouse.snapshots.descriptor import PACKAGE_FILE, VersionMetadata
from warehouse.storage import Storage, open_storage

Tables = dict[str, pl.DataFrame]
ROUND = "2026-01"


def test_first_version_lies_where_the_contract_says_with_nothing_else(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    assert write_snapshot(storage, ROUND, tables, metadata()) == 1
    folder = "snapshots/round=2026-01/version=0001"
    names = {
        *(f"{folder}/{name}.parquet" for name in PUBLISHED_TABLES),
        f"{folder}/datapackage.json",
        "snapshots/round=2026-01/latest.json",
    }
    assert {item.path for item in storage.list()} == names


def test_tables_come_back_as_they_were(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(storage, ROUND, tables, metadata())
    for name, frame in read_tables(storage, ROUND, 1).items():
        assert_frame_equal(frame, PUBLISHED_TABLES[name].conform(tables[name]), check_exact=True)
    assert_frame_equal(read_table(storage, ROUND, 1, "ranking"), read_tables(storage, ROUND, 1)["ranking"])


def test_package_says_what_the_contract_asks(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(storage, ROUND, tables, metadata())
    package = read_package(storage, ROUND, 1)
    assert (package["round"], package["version"], package["state"], package["parent"]) == (
        ROUND,
        "1",
        "final",
        None,
    )
    assert (package["inputs"], package["rules"], package["program"]) == (
        {"gcom": "a" * 64},
        "b" * 64,
        "0.1.0",
    )
    resource = next(item for item in package["resources"] if item["name"] == "twinning_members")
    assert (resource["path"], resource["rows"], resource["schema"]["primaryKey"]) == (
        "twinning_members.parquet",
        2,
        ["twinning_id", "application_id"],
    )
    assert resource["n_bytes"] == len(storage.read(f"{version_path(ROUND, 1)}/twinning_members.parquet"))
    fields = resource["schema"]["fields"]
    assert all(field["description"] and "unit" in field and field["type"] for field in fields)
    assert fields[3] == {
        "name": "need",
        "type": "integer",
        "description": "need on the common topic",
        "unit": "0-5",
        "constraints": {"minimum": 0, "maximum": 5},
    }


def test_hive_readers_take_round_and_version_from_the_path(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata], tmp_path: Path
) -> None:
    write_snapshot(storage, ROUND, tables, metadata())
    write_snapshot(storage, ROUND, tables, metadata(state="draft", parent=1))
    frame = pl.read_parquet(tmp_path / "data/snapshots/*/*/ranking.parquet", hive_partitioning=True)
    assert frame.select("round", "version").unique().sort("version").rows() == [(ROUND, 1), (ROUND, 2)]


def test_the_same_again_is_no_new_version(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(storage, ROUND, tables, metadata())
    shuffled = {name: pl.concat([frame[3:], frame[:3]], rechunk=False) for name, frame in tables.items()}
    assert (
        write_snapshot(
            storage, ROUND, shuffled, metadata(reason="once more", parent=1, inputs={"gcom": "f" * 64})
        )
        is None
    )
    assert list_versions(storage, ROUND) == [1]


@pytest.mark.parametrize("state", ["final", "draft"], ids=["same state", "other state"])
def test_changes_alone_make_no_version_but_a_state_does(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata], state: str
) -> None:
    write_snapshot(storage, ROUND, tables, metadata())
    changes = [{"subject": "A1", "what": "status", "before": "x", "after": "y", "cause": "cohort"}]
    told = {**tables, "changes": PUBLISHED_TABLES["changes"].frame(changes)}
    assert write_snapshot(storage, ROUND, told, metadata(state=state, parent=1)) == (
        None if state == "final" else 2
    )


def test_one_changed_value_is_a_new_version_on_top_of_its_parent(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(storage, ROUND, tables, metadata())
    before = {item.path: storage.read(item.path) for item in storage.list(version_path(ROUND, 1))}
    changed = {**tables, "ranking": tables["ranking"].with_columns(pl.col("total") + 1e-9)}
    assert write_snapshot(storage, ROUND, changed, metadata(parent=1)) == 2
    assert read_package(storage, ROUND, 2)["parent_seal"] == read_package(storage, ROUND, 1)["seal"]
    assert {item.path: storage.read(item.path) for item in storage.list(version_path(ROUND, 1))} == before
    latest = json.loads(storage.read("snapshots/round=2026-01/latest.json"))
    assert (latest["version"], latest["path"]) == (2, "version=0002/datapackage.json")


def test_the_same_tables_are_the_same_bytes_wherever_they_are_written(
    tmp_path: Path, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    written = []
    for place, frames in (("a", tables), ("b", {name: frame.reverse() for name, frame in tables.items()})):
        storage = open_storage(str(tmp_path / place))
        write_snapshot(storage, ROUND, frames, metadata())
        written.append({item.path: storage.read(item.path) for item in storage.list()})
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("parent", "there"),
    [(None, 1), (2, 1), (1, 0)],
    ids=["first after one", "a version nobody made", "before the first"],
)
def test_a_parent_that_is_not_the_latest_is_refused(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata], parent: int | None, there: int
) -> None:
    if there:
        write_snapshot(storage, ROUND, tables, metadata())
    changed = {**tables, "unplaced": tables["unplaced"].head(1)}
    with pytest.raises(ProblemsError, match="by another run meanwhile"):
        write_snapshot(storage, ROUND, changed, metadata(parent=parent))
    assert len(list_versions(storage, ROUND)) == there


@pytest.mark.parametrize("broken", ["missing", "unknown", "column"])
def test_tables_that_are_not_the_published_ones_are_refused(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata], broken: str
) -> None:
    wrong = {
        "missing": {name: frame for name, frame in tables.items() if name != "scores"},
        "unknown": {**tables, "secrets": tables["scores"]},
        "column": {**tables, "scores": tables["scores"].drop("points")},
    }[broken]
    with pytest.raises(ValueError, match=r"scores|secrets"):
        write_snapshot(storage, ROUND, wrong, metadata())
    assert storage.list() == []


def test_latest_is_derived_and_mended(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(storage, ROUND, tables, metadata())
    right = storage.read("snapshots/round=2026-01/latest.json")
    for wrong in (b"", b'{"version": 7}'):
        storage.write("snapshots/round=2026-01/latest.json", wrong)
        assert latest_version(storage, ROUND) == 1
        assert write_snapshot(storage, ROUND, tables, metadata(parent=1)) is None
        assert storage.read("snapshots/round=2026-01/latest.json") == right


def test_a_version_that_was_never_published_is_none(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(storage, ROUND, tables, metadata())
    assert list_versions(storage, ROUND) == [1]
    with pytest.raises(ProblemsError, match=r"no version 2.*there are: 1"):
        read_package(storage, ROUND, 2)


@pytest.mark.parametrize("name", ["ranking.parquet", PACKAGE_FILE], ids=["table", "descriptor"])
def test_a_damaged_file_is_not_read(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata], name: str
) -> None:
    write_snapshot(storage, ROUND, tables, metadata())
    storage.write(f"{version_path(ROUND, 1)}/{name}", b"other")
    with pytest.raises(ProblemsError, match=name):
        read_tables(storage, ROUND, 1)


def test_no_published_column_is_personal() -> None:
    assert [
        f"{table.name}.{column.name}"
        for table in PUBLISHED_TABLES.values()
        for column in table.columns
        if column.personal
    ] == []
