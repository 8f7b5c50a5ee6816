"""What else could be selected: the commands that make it, what explain shows, and decisions that follow."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.near_selection import near_selection
from flows.working_tables import read_working_table
from tests.flows.office import Office
from tests.flows.test_decide import ROUND, ask, ask_json, pair_of
from warehouse.dictionary.near_selection import DERIVED_TABLES

pytestmark = pytest.mark.long


def kept_files(office: Office) -> list[Path]:
    folder = office.inputs.parent / f"restricted/working/round={ROUND}/version=0001"
    return [folder / f"{name}.parquet" for name in DERIVED_TABLES]


def test_a_run_does_not_make_them_and_they_are_made_once(
    processed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not any(path.exists() for path in kept_files(processed))
    made = {name: near_selection(processed.context, ROUND, name) for name in DERIVED_TABLES}
    assert all(path.exists() for path in kept_files(processed))
    monkeypatch.setattr("flows.near_selection.choose", None)
    for name, (version, table) in made.items():
        again = near_selection(processed.context, ROUND, name)
        assert (version, again[0]) == (1, 1)
        assert table.equals(again[1])
        assert table.equals(read_working_table(processed.context, ROUND, 1, name))


def test_one_that_was_damaged_is_made_again(processed: Office) -> None:
    _, table = near_selection(processed.context, ROUND, "repairs")
    path = processed.inputs.parent / f"restricted/working/round={ROUND}/version=0001/repairs.parquet"
    path.write_bytes(path.read_bytes()[:-3])
    assert table.equals(near_selection(processed.context, ROUND, "repairs")[1])


def test_alternatives_are_shown_and_explained(processed: Office, capsys: pytest.CaptureFixture[str]) -> None:
    twinning, members = pair_of(processed)
    told = ask(capsys, "explain", ROUND, members[0])[0]
    assert "city2city alternatives 2025-07" in " ".join(told.split())
    answer = ask_json(capsys, "alternatives", ROUND)
    selected = {row["subject"] for row in answer["alternatives"] if row["plan"] == 0 and row["there"]}
    assert {twinning, *members} <= selected
    out, _ = ask(capsys, "alternatives", ROUND)
    assert "near-equal plans" in out
    ask(capsys, "replace", ROUND)
    of_twinning = ask_json(capsys, "explain", ROUND, twinning)
    (near,) = of_twinning["in_near_equal_plans"]
    assert near["status"] in ("fixed", "replaceable")
    assert {row["application_id"] for row in of_twinning["if_a_city_leaves"]} == set(members)
    of_member = ask_json(capsys, "explain", ROUND, members[0])
    assert of_member["in_near_equal_plans"][0]["share"] > 0
    assert len(of_member["if_it_leaves"]) == 1
    assert "Not worked out" not in ask(capsys, "explain", ROUND, members[0])[0]
    for row in answer["sufficient"][:3]:
        shown = ask_json(capsys, "explain", ROUND, row["application_id"])["what_would_have_been_enough"]
        assert {key: row[key] for key in ("kind", "value", "reason")} in shown


def test_replace_says_what_happens_and_records_nothing_unless_somebody_decides(
    processed: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    leaver = pair_of(processed)[1][0]
    before = processed.context.ledger.decisions(ROUND).height
    every = ask_json(capsys, "replace", ROUND)["repairs"]
    placed = processed.tables(ROUND, 1)["twinning_members"]["application_id"]
    assert {row["application_id"] for row in every} <= set(placed)
    answer = ask_json(capsys, "replace", ROUND, leaver)
    assert (answer["repair"]["application_id"], answer["recorded"]) == (leaver, 0)
    assert "Nothing was recorded" in ask(capsys, "replace", ROUND, leaver)[0]
    assert processed.context.ledger.decisions(ROUND).height == before


def test_replace_makes_the_decisions_and_the_next_run_does_as_it_said(
    processed: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    repairs = near_selection(processed.context, ROUND, "repairs")[1]
    pins = processed.context.ledger.decisions(ROUND).filter(kind="pin").height
    row = repairs.sort("kind", "application_id").row(0, named=True)
    out, _ = ask(capsys, "replace", ROUND, row["application_id"], "--by", "Ana", "--reason", "no staff left")
    assert f"Recorded: withdraw {row['application_id']}" in out
    decisions = processed.context.ledger.decisions(ROUND)
    members = [one for one in row["members"].split(", ") if one]
    assert decisions.filter(kind="withdraw", subject=row["application_id"]).height == 1
    assert decisions.filter(kind="pin").height - pins == max(0, len(members) - 1)
    version = processed.run(ROUND).version
    tables = processed.tables(ROUND, version)
    assert row["application_id"] not in set(tables["twinning_members"]["application_id"])
    if members:
        of = tables["twinning_members"].filter(tables["twinning_members"]["application_id"].is_in(members))
        assert of["twinning_id"].n_unique() == 1
        assert set(of["application_id"]) == set(members)
        (topic,) = tables["twinnings"].filter(twinning_id=of["twinning_id"][0])["topic"]
        assert topic == row["topic"]


def test_the_pins_of_who_leaves_are_taken_back(processed: Office, capsys: pytest.CaptureFixture[str]) -> None:
    members = pair_of(processed)[1]
    processed.decide(ROUND, "pin", members[0], members[1])
    version = processed.run(ROUND).version
    out, _ = ask(capsys, "replace", ROUND, members[0], "--by", "Ana", "--reason", "no staff left")
    assert "Recorded: undo" in out
    after = processed.run(ROUND).version
    assert after > version
    assert members[0] not in set(processed.tables(ROUND, after)["twinning_members"]["application_id"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Nowhereville",), "Nowhereville"),
        (("{waiting}",), "which is in no twinning"),
    ],
    ids=["unknown", "without a place"],
)
def test_replace_refuses_who_has_no_place(
    processed: Office, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    waiting = str(processed.tables(ROUND, 1)["unplaced"]["application_id"][0])
    _, err = ask(capsys, "replace", ROUND, *(one.format(waiting=waiting) for one in arguments), status=2)
    assert said in " ".join(err.split())


def test_weights_are_shown_and_recorded_nowhere(
    processed: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    before = processed.context.ledger.decisions(ROUND).height
    answer = ask_json(capsys, "weights", ROUND)
    assert {row["kind"] for row in answer["weights"]} == {"aspect", "criterion", "balance"}
    told = " ".join(ask(capsys, "weights", ROUND)[0].split())
    assert "how far each weight can move" in told
    assert f"of {len(answer['pairs'])} pairs hardly matter" in told
    assert processed.context.ledger.decisions(ROUND).height == before
    ask(capsys, "report", ROUND)
    (report,) = (processed.inputs.parent / "reports").rglob("*.html")
    assert 'class="curve"' in report.read_text("utf-8")


def test_of_a_large_call_they_are_not_made_and_the_limit_is_named(
    processed: Office, capsys: pytest.CaptureFixture[str], rules: Path
) -> None:
    file = rules / "matchmaking.toml"
    file.write_text(file.read_text().replace("on_demand_candidates = 1000", "on_demand_candidates = 3"))
    for command in ("alternatives", "replace", "weights"):
        out, told = ask(capsys, command, ROUND, status=2)
        assert "`on_demand_candidates` under [limits] in programme/matchmaking.toml" in " ".join(told.split())
        assert out == ""
