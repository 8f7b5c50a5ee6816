"""Appending: nothing is lost, whoever appends at once, in a folder and in a bucket."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from warehouse.kept_lines import append_lines, read_lines
from warehouse.storage import Storage, open_storage


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return open_storage(str(tmp_path / "data"))
    return open_storage(f"s3://city2city/{tmp_path.name}", request.getfixturevalue("s3_options"))


def test_what_is_appended_follows_what_was_there(storage: Storage) -> None:
    storage.append("restricted/a/b.jsonl", b"one\n")
    storage.append("restricted/a/b.jsonl", b"two\n")
    assert storage.read("restricted/a/b.jsonl") == b"one\ntwo\n"


def test_of_many_that_append_at_once_none_is_lost(storage: Storage) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: append_lines(storage, "2026-01", "decisions", [{"n": n}]), range(12)))
    assert sorted(row["n"] for row in read_lines(storage, "2026-01", "decisions")) == list(range(12))


def test_a_line_that_was_cut_short_spoils_no_other(storage: Storage) -> None:
    append_lines(storage, "2026-01", "decisions", [{"n": 1, "name": "Łódź\u2028\n"}])
    storage.append("restricted/ledger/2026-01/decisions.jsonl", b'{"n": 2, "na')
    append_lines(storage, "2026-01", "decisions", [{"n": 3}])
    rows = read_lines(storage, "2026-01", "decisions")
    assert [row["n"] for row in rows] == [1, 3]
    assert rows[0]["name"] == "Łódź\u2028\n"


def test_nothing_to_append_makes_no_file(storage: Storage) -> None:
    append_lines(storage, "2026-01", "decisions", [])
    assert storage.list() == []
    assert read_lines(storage, "2026-01", "decisions") == []


def test_what_is_kept_is_for_its_owner_alone(tmp_path: Path) -> None:
    append_lines(open_storage(str(tmp_path)), "2026-01", "drafted", [{"n": 1}])
    path = tmp_path / "restricted" / "ledger" / "2026-01" / "drafted.jsonl"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
