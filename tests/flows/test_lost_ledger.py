"""A lost ledger is not an empty one: a run says what is missing, and it can be restored."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.context import open_context
from flows.errors import StoppedError
from flows.ledger import keep_drafted, kept_decisions, ledger_gaps, restore_drafted, restore_ledger
from flows.settings import read_settings
from tests.flows.office import Office
from warehouse.snapshots import list_versions

ROUND = "2025-07"


def lose_the_database(office: Office) -> Office:
    """The same data folder with a database that does not exist yet."""
    folder: Path = office.context.settings.data_folder
    office.context.ledger._engine.dispose()
    for path in folder.glob("warehouse.db*"):
        path.unlink()
    return Office(open_context(read_settings()), office.inputs)


def a_placed_city(office: Office) -> str:
    return office.tables(ROUND, 1)["twinning_members"]["application_id"].sort()[0]


@pytest.mark.long
def test_a_run_on_a_lost_database_stops_until_it_is_restored(processed: Office) -> None:
    named = processed.decide(ROUND, "withdraw", a_placed_city(processed))
    processed.run(ROUND)
    since = processed.decide(ROUND, "undo", named)

    office = lose_the_database(processed)
    for _ in range(2):
        with pytest.raises(StoppedError) as stop:
            office.run(ROUND, "after the loss", "no_twinnings")
        assert stop.value.findings["expectation"].to_list() == ["ledger_incomplete"]
        assert f"city2city ledger restore {ROUND}" in str(stop.value)
    assert list_versions(office.context.storage, ROUND) == [1, 2]

    restored = restore_ledger(office.context, office.context.round(ROUND))
    assert restored.decisions >= 2
    assert restored.versions == 2
    assert {named, since} <= set(office.context.ledger.decisions(ROUND)["decision_id"])
    assert ledger_gaps(office.context, [ROUND]) == ()
    assert office.run(ROUND).new


def test_a_decision_since_the_last_version_is_missed_as_well(processed: Office) -> None:
    since = processed.decide(ROUND, "withdraw", a_placed_city(processed))
    ledger = processed.context.ledger
    with ledger._engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS decision_delete")
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("DELETE FROM decision WHERE decision_id = ?", (since,))
    (gap,) = ledger_gaps(processed.context, [ROUND])
    assert since in gap


def test_the_database_of_another_office_is_neither_used_nor_filled(
    processed: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = processed.context.ledger
    with ledger._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE version SET seal = 'x'")
    (gap,) = ledger_gaps(processed.context, [ROUND])
    assert "another version 1" in gap
    with pytest.raises(Exception, match="another version 1"):
        restore_ledger(processed.context, processed.context.round(ROUND))


def test_kept_lines_hold_every_decision_and_survive_a_line_cut_short(processed: Office) -> None:
    recorded = processed.context.ledger.decisions(ROUND)
    assert recorded.height > 5
    path = processed.context.settings.data_folder / f"restricted/ledger/{ROUND}/decisions.jsonl"
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open("ab") as file:
        file.write(b'{"decision_id": "cut')
    later = processed.decide(ROUND, "withdraw", a_placed_city(processed))
    kept = kept_decisions(processed.context, ROUND)
    assert set(kept["decision_id"]) == {*recorded["decision_id"], later}
    assert len(json.loads(path.read_text("utf-8").splitlines()[1])) >= 8


def test_who_was_written_to_is_restored(processed: Office) -> None:
    now = datetime(2025, 8, 1, tzinfo=UTC)
    point = {
        "point_id": "p1",
        "application_id": "S1",
        "rule": "mandate",
        "outcome": "unclear",
        "message": "Please send it.",
        "drafted_at": now,
    }
    keep_drafted(processed.context, ROUND, [point])
    assert restore_drafted(processed.context, ROUND) == 1
    assert restore_drafted(processed.context, ROUND) == 0
    (row,) = processed.context.ledger.open_points(ROUND)
    assert (row["point_id"], row["drafted_at"]) == ("p1", now)


def test_a_decision_that_somebody_is_recording_is_waited_for_and_not_called_lost(
    processed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its line is kept before its row is committed, so whoever reads in between sees the line alone."""
    ledger = processed.context.ledger
    first = processed.decide(ROUND, "withdraw", a_placed_city(processed))
    seen = [row for row in ledger.recorded_decisions(ROUND) if row["decision_id"] != first]
    monkeypatch.setattr(ledger, "recorded_decisions", lambda _round: seen)
    assert ledger_gaps(processed.context, [ROUND]) == ()
    second = processed.decide(ROUND, "undo", first)
    monkeypatch.undo()
    assert {first, second} <= set(ledger.decisions(ROUND)["decision_id"])
