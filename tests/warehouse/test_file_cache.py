"""What is kept in a file is used again, and never believed when it is damaged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from warehouse import file_cache
from warehouse.file_cache import load_or_build, remove_oldest


class Maker:
    """Counts how often a thing is made, and makes it of one part."""

    def __init__(self) -> None:
        self.built = 0

    def build(self) -> bytes:
        self.built += 1
        return b"made"

    def load(self, folder: Path | None) -> bytes:
        return load_or_build(
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

    monkeypatch.setattr(file_cache.os, "fdopen", fail)
    assert Maker().load(tmp_path) == b"made"
    assert list(tmp_path.iterdir()) == []


def test_many_parts_come_back_in_order(tmp_path: Path) -> None:
    parts = [b"", b"one", b"\x00" * 3_000_000, b"last"]

    def build() -> list[bytes]:
        return parts

    made = [load_or_build(tmp_path, "parts.bin", list, build, iter) for _ in range(2)]
    assert made == [parts, parts]


@pytest.mark.parametrize("error", [ValueError, TypeError])
def test_a_file_that_cannot_be_understood_is_made_again(error: type[Exception], tmp_path: Path) -> None:
    def refuse(_parts: object) -> bytes:
        raise error

    maker = Maker()
    maker.load(tmp_path)
    assert load_or_build(tmp_path, "thing-1.bin", refuse, maker.build, lambda thing: [thing]) == b"made"
    assert maker.built == 2


def test_only_the_files_used_last_are_kept(tmp_path: Path) -> None:
    for age, name in enumerate(["thing-c", "thing-a", "thing-b", "thing-d"]):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1_000 - age, 1_000 - age))
    (tmp_path / "other").touch()
    remove_oldest(tmp_path, "thing-*", 2)
    assert {path.name for path in tmp_path.iterdir()} == {"thing-c", "thing-a", "other"}


def test_reading_counts_as_use(tmp_path: Path) -> None:
    Maker().load(tmp_path)
    os.utime(tmp_path / "thing-1.bin", (1, 1))
    (tmp_path / "thing-2.bin").touch()
    os.utime(tmp_path / "thing-2.bin", (2, 2))
    Maker().load(tmp_path)
    remove_oldest(tmp_path, "thing-*", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["thing-1.bin"]
