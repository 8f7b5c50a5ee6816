"""A version of an older program: everything that reads versions takes it as it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.flows.office import Office
from tests.flows.test_decide import ROUND, ask, ask_json, pair_of
from warehouse.dictionary.published import LATER_COLUMNS, LATER_TABLES
from warehouse.snapshots import read_package, write_snapshot
from warehouse.snapshots.descriptor import VersionMetadata
from warehouse.snapshots.older import lacked_by

LACKED = [*LATER_TABLES, *(f"{table}.{column}" for table, some in LATER_COLUMNS.items() for column in some)]


@pytest.fixture
def older(processed: Office) -> Office:
    """An office whose version 2 is version 1 as an older program would have made it."""
    storage = processed.context.storage
    package = read_package(storage, ROUND, 1)
    about = VersionMetadata(
        state=package["state"],
        reason="made before",
        parent=1,
        inputs=package["inputs"],
        rules=package["rules"],
        program="0.0.1",
    )
    tables = {name: one for name, one in processed.tables(ROUND, 1).items() if name not in LATER_TABLES}
    assert write_snapshot(storage, ROUND, tables, about, lacks=LACKED) == 2
    made = read_package(storage, ROUND, 2)
    processed.context.ledger.record_version(ROUND, 2, made, published_at=datetime.now(UTC), run_id=None)
    return processed


@pytest.mark.long
def test_an_older_version_is_verified_compared_explained_and_replayed(
    older: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    (checked,) = ask_json(capsys, "verify", ROUND, "2")
    assert (checked["problems"], checked["absent"]) == ([], LACKED)
    out, _ = ask(capsys, "verify", ROUND, "2")
    assert "an older program made it, without matching_facts, certificate" in " ".join(out.split())
    assert ask_json(capsys, "diff", ROUND, "1", "2") == []
    assert ask_json(capsys, "diff", ROUND, "2", "1") == []
    replayed = ask_json(capsys, "replay", ROUND, "2")
    assert (replayed["identical"], replayed["absent"]) == (True, LACKED)
    waiting = older.tables(ROUND, 2)["unplaced"]["application_id"][0]
    for subject in (*pair_of(older), waiting):
        name = subject if isinstance(subject, str) else subject[0]
        assert ask_json(capsys, "explain", ROUND, name)["version"] == 2
    ask(capsys, "status", ROUND)
    ask(capsys, "report", ROUND, "2")


@pytest.mark.long
def test_the_next_run_makes_what_the_older_version_lacks_and_one_can_go_back_to_it(
    older: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert older.run(ROUND).version == 3
    assert older.tables(ROUND, 3)["changes"].is_empty()
    assert ask_json(capsys, "verify", ROUND, "3")[0] == {
        "version": 3,
        "problems": [],
        "absent": [],
        "signed": None,
        "release": None,
    }
    assert ask_json(capsys, "rollback", ROUND, "2", "--reason", "as before", "--by", "Ann")["version"] == 4
    packages = [read_package(older.context.storage, ROUND, version) for version in (2, 4)]
    assert packages[0]["content"] == packages[1]["content"]
    assert list(lacked_by(packages[1])) == LACKED
    assert ask_json(capsys, "verify", ROUND, "4")[0]["problems"] == []
