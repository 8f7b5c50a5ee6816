"""The matching board without scripts: trying, keeping, settling; and what changed meanwhile."""

from __future__ import annotations

import re
from html import unescape

import pytest
from fastapi import FastAPI

from desk.views import board as view
from tests.desk.conftest import ROUND, Worker, worker
from tests.flows.office import Office

BOARD = f"/rounds/{ROUND}/board"


def buttons(page: str) -> list[str]:
    """What the buttons carry that try something at once."""
    return [unescape(one) for one in re.findall(r'name="quick" value="([^"]+)"', page)]


def tried(amina: Worker) -> str:
    """The page after trying to dissolve the first twinning."""
    dissolving = next(one for one in buttons(amina.text(BOARD)) if "forbid" in one)
    page = amina.post(f"{BOARD}/try", quick=dissolving)
    assert page.status_code == 200
    return page.text


def field(page: str, name: str) -> list[str]:
    return [unescape(one) for one in re.findall(rf'name="{name}" value="([^"]*)"', page)]


def recorded(office: Office) -> list[str]:
    rows = office.context.ledger.recorded_decisions(ROUND)
    return [str(row["kind"]) for row in rows if row["source"] == "cli"]


def test_a_button_carries_its_trials_on_one_line() -> None:
    trials = [*view.apart(["a", "b", "c"]), view.Trial("exclude", 'x"\n')]
    assert view.read_trials(view.taken_apart(view.together(trials))) == trials
    assert "\n" not in view.together(trials)
    for nonsense in ("", "{", "1", "[1, null]", '{"a": 1}'):
        assert view.read_trials(view.taken_apart(nonsense)) == []


@pytest.mark.long
def test_a_trial_answers_and_records_nothing(amina: Worker, processed: Office) -> None:
    page = tried(amina)
    assert "headline-figure" in page
    assert "Keep this" in page
    assert "Nothing is recorded until you keep it" in page
    assert recorded(processed) == []


@pytest.mark.long
def test_a_trial_is_left_out_again(amina: Worker) -> None:
    trials = field(tried(amina), "trial")
    page = amina.post(f"{BOARD}/try", trial=trials, clear="yes").text
    assert field(page, "trial") == []
    assert "headline-figure" not in page


@pytest.mark.long
def test_a_number_of_twinnings_is_tried_but_cannot_be_kept(amina: Worker) -> None:
    page = amina.post(f"{BOARD}/try", what="capacity", most="1").text
    assert "At most 1 twinnings" in page
    assert "Keep this" not in page
    assert "programme/rounds.toml" in page


def test_nothing_chosen_is_told(amina: Worker) -> None:
    assert "Choose what to try" in amina.post(f"{BOARD}/try", what="pin").text


@pytest.mark.long
def test_keeping_a_trial_records_its_decisions(amina: Worker, processed: Office) -> None:
    page = tried(amina)
    kept = amina.post(
        f"{BOARD}/keep",
        trial=sorted(set(field(page, "trial"))),
        basis=field(page, "basis")[0],
        reason="so agreed",
    )
    assert kept.status_code == 200
    assert set(recorded(processed)) == {"forbid"}
    assert "take effect with the next run" in kept.text


@pytest.mark.long
def test_who_keeps_second_is_told(app: FastAPI, processed: Office) -> None:
    amina, bruno = worker(app), worker(app, "Bruno")
    page = tried(amina)
    fields = {"trial": sorted(set(field(page, "trial"))), "basis": field(page, "basis")[0]}
    assert bruno.post(f"{BOARD}/keep", reason="first", **fields).status_code == 200
    count = len(recorded(processed))
    second = amina.post(f"{BOARD}/keep", reason="second", **fields)
    assert second.status_code == 409
    assert "Bruno has decided" in second.text
    assert len(recorded(processed)) == count


def test_a_twinning_is_settled_once(app: FastAPI, processed: Office) -> None:
    amina, bruno = worker(app), worker(app, "Bruno")
    twinning = field(amina.text(BOARD), "twinning")[0]
    assert amina.post(f"{BOARD}/settle", twinning=twinning, settle="confirm", seen="").status_code == 200
    second = bruno.post(f"{BOARD}/settle", twinning=twinning, settle="release", seen="")
    assert second.status_code == 409
    assert "Amina has decided" in second.text
    assert recorded(processed) == ["confirm"]


def test_a_twinning_that_is_gone_is_told(amina: Worker, processed: Office) -> None:
    answer = amina.post(f"{BOARD}/settle", twinning="T-2025-07-00000000", settle="confirm", seen="")
    assert answer.status_code == 409
    assert recorded(processed) == []
