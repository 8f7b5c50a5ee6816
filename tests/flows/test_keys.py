"""`city2city keys` and `verify --key`, from a key to a stranger's check."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.cli import main
from flows.context import open_context
from flows.settings import read_settings
from flows.signing import has_key, key_path, sign_approved
from programme.problems import ProblemsError
from tests.flows.office import Office
from warehouse.signing.keys import make_key
from warehouse.snapshots import read_package
from warehouse.snapshots.approved import Approved, write_approved

ROUND = "2025-07"


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return int(end.value.code or 0), said.out, said.err


def approve(office: Office) -> Approved:
    package = read_package(office.context.storage, ROUND, 1)
    moment = datetime(2025, 9, 1, tzinfo=UTC)
    approved = Approved(ROUND, 1, package["seal"], package["content"], moment, 1)
    sign_approved(office.context, office.context.round(ROUND), approved)
    write_approved(office.context.storage, approved)
    return approved


def test_from_a_key_to_a_strangers_check(
    processed: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, out, _ = call(capsys, "keys", "new", "--json")
    told = json.loads(out)
    assert status == 0
    assert told["key"].endswith("restricted/keys/office.pem")
    given = tmp_path / "office.pub"
    given.write_bytes(Path(told["public"]).read_bytes())
    approve(processed)
    status, out, err = call(capsys, "verify", ROUND, "--key", str(given))
    assert (status, err) == (0, "")
    assert "its signed approval holds" in out

    table = next(processed.context.settings.data_folder.glob("snapshots/*/version=0001/ranking.parquet"))
    data = bytearray(table.read_bytes())
    data[-1] ^= 1
    table.write_bytes(data)
    status, _, err = call(capsys, "verify", ROUND, "1", "--key", str(given))
    assert status == 1
    assert "ranking.parquet holds other bytes than were signed" in err


def test_a_version_that_nobody_signed_fails_only_where_it_is_asked_for(
    processed: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    call(capsys, "keys", "new")
    public = str(key_path(processed.context)) + ".pub"
    assert call(capsys, "verify", ROUND, "--key", public)[0] == 0
    status, _, err = call(capsys, "verify", ROUND, "1", "--key", public)
    assert status == 1
    assert "nobody signed that version 1 was approved" in err


def test_a_second_key_is_refused_and_the_first_is_shown(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    first = json.loads(call(capsys, "keys", "new", "--json")[1])
    status, _, err = call(capsys, "keys", "new")
    assert status == 2
    assert "found a key; expected no key yet" in err
    assert json.loads(call(capsys, "keys", "show", "--json")[1]) == first


def test_the_key_can_be_kept_elsewhere(
    office: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITY2CITY_SIGNING_KEY", str(tmp_path / "elsewhere" / "key"))
    told = json.loads(call(capsys, "keys", "new", "--json")[1])
    assert told["key"] == str(tmp_path / "elsewhere" / "key")
    assert has_key(open_context(read_settings()))


def test_a_bucket_holds_no_key() -> None:
    environment = {"CITY2CITY_DATA": "s3://b/x", "CITY2CITY_DATABASE_URL": "postgresql://h/d"}
    context = open_context(read_settings(environment))
    assert not has_key(context)
    with pytest.raises(ProblemsError, match="Set CITY2CITY_SIGNING_KEY"):
        key_path(context)


def test_an_office_without_a_key_signs_nothing(processed: Office) -> None:
    approve(processed)
    assert [item.path for item in processed.context.storage.list() if "attestations" in item.path] == []


def test_a_key_that_cannot_be_used_stops_the_approval(processed: Office) -> None:
    make_key(key_path(processed.context))
    key_path(processed.context).chmod(0o644)
    with pytest.raises(ProblemsError, match="others may read"):
        approve(processed)
