"""Killed in the middle of publishing, and two at once: there is the old version or the new one, never a part
of one.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from programme.problems import ProblemsError, problem
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.snapshots import latest_version, list_versions, versions, write_snapshot
from warehouse.snapshots.descriptor import VersionMetadata
from warehouse.snapshots.verify import verify_version
from warehouse.storage import Storage, open_storage

Tables = dict[str, pl.DataFrame]
ROUND = "2026-01"
PUBLISH = """
import json, os, signal, sys
from pathlib import Path
import polars as pl
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.snapshots.descriptor import VersionMetadata
from warehouse.snapshots import write_snapshot
from warehouse.storage import open_storage

address, options, folder, parent, total, stop_at = json.loads(sys.argv[1])
storage = open_storage(address, options)
tables = {name: pl.read_parquet(Path(folder) / name) for name in PUBLISHED_TABLES}
tables["ranking"] = tables["ranking"].with_columns(total=pl.lit(float(total)))

def kill_at(module, name, occasion):
    original, calls = getattr(module, name), []
    def counted(*given, **named):
        calls.append(1)
        if len(calls) == occasion:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*given, **named)
    setattr(module, name, counted)

if stop_at:
    module, name, occasion = stop_at
    kill_at(__import__(module, fromlist=["x"]), name, occasion)
print("ready", flush=True)
sys.stdin.readline()
try:
    print(write_snapshot(storage, "2026-01", tables, VersionMetadata("final", "test", parent, {}, "r", "p")))
except Exception as error:
    print(type(error).__name__)
"""


class Publisher:
    """Starts processes that publish; `total` makes their tables differ, `stop_at` (module, function, which
    call) is where one kills itself.
    """

    def __init__(self, storage: Storage, options: dict[str, str], tables: Tables, folder: Path) -> None:
        folder.mkdir()
        for name, frame in tables.items():
            frame.write_parquet(folder / name)
        self._given = (storage.address, options, str(folder))

    def start(
        self, *, parent: int | None, total: float, stop_at: tuple[str, str, int] | None = None
    ) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PUBLISH, json.dumps([*self._given, parent, total, stop_at])]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    def end(self, process: subprocess.Popen[str]) -> str:
        return process.communicate("go\n")[0].strip()


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.long)])
def publisher(request: pytest.FixtureRequest, tmp_path: Path, tables: Tables) -> tuple[Storage, Publisher]:
    options = {} if request.param == "folder" else request.getfixturevalue("s3_options")
    storage = open_storage(
        str(tmp_path / "data") if request.param == "folder" else f"s3://city2city/{tmp_path.name}", options
    )
    return storage, Publisher(storage, options, tables, tmp_path / "tables")


N_FILES = len(PUBLISHED_TABLES) + 1
"""Files of a version: its tables and the descriptor."""
FOLDER_STOPS = [
    pytest.param(
        ("warehouse.storage.disk", "flush", 1), 1, id="writing the first file", marks=pytest.mark.long
    ),
    pytest.param(("warehouse.storage.disk", "flush", 7), 1, id="writing a file in the middle"),
    pytest.param(
        ("warehouse.storage.disk", "flush", N_FILES), 1, id="writing the descriptor", marks=pytest.mark.long
    ),
    pytest.param(("warehouse.storage.disk", "rename", 1), 1, id="moving it into place"),
    pytest.param(("warehouse.snapshots.versions", "point_to_latest", 1), 2, id="before latest.json"),
    pytest.param(
        ("warehouse.storage.disk", "flush", N_FILES + 1), 2, id="writing latest.json", marks=pytest.mark.long
    ),
]


@pytest.mark.parametrize(("stop_at", "stands"), FOLDER_STOPS)
def test_killed_on_the_way_leaves_the_old_version_or_the_new_one(
    tmp_path: Path,
    tables: Tables,
    metadata: Callable[..., VersionMetadata],
    stop_at: tuple[str, str, int],
    stands: int,
) -> None:
    storage = open_storage(str(tmp_path / "data"))
    write_snapshot(storage, ROUND, tables, metadata())
    before = {item.path: storage.read(item.path) for item in storage.list()}
    publisher = Publisher(storage, {}, tables, tmp_path / "tables")
    process = publisher.start(parent=1, total=1.5, stop_at=stop_at)
    publisher.end(process)
    assert process.returncode == -signal.SIGKILL

    assert latest_version(storage, ROUND) == stands
    assert all(storage.read(path) == data for path, data in before.items())
    if stands == 1:
        assert {item.path for item in storage.list()} == set(before)
        assert verify_version(storage, ROUND, 1) == []
    else:
        assert all("latest.json" in problem for problem in verify_version(storage, ROUND, 2))

    again = publisher.start(parent=1, total=1.5)
    assert publisher.end(again) == ("2" if stands == 1 else "None")
    assert [verify_version(storage, ROUND, version) for version in list_versions(storage, ROUND)] == [[], []]
    assert list((tmp_path / "data/.aside").iterdir()) == []


@pytest.mark.long
@pytest.mark.parametrize(
    "occasion",
    [
        pytest.param(1, id="first file", marks=pytest.mark.long),
        pytest.param(6, id="in the middle"),
        pytest.param(N_FILES, id="the descriptor", marks=pytest.mark.long),
    ],
)
def test_killed_on_the_way_to_a_bucket(
    tmp_path: Path,
    tables: Tables,
    metadata: Callable[..., VersionMetadata],
    s3_options: dict[str, str],
    occasion: int,
) -> None:
    storage = open_storage(f"s3://city2city/{tmp_path.name}", s3_options)
    write_snapshot(storage, ROUND, tables, metadata())
    publisher = Publisher(storage, s3_options, tables, tmp_path / "tables")
    process = publisher.start(parent=1, total=1.5, stop_at=("obstore", "put", occasion))
    publisher.end(process)
    assert process.returncode == -signal.SIGKILL
    assert latest_version(storage, ROUND) == 1
    assert verify_version(storage, ROUND, 1) == []
    assert publisher.end(publisher.start(parent=1, total=1.5)) == "2"
    assert [verify_version(storage, ROUND, version) for version in (1, 2)] == [[], []]


def test_two_that_publish_at_once_make_one_version(publisher: tuple[Storage, Publisher]) -> None:
    storage, start = publisher
    processes = [start.start(parent=None, total=total) for total in (1.5, 2.5)]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    said = sorted(process.communicate()[0].strip() for process in processes)
    won = said == ["1", "ProblemsError"]
    both_lost = storage.address.startswith("s3://") and said == ["ProblemsError", "ProblemsError"]
    assert won or both_lost, said
    assert list_versions(storage, ROUND) == ([1] if won else [])
    assert not won or verify_version(storage, ROUND, 1) == []


def test_two_that_publish_the_same_at_once_make_one_version(publisher: tuple[Storage, Publisher]) -> None:
    storage, start = publisher
    processes = [start.start(parent=None, total=1.5) for _ in range(2)]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    said = sorted(process.communicate()[0].strip() for process in processes)
    assert said in (["1", "None"], ["1", "ProblemsError"])
    assert list_versions(storage, ROUND) == [1]
    assert verify_version(storage, ROUND, 1) == []


@pytest.mark.long
def test_killed_from_outside_at_any_moment(
    tmp_path: Path, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    """Not only where we thought of: a process that publishes one version after another, killed after a few of
    them.
    """
    storage = open_storage(str(tmp_path / "data"))
    publisher = Publisher(storage, {}, tables, tmp_path / "tables")
    program = PUBLISH.split('print("ready"', maxsplit=1)[0] + (
        "from warehouse.snapshots import latest_version\n"
        "print('ready', flush=True)\n"
        "for n in range(10_000):\n"
        "    tables['ranking'] = tables['ranking'].with_columns(total=pl.lit(float(n)))\n"
        "    metadata = VersionMetadata('final', 'test', latest_version(storage, '2026-01'), {}, 'r', 'p')\n"
        "    print(write_snapshot(storage, '2026-01', tables, metadata), flush=True)\n"
    )
    for _ in range(3):
        command = [sys.executable, "-c", program, json.dumps([*publisher._given, None, 0.5, None])]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(4)]
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        versions = list_versions(storage, ROUND)
        assert versions[-1] >= int(lines[-1])
        assert versions == list(range(1, versions[-1] + 1))
        problems = [
            problem for version in versions[-3:] for problem in verify_version(storage, ROUND, version)
        ]
        assert all("latest.json" in problem for problem in problems)
    assert (
        write_snapshot(storage, ROUND, tables, metadata(parent=latest_version(storage, ROUND)))
        == versions[-1] + 1
    )
    assert verify_version(storage, ROUND, versions[-1] + 1) == []


@pytest.mark.parametrize(
    "point", ["flush_folder", "point_to_latest"], ids=["after the rename", "latest.json"]
)
def test_a_fault_once_the_version_is_there_does_not_hide_it(
    tmp_path: Path,
    tables: Tables,
    metadata: Callable[..., VersionMetadata],
    monkeypatch: pytest.MonkeyPatch,
    point: str,
) -> None:
    storage = open_storage(str(tmp_path / "data"))
    write_snapshot(storage, ROUND, tables, metadata())
    tables["ranking"] = tables["ranking"].with_columns(total=pl.lit(1.5))

    def fails(*given: object) -> None:
        if point == "point_to_latest" or list_versions(storage, ROUND) == [1, 2]:
            raise (
                OSError(5, "Input/output error")
                if point == "flush_folder"
                else problem(found="an error", expected="none", where="here", remedy="Wait.")
            )

    with monkeypatch.context() as broken:
        broken.setattr(
            "warehouse.storage.disk.flush_folder"
            if point == "flush_folder"
            else "warehouse.snapshots.versions.point_to_latest",
            fails,
        )
        assert write_snapshot(storage, ROUND, tables, metadata(parent=1)) == 2
    assert write_snapshot(storage, ROUND, tables, metadata(parent=1)) is None
    assert verify_version(storage, ROUND, 2) == []


BETWEEN = ("latest_version", "newest_whole", "conform_tables", "describe_package")


@pytest.mark.parametrize("before", BETWEEN)
@pytest.mark.parametrize("parent", [None, 1], ids=["the first", "the second"])
def test_another_run_that_publishes_at_any_moment_leaves_one_version_of_a_number(
    tmp_path: Path,
    tables: Tables,
    metadata: Callable[..., VersionMetadata],
    monkeypatch: pytest.MonkeyPatch,
    before: str,
    parent: int | None,
) -> None:
    storage = open_storage(str(tmp_path / "data"))
    if parent:
        write_snapshot(storage, ROUND, tables, metadata())
    usual, done = getattr(versions, before), []

    def with_total(total: float) -> Tables:
        return tables | {"ranking": tables["ranking"].with_columns(total=pl.lit(total))}

    def meanwhile(*given: object, **named: object) -> object:
        if not done:
            done.append(True)
            write_snapshot(storage, ROUND, with_total(1.5), metadata(parent=parent))
        return usual(*given, **named)

    monkeypatch.setattr(versions, before, meanwhile)
    with pytest.raises(ProblemsError, match="published by another run meanwhile"):
        write_snapshot(storage, ROUND, with_total(2.5), metadata(parent=parent))
    assert list_versions(storage, ROUND) == list(range(1, (parent or 0) + 2))
    assert verify_version(storage, ROUND, (parent or 0) + 1) == []
