"""Data folders as released programs left them: this program opens each, and says what it cannot compare.

`tests/golden/releases` holds one archive for each release: its versions, kept inputs and SQLite database. It
was made by the program of that release from a small invented round, and is never written again.
"""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from flows.context import open_context
from flows.settings import read_settings
from tests.flows.office import Office
from tests.flows.test_cli import run_main
from tests.flows.test_decide import ask, ask_json
from warehouse.snapshots import list_versions
from warehouse.snapshots.verify import verify_version

ROUND = "2025-07"
RELEASES = sorted((Path(__file__).parents[1] / "golden/releases").glob("*.tar.xz"))
TABLES = ("round", "input_file", "submission", "set_aside_row", "decision", "version")
pytestmark = pytest.mark.long


@pytest.fixture(params=RELEASES, ids=lambda path: path.name.removesuffix(".tar.xz"))
def release(
    request: pytest.FixtureRequest, tmp_path: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Office:
    with tarfile.open(request.param) as archive:
        archive.extractall(tmp_path, filter="data")
    monkeypatch.setenv("CITY2CITY_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CITY2CITY_CACHE", str(cache_folder))
    return Office(open_context(read_settings()), tmp_path / "data/inputs")


def test_every_command_that_looks_reads_it(release: Office, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (
        ("status",),
        ("review", ROUND),
        ("explain", ROUND, "S-2"),
        ("decisions", ROUND),
        ("runs", ROUND),
        ("inputs", ROUND),
        ("report", ROUND),
    ):
        ask(capsys, *command)
    assert ask_json(capsys, "diff", ROUND, "1", "2")


def test_its_bytes_and_seals_are_verified_and_it_is_not_called_damaged(
    release: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = ask(capsys, "verify", ROUND)
    assert "Its bytes, its seals and its content hold." in " ".join(out.split())
    assert err == ""
    for version in list_versions(release.context.storage, ROUND):
        out, err = ask(capsys, "replay", ROUND, str(version), status=1)
        assert "made by program 0.1.0; this program computes in another way" in out
        assert "Not recomputed: every table." in out
        assert "verified: its bytes, its seals and its content" in out
        assert (err, "damaged" in out) == ("", False)


def test_a_changed_byte_of_it_is_found(release: Office, capsys: pytest.CaptureFixture[str]) -> None:
    path = release.inputs.parent / f"snapshots/round={ROUND}/version=0002/ranking.parquet"
    data = bytearray(path.read_bytes())
    data[50] ^= 1
    path.write_bytes(data)
    _, err = ask(capsys, "verify", ROUND, "2", status=1)
    assert "ranking.parquet: other bytes than were published" in err


def test_its_database_is_migrated_and_nothing_is_lost(release: Office) -> None:
    path = release.inputs.parent / "warehouse.db"
    before = _rows(path)
    assert before["decision"]
    assert before["version"]
    context = release.context
    assert {row["version"] for row in context.ledger.versions(ROUND)} == {1, 2}
    assert context.ledger.decisions(ROUND).height == len(before["decision"])
    after = _rows(path)
    assert {name: len(rows) for name, rows in after.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    for name, rows in before.items():
        kept = after[name]
        for row in rows:
            assert any(row.items() <= other.items() for other in kept), (name, row)


def _rows(path: Path) -> dict[str, list[dict[str, object]]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')]  # noqa: S608
            for name in TABLES
        }


def test_the_next_run_makes_a_version_of_today_on_top_of_it(
    release: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    publication = release.run(ROUND, "a newer program")
    assert (publication.new, publication.version, publication.parent) == (True, 3, 2)
    assert verify_version(release.context.storage, ROUND, 3) == []
    assert run_main("replay", ROUND, "3") == 0
    assert run_main("diff", ROUND, "2", "3") == 0
