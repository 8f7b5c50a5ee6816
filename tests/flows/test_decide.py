"""Deciding: what is answered, what is refused, and the list of all decisions."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

from flows import cli
from tests.flows.office import Office
from warehouse.snapshots import read_package

ROUND = "2025-07"
BY = ("--reason", "looked at it", "--by", "ops")


def ask(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> tuple[str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        cli.main(list(arguments))
    told = capsys.readouterr()
    assert (end.value.code or 0) == status, told.err
    return told.out, told.err


def ask_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(ask(capsys, *arguments, "--json")[0])


def pair_of(office: Office) -> tuple[str, list[str]]:
    """A proposed twinning and its applications."""
    tables = office.tables(ROUND, 1)
    twinning = tables["twinnings"].filter(state="proposed").sort("twinning_id")["twinning_id"][0]
    members = tables["twinning_members"].filter(twinning_id=twinning)["application_id"].sort()
    return twinning, members.to_list()


def test_decide_says_who_it_is_about_and_what_will_change(
    processed: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    twinning, members = pair_of(processed)
    names = dict(processed.tables(ROUND, 1)["applications"].select("application_id", "city_name").iter_rows())
    out, _ = ask(capsys, "decide", ROUND, "withdraw", members[0], *BY)
    assert names[members[0]] in out
    assert f"leaves the round and twinning {twinning} with {names[members[1]]}" in out
    rule = ask_json(capsys, "decide", ROUND, "rule", members[1], "mandate", "not_met", *BY)
    assert "Rule mandate: met -> not_met. Status: " in rule["effect"]
    assert "-> ineligible" in rule["effect"]


@pytest.mark.long
def test_decide_names_the_decision_whose_place_it_takes(
    processed: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = pair_of(processed)[1][:2]
    apart = ask_json(capsys, "decide", ROUND, "forbid", *pair, *BY)
    assert apart["notes"] == []
    together = ask_json(capsys, "decide", ROUND, "pin", *pair, *BY)
    replaced = f"It takes the place of decision {apart['decision_id']}: forbid {' '.join(pair)}."
    assert replaced in together["notes"]


def test_a_topic_that_is_right_for_its_place_is_no_waiver_without_effect(
    processed: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ask_json(capsys, "decide", ROUND, "waive", "SAMPLE-2025-019", "topic_place", *BY)
    assert answer["effect"] == "Its topics are right for where its city lies: it may be matched on them."


REFUSED = [
    pytest.param(["withdraw", "SAMPLE-2025-0199"], ["SAMPLE-2025-019", "Did you mean"], id="a slip"),
    pytest.param(["rule", "Pune", "mandate", "met"], ["(IND)", "Did you mean"], id="a city's name"),
    pytest.param(["pin", "SAMPLE-2025-019", "nobody"], ["'nobody'", "city id"], id="one of a pair"),
    pytest.param(["merge", "SAMPLE-2025-019", "x"], ["'x'"], id="the form that gives way"),
    pytest.param(["confirm", "T-2025-07-00000000"], ["the id of a twinning"], id="no such twinning"),
    pytest.param(["confirm", "SAMPLE-2025-019"], ["which is"], id="an application for a twinning"),
    pytest.param(["no_conflict", "E1", "nobody"], ["'nobody'"], id="a conflict about nobody"),
    pytest.param(["carry_over", "SAMPLE-2025-019"], ["earlier round"], id="carried from nowhere"),
    pytest.param(["undo", "0123456789ab"], ["recorded decision"], id="undo of nothing"),
    pytest.param(["approve", "2025-07:1", "a" * 64], ["city2city approve 2025-07 1"], id="own command"),
    pytest.param(["accept", "2025-07", "call_open"], ["city2city run 2025-07 --accept"], id="no run"),
    pytest.param(
        ["link", "SAMPLE-2025-019", "cohort", "SAMPLE-UTM-0133"],
        ["row 'SAMPLE-UTM-0133'", "a row of cohort", "Did you mean"],
        id="no such row of a register",
    ),
    pytest.param(
        ["link", "SAMPLE-2025-019:Nowhere", "gcom", "G1"], ["member name"], id="no member of a consortium"
    ),
]


@pytest.mark.parametrize(("decided", "says"), REFUSED)
def test_what_nobody_knows_is_refused_and_not_recorded(
    decided: list[str], says: list[str], processed: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    before = processed.context.ledger.decisions(ROUND)
    _, err = ask(capsys, "decide", ROUND, *decided, *BY, status=2)
    assert all(text in err for text in says), err
    assert processed.context.ledger.decisions(ROUND).equals(before)


@pytest.mark.long
def test_a_decision_without_effect_makes_no_version_and_is_told(
    processed: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = processed.tables(ROUND, 1)
    out_of_it = tables["eligibility"].filter(status="ineligible")["application_id"].sort()
    answer = ask_json(capsys, "decide", ROUND, "forbid", out_of_it[0], out_of_it[1], *BY)
    assert answer["effect"].startswith("Nothing changes while ")
    again = processed.run(ROUND)
    assert (again.new, again.version) == (False, 1)
    listed = {row["decision_id"]: row for row in ask_json(capsys, "decisions", ROUND)}
    assert "does not take part in the matching" in listed[answer["decision_id"]]["effect"]
    assert listed[answer["decision_id"]]["standing"] == "in force"


@pytest.mark.long
def test_decisions_are_listed_with_what_became_of_them(
    processed: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    _, members = pair_of(processed)
    taken = processed.decide(ROUND, "withdraw", members[0])
    processed.run(ROUND)
    undo = processed.decide(ROUND, "undo", taken)
    processed.run(ROUND)
    listed = {row["decision_id"]: row for row in ask_json(capsys, "decisions", ROUND)}
    assert listed[taken]["standing"] == f"undone by {undo}"
    assert listed[taken]["decided_by"] == "ops"
    assert "version 2: " in listed[taken]["effect"]
    assert "version 3: " in listed[taken]["effect"]
    assert members[0] in listed[taken]["effect"]


@pytest.mark.long
def test_an_approval_of_the_version_that_stands_changes_nothing(processed: Office) -> None:
    content = read_package(processed.context.storage, ROUND, 1)["content"]
    processed.decide(ROUND, "approve", f"{ROUND}:1", content)
    assert not processed.run(ROUND).new


@pytest.mark.long
def test_a_change_is_put_down_to_the_decision_that_made_it(processed: Office) -> None:
    twinning, members = pair_of(processed)
    tables = processed.tables(ROUND, 1)
    placed = tables["twinning_members"].filter(pl.col("twinning_id") != twinning)
    others = placed.unique("twinning_id").sort("twinning_id")["application_id"].to_list()
    nothing = processed.decide(ROUND, "forbid", others[0], others[1])
    cause = processed.decide(ROUND, "withdraw", members[0])
    second = processed.run(ROUND)
    moved = second.changes.filter(pl.col("what").is_in(["place", "twinning", "state"]))
    assert moved.height > 1
    assert {text for text in moved["cause"] if cause not in text} == set()
    assert {text for text in second.changes["cause"] if nothing in text} == set()
