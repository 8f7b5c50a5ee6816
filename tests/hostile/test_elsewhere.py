"""The whole life of a round on Postgres and a bucket: the same content as on SQLite and a folder.

The bucket is that of moto, and that of SeaweedFS where that is here.

Run, decide, run again, approve, letters, verify, replay, back up, forget, restore. Every version has the same
content hashes in both places. After the erasure the bucket and the rows of the database are searched, and so
are they once the backup is back, into the other kind of storage and database.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest

from flows.context import AppContext, open_context
from flows.procedure import process
from flows.replay import replay
from flows.round_inputs import RunRequest
from flows.run_record import record_run
from flows.settings import read_settings
from tests.hostile.small_round import ROUND, json_bytes
from tests.hostile.test_canaries import found_in, sign_of
from tests.hostile.test_forget import GONE, command, planted
from tests.servers import ServerError, new_database, s3_server, weed_server
from warehouse.database.portable import dumped_rows
from warehouse.snapshots import list_versions, read_package
from warehouse.snapshots.verify import verify_version

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]


@dataclass(frozen=True)
class Place:
    """Where a warehouse is, as its environment says it."""

    data: str
    database: str = ""

    def enter(self, monkeypatch: pytest.MonkeyPatch) -> AppContext:
        monkeypatch.setenv("CITY2CITY_DATA", self.data)
        if self.database:
            monkeypatch.setenv("CITY2CITY_DATABASE_URL", self.database)
        else:
            monkeypatch.delenv("CITY2CITY_DATABASE_URL", raising=False)
        return open_context(read_settings())


def set_bucket(monkeypatch: pytest.MonkeyPatch, options: Mapping[str, str]) -> None:
    """Let the environment name the server of the bucket."""
    for name, value in options.items():
        variable = "AWS_ENDPOINT_URL" if name == "endpoint" else f"AWS_{name.upper()}"
        monkeypatch.setenv(variable, value)


@pytest.fixture(params=["moto", "SeaweedFS"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """How to reach a server that speaks S3."""
    try:
        with s3_server() if request.param == "moto" else weed_server(tmp_path / "weed") as options:
            yield options
    except ServerError as error:
        pytest.skip(str(error))


@pytest.fixture
def places(
    store: dict[str, str],
    tmp_path: Path,
    postgres_url: str,
    rules_folder: Path,
    cache_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[Place, Place, Place]:
    """A folder with SQLite, a bucket with Postgres, and an empty folder."""
    monkeypatch.setenv("CITY2CITY_PROGRAMME", str(rules_folder))
    monkeypatch.setenv("CITY2CITY_CACHE", str(cache_folder))
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    set_bucket(monkeypatch, store)
    database = new_database(postgres_url, f"elsewhere_{token_hex(4)}")
    bucket = Place("s3://city2city/office", database)
    return Place(str(tmp_path / "here")), bucket, Place(str(tmp_path / "back"))


def run(context: AppContext) -> None:
    request = RunRequest(ROUND, "test", None, None, (), "ops")
    with record_run(context, ROUND, "process", "test", None) as record:
        process(context, request, record)


def life(context: AppContext, out: Path) -> dict[str, str]:
    """The round's life up to its letters; returns the content hash of each table of each version."""
    for table, rows in planted()[0].items():
        context.storage.write(f"inputs/{ROUND}/{table}.json", json_bytes(rows), private=True)
    run(context)
    at = ("--at", "2025-10-01T10:00:00+00:00")
    told = ("--reason", f"{sign_of('office', 'reason', 'gone')} asked", "--by", "TEAM")
    command("decide", ROUND, "rule", GONE, "motivation", "met", *told, *at)
    command("decide", ROUND, "withdraw", "S-6", "--reason", "they wrote", "--by", "TEAM", *at)
    run(open_context(read_settings()))
    latest = max(list_versions(context.storage, ROUND))
    command("approve", ROUND, str(latest), "--by", "Head", "--reason", "agreed")
    command("letters", ROUND, "--eml", str(out))
    command("letters", ROUND, "--preview")
    command("assign", ROUND, "--per-application", "1")
    command("report", ROUND)
    command("verify", ROUND)
    return {
        f"{version} {resource['name']}": resource["content"]
        for version in list_versions(context.storage, ROUND)
        for resource in read_package(context.storage, ROUND, version)["resources"]
    }


def left_in(context: AppContext, signs: dict[str, str]) -> list[str]:
    """Canaries in the storage and in the rows of the database."""
    rows = b"".join(dumped_rows(context.ledger._engine))
    contents = {item.path: context.storage.read(item.path) for item in context.storage.list()}
    return sorted(
        f"{signs[one]} in {name}"
        for name, content in (contents | {"the database": rows}).items()
        for one in set(found_in(content, name, signs))
    )


def left_in_files(url: str, signs: dict[str, str]) -> list[str]:
    """Canaries in the files of the tables of a Postgres server; its write-ahead log is its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        folder = Path(connection.execute("SHOW data_directory").fetchone()[0])  # type: ignore[index]
        (oid,) = connection.execute(
            "SELECT oid FROM pg_database WHERE datname = current_database()"
        ).fetchone()  # type: ignore[misc]
    files = [path for path in (folder / "base" / str(oid)).iterdir() if path.is_file()]
    assert files
    return [
        f"{signs[one]} in {path.name}" for path in files for one in found_in(path.read_bytes(), "", signs)
    ]


def test_the_same_round_elsewhere(
    places: tuple[Place, Place, Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, bucket, back = places
    signs = planted()[1] | {sign_of("office", "reason", "gone"): "a decision's reason"}
    expected = life(here.enter(monkeypatch), tmp_path / "out-here")
    context = bucket.enter(monkeypatch)
    assert life(context, tmp_path / "out-bucket") == expected
    assert len({name.split()[0] for name in expected}) == 2
    command("backup", str(tmp_path / "backups"))
    assert left_in(context, signs)

    command("forget", GONE, "--reason", "they asked for it", "--by", "TEAM")
    context = open_context(read_settings())
    assert left_in(context, signs) == []
    assert left_in_files(bucket.database, signs) == []
    for version in list_versions(context.storage, ROUND):
        assert verify_version(context.storage, ROUND, version) == []
        report = replay(context, ROUND, version)
        assert (report.differing, report.erased) == ((), (GONE,))
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(context.storage.read("restricted/erasures/journal.jsonl"))

    context = back.enter(monkeypatch)
    command("restore", str(tmp_path / "backups"))
    command("forget", "--replay-journal", "--journal", str(journal))
    context = open_context(read_settings())
    assert left_in(context, signs) == []
    databases = list(Path(back.data).glob("warehouse.db*"))
    assert databases
    assert [one for path in databases for one in found_in(path.read_bytes(), "", signs)] == []
    assert {
        f"{version} {resource['name']}": resource["content"]
        for version in list_versions(context.storage, ROUND)
        for resource in read_package(context.storage, ROUND, version)["resources"]
    } == expected
    shutil.rmtree(tmp_path / "out-bucket")
