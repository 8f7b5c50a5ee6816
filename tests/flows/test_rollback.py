"""Going back: an older version's tables as a new version, its decisions, and inputs and rules that stay."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import pytest

from flows import rolling_back, version_record
from flows.context import open_context
from flows.pinning import pin_of
from flows.procedure import process
from flows.replay import replay
from flows.round_inputs import RunRequest
from flows.run_record import record_run
from flows.settings import read_settings
from flows.working_tables import kept_working_table
from tasks.decisions.confirmations import decisions_in_force
from tests.flows.office import Office
from tests.flows.rules_of_its_own import change
from tests.flows.test_decide import ROUND, ask, ask_json, pair_of
from warehouse.kept_packages import read_kept_package
from warehouse.snapshots import list_versions, read_package
from warehouse.snapshots.verify import verify_version

pytestmark = pytest.mark.long


def in_force(office: Office) -> set[str]:
    found = decisions_in_force(office.context.ledger.decisions(ROUND))
    return set(found.filter(found["kind"] != "rollback")["decision_id"])


def content(office: Office, version: int) -> str:
    return str(read_package(office.context.storage, ROUND, version)["content"])


def run(office: Office, *, unpin: bool = False) -> int:
    request = RunRequest(ROUND, "test", str(office.inputs), None, (), "ops", unpin)
    with record_run(office.context, ROUND, "process", "test", None) as record:
        return process(office.context, request, record).publication.version


@pytest.fixture
def faulty(processed: Office) -> Office:
    """A round whose second version came of a wrong decision and a wrong file."""
    processed.decide(ROUND, "withdraw", pair_of(processed)[1][0])
    processed.rewrite(ROUND, "gcom.csv", "gcom_id", "GCOM_ID")
    assert run(processed) == 2
    return processed


def test_back_is_a_new_version_and_the_next_run_does_not_bring_the_fault_back(
    faulty: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    before = in_force(faulty)
    why = "a wrong file, says ann@person.example"
    answer = ask_json(capsys, "rollback", ROUND, "1", "--reason", why, "--by", "Ann")
    assert answer["version"] == 3
    assert content(faulty, 3) == content(faulty, 1) != content(faulty, 2)
    assert verify_version(faulty.context.storage, ROUND, 3) == []
    first, third = (read_package(faulty.context.storage, ROUND, number) for number in (1, 3))
    for made_by in ("program", "program_source", "program_lock"):
        assert third[made_by] == first[made_by] != ""
    (undone,) = answer["undone"]
    assert undone["kind"] == "withdraw"
    assert in_force(faulty) == before - {undone["decision_id"]}
    package = read_package(faulty.context.storage, ROUND, 3)
    assert package["parent"] == 2
    assert "rollback to version 1: a wrong file, says " in package["reason"]
    assert "person.example" not in package["reason"]
    assert package["inputs"] == read_package(faulty.context.storage, ROUND, 1)["inputs"]
    assert run(faulty) == 3, "the next run, with the wrong file still there, changes nothing"
    (status,) = ask_json(capsys, "status", ROUND)
    assert status["pinned_to"] == 1
    for command in ("status", "review"):
        assert f"city2city run {ROUND} --unpin" in ask(capsys, command, ROUND)[0]
    assert replay(faulty.context, ROUND, 3).differing == ()


def test_a_decision_after_it_counts_and_unpinning_reads_the_files_again(
    faulty: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(capsys, "rollback", ROUND, "1", "--reason", "a wrong file", "--by", "Ann")
    faulty.decide(ROUND, "withdraw", pair_of(faulty)[1][1])
    assert run(faulty) == 4
    inputs = read_package(faulty.context.storage, ROUND, 4)["inputs"]
    assert inputs["gcom"] == read_package(faulty.context.storage, ROUND, 1)["inputs"]["gcom"]
    assert run(faulty, unpin=True) == 5
    assert pin_of(faulty.context, ROUND) is None
    latest = read_package(faulty.context.storage, ROUND, 5)
    assert latest["inputs"]["gcom"] == read_package(faulty.context.storage, ROUND, 2)["inputs"]["gcom"]


def test_the_rules_are_those_of_the_older_version(
    processed: Office,
    rules: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    office = Office(open_context(read_settings()), processed.inputs)
    change(rules, "\nmax_twinnings = 9\n", "\nmax_twinnings = 3\n")
    assert run(office) == 2
    assert content(office, 2) != content(office, 1)
    ask(capsys, "rollback", ROUND, "1", "--reason", "a wrong rule", "--by", "Ann")
    office = Office(open_context(read_settings()), processed.inputs)
    assert content(office, 3) == content(office, 1)
    assert run(office) == 3
    assert replay(office.context, ROUND, 2).differing == ()
    assert replay(office.context, ROUND, 1).differing == ()
    assert run(office, unpin=True) == 4
    assert content(office, 4) == content(office, 2)


def test_back_and_forth(faulty: Office, capsys: pytest.CaptureFixture[str]) -> None:
    with_fault = in_force(faulty)
    ask(capsys, "rollback", ROUND, "1", "--reason", "a wrong file", "--by", "Ann")
    answer = ask_json(capsys, "rollback", ROUND, "2", "--reason", "it was right", "--by", "Ann")
    assert content(faulty, 4) == content(faulty, 2)
    assert [row["kind"] for row in answer["back"]] == ["withdraw"]
    assert in_force(faulty) == with_fault
    assert run(faulty) == 4
    again = ask_json(capsys, "rollback", ROUND, "2", "--reason", "once more", "--by", "Ann")
    assert again["version"] is None
    assert list_versions(faulty.context.storage, ROUND) == [1, 2, 3, 4]
    assert pins(faulty) == 2, "given once more, it changes nothing"


def pins(office: Office) -> int:
    return office.context.ledger.decisions(ROUND)["kind"].to_list().count("rollback")


@pytest.mark.parametrize("where", ["record_copy", "write_snapshot", "settle"])
def test_given_again_after_a_crash_it_ends_as_if_there_had_been_none(
    faulty: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    given = ("rollback", ROUND, "1", "--reason", "a wrong file", "--by", "Ann")
    with monkeypatch.context() as crashing:
        crashing.setattr(rolling_back, where, Mock(side_effect=KeyboardInterrupt))
        ask(capsys, *given, status=1)
    ask(capsys, *given)
    assert list_versions(faulty.context.storage, ROUND) == [1, 2, 3]
    assert content(faulty, 3) == content(faulty, 1)
    assert pins(faulty) == 1
    assert [row["version"] for row in faulty.context.ledger.versions(ROUND)] in ([1, 2, 3], [3, 2, 1])
    assert kept_working_table(faulty.context, ROUND, 3, "explanations") is not None
    assert read_kept_package(faulty.context.storage, ROUND, 3) is not None


def test_what_cannot_be_noted_once_the_version_stands_is_told(
    faulty: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(version_record, "keep_packages", Mock(side_effect=OSError(28, "No space left")))
    out, err = ask(capsys, "rollback", ROUND, "1", "--reason", "a wrong file", "--by", "Ann")
    assert "Published version 3" in out
    assert "Version 3 stands; the copy of its datapackage.json could not be written (No space left)." in err


def test_a_version_that_does_not_verify_is_refused(
    processed: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    path = f"snapshots/round={ROUND}/version=0001/ranking.parquet"
    data = processed.context.storage.read(path)
    processed.context.storage.write(path, data[:50] + b"X" + data[51:])
    before = processed.context.ledger.decisions(ROUND)
    _, err = ask(capsys, "rollback", ROUND, "1", "--reason", "x", "--by", "Ann", status=2)
    assert "ranking.parquet" in err
    assert processed.context.ledger.decisions(ROUND).equals(before)


def test_diff_names_the_rule_that_changed_and_what_it_moved(
    processed: Office, rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(open_context(read_settings()), processed.inputs)
    change(rules, "\nmax_twinnings = 9\n", "\nmax_twinnings = 3\n")
    assert run(office) == 2
    told = ask_json(capsys, "diff", ROUND, "1", "2", "--part", "rules")
    named = [(one["file"], one["key"], one["before"], one["after"]) for one in told["rules"]]
    assert ("rounds.toml", f"rounds[{ROUND}].max_twinnings", "9", "3") in named
    moved = {row["subject"] for one in told["rules"] for row in one["moved"]}
    gone = set(office.tables(ROUND, 1)["twinnings"]["twinning_id"]) - set(
        office.tables(ROUND, 2)["twinnings"]["twinning_id"]
    )
    assert gone
    assert gone <= moved
    assert told["why_not"] == ""
    out, _ = ask(capsys, "diff", ROUND, "1", "2")
    assert "Rules that changed" in out
    assert "What the change of rounds.toml moved" in out
