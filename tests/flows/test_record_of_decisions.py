"""The record of decisions: counted in order of recording, told at once, proved when read, and mended."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.errors import StoppedError
from flows.kept_decisions import kept_decisions
from flows.kept_problem import read_kept_problem
from flows.ledger import keep_ledger_lines, ledger_gaps, restore_ledger
from flows.published_versions import origin_of, read_version
from flows.replay import replay
from flows.what_if import latest_problem
from programme.problems import ProblemsError
from tasks.decisions.confirmations import decisions_in_force
from tests.flows.office import Office
from tests.flows.test_decide import BY, ROUND, ask, ask_json, pair_of
from tests.flows.test_lost_ledger import lose_the_database
from warehouse.dictionary.decision_ids import old_decision_id
from warehouse.snapshots import read_package

HEAD = "kind,subject,object,value,reason,decided_by,decided_at\n"


def in_force(office: Office) -> list[str]:
    return decisions_in_force(office.context.ledger.decisions(ROUND))["decision_id"].to_list()


def of_kind(capsys: pytest.CaptureFixture[str], kind: str) -> list[dict[str, Any]]:
    return [row for row in ask_json(capsys, "decisions", ROUND) if row["kind"] == kind]


def lines_of(office: Office) -> Path:
    return office.context.settings.data_folder / f"restricted/ledger/{ROUND}/decisions.jsonl"


class TestDeciding:
    def test_the_last_recorded_counts_whatever_moment_it_claims(
        self, processed: Office, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rule = ("decide", ROUND, "rule", pair_of(processed)[1][0], "mandate")
        first = ask_json(capsys, *rule, "not_met", *BY, "--at", "2025-11-01T10:00")
        second = ask_json(capsys, *rule, "met", *BY, "--at", "2025-10-01T10:00")
        same = ask_json(capsys, *rule, "unclear", *BY, "--at", "2025-10-01T10:00")
        assert same["decision_id"] in in_force(processed)
        assert not {first["decision_id"], second["decision_id"]} & set(in_force(processed))
        assert any("although it says that it was made earlier" in note for note in second["notes"])
        assert any("although it says that it was made at the same moment" in note for note in same["notes"])

    def test_a_moment_to_come_is_refused(self, processed: Office, capsys: pytest.CaptureFixture[str]) -> None:
        member = pair_of(processed)[1][0]
        before = processed.context.ledger.decisions(ROUND)
        _, err = ask(capsys, "decide", ROUND, "withdraw", member, *BY, "--at", "2062-01-09", status=2)
        assert "still to come" in err
        assert processed.context.ledger.decisions(ROUND).equals(before)

    def test_the_same_again_after_an_undo_is_a_decision_of_its_own(
        self, processed: Office, capsys: pytest.CaptureFixture[str]
    ) -> None:
        withdraw = ("decide", ROUND, "withdraw", pair_of(processed)[1][0], *BY, "--at", "2025-11-01")
        ids = []
        for _ in range(3):
            ids.append(ask_json(capsys, *withdraw)["decision_id"])
            assert ids[-1] in in_force(processed)
            undone = ask_json(capsys, "decide", ROUND, "undo", ids[-1], *BY)
            assert undone["effect"].startswith(f"Decision {ids[-1]}: withdraw")
            assert ids[-1] not in in_force(processed)
        assert len(set(ids)) == 3
        again = ask_json(capsys, "decide", ROUND, "undo", ids[0], *BY)
        assert (again["new"], again["effect"]) == (False, "Nothing changes.")
        assert "was taken back already" in again["notes"][0]

    @pytest.mark.parametrize("kind", ["confirm", "withdraw"])
    def test_what_is_in_force_is_not_recorded_again(
        self, processed: Office, capsys: pytest.CaptureFixture[str], kind: str
    ) -> None:
        twinning, members = pair_of(processed)
        subject = twinning if kind == "confirm" else members[0]
        first = ask_json(capsys, "decide", ROUND, kind, subject, *BY, *["--conditional-ok"])
        again = ask_json(capsys, "decide", ROUND, kind, subject, "--reason", "sure", "--by", "another")
        assert (again["new"], again["decision_id"]) == (False, first["decision_id"])
        assert "is in force already" in again["notes"][0]
        assert len(of_kind(capsys, kind)) >= 1
        assert [row["decision_id"] for row in of_kind(capsys, kind) if row["subject"] == subject] == [
            first["decision_id"]
        ]

    def test_an_undo_of_what_was_replaced_says_that_nothing_changes(
        self, processed: Office, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pair = pair_of(processed)[1][:2]
        apart = ask_json(capsys, "decide", ROUND, "forbid", *pair, *BY)["decision_id"]
        together = ask_json(capsys, "decide", ROUND, "pin", *pair, *BY)["decision_id"]
        (listed,) = [row for row in of_kind(capsys, "forbid") if row["decision_id"] == apart]
        assert listed["standing"] == f"replaced by {together}"
        assert listed["effect"] == "none: it was replaced before a version was made with it"
        answer = ask_json(capsys, "decide", ROUND, "undo", apart, *BY)
        assert answer["effect"] == f"Nothing changes now: decision {apart} was replaced by {together}."
        back = ask_json(capsys, "decide", ROUND, "forbid", *pair, *BY)
        undone = ask_json(capsys, "decide", ROUND, "undo", back["decision_id"], *BY)
        assert f"Decision {together}: pin {pair[0]} {pair[1]} counts again." in undone["effect"]

    def test_an_evaluator_is_looked_up(self, processed: Office, capsys: pytest.CaptureFixture[str]) -> None:
        member = pair_of(processed)[1][0]
        _, err = ask(capsys, "decide", ROUND, "no_conflict", "Nobody-7", member, *BY, status=2)
        assert "evaluator 'Nobody-7'" in err
        known = "EV-1" if "EV-1" in err else err.rsplit("Did you mean ", 1)[-1].rstrip("?\n")
        assert processed.context.ledger.decisions(ROUND).filter(kind="no_conflict", subject=known).is_empty()

    def test_a_lost_ledger_takes_no_decision(
        self, processed: Office, capsys: pytest.CaptureFixture[str]
    ) -> None:
        member = pair_of(processed)[1][0]
        processed.decide(ROUND, "withdraw", member)
        lose_the_database(processed)
        _, err = ask(capsys, "decide", ROUND, "rule", member, "mandate", "met", *BY, status=2)
        assert f"city2city ledger restore {ROUND}" in err


class TestDecisionsFile:
    def write(self, office: Office, *lines: str) -> None:
        folder = office.inputs / ROUND
        for path in folder.glob("decisions.*"):
            path.unlink()
        (folder / "decisions.csv").write_text(HEAD + "".join(lines), "utf-8")

    @pytest.mark.long
    def test_lines_count_in_their_order_and_one_to_come_does_not(self, processed: Office) -> None:
        one, two = pair_of(processed)[1][:2]
        lines = [
            f"rule,{one},mandate,not_met,looked,ops,2025-10-09\n",
            f"rule,{one},mandate,met,looked,ops,2025-10-09\n",
            f"withdraw,{two},,,looked,ops,2062-01-09\n",
        ]
        self.write(processed, *lines)
        processed.run(ROUND)
        recorded = processed.context.ledger.decisions(ROUND)
        assert recorded.filter(subject=one, object="mandate")["value"].to_list()[-2:] == ["not_met", "met"]
        assert recorded.filter(kind="withdraw", subject=two).is_empty()
        last = recorded.filter(subject=one, value="met")["decision_id"][-1]
        assert last in in_force(processed)
        told = processed_findings(processed)
        assert {"decisions_do_not_contradict", "decided_by_now"} <= set(told)

    @pytest.mark.long
    def test_a_line_is_one_decision_also_after_the_ledger_took_it_back(self, processed: Office) -> None:
        one = pair_of(processed)[1][0]
        self.write(processed, f"withdraw,{one},,,looked,ops,2025-10-09\n")
        processed.run(ROUND)
        (line,) = (
            processed.context.ledger.decisions(ROUND).filter(subject=one, kind="withdraw").rows(named=True)
        )
        assert line["decision_id"] in in_force(processed)
        processed.decide(ROUND, "undo", line["decision_id"])
        assert processed.run(ROUND).new
        assert line["decision_id"] not in in_force(processed)
        assert processed.context.ledger.decisions(ROUND).filter(subject=one, kind="withdraw").height == 1

    @pytest.mark.long
    def test_as_of_leaves_out_what_was_recorded_later(self, processed: Office) -> None:
        now = datetime.now(UTC)
        member = pair_of(processed)[1][0]
        processed.decide(ROUND, "withdraw", member)  # it claims and was recorded at a moment of 2026
        assert processed.context.ledger.decisions(ROUND, now).filter(subject=member).height == 1
        early = datetime(2026, 2, 1, tzinfo=UTC)
        assert processed.context.ledger.decisions(ROUND, early).filter(subject=member).is_empty()


def processed_findings(office: Office) -> list[str]:
    from flows.working_tables import read_working_table
    from warehouse.snapshots import latest_version

    latest = latest_version(office.context.storage, ROUND)
    assert latest is not None
    return read_working_table(office.context, ROUND, latest, "without_effect")["expectation"].to_list()


class TestDamage:
    @pytest.mark.parametrize("seed", range(6))
    def test_a_flipped_bit_in_a_kept_line_stops_nothing_and_is_mended(
        self, processed: Office, seed: int
    ) -> None:
        keep_ledger_lines(processed.context, ROUND)
        path, rng = lines_of(processed), random.Random(seed)  # noqa: S311
        right = path.read_bytes()
        wrong = bytearray(right)
        for _ in range(3):
            wrong[rng.randrange(len(right))] ^= 1 << rng.randrange(8)
        path.write_bytes(bytes(wrong))
        assert ledger_gaps(processed.context, [ROUND]) == ()
        keep_ledger_lines(processed.context, ROUND)
        recorded = processed.context.ledger.decisions(ROUND)
        office = lose_the_database(processed)
        assert set(kept_decisions(office.context, ROUND)["decision_id"]) >= set(recorded["decision_id"])
        restore_ledger(office.context, office.context.round(ROUND))
        assert office.context.ledger.decisions(ROUND).equals(recorded)

    @pytest.mark.parametrize("column", ["value", "reason", "subject", "decided_at", "recorded_at", "members"])
    def test_an_edited_line_that_the_database_lacks_stops_and_is_named(
        self, processed: Office, column: str
    ) -> None:
        name = processed.decide(ROUND, "rule", pair_of(processed)[1][0], "mandate", "not_met")
        path = lines_of(processed)
        lines = path.read_text("utf-8").split("\n")
        number = next(n for n, line in enumerate(lines) if name in line)
        row = json.loads(lines[number])
        row[column] = "2025-01-01T00:00:00+00:00" if column.endswith("_at") else "met"
        lines[number] = json.dumps(row, sort_keys=True)
        path.write_text("\n".join(lines), "utf-8")
        assert ledger_gaps(processed.context, [ROUND]) == ()
        drop_rows(processed, name)
        (gap,) = ledger_gaps(processed.context, [ROUND])
        assert name in gap
        assert f"line {number + 1} of" in gap

    def test_an_edited_row_stops_a_run_and_is_named(self, processed: Office) -> None:
        name = processed.decide(ROUND, "withdraw", pair_of(processed)[1][0])
        with processed.context.ledger._engine.begin() as connection:
            drop_triggers(connection)
            connection.exec_driver_sql("UPDATE decision SET subject = 'x' WHERE decision_id = ?", (name,))
        with pytest.raises(StoppedError, match=f"decision {name}, changed after it was recorded"):
            processed.run(ROUND)
        with pytest.raises(ProblemsError, match=name):
            processed.context.ledger.decisions(ROUND)

    def test_damaged_decisions_of_a_version_are_made_again_from_the_ledger(self, processed: Office) -> None:
        version = read_version(processed.context, ROUND, 1)
        right = origin_of(processed.context, version).decisions
        path = (
            processed.context.settings.data_folder
            / "restricted/inputs"
            / version.package["inputs"]["decisions"]
        )
        good = path.read_bytes()
        for wrong in (good[:40] + b"X" + good[41:], b"", b"\xff\x00"):
            path.write_bytes(wrong)
            assert origin_of(processed.context, version).decisions.equals(right)
            assert path.read_bytes() == good

    def test_decisions_that_cannot_be_made_again_are_taken_from_the_ledger(self, processed: Office) -> None:
        version = read_version(processed.context, ROUND, 1)
        right = origin_of(processed.context, version).decisions
        path = (
            processed.context.settings.data_folder
            / "restricted/inputs"
            / version.package["inputs"]["decisions"]
        )
        lines = path.read_bytes().splitlines(keepends=True)
        package = {**version.package, "inputs": {**version.package["inputs"], "decisions": "a" * 64}}
        (path.parent / ("a" * 64)).write_bytes(b"".join(lines[:2]) + b'{"broken')
        found = origin_of(processed.context, type(version)(1, version.tables, package)).decisions
        assert found["decision_id"].to_list() == right["decision_id"].to_list()[:2]

    @pytest.mark.long
    def test_a_damaged_kept_file_is_replaced_and_the_version_can_be_replayed(self, processed: Office) -> None:
        folder = processed.context.settings.data_folder / "restricted/inputs"
        sha256 = read_package(processed.context.storage, ROUND, 1)["inputs"]["submissions"]
        good = (folder / sha256).read_bytes()
        (folder / sha256).write_bytes(good[:-1])
        processed.run(ROUND)
        assert (folder / sha256).read_bytes() == good
        (folder / sha256).write_bytes(good[:-1])
        assert replay(processed.context, ROUND, 1).differing == ()
        assert (folder / sha256).read_bytes() == good
        (folder / sha256).write_bytes(good[:-1])
        for path in (processed.inputs / ROUND).glob("submissions.*"):
            path.write_bytes(b"other")
        with pytest.raises(ProblemsError, match=r"found other bytes \(\d+, sha256 [0-9a-f]{12}\.\.\.\)"):
            replay(processed.context, ROUND, 1)

    def test_a_damaged_matching_problem_is_as_good_as_none(self, processed: Office) -> None:
        latest_problem(processed.context, ROUND)
        assert read_kept_problem(processed.context, ROUND, 1) is not None
        kept = processed.context.settings.cache.glob(f"matching-{ROUND}-0001-*.bin")
        path = max(kept, key=lambda one: one.stat().st_mtime_ns)
        right = path.read_bytes()
        for position in range(3, len(right), len(right) // 7):
            path.write_bytes(right[:position] + bytes([right[position] ^ 4]) + right[position + 1 :])
            assert read_kept_problem(processed.context, ROUND, 1) is None
        path.unlink()


class TestOldRecords:
    def test_a_line_that_an_older_program_recorded_stays_one_decision(self, processed: Office) -> None:
        ledger = processed.context.ledger
        rows = [row for row in ledger.recorded_decisions(ROUND) if row["source"] == "file"]
        office = lose_the_database(processed)
        lines_of(office).unlink()
        old = [
            {name: row[name] for name in OLD_COLUMNS} | {"decision_id": old_decision_id(row)} for row in rows
        ]
        written = [json.dumps(row, sort_keys=True, default=lambda moment: moment.isoformat()) for row in old]
        lines_of(office).write_text("\n".join(reversed(written)) + "\n", "utf-8")
        restore_ledger(office.context, office.context.round(ROUND))
        restored = office.context.ledger.recorded_decisions(ROUND)
        by_claim = sorted(old, key=lambda row: (row["decided_at"], row["decision_id"]))
        kept = [row for row in restored if row["id_scheme"] == 1]
        assert [row["decision_id"] for row in kept] == [row["decision_id"] for row in by_claim]
        assert {row["recorded_at"] for row in kept} == {row["recorded_at"] for row in old}
        assert {row["source"] for row in kept} == {"file"}


OLD_COLUMNS = (
    "decision_id",
    "kind",
    "subject",
    "object",
    "value",
    "topic",
    "members",
    "reason",
    "decided_by",
    "decided_at",
    "recorded_at",
    "source",
)


def drop_triggers(connection: Any) -> None:
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()
    for (name,) in names:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def drop_rows(office: Office, *names: str) -> None:
    with office.context.ledger._engine.begin() as connection:
        drop_triggers(connection)
        for name in names:
            connection.exec_driver_sql("DELETE FROM decision WHERE decision_id = ?", (name,))


def test_a_decision_is_known_as_of_its_recording(processed: Office) -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    processed.decide(ROUND, "withdraw", pair_of(processed)[1][0])
    ledger = processed.context.ledger
    assert ledger.decisions(ROUND, at).filter(kind="withdraw", decided_by="ops").height == 1
    assert ledger.decisions(ROUND, at - timedelta(seconds=1)).filter(decided_by="ops").is_empty()


pytestmark = pytest.mark.long
