"""Whole rounds on the samples, without Prefect: versions, decisions, a newer register, a stop, replay,
verification.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from flows import cli, matching_clock
from flows.errors import StoppedError
from flows.replay import replay
from tasks.matchmaking.explain.losses import stopped_after
from tests.flows.office import Office
from warehouse.snapshots import latest_version
from warehouse.snapshots.verify import verify_version

FIRST, SECOND = "2025-07", "2026-01"


def test_a_round_twice_is_one_version_that_verifies_and_can_be_made_again(processed: Office) -> None:
    office = processed
    again = office.run(FIRST)
    assert (again.new, again.version) == (False, 1)
    assert verify_version(office.context.storage, FIRST, 1) == []
    assert replay(office.context, FIRST, 1).differing == ()
    tables = office.tables(FIRST, 1)
    assert tables["twinnings"].height >= 6
    assert tables["applications"].height == tables["applications"]["application_id"].n_unique() >= 55
    assert_explained(tables)
    assert_private(office)


def assert_explained(tables: dict[str, pl.DataFrame]) -> None:
    """`explain` and `what-if` answer from what the run kept."""
    twinning = tables["twinnings"].sort("twinning_id").row(0, named=True)
    members = (
        tables["twinning_members"]
        .filter(pl.col("twinning_id") == twinning["twinning_id"])["application_id"]
        .sort()
        .to_list()
    )
    why = call("explain", FIRST, twinning["twinning_id"])
    assert round(sum(row["points"] for row in why["aspects"]), 6) == round(twinning["value"], 6)
    assert [row["application_id"] for row in why["cities"]] == members
    one = call("explain", FIRST, members[0])
    assert len(one["rules"]) == 10
    assert {row["criterion"] for row in one["points"]} == {
        "mandate",
        "impact",
        "added_value",
        "engagement",
        "previous_experience",
    }
    assert one["twinning"][0]["twinning_id"] == twinning["twinning_id"]
    without = call("what-if", FIRST, "--exclude", members[0])
    assert members[0] in str(without)
    assert call("what-if", FIRST)["version"] == 1


def call(*arguments: str) -> Any:
    done = CliRunner().invoke(cli.app, [*arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def assert_private(office: Office) -> None:
    """Nothing of the restricted area or the database can be read by others, and no e-mail address is anywhere
    else.
    """
    data = office.context.settings.data_folder
    for path in (data / "restricted").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert stat.S_IMODE((data / "warehouse.db").stat().st_mode) == 0o600
    published = b"".join(path.read_bytes() for path in (data / "snapshots").rglob("*") if path.is_file())
    shown = "".join(frame.write_csv() for frame in office.tables(FIRST, 1).values())
    assert "@example.org" not in shown
    assert b"@example.org" not in published


@pytest.mark.long
def test_a_decision_makes_version_2_with_only_what_it_changed(processed: Office) -> None:
    office = processed
    before = office.tables(FIRST, 1)
    waiting = before["eligibility"].filter(pl.col("status") == "needs_review")
    unclear = (
        before["eligibility_checks"]
        .filter((pl.col("outcome") == "unclear") & (pl.col("rule") != "on_time"))
        .join(waiting, on="application_id", how="semi")
    )
    alone = before["applications"].filter(pl.len().over("city_id") == 1).select("application_id")
    single = unclear.filter(pl.len().over("application_id") == 1).join(alone, on="application_id", how="semi")
    single = single.sort("application_id")
    application, rule = single.row(0, named=True)["application_id"], single.row(0, named=True)["rule"]

    decision = office.decide(FIRST, "rule", application, rule, "not_met")
    second = office.run(FIRST)

    assert (second.new, second.version, second.parent) == (True, 2, 1)
    changed = second.changes.rows(named=True)
    assert {row["subject"] for row in changed} == {application}
    assert {row["what"] for row in changed} == {f"rule {rule}", "status"}
    assert all(f"decision {decision}" in row["cause"] for row in changed)


@pytest.mark.long
def test_a_newer_register_that_accepts_a_pending_city_resolves_its_tentative_status(office: Office) -> None:
    office.run(SECOND)
    before = office.tables(SECOND, 1)
    tentative = before["eligibility"].filter((pl.col("status") == "tentative") & (pl.col("scenario") == 2))
    conditional = (
        before["eligibility_checks"]
        .filter(pl.col("outcome") == "conditional")
        .join(tentative, on="application_id", how="semi")
    )
    only_cohort = conditional.filter((pl.len().over("application_id") == 1) & (pl.col("rule") == "cohort"))
    application = only_cohort.sort("application_id")["application_id"][0]
    linked = before["crosscheck"].filter(
        (pl.col("application_id") == application) & (pl.col("register") == "cohort")
    )
    utm_id = linked["register_id"][0]
    register = (office.inputs / SECOND / "cohort.csv").read_text("utf-8-sig")
    (line,) = [line for line in register.splitlines() if line.startswith(utm_id + "\t")]

    office.rewrite(SECOND, "cohort.csv", line, line.replace("pending", "member"))
    second = office.run(SECOND)

    rows = {
        row["what"]: row for row in second.changes.filter(pl.col("subject") == application).rows(named=True)
    }
    assert (rows["status"]["before"], rows["status"]["after"]) == ("tentative", "eligible")
    assert (rows["scenario"]["before"], rows["scenario"]["after"]) == ("2", "1")
    assert rows["status"]["cause"].startswith("cohort register, version ")
    others = second.changes.filter(
        (pl.col("subject") != application) & ~pl.col("subject").str.starts_with("T-")
    )
    assert others.is_empty(), others


@pytest.mark.long
def test_a_stop_leaves_the_last_version_in_place(office: Office) -> None:
    office.run(SECOND)
    path = office.inputs / SECOND / "gcom.csv"
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    path.write_text("".join(lines[:5]), "utf-8-sig")
    with pytest.raises(StoppedError) as stop:
        office.run(SECOND)
    assert "stop" in stop.value.findings["severity"].to_list()
    assert latest_version(office.context.storage, SECOND) == 1
    assert verify_version(office.context.storage, SECOND, 1) == []
    assert office.context.ledger.latest_run(SECOND)["outcome"] == "stopped"


@pytest.mark.long
def test_a_confirmed_twinning_takes_its_cities_and_its_room_out_of_the_next_round(processed: Office) -> None:
    office = processed
    twinning = office.tables(FIRST, 1)["twinnings"].sort("value", descending=True)["twinning_id"][0]
    office.decide(FIRST, "confirm", twinning)
    office.run(FIRST)
    first = office.tables(FIRST, 2)
    assert first["twinnings"].filter(pl.col("twinning_id") == twinning)["state"].to_list() == ["confirmed"]
    cities = set(first["twinning_members"].filter(pl.col("twinning_id") == twinning)["city_id"])
    office.confirm_all(FIRST)
    office.run(SECOND)
    assert not cities & set(office.tables(SECOND, 1)["twinning_members"]["city_id"])


@pytest.mark.long
def test_a_version_that_a_clock_stopped_is_repeated_and_replayed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first run's clock has run out from the start; the runs after it have time enough."""
    monkeypatch.setattr(matching_clock, "monotonic", iter(range(0, 10**9, 1000)).__next__)
    office.run(FIRST)
    monkeypatch.undo()
    tables = office.tables(FIRST, 1)
    assert stopped_after(tables["findings"]) == 0
    assert not tables["twinnings"].is_empty()
    assert replay(office.context, FIRST, 1).differing == ()
    again = office.run(FIRST)
    assert (again.version, again.new) == (1, False)


@pytest.mark.long
def test_the_same_inputs_give_the_same_bytes_in_another_place_and_time_zone(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    office.run(FIRST, "same")
    other = tmp_path_factory.mktemp("other")
    code = f"""
from flows.context import open_context
from flows.procedure import process
from flows.round_inputs import RunRequest
from flows.run_record import record_run

context = open_context()
with record_run(context, {FIRST!r}, "process", "same", None) as record:
    process(context, RunRequest({FIRST!r}, "same", {str(office.inputs)!r}), record)
"""
    environment = {
        **os.environ,
        "CITY2CITY_DATA": str(other),
        "TZ": "Pacific/Auckland",
        "PYTHONHASHSEED": "7",
        "POLARS_MAX_THREADS": "1",
        "LC_ALL": "C",
    }
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    folder = f"snapshots/round={FIRST}/version=0001"
    one, two = office.context.settings.data_folder / folder, other / folder
    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in two.iterdir()
    }
