"""How a flow run ends for the people who read it; no server is started."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any

import pytest
from prefect.states import State

from flows import artifacts, flow_ends
from flows.errors import StoppedError
from flows.flow_ends import IN_WORDS, ends_in_words
from programme.problems import problem
from warehouse.dictionary.published import FINDINGS

pytestmark = pytest.mark.prefect
GATE = {"table": "gates", "expectation": "no_twinnings", "rows": 1, "for_example": "None of 9."}
CHECK = {"table": "gcom", "expectation": "row_count", "rows": 3, "for_example": "Only 3 rows."}
STOP = StoppedError(FINDINGS.empty(), [GATE, CHECK])
MISTAKE = problem(
    found="no file for gcom", expected="gcom.csv", where="inputs/2026-01", remedy="Put it there."
)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The pages that were made, by their key."""
    made: dict[str, str] = {}

    def keep(text: Any, *, key: str, **_more: Any) -> None:
        made[key] = str(text)

    monkeypatch.setattr(artifacts, "create_markdown_artifact", keep)
    monkeypatch.setattr(artifacts, "create_table_artifact", keep)
    return made


def ending(round_id: str, error: Exception | None) -> Any:
    def work(round_id: str) -> dict[str, str]:
        if error is not None:
            raise error
        return {"headline": f"Published version 1 of round {round_id}."}

    return ends_in_words(work)(round_id)


def test_the_headline_is_the_message_and_the_summary_the_result() -> None:
    state = ending("2026-01", None)
    assert isinstance(state, State)
    assert (state.name, state.message) == ("Completed", "Published version 1 of round 2026-01.")
    assert state.data == {"headline": state.message}


@pytest.mark.parametrize(
    ("error", "name", "says"),
    [
        pytest.param(STOP, "Stopped", ["None of 9.", "--accept no_twinnings", "Only 3 rows."], id="stop"),
        pytest.param(MISTAKE, "Failed", ["no file for gcom", "gcom.csv", "Put it there."], id="mistake"),
    ],
)
def test_a_stop_and_a_mistake_are_told_in_words(
    pages: dict[str, str], error: Exception, name: str, says: list[str]
) -> None:
    state = ending("2026-01", error)
    assert (state.name, state.type.value) == (name, "FAILED")
    assert state.message == str(error)
    assert state.data is error
    for part in (*says, "found", "expected", "where", "what to do"):
        assert part in pages["stopped-2026-01"].replace("\\", "")


@pytest.mark.parametrize("round_id", ["2031-05x", "", "../etc", "Ada Lovelace"])
def test_what_is_no_round_names_no_artifact(pages: dict[str, str], round_id: str) -> None:
    ending(round_id, MISTAKE)
    assert set(pages) == {"stopped"}
    assert not round_id or round_id not in pages["stopped"]


def test_no_server_for_the_artifact_hides_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_arguments: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(flow_ends, "create_problem_artifact", fails)
    assert ending("2026-01", MISTAKE).data is MISTAKE


def test_another_error_leaves_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        ending("2026-01", ZeroDivisionError())


def raised(error: Exception) -> Callable[[], Any]:
    try:
        raise error
    except type(error):
        info = sys.exc_info()
    return lambda: logging.LogRecord("prefect.engine", logging.ERROR, "f", 1, "It %s", ("failed",), info)


@pytest.mark.parametrize(
    ("error", "keeps"),
    [(STOP, False), (MISTAKE, False), (ValueError("x"), True)],
    ids=["stop", "mistake", "fault of the program"],
)
def test_only_a_fault_of_the_program_has_a_traceback(error: Exception, keeps: bool) -> None:
    record = raised(error)()
    assert IN_WORDS.filter(record)
    assert (record.exc_info is not None) == keeps
    assert record.getMessage() == ("It failed" if keeps else str(error))
