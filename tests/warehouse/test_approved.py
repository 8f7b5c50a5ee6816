"""The approved version: read back as written; any changed byte, wherever it lies, voids the approval."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from programme.problems import ProblemsError
from tests.warehouse.published_tables import Tables
from warehouse.snapshots import (
    Approved,
    list_versions,
    read_approved,
    read_package,
    remove_approved,
    round_path,
    version_path,
    write_approved,
    write_snapshot,
)
from warehouse.snapshots.descriptor import VersionMetadata
from warehouse.snapshots.verify import verify_version
from warehouse.storage import Storage

ROUND = "2026-01"
AT = datetime(2026, 1, 12, 9, 30, 15, 20, tzinfo=UTC)
QUICK, FULL = 100, 1_000


@pytest.fixture
def approved(storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]) -> Approved:
    write_snapshot(storage, ROUND, tables, metadata())
    package = read_package(storage, ROUND, 1)
    approved = Approved(ROUND, 1, package["seal"], package["content"], AT, 2)
    write_approved(storage, approved)
    return approved


def test_before_an_approval_nothing_is_approved(storage: Storage) -> None:
    assert read_approved(storage, ROUND) is None


def test_what_was_written_is_read_and_disturbs_no_version(storage: Storage, approved: Approved) -> None:
    assert read_approved(storage, ROUND) == approved
    assert list_versions(storage, ROUND) == [1]
    assert verify_version(storage, ROUND, 1) == []


def test_a_moment_of_any_zone_is_the_same_moment(storage: Storage, approved: Approved) -> None:
    before = storage.read(f"{round_path(ROUND)}/approved.json")
    there = AT.astimezone(timezone(timedelta(hours=9)))
    write_approved(storage, Approved(ROUND, 1, approved.seal, approved.content, there, 2))
    assert storage.read(f"{round_path(ROUND)}/approved.json") == before


def test_an_approval_that_was_revoked_is_gone(storage: Storage, approved: Approved) -> None:
    assert read_approved(storage, ROUND) == approved
    remove_approved(storage, ROUND)
    assert read_approved(storage, ROUND) is None
    remove_approved(storage, ROUND)


def test_a_missing_file_voids_the_approval(storage: Storage, approved: Approved) -> None:
    for name in ("twinnings.parquet", "datapackage.json"):
        path = f"{version_path(ROUND, 1)}/{name}"
        right = storage.read(path)
        storage.delete(path)
        with pytest.raises(ProblemsError, match=name):
            read_approved(storage, ROUND)
        storage.write(path, right)
    assert read_approved(storage, ROUND) == approved


def test_another_version_with_the_same_number_is_not_the_approved_one(
    storage: Storage, approved: Approved, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    for item in storage.list(version_path(ROUND, 1)):
        storage.delete(item.path)
    (storage.root / version_path(ROUND, 1)).rmdir()  # type: ignore[attr-defined]
    storage.delete(f"{round_path(ROUND)}/latest.json")
    write_snapshot(storage, ROUND, tables, metadata(reason="made again"))
    assert read_package(storage, ROUND, 1)["content"] == approved.content
    with pytest.raises(ProblemsError, match=r"datapackage\.json"):
        read_approved(storage, ROUND)


@pytest.mark.parametrize("tries", [QUICK, pytest.param(FULL, marks=pytest.mark.long)])
def test_any_changed_byte_voids_the_approval(storage: Storage, approved: Approved, tries: int) -> None:
    rng = random.Random(tries)  # noqa: S311  (where to break it, not a secret)
    paths = [item.path for item in storage.list(version_path(ROUND, 1))]
    paths.append(f"{round_path(ROUND)}/approved.json")
    announced = 0
    for _ in range(tries):
        path = rng.choice(paths)
        right = storage.read(path)
        position = rng.randrange(len(right))
        wrong = right[:position] + bytes([right[position] ^ rng.randrange(1, 256)]) + right[position + 1 :]
        storage.write(path, wrong)
        with contextlib.suppress(ProblemsError):
            announced += read_approved(storage, ROUND) is not None
        storage.write(path, right)
    assert announced == 0
    assert read_approved(storage, ROUND) == approved
