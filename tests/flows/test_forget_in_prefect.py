"""What is forgotten leaves Prefect's database, and the server can still read every row of it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flows.forgetting.prefect_home import erase_in_prefect
from warehouse.dictionary.decision_ids import ERASED

GONE = ("björn kärnä", "bjorn@city.example")


def kept(home: Path, value: Any) -> Any:
    """A cell after the erasure; the file holds none of the texts."""
    with closing(sqlite3.connect(home / "prefect.db")) as connection:
        connection.execute("CREATE TABLE flow_run (id TEXT, cell)")
        connection.execute("INSERT INTO flow_run VALUES ('1', ?)", (value,))
        connection.commit()
    done = erase_in_prefect(home, GONE)
    with closing(sqlite3.connect(home / "prefect.db")) as connection:
        (found,) = connection.execute("SELECT cell FROM flow_run").fetchone()
    assert bool(done) == (found != value)
    return found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("2026-01: Björn Kärnä called", ERASED, id="a name"),
        pytest.param("2026-01: a first run", "2026-01: a first run", id="a name without them"),
        pytest.param(None, None, id="nothing"),
        pytest.param(7, 7, id="a number"),
        pytest.param("{not json Björn Kärnä", ERASED, id="nearly JSON"),
    ],
)
def test_a_cell_of_text(tmp_path: Path, value: Any, expected: Any) -> None:
    assert kept(tmp_path, value) == expected


@pytest.mark.parametrize("ascii_only", [True, False], ids=["escaped", "as it is"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            {"round_id": "2026-01", "reason": "BJÖRN KÄRNÄ called", "accept": []},
            {"round_id": "2026-01", "reason": ERASED, "accept": []},
            id="a parameter",
        ),
        pytest.param(["round:2026-01", "Björn Kärnä"], ["round:2026-01", ERASED], id="a tag"),
        pytest.param({"a": [{"b": "bjorn@city.example"}, 1]}, {"a": [{"b": ERASED}, 1]}, id="deep"),
        pytest.param({"a": {"Björn Kärnä": 1}, "b": 2}, {"a": {}, "b": 2}, id="a key"),
        pytest.param("Björn Kärnä", ERASED, id="JSON of one text"),
        pytest.param({"a": "someone else"}, {"a": "someone else"}, id="without them"),
    ],
)
def test_a_cell_of_json_stays_json(tmp_path: Path, value: Any, expected: Any, ascii_only: bool) -> None:
    assert json.loads(kept(tmp_path, json.dumps(value, ensure_ascii=ascii_only))) == expected
