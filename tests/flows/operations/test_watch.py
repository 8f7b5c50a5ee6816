"""`city2city watch --once` on a real data folder: what it says, whom it tells, and how often."""

from __future__ import annotations

import configparser
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.errors import StoppedError
from flows.operations.line import Line, broken, fine
from flows.operations.telling import news, receivers
from flows.run_record import record_run
from programme.problems import ProblemsError
from tests.flows.mail_server import mail_server
from tests.flows.operations.receiver import receiver
from tests.flows.post_office import PostOffice
from warehouse.dictionary.published import FINDINGS

ROOT = Path(__file__).parents[3]
ROUND = "2026-01"
Watch = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture
def watch(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Watches once; returns the lines about the second round by what they are about."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)

    def ask(*options: str, status: int = 1) -> dict[str, dict[str, Any]]:
        out, _ = post_office.ask("watch", "--once", "--json", *options, status=status)
        return {line["what"]: line for line in json.loads(out) if line["what"].startswith(ROUND)}

    return ask


def put_inputs(post_office: PostOffice) -> None:
    folder = post_office.folder / "data" / "inputs" / ROUND
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("submissions", "cohort", "gcom", "evaluators"):
        (folder / f"{name}.csv").write_text("id\n1\n", "utf-8")


def run_that(post_office: PostOffice, error: BaseException) -> None:
    """A run of the round that ends with this error."""
    with (
        pytest.raises(type(error)),
        record_run(post_office.context, ROUND, "process", "test", None),
    ):
        raise error


def test_no_run_and_no_inputs_are_two_alarms(watch: Watch) -> None:
    lines = watch()
    assert "no run has begun" in lines[f"{ROUND} no version"]["found"]
    assert "no files" in lines[f"{ROUND} inputs missing"]["found"]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        pytest.param(
            StoppedError(
                FINDINGS.empty(),
                [{"table": "gates", "expectation": "no_twinnings", "rows": 1, "for_example": "None of 9."}],
            ),
            "the run was stopped",
            id="stopped",
        ),
        pytest.param(ProblemsError([]), "the run failed", id="failed"),
        pytest.param(KeyboardInterrupt(), "the run was cancelled", id="cancelled"),
        pytest.param(ValueError("ada@example.org"), "the run failed", id="unexpected"),
    ],
)
def test_a_run_without_a_version_is_told_with_its_reason(
    watch: Watch, post_office: PostOffice, error: BaseException, says: str
) -> None:
    put_inputs(post_office)
    run_that(post_office, error)
    (line,) = watch().values()
    assert line["found"].startswith(says)
    if isinstance(error, StoppedError):
        assert "Gate no_twinnings: None of 9." in line["found"]
    assert "ada@" not in json.dumps(line)


def test_a_version_is_no_alarm(watch: Watch, post_office: PostOffice) -> None:
    post_office.approve()
    (line,) = watch().values()
    assert (line["health"], "version 1 is there" in line["found"]) == ("fine", True)


def test_the_day_before_the_inputs_are_looked_at(watch: Watch, post_office: PostOffice) -> None:
    put_inputs(post_office)
    folder = post_office.folder / "data" / "inputs" / ROUND
    long_ago = datetime(2025, 11, 20, tzinfo=UTC).timestamp()
    os.utime(folder / "gcom.csv", (long_ago, long_ago))
    lines = watch("--as-of", "2026-01-07T12:00:00+01:00")
    assert set(lines) == {f"{ROUND} gcom"}
    (folder / "cohort.csv").unlink()
    lines = watch("--as-of", "2026-01-07T12:00:00+01:00")
    assert "no file for cohort" in lines[f"{ROUND} inputs missing"]["found"]


def test_a_database_that_is_gone_is_told_and_a_version_still_counts(
    watch: Watch, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITY2CITY_DATABASE_URL", "postgresql://ops:hunter2@127.0.0.1:1/w")
    lines = watch()
    assert "nobody can say whether it ran" in lines[f"{ROUND} no version"]["found"]
    assert "hunter2" not in json.dumps(lines)
    monkeypatch.delenv("CITY2CITY_DATABASE_URL")
    post_office.approve()
    monkeypatch.setenv("CITY2CITY_DATABASE_URL", "postgresql://ops:hunter2@127.0.0.1:1/w")
    assert watch()[ROUND]["health"] == "fine"


def test_rules_that_cannot_be_read_are_an_alarm(
    post_office: PostOffice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CITY2CITY_PROGRAMME", str(tmp_path / "nowhere"))
    out, _ = post_office.ask("watch", "--once", "--json", status=1)
    assert [line["what"] for line in json.loads(out)] == ["rules"]


def test_a_dead_server_is_told(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    post_office.approve()
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    out, _ = post_office.ask("watch", "--once", "--json", status=1)
    assert "does not answer" in {line["what"]: line["found"] for line in json.loads(out)}["server"]


def test_an_alarm_is_told_once_and_so_is_its_end(
    watch: Watch, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server() as mail, receiver() as hook:
        monkeypatch.setenv("CITY2CITY_ALERT_MAIL", "ops@example.org, duty@example.org")
        monkeypatch.setenv("CITY2CITY_ALERT_FROM", "city2city@example.org")
        monkeypatch.setenv("CITY2CITY_ALERT_WEBHOOK", hook.url)
        monkeypatch.setenv("CITY2CITY_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("CITY2CITY_SMTP_PORT", str(mail.port))
        watch()
        watch()
        assert len(hook.bodies) == 1
        assert mail.letters.recipients == ["ops@example.org", "duty@example.org"]
        message = mail.letters.messages[0]
        assert message["From"] == "city2city@example.org"
        assert "City2City alarm" in str(message["Subject"])
        assert "city2city run 2026-01" in message.get_content()
        assert {"2026-01 no version", "2025-07 no version"} <= {
            one["what"] for one in hook.bodies[0]["alarms"]
        }
        post_office.approve()
        watch()
        assert [name.split(":")[0] for name in hook.bodies[1]["settled"]] == [
            "2026-01 no version",
            "2026-01 inputs missing",
        ]


def test_what_could_not_be_told_is_told_the_next_time(
    post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver() as hook:
        monkeypatch.setenv("CITY2CITY_ALERT_WEBHOOK", hook.url)
        hook.status = 500
        _, err = post_office.ask("watch", "--once", status=1)
        assert "answer 500" in err
        assert "a-secret" not in err
        hook.status = 200
        post_office.ask("watch", "--once", status=1)
        assert len(hook.bodies) == 2
        assert hook.bodies[0]["alarms"] == hook.bodies[1]["alarms"]


NOW = datetime(2026, 1, 9, 7, tzinfo=UTC)
DAY = timedelta(hours=24)
ALARM, OTHER = broken("a", "x", "do"), broken("a", "y", "do")


@pytest.mark.parametrize(
    ("lines", "told", "alarms", "settled"),
    [
        pytest.param([ALARM], {}, [ALARM], [], id="new"),
        pytest.param([fine("a", "x")], {}, [], [], id="nothing"),
        pytest.param([ALARM], {"a: x": "2026-01-09T06:00:00+00:00"}, [], [], id="told-an-hour-ago"),
        pytest.param([ALARM], {"a: x": "2026-01-08T07:00:00+00:00"}, [ALARM], [], id="told-a-day-ago"),
        pytest.param([ALARM], {"a: x": "2027-01-01T00:00:00+00:00"}, [ALARM], [], id="told-in-the-future"),
        pytest.param([ALARM], {"a: x": "yesterday"}, [ALARM], [], id="memory-damaged"),
        pytest.param([OTHER], {"a: x": "2026-01-09T06:00:00+00:00"}, [OTHER], ["a: x"], id="another-reason"),
        pytest.param([], {"a: x": "2026-01-09T06:00:00+00:00"}, [], ["a: x"], id="over"),
    ],
)
def test_what_is_told(
    lines: list[Line], told: dict[str, str], alarms: list[Line], settled: list[str]
) -> None:
    found = news(lines, told, NOW, DAY)
    assert (list(found.alarms), list(found.settled)) == (alarms, settled)
    assert set(found.told) == {f"{line.what}: {line.found}" for line in lines if line.health == "broken"}


@pytest.mark.parametrize("address", ["nobody", "a@b, c", "a@b\nBcc: d@e", "Ann <a@b>"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ProblemsError):
        receivers({"MAIL": address})


UNITS = sorted(path.name for path in (ROOT / "deploy").glob("city2city-*.*"))


@pytest.mark.parametrize("name", UNITS)
def test_the_units_are_units(name: str) -> None:
    unit = configparser.ConfigParser(strict=True, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string((ROOT / "deploy" / name).read_text("utf-8"))
    if name.endswith("service"):
        assert unit["Service"]["ExecStart"].startswith("/opt/city2city/.venv/bin/")
        assert unit["Service"]["User"] == "city2city"
        assert unit["Service"]["NoNewPrivileges"] == "yes"
    else:
        assert unit["Timer"]["Persistent"] == "yes"
    if shutil.which("systemd-analyze"):
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", f"deploy/{name}"],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        assert b"Unknown" not in done.stderr
