"""Approving: what is refused, four eyes, what may leave the house, and when an approval is stale."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flows.approval_state import stale_reasons
from flows.approving import settle
from flows.context import open_context
from flows.settings import read_settings
from programme.problems import ProblemsError
from tests.flows.office import Office
from tests.flows.rules_of_its_own import change
from tests.flows.test_decide import ROUND, ask, ask_json, pair_of
from warehouse.snapshots import read_approved, read_package, version_path

BY = ("--by", "Ann Smith")


@pytest.fixture
def settled(processed: Office, rules: Path) -> Office:
    """The processed round with nothing that blocks an approval."""
    assert rules
    return Office(open_context(read_settings()), processed.inputs)


def approved(office: Office) -> int | None:
    found = read_approved(office.context.storage, ROUND)
    return None if found is None else found.version


def note_starter(office: Office, name: str) -> None:
    with office.context.ledger._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE run SET started_by = ?", (name,))


def test_an_approval_is_bound_to_the_content_and_opens_the_door(
    settled: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert approved(settled) is None
    answer = ask_json(capsys, "approve", ROUND, "1", *BY, "--reason", "the committee met")
    package = read_package(settled.context.storage, ROUND, 1)
    found = read_approved(settled.context.storage, ROUND)
    assert found is not None
    assert (found.version, found.seal, found.content, found.approvals) == (
        1,
        package["seal"],
        package["content"],
        1,
    )
    assert answer["approved"]["version"] == 1
    decision = settled.context.ledger.decisions(ROUND).filter(kind="approve").row(0, named=True)
    assert (decision["subject"], decision["object"]) == (f"{ROUND}:1", package["content"])
    again = ask_json(capsys, "approve", ROUND, "1", "--by", "SMITH, Ann")
    assert "approved it already" in again["note"]
    assert settled.context.ledger.decisions(ROUND).filter(kind="approve").height == 1


def test_revoking_closes_the_door(settled: Office, capsys: pytest.CaptureFixture[str]) -> None:
    ask(capsys, "revoke-approval", ROUND, "--by", "Cy", "--reason", "a mistake", status=2)
    ask(capsys, "approve", ROUND, "1", *BY)
    out, _ = ask(capsys, "revoke-approval", ROUND, "--by", "Cy", "--reason", "a mistake")
    assert "Nothing may leave the house." in out
    assert approved(settled) is None
    ask(capsys, "approve", ROUND, "1", *BY)
    assert approved(settled) == 1


@pytest.mark.parametrize("name", ["Ann Smith", "ann smith"])
def test_who_started_the_run_may_not_be_the_only_one(
    settled: Office, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    note_starter(settled, "Smith, Ann")
    _, err = ask(capsys, "approve", ROUND, "1", "--by", name, status=2)
    assert "four eyes" in err
    assert settled.context.ledger.decisions(ROUND).filter(kind="approve").is_empty()
    ask(capsys, "approve", ROUND, "1", "--by", "Bob")
    assert approved(settled) == 1


def test_who_decided_something_in_it_may_not_be_the_only_one(
    settled: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    author = settled.context.ledger.decisions(ROUND)["decided_by"][0]
    _, err = ask(capsys, "approve", ROUND, "1", "--by", author, status=2)
    assert "four eyes" in err


@pytest.mark.long
def test_two_approvals_are_two_people_and_one_of_them_uninvolved(
    settled: Office, rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(rules, "\napprovals = 1", "\napprovals = 2")
    note_starter(settled, "Ann")
    author = settled.context.ledger.decisions(ROUND)["decided_by"][0]
    first = ask_json(capsys, "approve", ROUND, "1", "--by", "Ann")
    assert (first["approved"], first["note"]) == (
        None,
        "1 more person must approve it, who was not part of it.",
    )
    ask(capsys, "approve", ROUND, "1", "--by", author, status=2)
    assert approved(settled) is None
    ask(capsys, "approve", ROUND, "1", "--by", "ANN")
    assert approved(settled) is None
    ask(capsys, "approve", ROUND, "1", "--by", "Bob")
    found = read_approved(settled.context.storage, ROUND)
    assert found is not None
    assert found.approvals == 2


class TestRefused:
    def test_nobody(self, settled: Office, capsys: pytest.CaptureFixture[str]) -> None:
        _, err = ask(capsys, "approve", ROUND, "1", status=2)
        assert "--by" in err
        assert approved(settled) is None

    def test_no_such_version(self, settled: Office, capsys: pytest.CaptureFixture[str]) -> None:
        assert settled
        _, err = ask(capsys, "approve", ROUND, "7", *BY, status=2)
        assert "no version 7" in err

    def test_one_that_does_not_verify(self, settled: Office, capsys: pytest.CaptureFixture[str]) -> None:
        path = f"{version_path(ROUND, 1)}/twinnings.parquet"
        data = settled.context.storage.read(path)
        settled.context.storage.write(path, data[:50] + b"X" + data[51:])
        _, err = ask(capsys, "approve", ROUND, "1", *BY, status=2)
        assert "twinnings.parquet" in err
        assert "does not verify" in err

    def test_open_points_of_a_blocking_kind_are_named(
        self, settled: Office, rules: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert approved(settled) is None
        points = ask_json(capsys, "review", ROUND)
        kind = next(row["kind"] for row in points if row["kind"] != "conflict")
        subject = next(row["subject"] for row in points if row["kind"] == kind)
        change(rules, "blocking = []", f'blocking = ["{kind}"]')
        _, err = ask(capsys, "approve", ROUND, "1", *BY, status=2)
        assert f"of kind {kind}" in err
        assert subject in err

    def test_decide_sends_to_the_command_that_looks_first(
        self, settled: Office, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert settled
        for kind, command in (("approve", "approve"), ("rollback", "rollback")):
            _, err = ask(
                capsys, "decide", ROUND, kind, f"{ROUND}:1", "a" * 64, *BY, "--reason", "x", status=2
            )
            assert f"city2city {command} {ROUND} 1" in err

    @pytest.mark.long
    def test_one_that_is_not_the_latest(self, settled: Office, capsys: pytest.CaptureFixture[str]) -> None:
        settled.decide(ROUND, "withdraw", pair_of(settled)[1][0])
        assert settled.run(ROUND).version == 2
        _, err = ask(capsys, "approve", ROUND, "1", *BY, status=2)
        assert "version 2, the latest" in err
        ask(capsys, "approve", ROUND, "1", *BY, "--older")
        assert approved(settled) == 1
        page = ask_json(capsys, "approve", ROUND, "2", "--show")
        assert page["since"] == 1
        assert any(line.startswith("No longer: ") for line in page["announced"])
        assert page["changes"]
        ask(capsys, "approve", ROUND, "2", *BY)
        assert approved(settled) == 2
        ask(capsys, "revoke-approval", ROUND, "2", "--by", "Cy", "--reason", "too early")
        assert approved(settled) == 1


def test_an_approval_that_nobody_looked_at_first_opens_no_door_past_what_blocks(
    settled: Office, rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = read_package(settled.context.storage, ROUND, 1)["content"]
    settled.decide(ROUND, "approve", f"{ROUND}:1", content)  # as a line of a decisions file does
    kind = next(row["kind"] for row in ask_json(capsys, "review", ROUND) if row["kind"] != "conflict")
    change(rules, "blocking = []", f'blocking = ["{kind}"]')
    strict = open_context(read_settings())
    assert settle(strict, strict.round(ROUND)) is None
    change(rules, f'blocking = ["{kind}"]', "blocking = []")
    lenient = open_context(read_settings())
    found = settle(lenient, lenient.round(ROUND))
    assert found is not None
    assert found.version == 1


def test_what_would_be_announced_is_shown_and_nothing_is_approved(
    settled: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = ask(capsys, "approve", ROUND, "1", "--show")
    assert "no version was approved before it" in out
    assert "for the first time" in out
    assert "1 person must approve it" in out
    assert approved(settled) is None


@pytest.mark.long
class TestStale:
    def reasons(self, office: Office) -> list[str]:
        found = read_approved(office.context.storage, ROUND)
        assert found is not None
        return stale_reasons(open_context(read_settings()), found)

    @pytest.fixture
    def fresh(self, settled: Office, capsys: pytest.CaptureFixture[str]) -> Office:
        ask(capsys, "approve", ROUND, "1", *BY)
        return settled

    def status(self, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
        (row,) = ask_json(capsys, "status", ROUND)
        return dict(row)

    def test_a_fresh_one_is_not(self, fresh: Office, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.reasons(fresh) == []
        assert (self.status(capsys)["approved"], self.status(capsys)["approval"]) == (1, "approved by 1")

    def test_an_input_changed(self, fresh: Office, capsys: pytest.CaptureFixture[str]) -> None:
        fresh.rewrite(ROUND, "gcom.csv", "gcom_id", "GCOM_ID")
        assert self.reasons(fresh) == ["The input gcom changed since."]
        assert "stale: The input gcom changed since." in self.status(capsys)["approval"]
        assert "stale" in ask(capsys, "status", ROUND)[0]

    def test_a_decision_was_made(self, fresh: Office) -> None:
        name = fresh.decide(ROUND, "withdraw", pair_of(fresh)[1][0])
        assert self.reasons(fresh) == [f"1 decision made since: {name}."]
        fresh.decide(ROUND, "undo", name)
        assert self.reasons(fresh) == []

    def test_rules_that_results_rest_on_changed(self, fresh: Office, rules: Path) -> None:
        change(rules, "\nmax_cities = 50\nmax_twinnings = 20\n#", "\nmax_cities = 49\nmax_twinnings = 20\n#")
        assert self.reasons(fresh) == ["The rules changed since."]

    def test_who_approves_and_what_blocks_is_no_such_rule(self, fresh: Office, rules: Path) -> None:
        change(rules, "\napprovals = 1", "\napprovals = 0")
        change(rules, "blocking = []", 'blocking = ["consent"]')
        assert self.reasons(fresh) == []

    def test_a_changed_byte_voids_it(self, fresh: Office, capsys: pytest.CaptureFixture[str]) -> None:
        path = f"{version_path(ROUND, 1)}/preferences.parquet"
        data = fresh.context.storage.read(path)
        fresh.context.storage.write(path, data[:50] + b"X" + data[51:])
        assert "void" in self.status(capsys)["approval"]
        settle(fresh.context, fresh.context.round(ROUND))
        with pytest.raises(ProblemsError, match=r"preferences\.parquet"):
            read_approved(fresh.context.storage, ROUND)


@pytest.mark.long
def test_without_approvals_publishing_approves(settled: Office, rules: Path) -> None:
    change(rules, "\napprovals = 1", "\napprovals = 0")
    office = Office(open_context(read_settings()), settled.inputs)
    office.decide(ROUND, "withdraw", pair_of(office)[1][0])
    assert office.run(ROUND).version == 2
    assert approved(office) == 2


@pytest.mark.long
def test_a_crash_before_the_last_step_is_made_good_by_the_next_run(
    settled: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(capsys, "approve", ROUND, "1", *BY)
    settled.context.storage.delete(f"snapshots/round={ROUND}/approved.json")
    assert not settled.run(ROUND).new
    assert approved(settled) == 1
