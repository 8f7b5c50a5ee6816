"""Versions of a program that made fewer tables and columns: whole as they are, and told from damage."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.warehouse.published_tables import Tables
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.dictionary.published import LATER_COLUMNS, LATER_TABLES
from warehouse.snapshots import is_news, read_package, read_tables, version_path, write_snapshot
from warehouse.snapshots.descriptor import PACKAGE_FILE, VersionMetadata, encode_package, seal
from warehouse.snapshots.older import lacked_by
from warehouse.snapshots.parquet import decode_table
from warehouse.snapshots.verify import verify_version
from warehouse.storage import Storage

ROUND = "2026-01"
FOLDER = version_path(ROUND, 1)
LACKED = (*LATER_TABLES, *(f"{table}.{column}" for table, some in LATER_COLUMNS.items() for column in some))


@pytest.fixture
def older(storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]) -> Storage:
    """A storage whose version 1 lacks the later tables and columns."""
    fewer = {name: frame for name, frame in tables.items() if name not in LATER_TABLES}
    write_snapshot(storage, ROUND, fewer, metadata(), lacks=LACKED)
    return storage


def test_an_older_version_has_nothing_wrong_and_says_what_it_lacks(older: Storage) -> None:
    assert verify_version(older, ROUND, 1) == []
    assert lacked_by(read_package(older, ROUND, 1)) == LACKED
    assert not set(read_tables(older, ROUND, 1)) & set(LATER_TABLES)


def test_its_later_columns_are_read_as_empty(older: Storage) -> None:
    assert "sufficient_change" not in decode_table(older.read(f"{FOLDER}/unplaced.parquet")).columns
    read = read_tables(older, ROUND, 1)["unplaced"]
    assert read.schema == PUBLISHED_TABLES["unplaced"].schema
    assert read["sufficient_change"].null_count() == read.height > 0


def test_its_tables_may_be_published_again_as_they_were(
    older: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(older, ROUND, tables, metadata(parent=1))
    before, again = read_package(older, ROUND, 1), read_tables(older, ROUND, 1)
    assert write_snapshot(older, ROUND, again, metadata(parent=2), lacks=lacked_by(before)) == 3
    assert verify_version(older, ROUND, 3) == []
    assert read_package(older, ROUND, 3)["content"] == before["content"]


def test_a_required_column_may_not_be_missing(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(storage, ROUND, tables, metadata(), lacks=("unplaced.reason",))
    assert any("schema of unplaced" in text for text in verify_version(storage, ROUND, 1))


def test_the_tables_of_today_are_news_to_it(
    older: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    assert is_news(older, ROUND, tables, "final")
    assert write_snapshot(older, ROUND, tables, metadata(parent=1)) == 2
    assert [verify_version(older, ROUND, version) for version in (1, 2)] == [[], []]
    assert lacked_by(read_package(older, ROUND, 2)) == ()


@pytest.mark.parametrize("gone", LATER_TABLES)
def test_a_version_of_today_may_not_lose_one_of_them(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata], gone: str
) -> None:
    write_snapshot(storage, ROUND, tables, metadata())
    package = read_package(storage, ROUND, 1)
    package["resources"] = [item for item in package["resources"] if item["name"] != gone]
    storage.write(f"{FOLDER}/{PACKAGE_FILE}", encode_package({**package, "seal": seal(package)}))
    assert any(gone in text for text in verify_version(storage, ROUND, 1))


def test_who_takes_all_of_them_away_changes_the_content_that_was_approved(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(storage, ROUND, tables, metadata())
    package = read_package(storage, ROUND, 1)
    package["resources"] = [item for item in package["resources"] if item["name"] not in LATER_TABLES]
    storage.write(f"{FOLDER}/{PACKAGE_FILE}", encode_package({**package, "seal": seal(package)}))
    problems = verify_version(storage, ROUND, 1)
    assert f"{PACKAGE_FILE}: its content hash is not that of the tables" in problems
    assert any("matching_facts.parquet: does not belong" in text for text in problems)


def test_a_run_of_today_may_not_leave_them_out(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    fewer = {name: frame for name, frame in tables.items() if name not in LATER_TABLES}
    with pytest.raises(ValueError, match="certificate"):
        write_snapshot(storage, ROUND, fewer, metadata())
