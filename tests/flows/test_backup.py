"""Backup and restore: one file of one moment, proved when it is put back, and the office goes on with it."""

from __future__ import annotations

import json
import shutil
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest

from flows.backups import make
from flows.context import open_context
from flows.settings import read_settings
from tests.flows.office import Office
from tests.flows.post_office import ROUND, PostOffice
from tests.flows.test_decide import ask, ask_json
from warehouse.backups import last_backup
from warehouse.database.portable import dumped_rows, row_counts
from warehouse.erasure_journal import PATH as JOURNAL
from warehouse.snapshots import read_package
from warehouse.storage import open_storage


def state_of(office: PostOffice) -> dict[str, Any]:
    """Everything that a backup holds."""
    storage = office.context.storage
    left_out = ("locks/", "warehouse.db", "restricted/backups/", ".cache/")
    files = {
        item.path: storage.read(item.path) for item in storage.list() if not item.path.startswith(left_out)
    }
    return files | {"rows": list(dumped_rows(office.context.ledger._engine))}


@pytest.fixture
def written(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    """An office whose letters were written; its version is made up, so its rules are not looked at."""
    version, context = post_office.approve(), post_office.context
    package = read_package(context.storage, ROUND, version)
    context.ledger.record_version(ROUND, version, package, published_at=datetime.now(UTC), run_id=None)
    monkeypatch.setattr("flows.backups.restore.verify_version", lambda *_: [])
    post_office.letters("--eml", str(post_office.folder / "out"))
    return post_office


def destroy(office: PostOffice) -> None:
    shutil.rmtree(office.folder / "data")


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_what_was_destroyed_is_back(written: PostOffice, encrypted: bool) -> None:
    before, place = state_of(written), written.folder / "backups"
    pair = pyrage.x25519.Identity.generate()
    (written.folder / "key").write_text(f"# made today\n{pair}\n")
    written.ask("backup", str(place), *(("--recipient", str(pair.to_public())) if encrypted else ()))
    (made,) = place.iterdir()
    assert made.stat().st_mode & 0o077 == 0
    assert (b"example.org" in made.read_bytes()) is not encrypted
    assert last_backup(written.context.storage) is not None
    destroy(written)
    key = ("--key", str(written.folder / "key")) if encrypted else ()
    told, _ = written.ask("restore", str(place), *key)
    assert "1 version verified" in told
    assert state_of(written) == before
    assert last_backup(written.context.storage) is not None
    assert not any(written.due().values()), "nobody is told again"


def test_what_does_not_hold_is_told(written: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.backups.restore.verify_version", lambda *_: ["a broken seal"])
    written.ask("backup", str(written.folder / "backups"))
    destroy(written)
    _, err = written.ask("restore", str(written.folder / "backups"), status=1)
    assert f"round {ROUND}, version 1: a broken seal" in err


def test_another_key_and_no_key_open_nothing(written: PostOffice) -> None:
    pair, other = (pyrage.x25519.Identity.generate() for _ in range(2))
    (written.folder / "key").write_text(f"{other}\n")
    place = str(written.folder / "backups")
    written.ask("backup", place, "--recipient", str(pair.to_public()))
    destroy(written)
    for key in ((), ("--key", str(written.folder / "key")), ("--key", "no-such-file")):
        _, err = written.ask("restore", place, *key, status=2)
        assert "--key" in err
    assert not (written.folder / "data" / "snapshots").exists()


def test_what_is_there_is_not_overwritten(written: PostOffice) -> None:
    place = str(written.folder / "backups")
    written.ask("backup", place)
    before = state_of(written)
    _, err = written.ask("restore", place, status=2)
    assert "--replace" in err
    assert state_of(written) == before
    open_storage(str(written.folder / "data")).write("restricted/letters/new.eml", b"new", private=True)
    written.ask("restore", place, "--replace")
    assert state_of(written) == before


@pytest.mark.parametrize("harm", ["flipped", "cut", "other", "more", "none"])
def test_a_damaged_backup_changes_nothing(harm: str, written: PostOffice) -> None:
    place = written.folder / "backups"
    written.ask("backup", str(place))
    (made,) = place.iterdir()
    data = bytearray(made.read_bytes())
    match harm:
        case "flipped":
            data[data.index(b"Person")] ^= 1
        case "cut":
            data = data[: len(data) // 2]
        case "other":
            data = bytearray(b"no archive")
    made.write_bytes(data)
    if harm == "more":
        with tarfile.open(made, "a") as archive:
            archive.addfile(tarfile.TarInfo("files/../../evil"))
    if harm == "none":
        made.unlink()
    destroy(written)
    _, err = written.ask("restore", str(place), status=2)
    assert "backup" in err
    assert not (written.folder / "data" / "snapshots").exists()


def test_a_backup_within_the_data_is_refused(written: PostOffice) -> None:
    _, err = written.ask("backup", str(written.folder / "data" / "backups"), status=2)
    assert "lost with it" in err
    _, err = written.ask("backup", str(written.folder / "backups"), "--recipient", "age1wrong", status=2)
    assert "age-keygen" in err


def test_files_that_change_meanwhile_are_copied_again(
    written: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A decision that comes in while files are copied is in the rows and in the lines, or in neither."""
    dumped, changes = make.dumped_rows, iter(range(2))

    def busy(engine: Any) -> Any:
        yield from dumped(engine)
        if (number := next(changes, None)) is not None:
            written.context.storage.append("restricted/ledger/x/decisions.jsonl", b"line %d\n" % number)

    monkeypatch.setattr(make, "dumped_rows", busy)
    monkeypatch.setattr(make, "PAUSE_S", 0.01)
    written.ask("backup", str(written.folder / "backups"))
    before = state_of(written)
    destroy(written)
    written.ask("restore", str(written.folder / "backups"))
    assert state_of(written) == before


def test_a_warehouse_that_never_rests_is_told(written: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "TRIES", 3)
    monkeypatch.setattr(make, "PAUSE_S", 0.01)
    monkeypatch.setattr(make, "_same", lambda *_: False)
    _, err = written.ask("backup", str(written.folder / "backups"), status=2)
    assert "no run is at work" in err
    assert list((written.folder / "backups").iterdir()) == []


@pytest.mark.long
def test_the_newest_of_several_is_taken(written: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    place = written.folder / "backups"
    first = json.loads(written.ask("backup", str(place), "--json")[0])
    open_storage(str(written.folder / "data")).write("restricted/letters/new.eml", b"new", private=True)
    name = make.archive_name(datetime.fromisoformat(first["at"]) + timedelta(seconds=5))
    monkeypatch.setattr(make, "archive_name", lambda _at: name)
    written.ask("backup", str(place))
    before = state_of(written)
    destroy(written)
    written.ask("restore", str(place))
    assert state_of(written) == before


@pytest.mark.long
def test_the_office_goes_on_as_if_nothing_had_happened(
    processed: Office, rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The drill: run, decide, approve, letters; backup, destroy, restore; status, verify, the next run."""
    round_id, data = "2025-07", processed.inputs.parent
    assert rules
    ask(capsys, "approve", round_id, "1", "--by", "Ann")
    ask(capsys, "letters", round_id, "--eml", str(tmp_path / "out"))
    status = ask_json(capsys, "status", round_id)
    ask(capsys, "backup", str(tmp_path / "backups"))
    forms = processed.tables(round_id, 1)["applications"]["application_id"]
    ask(capsys, "forget", forms[0], "--reason", "asked after the backup")
    journal = (data / JOURNAL).read_bytes()
    counts = row_counts(processed.context.ledger._engine)
    shutil.rmtree(data)
    (data / JOURNAL).parent.mkdir(parents=True)
    (data / JOURNAL).write_bytes(journal)
    told, _ = ask(capsys, "restore", str(tmp_path / "backups"), "--replace")
    assert f"Forgotten again: {forms[0]}" in told
    office = Office(open_context(read_settings()), processed.inputs)
    assert row_counts(office.context.ledger._engine) == counts
    assert office.context.ledger.rows_of_submission(forms[0])["submission"][0]["payload"] is None
    (now,) = ask_json(capsys, "status", round_id)
    (then,) = status
    assert forms[0] not in {name for due in now.pop("to_erase") for name in due["submissions"]}
    assert forms[0] in {name for due in then.pop("to_erase") for name in due["submissions"]}
    assert now == then
    ask(capsys, "verify", round_id)
    ask(capsys, "replay", round_id, "1")
    assert not json.loads(ask(capsys, "letters", round_id, "--json")[0])["due"]
    assert office.run(round_id).new is False
