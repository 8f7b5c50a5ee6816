"""The public edition: what may be in it and nothing else, one step, and that others can read it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest

from programme.problems import ProblemsError
from programme.programme import Programme
from tests.warehouse.conftest import ROUND, Tables
from tests.warehouse.published_tables import with_cell
from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.public.edition import list_editions, public_path, write_public_edition
from warehouse.public.tables import PUBLIC_TABLES
from warehouse.snapshots import write_snapshot
from warehouse.snapshots.descriptor import VersionMetadata
from warehouse.storage import Storage, open_storage

AT = datetime(2026, 2, 1, 9, 30, 15, tzinfo=UTC)
MAY_BE_THERE = {
    "topics": ["topic", "label"],
    "twinnings": ["twinning_id", "topic", "n_cities", "conditional"],
    "cities": [
        "twinning_id",
        "city_id",
        "city_name",
        "country_iso3",
        "region",
        "latitude",
        "longitude",
        "population",
    ],
    "counts": ["measure", "group", "n"],
}
FILES = {
    *(f"{name}.{kind}" for name in MAY_BE_THERE for kind in ("csv", "parquet")),
    "datapackage.json",
    "CHANGES.md",
    "feed.atom",
    "open.sql",
}
Write = Callable[..., dict[str, bytes]]


def many(tables: Tables, placed: int, others: int) -> Tables:
    """The tables with so many placed applications in twinnings of two, and so many others."""
    names = [f"A{n}" for n in range(1, placed + others + 1)]
    rows = {name: frame.to_dicts() for name, frame in tables.items()}
    about = rows["applications"][0]
    rows["applications"] = [
        about | {"application_id": key, "city_id": f"UTM-{key}", "city_name": f"Quelimane{key}"}
        for key in names
    ]
    rows["eligibility"] = [
        {"application_id": key, "city_id": f"UTM-{key}", "status": "eligible", "reasons": ""} for key in names
    ]
    rows["twinning_members"] = [
        {"twinning_id": f"T{n // 2}", "application_id": key, "city_id": f"UTM-{key}"}
        for n, key in enumerate(names[:placed])
    ]
    rows["twinnings"] = [rows["twinnings"][0] | {"twinning_id": f"T{n}"} for n in range(placed // 2)]
    return {name: PUBLISHED_TABLES[name].frame(rows[name]) for name in rows}


@pytest.fixture
def write(storage: Storage, programme: Programme, metadata: Callable[..., VersionMetadata]) -> Write:
    """Publish tables as the next version, write its public edition, and give its files by name."""

    def written(tables: Tables, reason: str = "a reason", **given: Any) -> dict[str, bytes]:
        version = len(list_editions(storage, ROUND)) + 1
        parent = version - 1 or None
        assert write_snapshot(storage, ROUND, tables, metadata(parent=parent, state=f"s{version}")) == version
        at = AT + timedelta(days=version)
        write_public_edition(storage, ROUND, version, approved_at=at, programme=programme, **given)
        folder = public_path(ROUND, version)
        names = [item.path.removeprefix(f"{folder}/") for item in storage.list(folder)]
        return {name: storage.read(f"{folder}/{name}") for name in names}

    return written


def frames(files: dict[str, bytes]) -> dict[str, pl.DataFrame]:
    return {name: pl.read_parquet(io.BytesIO(files[f"{name}.parquet"])) for name in MAY_BE_THERE}


def test_it_holds_what_may_be_there_and_nothing_else(tables: Tables, write: Write) -> None:
    files = write(tables, report=b"<!doctype html>")
    assert set(files) == FILES | {"report.html"}
    assert {name: list(frame.columns) for name, frame in frames(files).items()} == MAY_BE_THERE
    assert {name: list(table.names) for name, table in PUBLIC_TABLES.items()} == MAY_BE_THERE
    for name, columns in MAY_BE_THERE.items():
        assert next(csv.reader(io.StringIO(files[f"{name}.csv"].decode()))) == columns
    assert frames(files)["cities"]["city_id"].to_list() == ["UTM-A1", "UTM-A2"]


@pytest.mark.parametrize("others", [0, 1, 2, 3, 9])
def test_no_byte_names_who_was_not_selected(tables: Tables, write: Write, others: int) -> None:
    everybody = many(tables, 4, others)
    first = write(everybody)
    # In the second edition one twinning is gone: its cities are among those who are not selected now.
    left = dict(everybody)
    left["twinnings"] = everybody["twinnings"].filter(pl.col("twinning_id") == "T0")
    left["twinning_members"] = everybody["twinning_members"].filter(pl.col("twinning_id") == "T0")
    second = write(left)
    for files, selected in ((first, 4), (second, 2)):
        decoded = [frame.write_csv().encode() for frame in frames(files).values()]
        for key in range(selected + 1, others + 5):
            for content in (*files.values(), *decoded):
                assert f"QuelimaneA{key}\n".encode() not in content + b"\n"
                assert f"UTM-A{key},".encode() not in content
    counts = frames(first)["counts"]
    assert counts.filter(pl.col("measure") != "selected").is_empty() == (others < 3)
    assert all(n >= 3 for n in counts["n"])
    assert b"T1 is no longer part" in second["CHANGES.md"]


def test_a_later_edition_tells_no_small_step(tables: Tables, write: Write) -> None:
    steps = [frames(write(many(tables, 4, others)))["counts"] for others in (9, 10, 12)]
    told = [
        dict(frame.filter(pl.col("group") == "all").select("measure", "n").iter_rows()) for frame in steps
    ]
    assert told[0] == {"applications": 13, "not_selected": 9, "selected": 4}
    assert told[1] == {"selected": 4}
    assert told[2] == {"applications": 16, "not_selected": 12, "selected": 4}


def test_changes_and_feed_are_in_words(tables: Tables, write: Write) -> None:
    first = write(many(tables, 2, 5))
    second = write(many(tables, 4, 5))
    assert b"This is the first edition." in first["CHANGES.md"]
    assert b"What changed since edition 1, of 2 February 2026:" in second["CHANGES.md"]
    assert b"- New: QuelimaneA3 and QuelimaneA4 work together on Mobility" in second["CHANGES.md"]
    assert b"QuelimaneA1" not in second["CHANGES.md"]
    feed = ElementTree.fromstring(second["feed.atom"].decode())  # noqa: S314  (made just now)
    atom = "{http://www.w3.org/2005/Atom}"
    ids = [entry.findtext(f"{atom}id") for entry in feed.findall(f"{atom}entry")]
    assert ids == [f"tag:urbantransitionsmission.org,2025-07-01:city2city/{ROUND}/{n}" for n in (2, 1)]
    for tag in ("id", "title", "updated", "author"):
        assert feed.find(f"{atom}{tag}") is not None
    assert all(entry.find(f"{atom}updated") is not None for entry in feed.findall(f"{atom}entry"))


NASTY = "=HYPERLINK(1)]]>&<script>|\u2028*x* ://e.example"


def test_a_name_obeys_no_format(tables: Tables, write: Write) -> None:
    files = write(with_cell(tables, "applications", 0, city_name=NASTY))
    rows = list(csv.DictReader(io.StringIO(files["cities.csv"].decode())))
    assert rows[0]["city_name"].startswith("'=HYPERLINK")
    assert b"<script>" not in files["CHANGES.md"] + files["feed.atom"]
    feed = ElementTree.fromstring(files["feed.atom"].decode())  # noqa: S314  (made just now)
    content = feed.findtext(".//{*}content")
    assert content is not None
    assert "<script>" in content


def test_the_package_says_licence_sources_citation_and_clauses(tables: Tables, write: Write) -> None:
    files = write(tables)
    package = json.loads(files["datapackage.json"])
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert all(source["licence"] for source in package["sources"])
    assert package["citation"]["text"].startswith("Urban Transitions Mission (2026): ")
    wanted = {"identifier", "creators", "titles", "publisher", "publicationYear", "types"}
    assert wanted <= set(package["citation"]["datacite"])
    assert "FAQ 3.8" in [one["clause"] for one in package["clauses"]]
    by_name = {one["name"]: one for one in package["resources"]}
    assert by_name["cities"]["schema"]["foreignKeys"][0]["reference"]["resource"] == "twinnings"
    for one in package["resources"]:
        data = files[one["path"]]
        assert one["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert one.get("bytes", one.get("n_bytes")) == len(data)
    assert {one["path"] for one in package["resources"]} == FILES - {"datapackage.json"}


def test_an_edition_is_written_once(
    tables: Tables, write: Write, storage: Storage, programme: Programme
) -> None:
    before = write(tables)
    again = write_public_edition(
        storage, ROUND, 1, approved_at=AT + timedelta(days=90), programme=programme, report=b"other"
    )
    assert not again.new
    assert set(again.files) == set(before)
    assert {name: storage.read(f"{again.path}/{name}") for name in before} == before
    package = json.loads(before["datapackage.json"]) | {"version_seal": "0" * 64}
    storage.write(f"{again.path}/datapackage.json", json.dumps(package).encode())
    with pytest.raises(ProblemsError, match="another version of that number"):
        write_public_edition(storage, ROUND, 1, approved_at=AT, programme=programme)


@pytest.mark.parametrize("left", [None, b"half of it"], ids=["none", "a part"])
def test_a_feed_that_a_crash_left_behind_is_made_good(
    tables: Tables, write: Write, storage: Storage, programme: Programme, left: bytes | None
) -> None:
    first = write(tables)["feed.atom"]
    path = f"public/round={ROUND}/feed.atom"
    storage.delete(path)
    if left is not None:
        storage.write(path, left)
    write_public_edition(storage, ROUND, 1, approved_at=AT, programme=programme)
    assert storage.read(path) == first


def test_the_same_approval_gives_the_same_bytes(
    tables: Tables, tmp_path: Path, programme: Programme, metadata: Callable[..., VersionMetadata]
) -> None:
    found = []
    for name in ("one", "other"):
        storage = open_storage(str(tmp_path / name))
        write_snapshot(storage, ROUND, tables, metadata())
        written = write_public_edition(storage, ROUND, 1, approved_at=AT, programme=programme)
        found.append({file: storage.read(f"{written.path}/{file}") for file in written.files})
    assert found[0] == found[1]


def test_a_bucket_holds_it_too(
    tables: Tables, s3_options: dict[str, str], programme: Programme, metadata: Callable[..., VersionMetadata]
) -> None:
    storage = open_storage("s3://city2city/public-edition", s3_options)
    write_snapshot(storage, ROUND, tables, metadata())
    written = write_public_edition(storage, ROUND, 1, approved_at=AT, programme=programme)
    assert set(written.files) == FILES
    assert list_editions(storage, ROUND) == [1]


def test_duckdb_opens_all_editions(tables: Tables, write: Write, storage: Storage) -> None:
    duckdb = pytest.importorskip("duckdb")
    write(many(tables, 2, 5))
    files = write(many(tables, 4, 5))
    base = duckdb.connect()
    base.execute(f"SET file_search_path = '{storage.address}/public'")
    base.execute(files["open.sql"].decode())
    every = base.sql("SELECT round, version, count(*) FROM all_cities GROUP BY ALL ORDER BY ALL").fetchall()
    assert every == [(ROUND, 1, 2), (ROUND, 2, 4)]
    assert base.sql("SELECT DISTINCT version FROM cities").fetchall() == [(2,)]
    joined = "SELECT count(*) FROM cities JOIN twinnings USING (round, version, twinning_id)"
    joined += " JOIN topics USING (round, version, topic)"
    assert base.sql(joined).fetchall() == [(4,)]
    assert base.sql("SELECT min(n) FROM all_counts").fetchall()[0][0] >= 3


def blank_numbers(tables: Tables) -> Tables:
    return with_cell(tables, "applications", 1, latitude=None, longitude=None, population=None, region=None)


def errors_of(path: str) -> list[str]:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(path)
    return [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors] + [
        error.message for error in report.errors
    ]


@pytest.mark.long
@pytest.mark.parametrize(
    "change", [pytest.param(lambda x: x, id="full"), pytest.param(blank_numbers, id="blanks")]
)
def test_frictionless_has_nothing_to_say(
    tables: Tables, write: Write, storage: Storage, change: Callable[[Tables], Tables]
) -> None:
    write(change(tables), report=b"<!doctype html>")
    assert errors_of(f"{storage.address}/{public_path(ROUND, 1)}/datapackage.json") == []
    assert errors_of(f"{storage.address}/snapshots/round={ROUND}/version=0001/datapackage.json") == []
