"""`city2city doctor` on real parts: a data folder, its database, its modes, a server that is not there."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.operations.asking import ask_all
from flows.operations.line import NoAnswer
from flows.operations.machine_facts import library_facts
from flows.operations.prefect_facts import Api
from programme.problems import problem
from tests.flows.mail_server import mail_server
from tests.flows.post_office import PostOffice
from warehouse.backups import note_backup

SECRET = "hunter2-and-more"
Doctor = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture
def doctor(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """Asks the doctor; returns its lines by what they are about."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)

    def ask(*, status: int = 0) -> dict[str, dict[str, Any]]:
        out, err = post_office.ask("doctor", "--json", status=status)
        assert SECRET not in out + err
        return {line["what"]: line for line in json.loads(out)}

    return ask


def test_a_new_machine_is_not_broken(doctor: Doctor) -> None:
    lines = doctor()
    assert lines["database"]["health"] == "look"
    assert {line["health"] for line in lines.values()} == {"fine", "look"}


def test_what_runs_made_is_fine_and_left_as_it_was(doctor: Doctor, post_office: PostOffice) -> None:
    post_office.approve()
    folder = post_office.folder / "data"
    before = sorted(path for path in folder.rglob("*") if path.name != "warehouse.db-shm")
    lines = doctor()
    assert (lines["database"]["health"], lines["storage"]["health"]) == ("fine", "fine")
    assert lines["backup"]["health"] == "look"
    after = sorted(path for path in folder.rglob("*") if path.name != "warehouse.db-shm")
    assert [path for path in after if "wal" not in path.name] == [
        path for path in before if "wal" not in path.name
    ]


def test_the_last_backup_is_told(doctor: Doctor, post_office: PostOffice) -> None:
    post_office.approve()
    note_backup(post_office.context.storage, "b.c2c", datetime.now(UTC))
    assert doctor()["backup"]["health"] == "fine"


def test_a_key_that_others_may_read_is_broken(doctor: Doctor, post_office: PostOffice) -> None:
    post_office.ask("keys", "new")
    assert doctor()["signing key"]["health"] == "fine"
    key = post_office.folder / "data" / "restricted" / "keys" / "office.pem"
    key.chmod(0o644)
    (post_office.folder / "data" / "restricted").chmod(0o755)
    lines = doctor(status=1)
    assert lines["signing key"]["health"] == "broken"
    assert lines["storage"]["health"] == "look"


def test_a_server_that_is_not_there_is_broken_and_tells_no_secret(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("PREFECT_API_URL", f"http://office:{SECRET}@127.0.0.1:{port}/api")
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", f"office:{SECRET}")
    lines = doctor(status=1)
    assert lines["server"]["health"] == "broken"
    assert f"http://127.0.0.1:{port}/api" in lines["server"]["found"]


def test_a_database_that_is_not_there_is_broken_and_tells_no_secret(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"postgresql+psycopg://ops:{SECRET}@127.0.0.1:{port}/warehouse"
    monkeypatch.setenv("CITY2CITY_DATABASE_URL", address)
    lines = doctor(status=1)
    assert lines["database"]["health"] == "broken"
    assert lines["locks"]["health"] == "broken"


def test_mail_is_tried_and_nothing_is_sent(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as server:
        monkeypatch.setenv("CITY2CITY_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("CITY2CITY_SMTP_PORT", str(server.port))
        assert doctor()["mail"]["health"] == "fine"
        assert not server.letters.messages
    assert doctor(status=1)["mail"]["health"] == "broken"


def test_one_that_does_not_answer_keeps_no_other_waiting() -> None:
    def fails() -> None:
        raise problem(found="nothing", expected="something", where="here", remedy="Do it.")

    def breaks() -> None:
        raise ValueError(SECRET)

    begun = time.monotonic()
    answers = ask_all(
        {"slow": lambda: time.sleep(30), "fails": fails, "breaks": breaks, "good": lambda: 1}, patience=0.3
    )
    assert time.monotonic() - begun < 5
    assert answers["good"] == 1
    assert {name: answer.why for name, answer in answers.items() if isinstance(answer, NoAnswer)} == {
        "slow": "no answer in time",
        "fails": "here: nothing",
        "breaks": "it failed (ValueError)",
    }


def test_the_installed_libraries_are_the_locked_ones() -> None:
    facts = library_facts()
    assert facts.n_locked > 100
    assert not facts.others


def test_a_library_of_another_version_is_told(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "polars==0.1.0 \\\n    --hash=sha256:00\nnot-there==1.0\n"
        "elsewhere==2.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n",
        "utf-8",
    )
    found = {name: (want, has is None) for name, want, has in library_facts(lock).others}
    assert found == {"polars": ("0.1.0", False), "not-there": ("1.0", True)}


def test_an_address_is_told_without_its_secret() -> None:
    assert Api(f"https://me:{SECRET}@host:4200/api?token={SECRET}").address == "https://host:4200/api"
