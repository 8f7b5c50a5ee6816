"""Commands that answer from a processed round: their tables, their JSON, and lists that are cut."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

from flows import cli
from flows.early_scan import tables_of_scan
from flows.kept_problem import _path as kept_at
from flows.linking_resources import linking_resources
from flows.procedure import assess
from flows.round_inputs import gather
from flows.what_if import latest_problem
from tasks.matchmaking.problem_json import problem_to_json
from tasks.publish.open_points import count_by_kind, open_points
from tests.flows.office import Office

ROUND = "2025-07"
pytestmark = pytest.mark.usefixtures("processed")


def ask(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        cli.main(list(arguments))
    out, err = capsys.readouterr()
    assert (end.value.code or 0) == status, err
    return out


def ask_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(ask(capsys, *arguments, "--json"))


def test_a_long_list_is_cut_unless_all_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ask_json(capsys, "review", ROUND)
    assert len(rows) > 2
    monkeypatch.setattr("flows.console.SCREENFUL", 2)
    cut = ask(capsys, "review", ROUND).splitlines()
    assert cut[4] == f"... 2 of {len(rows)} rows are shown; --all shows every one."
    assert cut[2].split("\t")[:2] == [rows[0]["kind"], rows[0]["subject"]]
    assert cut[5].startswith(f"{len(rows)} open points: ")
    whole = ask(capsys, "review", ROUND, "--all").splitlines()
    assert [line.split("\t")[1] for line in whole[2 : 2 + len(rows)]] == [row["subject"] for row in rows]
    assert "--all shows" not in "".join(whole)
    assert ask_json(capsys, "review", ROUND) == rows


def test_problems_of_a_damaged_version_are_cut_as_well(
    processed: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = processed.context.settings.data_folder / f"snapshots/round={ROUND}/version=0001"
    for path in folder.glob("*.parquet"):
        path.write_bytes(b"damaged")
    monkeypatch.setattr("flows.commands.verify.SCREENFUL", 3)
    with pytest.raises(SystemExit) as end:
        cli.main(["verify", ROUND])
    told = capsys.readouterr().err.splitlines()
    assert end.value.code == 1
    assert len(told) == 4
    assert told[-1].startswith("... 3 of ")
    with pytest.raises(SystemExit):
        cli.main(["verify", ROUND, "--all"])
    assert len(capsys.readouterr().err.splitlines()) > 4


def test_status_after_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = ask_json(capsys, "status")
    assert (first["state"], first["latest_version"], first["version_state"]) == ("processed", 1, "open")
    assert first["open_reviews"] > 0
    assert first["last_run"].endswith("UTC: published")
    assert (second["latest_version"], second["open_reviews"], second["last_run"]) == (None, None, None)


@pytest.mark.long
def test_what_waits_is_one_number(processed: Office, capsys: pytest.CaptureFixture[str]) -> None:
    (status,) = ask_json(capsys, "status", ROUND)
    review = ask_json(capsys, "review", ROUND)
    assert status["open_reviews"] == len(review) == sum(status["open_points"].values())
    kinds = [row["kind"] for row in review]
    assert list(status["open_points"]) == list(dict.fromkeys(kinds))
    round_inputs = gather(processed.context, ROUND, str(processed.inputs), None)
    tables = tables_of_scan(
        processed.context, ROUND, assess(round_inputs, linking_resources(processed.context))
    )
    assert count_by_kind(open_points(tables)) == status["open_points"]


@pytest.mark.long
def test_verify_and_replay_of_a_whole_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(capsys, "verify", ROUND) == f"Round {ROUND}, version 1: hashes, schema and rules hold.\n"
    assert ask_json(capsys, "verify", ROUND, "1") == [
        {"version": 1, "problems": [], "absent": [], "signed": None, "release": None}
    ]
    assert ask(capsys, "replay", ROUND, "1") == f"Round {ROUND}, version 1: identical.\n"


def test_a_version_differs_from_itself_in_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask_json(capsys, "diff", ROUND, "1", "1") == []
    assert ask(capsys, "diff", ROUND, "1", "1").endswith("0 changes.\n")


def test_a_subject_nobody_knows_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(capsys, "explain", ROUND, "nobody", status=2) == ""


@pytest.mark.long
def test_a_problem_that_is_not_kept_is_made_again_the_same(processed: Office) -> None:
    context = processed.context
    version, made = latest_problem(context, ROUND)
    kept = kept_at(context, ROUND, version)
    kept.unlink()
    again_version, again = latest_problem(context, ROUND)
    assert (again_version, problem_to_json(again)) == (version, problem_to_json(made))
    kept.chmod(0o600)
    kept.write_text("{", "utf-8")
    assert problem_to_json(latest_problem(context, ROUND)[1]) == problem_to_json(made)


def test_what_is_no_longer_kept_is_named(processed: Office, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(processed.context.settings.data_folder / "restricted" / "inputs")
    assert ask(capsys, "replay", ROUND, "1", status=2) == ""
