"""A folder and a bucket behave the same; the bucket is a real server (moto) that speaks S3."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import obstore
import pytest
from hypothesis import given
from hypothesis import strategies as st
from obstore.exceptions import AlreadyExistsError, GenericError, PreconditionError

import warehouse.storage.bucket
from programme.problems import ProblemsError
from warehouse.storage import AlreadyPublishedError, Storage, checked_path, disk, open_storage

FILES = {"a.parquet": b"one", "b.parquet": b"two", "datapackage.json": b"{}"}
LAST = "datapackage.json"


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return open_storage(str(tmp_path / "data"))
    return open_storage(f"s3://city2city/{tmp_path.name}", request.getfixturevalue("s3_options"))


def test_what_is_written_is_read(storage: Storage) -> None:
    assert not storage.exists("x/y.txt")
    with pytest.raises(FileNotFoundError):
        storage.read("x/y.txt")
    for data in (b"", b"\0" * 100_000, b"new"):
        storage.write("x/y.txt", data, private=True)
        assert storage.read("x/y.txt") == data
    assert storage.exists("x/y.txt")
    assert not storage.exists("x")


def test_list_gives_every_file_below_a_folder_with_its_size(storage: Storage) -> None:
    for path in ("r/v1/b", "r/v1/a", "r/v10/a", "r/latest", "other/a"):
        storage.write(path, path.encode())
    assert [(item.path, item.n_bytes) for item in storage.list("r")] == [
        ("r/latest", 8),
        ("r/v1/a", 6),
        ("r/v1/b", 6),
        ("r/v10/a", 7),
    ]
    assert [item.path for item in storage.list("r/v1")] == ["r/v1/a", "r/v1/b"]
    assert len(storage.list()) == 5
    assert storage.list("nowhere") == []


def test_entries_look_at_one_directory_only(storage: Storage) -> None:
    for path in ("r/v1/b", "r/v1/deep/a", "r/v10/a", "r/latest", "other"):
        storage.write(path, path.encode())
    folders, files = storage.entries("r")
    assert (folders, [(item.path, item.n_bytes) for item in files]) == (["v1", "v10"], [("r/latest", 8)])
    folders, files = storage.entries()
    assert (folders, [item.path for item in files]) == (["r"], ["other"])
    assert storage.entries("nowhere") == ([], [])


def test_delete_removes_and_does_not_mind_absence(storage: Storage) -> None:
    storage.write("a", b"1")
    storage.delete("a")
    storage.delete("a")
    assert storage.list() == []


def test_publish_once(storage: Storage) -> None:
    storage.publish("r/v1", FILES, LAST)
    assert {item.path.removeprefix("r/v1/"): storage.read(item.path) for item in storage.list("r")} == FILES
    with pytest.raises(AlreadyPublishedError):
        storage.publish("r/v1", {**FILES, "a.parquet": b"other", "c": b""}, LAST)
    assert {item.path.removeprefix("r/v1/"): storage.read(item.path) for item in storage.list("r")} == FILES


def test_of_many_that_publish_at_once_exactly_one_wins_and_all_its_files_are_its_own(
    storage: Storage,
) -> None:
    def publish(number: int) -> int | None:
        try:
            storage.publish("r/v1", {name: data + str(number).encode() for name, data in FILES.items()}, LAST)
        except (AlreadyPublishedError, ProblemsError):
            return None
        return number

    with ThreadPoolExecutor(8) as pool:
        winners = [number for number in pool.map(publish, range(8)) if number is not None]
    alone = storage.address.startswith(
        "s3://"
    )  # in a bucket all may give up: each met another's files, and none may overwrite them
    assert len(winners) == 1 or (alone and not winners)
    if winners:
        assert {item.path.removeprefix("r/v1/"): storage.read(item.path) for item in storage.list("r")} == {
            name: data + str(winners[0]).encode() for name, data in FILES.items()
        }
    else:
        assert not storage.exists(f"r/v1/{LAST}")


def test_of_many_that_publish_the_same_at_once_exactly_one_wins(storage: Storage) -> None:
    def publish(_: int) -> bool:
        try:
            storage.publish("r/v1", FILES, LAST)
        except AlreadyPublishedError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(publish, range(8))) == 1
    assert {item.path.removeprefix("r/v1/"): storage.read(item.path) for item in storage.list("r")} == FILES


def test_a_staging_folder_removed_before_it_is_opened_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = disk.make_folder
    taken: list[Path] = []

    def make_and_lose(path: Path, mode: int) -> None:
        made(path, mode)
        if path.parent.name == ".aside" and not taken:
            taken.append(path)
            path.rmdir()

    monkeypatch.setattr(disk, "make_folder", make_and_lose)
    storage = open_storage(str(tmp_path / "data"))
    storage.publish("r/v1", FILES, LAST)
    assert taken
    assert {item.path.removeprefix("r/v1/"): storage.read(item.path) for item in storage.list("r")} == FILES


def test_publish_without_its_last_file_is_a_fault(storage: Storage) -> None:
    with pytest.raises(ValueError, match="not among the files"):
        storage.publish("r/v1", {"a": b""}, LAST)


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../x", "a/../../x", "a//b", ".", "a/./b", "a\\b", "a\0b", "a/"]
)
def test_no_path_leaves_the_root(path: str) -> None:
    with pytest.raises(ValueError, match="not a path below"):
        checked_path(path)


@given(st.text(max_size=30))
def test_a_path_that_passes_stays_below_any_root(path: str) -> None:
    try:
        checked_path(path)
    except ValueError:
        return
    assert os.path.normpath(f"/root/{path}") == f"/root/{path}"


@pytest.mark.parametrize(
    ("address", "options", "expected"),
    [
        ("gs://bucket/x", {}, "a folder, or s3://bucket/prefix"),
        ("s3://", {}, "s3://bucket or s3://bucket/prefix"),
        ("s3://b", {"enpoint": "x"}, "only"),
    ],
    ids=["another kind", "no bucket", "unknown option"],
)
def test_an_address_that_cannot_be_is_told(address: str, options: dict[str, str], expected: str) -> None:
    with pytest.raises(ProblemsError, match=expected):
        open_storage(address, options)


class TestFolder:
    """What only a folder has: rights, and a single step that survives a crash."""

    def test_private_files_are_for_their_owner_alone(self, tmp_path: Path) -> None:
        storage = open_storage(str(tmp_path / "data"))
        storage.write("restricted/inputs/abc", b"secret", private=True)
        storage.write("snapshots/x", b"open")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").rglob("*")}
        assert (modes["restricted"], modes["inputs"], modes["abc"]) == (0o700, 0o700, 0o600)
        assert (modes["snapshots"], modes["x"]) == (0o755, 0o644)

    def test_what_a_killed_run_left_aside_is_removed_but_not_what_is_in_work(self, tmp_path: Path) -> None:
        import fcntl

        aside = tmp_path / ".aside"
        (aside / "killed/prepared").mkdir(parents=True)
        (aside / "at-work").mkdir()
        handle = os.open(aside / "at-work", os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            open_storage(str(tmp_path)).publish("r/v1", FILES, LAST)
        finally:
            os.close(handle)
        assert [path.name for path in aside.iterdir()] == ["at-work"]

    def test_what_is_being_written_is_not_listed(self, tmp_path: Path) -> None:
        (tmp_path / ".aside/own").mkdir(parents=True)
        (tmp_path / ".aside/own/x").write_bytes(b"")
        (tmp_path / ".latest.json.abcd.aside").write_bytes(b"")
        assert open_storage(str(tmp_path)).list() == []

    def test_what_was_left_aside_is_seen_and_cleared_but_not_what_is_in_work(self, tmp_path: Path) -> None:
        import fcntl

        storage = open_storage(str(tmp_path))
        storage.write("restricted/letters/a.eml", b"whole")
        killed = [".aside/own/prepared/x", "restricted/letters/.a.eml.0123.aside", ".latest.json.abcd.aside"]
        for path in killed:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(b"half")
        at_work = tmp_path / "restricted/letters/.b.eml.4567.aside"
        at_work.write_bytes(b"hal")
        assert {item.path for item in storage.leftovers()} == {
            *killed,
            "restricted/letters/.b.eml.4567.aside",
        }
        assert len(storage.leftovers("restricted")) == 2
        with at_work.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            assert storage.clear_leftovers() == 3
        assert [item.path for item in storage.leftovers()] == ["restricted/letters/.b.eml.4567.aside"]
        assert storage.clear_leftovers() == 1
        assert storage.clear_leftovers() == 0
        assert storage.read("restricted/letters/a.eml") == b"whole"

    def test_a_folder_that_cannot_be_written_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_bytes(b"a file where the folder should be")
        storage = open_storage(str(tmp_path / "data"))
        for act in (lambda: storage.write("x/y", b""), lambda: storage.publish("x", FILES, LAST)):
            with pytest.raises(ProblemsError, match="a folder that can be written"):
                act()

    def test_a_failed_write_leaves_the_old_file_and_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        storage = open_storage(str(tmp_path))
        storage.write("x", b"old")

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("warehouse.storage.disk.flush", full)
        with pytest.raises(ProblemsError, match="No space left on device"):
            storage.write("x", b"new")
        with pytest.raises(ProblemsError, match="No space left on device"):
            storage.publish("r/v1", FILES, LAST)
        assert [path.name for path in tmp_path.iterdir() if path.name != ".aside"] == ["x"]
        assert storage.read("x") == b"old"


class TestBucket:
    """What only a bucket has: files that appear one by one, so that a crash on the way must be told from
    somebody at work.
    """

    @pytest.fixture
    def bucket(self, s3_options: dict[str, str], tmp_path: Path) -> Storage:
        return open_storage(f"s3://city2city/{tmp_path.name}", s3_options)

    def test_a_crashed_publication_is_taken_up_where_its_files_are_the_same(self, bucket: Storage) -> None:
        bucket.write("r/v1/a.parquet", FILES["a.parquet"])
        bucket.publish("r/v1", FILES, LAST)
        assert {item.path.removeprefix("r/v1/"): bucket.read(item.path) for item in bucket.list("r")} == FILES

    @pytest.mark.parametrize("stray", ["a.parquet", "c.parquet"], ids=["other bytes", "a file too many"])
    def test_another_runs_fresh_files_are_left_alone_and_old_ones_replaced(
        self, bucket: Storage, monkeypatch: pytest.MonkeyPatch, stray: str
    ) -> None:
        bucket.write(f"r/v1/{stray}", b"another run's")
        with pytest.raises(ProblemsError, match=f"{stray}, put there by another run"):
            bucket.publish("r/v1", FILES, LAST)
        assert bucket.read(f"r/v1/{stray}") == b"another run's"
        assert not bucket.exists(f"r/v1/{LAST}")
        monkeypatch.setattr(warehouse.storage.bucket, "ABANDONED_AFTER", timedelta(seconds=-5))
        bucket.publish("r/v1", FILES, LAST)
        assert {item.path.removeprefix("r/v1/"): bucket.read(item.path) for item in bucket.list("r")} == FILES

    def test_a_file_replaced_on_the_way_stops_the_publication(
        self, bucket: Storage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put = bucket._put_once  # type: ignore[attr-defined]

        def put_and_be_overwritten(directory: str, name: str, data: bytes, last: str) -> object:
            tag = put(directory, name, data, last)
            bucket.write(f"{directory}/{name}", data + b"!")
            return tag

        monkeypatch.setattr(bucket, "_put_once", put_and_be_overwritten)
        with pytest.raises(ProblemsError, match="another run"):
            bucket.publish("r/v1", FILES, LAST)
        assert not bucket.exists(f"r/v1/{LAST}")

    @pytest.mark.parametrize(
        "answer",
        [
            PreconditionError("412: the object is there already"),
            AlreadyExistsError("409: the object is there already"),
            GenericError("500: internal error"),
            GenericError("the connection was closed"),
        ],
        ids=["412", "409", "500", "reset"],
    )
    @pytest.mark.parametrize("name", FILES)
    def test_a_put_that_succeeded_and_failed_to_say_so_is_recognised(
        self, bucket: Storage, monkeypatch: pytest.MonkeyPatch, answer: Exception, name: str
    ) -> None:
        put, lost = obstore.put, []

        def put_and_lose_the_answer(store: object, path: str, data: bytes, **options: object) -> object:
            answered = put(store, path, data, **options)  # type: ignore[arg-type]
            if path.endswith(name) and not lost:
                lost.append(path)
                raise answer
            return answered

        monkeypatch.setattr(obstore, "put", put_and_lose_the_answer)
        bucket.publish("r/v1", FILES, LAST)
        assert lost
        assert {item.path.removeprefix("r/v1/"): bucket.read(item.path) for item in bucket.list("r")} == FILES
        with pytest.raises(AlreadyPublishedError):
            bucket.publish("r/v1", FILES, LAST)

    def test_a_line_whose_answer_was_lost_is_appended_once(
        self, bucket: Storage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put, lost = obstore.put, []

        def put_and_lose_the_answer(store: object, path: str, data: bytes, **options: object) -> object:
            answered = put(store, path, data, **options)  # type: ignore[arg-type]
            if len(lost) < 2:
                lost.append(path)
                raise PreconditionError("412: another one is there")
            return answered

        monkeypatch.setattr(obstore, "put", put_and_lose_the_answer)
        for line in (b"one\n", b"two\n", b"three\n"):
            bucket.append("lines", line)
        assert bucket.read("lines") == b"one\ntwo\nthree\n"

    def test_a_version_of_another_run_is_not_taken_for_ones_own(
        self, bucket: Storage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put = obstore.put

        def another_run_is_faster(store: object, path: str, data: bytes, **options: object) -> object:
            if path.endswith(LAST):
                put(store, path, data, attributes={"publication": "another"})  # type: ignore[arg-type]
            return put(store, path, data, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(obstore, "put", another_run_is_faster)
        with pytest.raises(AlreadyPublishedError):
            bucket.publish("r/v1", FILES, LAST)

    def test_a_bucket_that_is_not_there_is_told(self, s3_options: dict[str, str]) -> None:
        nowhere = open_storage("s3://no-such-bucket/x", s3_options)
        for act in (lambda: nowhere.write("x", b""), nowhere.list, lambda: nowhere.publish("v", FILES, LAST)):
            with pytest.raises(ProblemsError, match="no-such-bucket/x: found no such bucket"):
                act()

    def test_a_server_that_does_not_answer_is_told_without_the_keys(self) -> None:
        options = {
            "endpoint": "http://127.0.0.1:9",
            "region": "x",
            "access_key_id": "KEYID",
            "secret_access_key": "SECRET",
        }
        with pytest.raises(ProblemsError, match="a bucket that answers") as told:
            open_storage("s3://b/x", options).read("x")
        assert "SECRET" not in str(told.value)
        assert "KEYID" not in str(told.value)


def test_a_rename_that_was_done_and_reported_as_failed_is_a_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = disk.rename

    def unheard(source: Path, target: Path) -> None:
        rename(source, target)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(disk, "rename", unheard)
    storage = open_storage(str(tmp_path))
    storage.publish("versions/1", {"a": b"1", "last": b"2"}, "last")
    assert storage.read("versions/1/last") == b"2"
    with pytest.raises(AlreadyPublishedError):
        storage.publish("versions/1", {"a": b"1", "last": b"2"}, "last")
