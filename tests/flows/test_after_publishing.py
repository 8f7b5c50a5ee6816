"""Once a version stands, a fault in what is noted of it is told, the run has succeeded, and the next one
makes the record good.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from flows.round_inputs import RunRequest
from flows.run_record import RunRecord, record_run, told_as_fault
from programme.problems import ProblemsError, problem
from tests.flows.office import Office
from warehouse.database.ledger import Ledger
from warehouse.snapshots import list_versions, read_package
from warehouse.snapshots.verify import verify_version

ROUND = "2025-07"


def fails_with(error: Exception) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


FULL = OSError(28, "No space left on device")
LOST = problem(found="the connection was lost", expected="a database", where="the database", remedy="Look.")
STEPS = {
    "latest.json": ("flows.version_record.point_to_latest", LOST),
    "its working tables": ("flows.version_record.keep_working_tables", FULL),
    "its kept matching problem": ("flows.version_record.keep_problem", FULL),
    "its row in the ledger": ("warehouse.database.ledger.Ledger.record_version", LOST),
    "what follows from its approvals": ("flows.procedure.after_publishing", LOST),
    "how the run ended": ("warehouse.database.ledger.Ledger.finish_run", LOST),
}


def run(office: Office) -> RunRecord:
    from flows.procedure import process

    request = RunRequest(ROUND, "test", str(office.inputs), None, (), "ops")
    with record_run(office.context, ROUND, "process", "test", None) as record:
        process(office.context, request, record)
    return record


def withdraw_a_placed_city(office: Office) -> None:
    placed = office.tables(ROUND, 1)["twinning_members"]["application_id"].sort()[0]
    office.decide(ROUND, "withdraw", placed)


@pytest.mark.long
def test_every_fault_after_publishing_is_told_and_the_next_run_makes_it_good(
    processed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdraw_a_placed_city(processed)
    with monkeypatch.context() as broken:
        for target, error in STEPS.values():
            broken.setattr(target, fails_with(error))
        record = run(processed)
    assert (record.outcome, record.version) == ("published", 2)
    told = [name for name in STEPS for fault in record.faults if f"stands; {name} could not" in fault]
    assert told == list(STEPS)
    assert all(fault.startswith("Version 2 stands") for fault in record.faults)
    assert list_versions(processed.context.storage, ROUND) == [1, 2]

    again = run(processed)
    assert (again.outcome, again.version, again.faults) == ("unchanged", 2, [])
    assert verify_version(processed.context.storage, ROUND, 2) == []
    ledger = processed.context.ledger
    noted = {row["version"]: row for row in ledger.versions(ROUND)}
    assert noted[2]["seal"] == read_package(processed.context.storage, ROUND, 2)["seal"]
    assert noted[2]["run_id"] == record.id
    assert {row["id"]: row["outcome"] for row in ledger.runs(ROUND)}[record.id] == "published"
    working = {item.path.rsplit("/", 1)[1] for item in processed.context.storage.list("restricted/working")}
    assert len(working) > 10


@pytest.mark.parametrize(
    ("error", "found"),
    [(FULL, "No space left on device"), (LOST, "the connection was lost")],
    ids=["disk", "database"],
)
def test_a_fault_is_told_in_one_sentence_of_what_and_why(error: Exception, found: str) -> None:
    record = RunRecord("r", datetime(2026, 1, 1, tzinfo=UTC), "published", 2)
    with told_as_fault(record, "its row in the ledger"):
        raise error
    assert record.faults == [
        f"Version 2 stands; its row in the ledger could not be written ({found}). "
        "The next run of the round makes it good."
    ]


def test_what_ended_a_run_is_told_and_not_that_its_end_could_not_be_noted(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ledger, "finish_run", fails_with(LOST))
    with (
        pytest.raises(KeyError, match="the cause"),
        record_run(office.context, ROUND, "process", "test", None),
    ):
        raise KeyError("the cause")


def test_a_run_that_published_nothing_fails_where_its_end_cannot_be_noted(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ledger, "finish_run", fails_with(LOST))
    with (
        pytest.raises(ProblemsError, match="the connection was lost"),
        record_run(office.context, ROUND, "scan", "test", None),
    ):
        pass
