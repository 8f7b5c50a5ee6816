"""The power fails after any call, and any part of what was not flushed is lost: the old or the new is there
whole, and what was promised to last is there.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.attack.power import Disk, recorded, write_out
from warehouse.storage import Storage, disk, open_storage

OLD = {"r/version=0001/a": b"old a", "r/version=0001/package": b"old package", "r/latest.json": b"1"}
NEW = {"a": b"new a, longer than the old one", "package": b"new package"}
LINES = b"\nfirst line\n"
MORE = b"\nsecond line\n"
Act = Callable[[Storage], None]


def published(storage: Storage) -> None:
    storage.publish("r/version=0002", NEW, "package")


def replaced(storage: Storage) -> None:
    storage.write("r/latest.json", b"2 and more")


def appended(storage: Storage) -> None:
    storage.append("restricted/lines", MORE)


def first_written(storage: Storage) -> None:
    storage.write("restricted/inputs/abc", b"kept", private=True)


def first_published(storage: Storage) -> None:
    storage.publish("s/t/version=0001", NEW, "package")


def removed(storage: Storage) -> None:
    storage.delete("r/latest.json")


ACTS: dict[str, tuple[Act, dict[str, tuple[bytes | None, bytes | None]]]] = {
    "publishing": (published, {f"r/version=0002/{name}": (None, data) for name, data in NEW.items()}),
    "replacing": (replaced, {"r/latest.json": (b"1", b"2 and more")}),
    "writing into new folders": (first_written, {"restricted/inputs/abc": (None, b"kept")}),
    "publishing into new folders": (
        first_published,
        {f"s/t/version=0001/{name}": (None, data) for name, data in NEW.items()},
    ),
    "removing": (removed, {"r/latest.json": (b"1", None)}),
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    storage = open_storage(str(tmp_path / "data"))
    for path, content in OLD.items():
        storage.write(path, content)
    storage.append("restricted/lines", LINES)
    return tmp_path / "data"


def states(data: Path, act: Act, folder: Path) -> Iterator[tuple[bool, Storage]]:
    """Every state after every call of an act, as a storage of its own; whether the act had returned."""
    disk_now = Disk(data)
    with recorded() as calls:
        act(open_storage(str(data)))
    for number in range(len(calls) + 1):
        if number:
            disk_now.play(calls[number - 1])
        for state in disk_now.states():
            write_out(state, folder)
            yield number == len(calls), open_storage(str(folder))
            shutil.rmtree(folder)


def content(storage: Storage) -> dict[str, bytes]:
    return {item.path: storage.read(item.path) for item in storage.list()}


@pytest.mark.parametrize("name", ACTS)
def test_a_power_cut_leaves_the_old_or_the_new_whole(data: Path, tmp_path: Path, name: str) -> None:
    act, changes = ACTS[name]
    rest = {path: old for path, old in OLD.items() if path not in changes} | {"restricted/lines": LINES}
    tried = 0
    for returned, storage in states(data, act, tmp_path / "after"):
        found, tried = content(storage), tried + 1
        assert {path: found.pop(path, None) for path in rest} == rest
        then = {path: found.pop(path, None) for path in changes}
        old, new = ({path: pair[which] for path, pair in changes.items()} for which in (0, 1))
        assert then in ([new] if returned else [old, new])
        assert found == {}
    assert tried > 3


MOVES = {
    "a file": ("r/latest.json", {"": OLD["r/latest.json"]}),
    "a folder": (
        "r/version=0001",
        {"/a": OLD["r/version=0001/a"], "/package": OLD["r/version=0001/package"]},
    ),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_power_cut_during_a_move_leaves_every_byte_somewhere(data: Path, tmp_path: Path, name: str) -> None:
    path, files = MOVES[name]
    to = "restricted/damaged/it/1"
    for returned, storage in states(data, lambda it: it.move(path, to), tmp_path / "after"):
        found = content(storage)
        for below, whole in files.items():
            there, moved = found.get(path + below), found.get(to + below)
            assert whole in (there, moved)
            assert {there, moved} <= {whole, None}
            assert (there, moved) == (None, whole) or not returned


@pytest.mark.parametrize(
    "path", ["restricted/lines", "restricted/new/lines"], ids=["to a file", "to a new one"]
)
def test_a_power_cut_loses_no_line_that_was_appended(data: Path, tmp_path: Path, path: str) -> None:
    before = LINES if path == "restricted/lines" else b""
    for returned, storage in states(data, lambda it: it.append(path, MORE), tmp_path / "after"):
        found = storage.read(path) if storage.exists(path) else b""
        assert found.startswith(before)
        assert found == before + MORE if returned else len(found) <= len(before + MORE)
        assert {name: storage.read(name) for name in OLD} == OLD


def test_after_a_power_cut_the_next_publication_ends_as_an_undisturbed_one(
    data: Path, tmp_path: Path
) -> None:
    for _, storage in states(data, published, tmp_path / "after"):
        if not storage.exists("r/version=0002/package"):
            published(storage)
            assert list((tmp_path / "after/.aside").iterdir()) == []
        assert {name: storage.read(f"r/version=0002/{name}") for name in NEW} == NEW


def test_the_model_sees_a_missing_flush(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check itself: without flushing, a published file may be empty."""
    with recorded() as calls:
        published(open_storage(str(data)))
    shutil.rmtree(data / "r/version=0002")
    model = Disk(data)
    for call in calls:
        if call[0] != "flush":
            model.play(call)
    assert any(state.get("r/version=0002/package") == b"" for state in model.states())


SYSTEM_CALLS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from warehouse.database.connection import open_database
from warehouse.database.ledger import Ledger
from warehouse.storage import open_storage
storage = open_storage(sys.argv[1])
ledger = Ledger(open_database(f"sqlite:///{sys.argv[1]}/warehouse.db"))
Path("begin").exists()
storage.write("one/x", b"x" * 10)
storage.append("two/y", b"y" * 10)
storage.publish("three/v1", {"a": b"a" * 10, "package": b"p"}, "package")
Path("commit").exists()
ledger.record_round("2026-01", "title", datetime(2026, 1, 1, tzinfo=UTC))
Path("end").exists()
"""
LINE = re.compile(r"^\d+ +(?P<call>\w+)\((?P<arguments>.*)\) += (?P<answer>-?\d+)")


@pytest.fixture(scope="module")
def system_calls(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """The calls that the system really got, each with the path it is about, in order."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: the real system calls cannot be seen")
    folder = tmp_path_factory.mktemp("calls")
    trace = folder / "trace"
    wanted = "trace=write,pwrite64,writev,pwritev,fsync,fdatasync,rename,renameat,renameat2,stat,newfstatat"
    command = ["strace", "-f", "-y", "-s", "0", "-o", str(trace), "-e", wanted, sys.executable, "-c"]
    done = subprocess.run(
        [*command, SYSTEM_CALLS, str(folder / "data")], capture_output=True, text=True, check=False
    )
    if done.returncode and not trace.exists():
        pytest.skip(f"strace may not look at a process here: {done.stderr.strip()[:100]}")
    assert done.returncode == 0, done.stderr
    found = [match for line in trace.read_text().splitlines() if (match := LINE.match(line))]
    calls = [(match["call"].rstrip("64"), _path(match["arguments"])) for match in found]
    first = calls.index(next(call for call in calls if call[1] == "begin"))
    return [(name, path.removeprefix(f"{folder}/data/")) for name, path in calls[first:]]


def _path(arguments: str) -> str:
    """The path of the first argument: of a handle, as strace shows it, or in quotes; of a rename both."""
    handle = re.match(r"\d+<([^>]*)>", arguments)
    return handle[1] if handle else " ".join(re.findall(r'"([^"]*)"', arguments))


def after(calls: list[tuple[str, str]], start: int, *wanted: tuple[str, str]) -> bool:
    """Whether these calls come in this order from `start` on."""
    rest = iter(calls[start:])
    return all(call in rest for call in wanted)


def test_the_system_is_told_to_flush_each_file_after_its_bytes(system_calls: list[tuple[str, str]]) -> None:
    """What the issue of a buffer would hide: the real `fsync` must come after the real `write`."""
    written = {path for name, path in system_calls if name in ("write", "pwrite", "writev") and "/" in path}
    ours = sorted(path for path in written if re.match(r"(one|two|three|\.aside)/", path))
    assert len(ours) == 4, ours
    for path in ours:
        last = max(number for number, call in enumerate(system_calls) if call == ("write", path))
        assert after(system_calls, last, ("fsync", path)), path
        folder = path.rpartition("/")[0]
        assert after(system_calls, last, ("fsync", path), ("fsync", folder)), folder


def test_a_rename_comes_after_the_flush_and_its_folder_is_flushed(
    system_calls: list[tuple[str, str]],
) -> None:
    renames = [
        (n, *path.split(" ")) for n, (name, path) in enumerate(system_calls) if name.startswith("rename")
    ]
    assert len(renames) == 2
    for number, source, target in renames:
        target_folder = re.sub(r"^.*/data/", "", target).rpartition("/")[0]
        assert after(system_calls, number, ("fsync", target_folder)), target
        flushed = [path for name, path in system_calls[:number] if name == "fsync"]
        assert any(path in source for path in flushed), source


def test_a_commit_is_flushed_before_it_is_answered(system_calls: list[tuple[str, str]]) -> None:
    commit = next(n for n, call in enumerate(system_calls) if call[1] == "commit")
    end = next(n for n, call in enumerate(system_calls) if call[1] == "end")
    inside = system_calls[commit:end]
    wal = [n for n, (name, path) in enumerate(inside) if name == "pwrite" and path.endswith("-wal")]
    flushed = [n for n, (name, path) in enumerate(inside) if "sync" in name and path.endswith("-wal")]
    assert wal
    assert flushed
    assert max(flushed) > max(wal)


def test_every_call_that_changes_a_folder_is_in_one_module() -> None:
    """So a recorded call is every call: `warehouse/storage/folder.py` itself neither writes nor renames."""
    from warehouse.storage import folder

    text = Path(str(folder.__file__)).read_text("utf-8")
    forbidden = (
        r"\.(write_bytes|write_text|rename|replace|mkdir|unlink)\(|os\.(write|fsync|rename|open\(.*O_CREAT)"
    )
    found = [line for line in text.splitlines() if re.search(forbidden, line) and "disk." not in line]
    assert found == []
    assert disk.__doc__
