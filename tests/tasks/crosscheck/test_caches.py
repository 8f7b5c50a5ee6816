"""What is kept is used again, never stale, never believed when damaged."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from programme.linking import LinkingRules
from tasks.crosscheck import index_cache, kept_files
from tasks.crosscheck.gazetteer.table import Gazetteer
from tasks.crosscheck.kept_files import load_kept
from tasks.crosscheck.linkage.index import RegisterIndex, source_key


class Maker:
    """Counts how often a thing is made, and makes it of one part."""

    def __init__(self) -> None:
        self.built = 0

    def build(self) -> bytes:
        self.built += 1
        return b"made"

    def load(self, folder: Path | None) -> bytes:
        return load_kept(
            folder, "thing-1.bin", lambda parts: next(iter(parts)), self.build, lambda thing: [thing]
        )


def test_a_thing_is_made_once(tmp_path: Path) -> None:
    maker = Maker()
    assert [maker.load(tmp_path / "new") for _ in range(3)] == [b"made"] * 3
    assert maker.built == 1


DAMAGES = {
    "cut off": lambda data: data[:-1],
    "one bit turned": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "empty": lambda _data: b"",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_file_is_made_again(damage: object, tmp_path: Path) -> None:
    maker = Maker()
    maker.load(tmp_path)
    file = tmp_path / "thing-1.bin"
    file.write_bytes(damage(file.read_bytes()))  # type: ignore[operator]
    assert maker.load(tmp_path) == b"made"
    assert maker.load(tmp_path) == b"made"
    assert maker.built == 2


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert Maker().load(blocked) == b"made"


def test_no_folder_keeps_nothing() -> None:
    assert Maker().load(None) == b"made"


def test_nothing_half_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(kept_files.os, "fdopen", fail)
    assert Maker().load(tmp_path) == b"made"
    assert list(tmp_path.iterdir()) == []


def test_an_index_from_disk_is_the_one_that_was_made(
    register: pl.DataFrame, gazetteer: Gazetteer, rules: LinkingRules, tmp_path: Path
) -> None:
    made = index_cache.load(register, gazetteer, rules, tmp_path)
    kept = index_cache.load(register, gazetteer, rules, tmp_path)
    assert frames(kept) == frames(made)


def test_another_register_or_rule_has_another_name(register: pl.DataFrame, rules: LinkingRules) -> None:
    changed = register.with_columns(population=pl.col("population") + 1)
    other_rules = rules.model_copy(update={"link_points": rules.link_points + 1})
    keys = {source_key(register, rules), source_key(changed, rules), source_key(register, other_rules)}
    assert len(keys) == 3


def test_only_the_newest_indexes_are_kept(
    register: pl.DataFrame,
    gazetteer: Gazetteer,
    rules: LinkingRules,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index_cache, "KEPT", 2)
    for people in range(4):
        index_cache.load(register.with_columns(population=pl.lit(people)), gazetteer, rules, tmp_path)
    assert len(list(tmp_path.glob("index-*.bin"))) == 2


def frames(index: RegisterIndex) -> list[list[tuple[object, ...]]]:
    return [frame.rows() for frame in (index.rows, index.keys, index.names.frame, index.divisions)]
