"""The command line's manners: help and status at once, one message for a mistake, exit statuses; without
Prefect.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from office import Office
from typer.testing import CliRunner

from flows import cli

COMMAND = str(Path(sys.executable).parent / "city2city")


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["run", "2031-05"], ["ROUND", "'2031-05'", "2025-07, 2026-01"], id="unknown round"),
        pytest.param(
            ["run", "2026-01", "--inputs", "nowhere"],
            ["nowhere/2026-01", "no files", "submissions"],
            id="missing folder",
        ),
        pytest.param(["verify", "2026-01"], ["round 2026-01", "Run it first"], id="nothing published yet"),
        pytest.param(["review", "2026-01"], ["no version yet"], id="nothing to review yet"),
        pytest.param(["diff", "2026-01", "1", "2"], ["no version 1"], id="no such version"),
        pytest.param(
            ["decide", "2026-01", "marry", "A", "--reason", "x", "--by", "me"],
            ["marry", "link"],
            id="unknown kind",
        ),
        pytest.param(
            ["decide", "2026-01", "rule", "A", "cohort", "perhaps", "--reason", "x", "--by", "me"],
            ["perhaps", "not_met"],
            id="unknown outcome",
        ),
    ],
)
@pytest.mark.usefixtures("office")
def test_a_mistake_is_one_message_and_exit_status_2(arguments: list[str], says: list[str]) -> None:
    done = call(*arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    for text in says:
        assert text in done.stderr


def test_all_mistakes_of_the_rules_are_told_before_anything_starts(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import programme.rules

    folder = tmp_path / "rules"
    folder.mkdir()
    for path in programme.rules.HERE.glob("*.toml"):
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (folder / "topics.toml").write_text('[[topics]]\nid = "a"\nlabel = "b"\ncolour = 1\n', "utf-8")
    (folder / "eligibility.toml").write_text(
        (folder / "eligibility.toml").read_text("utf-8").replace("= 50000", '= "many"'), "utf-8"
    )
    monkeypatch.setenv("CITY2CITY_PROGRAMME", str(folder))
    done = call("run", "2026-01")
    assert done.returncode == 2
    assert "programme/topics.toml, key topics.0.colour" in done.stderr
    assert f"The rules are read from {folder}" in done.stderr
    assert "programme/eligibility.toml, key population_minimum" in done.stderr


def test_a_missing_file_is_named_with_what_is_there(office: Office) -> None:
    (office.inputs / "2026-01" / "cohort.csv").rename(office.inputs / "2026-01" / "cohorts.csv")
    done = call("run", "2026-01")
    assert done.returncode == 2
    assert "no file for cohort" in done.stderr
    assert "cohorts.csv" in done.stderr


@pytest.mark.usefixtures("office")
def test_status_knows_every_round_before_and_after_a_decision() -> None:
    rows = json.loads(call("status", "--json").stdout)
    assert [(row["round"], row["state"], row["latest_version"]) for row in rows] == [
        ("2025-07", "closed, not processed", None),
        ("2026-01", "closed, not processed", None),
    ]
    assert rows[0]["deadline"] == "2025-09-04T23:59:59+02:00"
    assert rows[0]["results_due"] == "2025-10-04"


def test_a_decision_is_recorded_once(office: Office) -> None:
    arguments = [
        "decide",
        "2026-01",
        "withdraw",
        "SAMPLE-1",
        "--reason",
        "asked",
        "--by",
        "ops",
        "--at",
        "2026-02-01T10:00:00",
        "--json",
    ]
    one, two = json.loads(call(*arguments).stdout), json.loads(call(*arguments).stdout)
    assert one["decision_id"] == two["decision_id"]
    assert (one["new"], two["new"]) == (True, False)
    assert office.context.ledger.decisions("2026-01")["decision_id"].to_list() == [one["decision_id"]]


@pytest.mark.parametrize(
    "command", [[], *([name] for name in cli.COMMANDS)], ids=lambda command: "".join(command) or "city2city"
)
def test_every_command_has_help(command: list[str]) -> None:
    result = CliRunner().invoke(cli.app, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output


@pytest.mark.parametrize("arguments", [["--help"], ["status"]], ids=" ".join)
@pytest.mark.usefixtures("office")
def test_help_and_status_load_neither_prefect_nor_great_expectations(arguments: list[str]) -> None:
    code = (
        f"import sys; sys.argv = ['city2city', *{arguments!r}]\nfrom flows.cli import main\ntry: main()\nexcept SystemExit: pass\n"
        "print([name for name in ('prefect', 'great_expectations', 'pandas', 'sqlmodel', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr
