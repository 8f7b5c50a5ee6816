"""Verification: a version as published passes; any other byte, and any broken rule, is told."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.dictionary import PUBLISHED_TABLES
from warehouse.snapshots.descriptor import PACKAGE_FILE, VersionMetadata, encode_package, seal
from warehouse.snapshots import read_package, version_path, write_snapshot
from warehouse.storage import Storage, open_storage
from warehouse.snapshots.verify import verify_version
from warehouse.snapshots.verify_rules import CHECKS, broken_rules

Tables = dict[str, pl.DataFrame]
ROUND = "2026-01"
FOLDER = version_path(ROUND, 1)


def with_cell(tables: Tables, table: str, row: int, **cells: object) -> Tables:
    rows = tables[table].to_dicts()
    rows[row] |= cells
    return {**tables, table: PUBLISHED_TABLES[table].frame(rows)}


@pytest.fixture
def published(storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]) -> Storage:
    write_snapshot(storage, ROUND, tables, metadata())
    return storage


def test_a_version_as_published_has_nothing_wrong(
    published: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    assert verify_version(published, ROUND, 1) == []
    write_snapshot(published, ROUND, tables, metadata(state="draft", parent=1))
    assert verify_version(published, ROUND, 1) == []
    assert verify_version(published, ROUND, 2) == []


def test_a_version_of_no_rows_at_all_has_nothing_wrong(
    storage: Storage, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(
        storage, ROUND, {name: table.empty() for name, table in PUBLISHED_TABLES.items()}, metadata()
    )
    assert verify_version(storage, ROUND, 1) == []


@pytest.mark.parametrize("name", [PACKAGE_FILE, *(f"{name}.parquet" for name in PUBLISHED_TABLES)])
def test_a_flipped_bit_anywhere_is_told(published: Storage, name: str) -> None:
    path = f"{FOLDER}/{name}"
    right = published.read(path)
    rng = random.Random(name)  # noqa: S311  (where to break it, not a secret)
    for position in {0, len(right) - 1, *(rng.randrange(len(right)) for _ in range(2))}:
        wrong = bytearray(right)
        wrong[position] ^= 1 << rng.randrange(8)
        published.write(path, bytes(wrong))
        assert verify_version(published, ROUND, 1) != [], f"byte {position} of {name}"
    published.write(path, right)
    assert verify_version(published, ROUND, 1) == []


def test_bytes_that_are_no_table_are_told_even_if_the_descriptor_vouches_for_them(published: Storage) -> None:
    path = f"{FOLDER}/applications.parquet"
    right = published.read(path)
    told = read_package(published, ROUND, 1)
    rng = random.Random(1)  # noqa: S311
    for wrong in (
        b"",
        b"PAR1",
        *(right[:cut] + rng.randbytes(8) + right[cut + 8 :] for cut in (40, 400, len(right) - 200)),
    ):
        resources = [
            {**item, "bytes": len(wrong), "hash": f"sha256:{hashlib.sha256(wrong).hexdigest()}"}
            if item["name"] == "applications"
            else item
            for item in told["resources"]
        ]
        forged = {**told, "resources": resources}
        published.write(path, wrong)
        published.write(f"{FOLDER}/{PACKAGE_FILE}", encode_package({**forged, "seal": seal(forged)}))
        assert any(
            problem.startswith("applications.parquet: ") for problem in verify_version(published, ROUND, 1)
        )


@pytest.mark.long
def test_any_byte_of_the_descriptor_counts(published: Storage) -> None:
    right = published.read(f"{FOLDER}/{PACKAGE_FILE}")
    for position in range(0, len(right), 13):
        wrong = right[:position] + bytes([right[position] ^ 1]) + right[position + 1 :]
        try:
            package = json.loads(wrong)
        except ValueError:
            continue
        assert encode_package(package) != wrong or package.get("seal") != seal(package), position


@pytest.mark.parametrize("name", [PACKAGE_FILE, "applications.parquet", "changes.parquet"])
@pytest.mark.parametrize("how", ["cut", "emptied", "longer", "removed"])
def test_a_file_of_another_length_or_gone_is_told(published: Storage, name: str, how: str) -> None:
    path = f"{FOLDER}/{name}"
    right = published.read(path)
    if how == "removed":
        published.delete(path)
    else:
        published.write(path, {"cut": right[:-7], "emptied": b"", "longer": right + b" "}[how])
    assert any(name in problem for problem in verify_version(published, ROUND, 1))


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "more/ranking.parquet", "ranking.parquet.bak"])
def test_a_file_that_does_not_belong_is_told(published: Storage, name: str) -> None:
    published.write(f"{FOLDER}/{name}", b"")
    assert verify_version(published, ROUND, 1) == [f"{name}: does not belong to a version"]


def test_a_version_that_is_not_there_is_told(published: Storage) -> None:
    assert verify_version(published, ROUND, 2) == [
        f"{version_path(ROUND, 2)}: no {PACKAGE_FILE}, so there is no such version"
    ]


@pytest.mark.parametrize(
    "text",
    [
        b"[]",
        b"null",
        b"{}",
        b'{"resources": 1}',
        b'{"resources": [1, {}]}',
        b"\xff",
        b'{"resources": [], "x": NaN}',
    ],
)
def test_a_descriptor_that_is_none_is_told_without_a_fault(published: Storage, text: bytes) -> None:
    published.write(f"{FOLDER}/{PACKAGE_FILE}", text)
    assert any(PACKAGE_FILE in problem for problem in verify_version(published, ROUND, 1))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    key=st.sampled_from(
        ["round", "version", "parent", "parent_seal", "content", "resources", "inputs", "seal"]
    ),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=3,
    ),
)
def test_a_descriptor_with_any_other_value_is_told_without_a_fault(
    published: Storage, key: str, value: object
) -> None:
    path = f"{FOLDER}/{PACKAGE_FILE}"
    right = published.read(path)
    package = json.loads(right)
    unchanged = package[key] == value and type(package[key]) is type(value)
    published.write(path, encode_package({**package, key: value}))
    try:
        assert (verify_version(published, ROUND, 1) == []) == unchanged
    finally:
        published.write(path, right)


def test_a_parent_changed_and_sealed_anew_is_told_by_its_child(
    published: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(published, ROUND, tables, metadata(state="draft", parent=1))
    forged = {**read_package(published, ROUND, 1), "reason": "another one"}
    published.write(f"{FOLDER}/{PACKAGE_FILE}", encode_package({**forged, "seal": seal(forged)}))
    assert verify_version(published, ROUND, 2) == [
        f"{PACKAGE_FILE}: its parent, version 1, is not the one it was made from"
    ]


def test_a_version_moved_to_another_number_or_round_is_told(published: Storage, tmp_path: Path) -> None:
    for path, round_id, version in (
        ("round=2026-01/version=0003", ROUND, 3),
        ("round=2025-07/version=0001", "2025-07", 1),
    ):
        target = tmp_path / "data/snapshots" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / FOLDER).rename(target)
        assert any("the folder" in problem for problem in verify_version(published, round_id, version))
        target.rename(tmp_path / "data" / FOLDER)


def test_latest_that_names_another_version_is_told(published: Storage) -> None:
    published.write("snapshots/round=2026-01/latest.json", b'{"version": 9}')
    assert verify_version(published, ROUND, 1) == [
        "latest.json: does not name version 1, which is the latest; the next run of the round mends it"
    ]


VALUES = [
    pytest.param("applications", {"latitude": 91.0}, "at most 90", id="above its maximum"),
    pytest.param("applications", {"population": -1}, "at least 0", id="below its minimum"),
    pytest.param("applications", {"state": "lost"}, "one of accepted", id="not one of its values"),
    pytest.param("scores", {"points": float("nan")}, "a finite number", id="no number"),
    pytest.param("scores", {"weight": float("inf")}, "a finite number", id="infinite"),
    pytest.param("crosscheck", {"evidence": None}, "filled", id="null where none may be"),
]


@pytest.mark.parametrize(("table", "cells", "wanted"), VALUES)
def test_a_value_the_dictionary_forbids_is_told(
    storage: Storage,
    tables: Tables,
    metadata: Callable[..., VersionMetadata],
    table: str,
    cells: dict[str, object],
    wanted: str,
) -> None:
    write_snapshot(storage, ROUND, with_cell(tables, table, 0, **cells), metadata())
    column = next(iter(cells))
    assert any(
        problem.startswith(f"{table}.{column}: 1 rows are not {wanted}")
        for problem in verify_version(storage, ROUND, 1)
    )


def test_two_rows_of_one_key_are_told(
    storage: Storage, tables: Tables, metadata: Callable[..., VersionMetadata]
) -> None:
    write_snapshot(
        storage,
        ROUND,
        {**tables, "ranking": pl.concat([tables["ranking"], tables["ranking"].head(1)])},
        metadata(),
    )
    assert "ranking: 2 rows share their key (application_id): A1, A1" in verify_version(storage, ROUND, 1)


def _drop(table: str, row: int) -> Callable[[Tables], Tables]:
    return lambda tables: {
        **tables,
        table: tables[table].with_row_index("n").filter(pl.col("n") != row).drop("n"),
    }


def _cell(table: str, row: int, **cells: object) -> Callable[[Tables], Tables]:
    return lambda tables: with_cell(tables, table, row, **cells)


def _ineligible_member(tables: Tables) -> Tables:
    checks = tables["eligibility_checks"].with_columns(
        pl.when((pl.col("application_id") == "A1") & (pl.col("rule") == "gcom"))
        .then(pl.lit("not_met"))
        .otherwise("outcome")
        .alias("outcome")
    )
    changed = with_cell({**tables, "eligibility_checks": checks}, "eligibility", 0, status="ineligible")
    return {**changed, "ranking": changed["ranking"].filter(pl.col("application_id") != "A1")}


def _doubted_member(state: str) -> Callable[[Tables], Tables]:
    def change(tables: Tables) -> Tables:
        checks = tables["eligibility_checks"].with_columns(
            pl.when((pl.col("application_id") == "A1") & (pl.col("rule") == "gcom"))
            .then(pl.lit("unclear"))
            .otherwise("outcome")
            .alias("outcome")
        )
        changed = with_cell({**tables, "eligibility_checks": checks}, "eligibility", 0, status="needs_review")
        changed = {**changed, "ranking": changed["ranking"].filter(pl.col("application_id") != "A1")}
        return with_cell(changed, "twinnings", 0, state=state)

    return change


def _city_twice(tables: Tables) -> Tables:
    second = tables["twinnings"].with_columns(twinning_id=pl.lit("T2"), topic=pl.lit("finance"))
    return {
        **tables,
        "twinnings": pl.concat([tables["twinnings"], second]),
        "twinning_members": pl.concat(
            [tables["twinning_members"], tables["twinning_members"].with_columns(twinning_id=pl.lit("T2"))]
        ),
    }


RULES = [
    (
        "every accepted application is judged, and no other",
        "late judged",
        _cell("applications", 0, state="late"),
    ),
    (
        "every accepted application is judged, and no other",
        "accepted not judged",
        _cell("applications", 5, state="accepted"),
    ),
    (
        "every judged application has every rule checked once",
        "a rule left out",
        _drop("eligibility_checks", 3),
    ),
    (
        "the status of an application follows from its rules",
        "better than its rules",
        _cell("eligibility", 3, status="eligible"),
    ),
    ("only eligible and tentative applications are in a twinning", "ineligible member", _ineligible_member),
    (
        "only eligible and tentative applications are in a twinning",
        "doubted member",
        _doubted_member("proposed"),
    ),
    (
        "only eligible and tentative applications are ranked",
        "doubted ranked",
        _cell("ranking", 0, application_id="A4"),
    ),
    ("a twinning has two or three cities, as many as it says", "one city", _drop("twinning_members", 0)),
    (
        "a twinning has two or three cities, as many as it says",
        "says three",
        _cell("twinnings", 0, n_cities=3),
    ),
    ("a city is in one twinning", "in two", _city_twice),
    (
        "the value of a twinning is the sum of its aspects",
        "a little more",
        _cell("twinnings", 0, value=2.80001),
    ),
    (
        "an application stands for the same city in every table",
        "another city",
        _cell("twinning_members", 0, city_id="UTM-A9"),
    ),
    (
        "the topic of a twinning is one of each member's topics",
        "another topic",
        _cell("twinnings", 0, topic="ports"),
    ),
    (
        "a twinning is conditional exactly if a member is tentative",
        "not told",
        _cell("twinnings", 0, conditional=False),
    ),
    ("points are at most what the criterion can give", "too many", _cell("scores", 0, points=25.001)),
    ("an application is placed or unplaced, not both", "both", _cell("unplaced", 0, application_id="A1")),
    ("a version with a stop finding is not published", "a stop", _cell("findings", 0, severity="stop")),
]


@pytest.mark.parametrize(
    ("sentence", "change"), [pytest.param(rule, change, id=f"{rule}: {name}") for rule, name, change in RULES]
)
def test_a_broken_rule_is_told(tables: Tables, sentence: str, change: Callable[[Tables], Tables]) -> None:
    assert broken_rules(tables) == []
    assert any(problem.startswith(f"{sentence}; not so: ") for problem in broken_rules(change(tables)))


def test_each_rule_has_a_case_that_breaks_it() -> None:
    assert {sentence for sentence, _, _ in RULES} == set(CHECKS)


def test_a_confirmed_twinning_may_outlive_a_new_doubt(tables: Tables) -> None:
    assert broken_rules(_doubted_member("confirmed")(tables)) == []


@pytest.mark.parametrize(
    "table",
    ["crosscheck", "eligibility_checks", "eligibility", "scores", "ranking", "unplaced", "twinning_members"],
)
def test_a_row_that_names_no_application_is_told(tables: Tables, table: str) -> None:
    wrong = with_cell(tables, table, 0, application_id="A99")
    assert f"{table}.application_id: 1 name no row of applications: A99" in broken_rules(wrong)


def test_verification_needs_the_files_only(published: Storage, tmp_path: Path) -> None:
    (tmp_path / "data").rename(tmp_path / "elsewhere")
    assert verify_version(open_storage(str(tmp_path / "elsewhere")), ROUND, 1) == []
