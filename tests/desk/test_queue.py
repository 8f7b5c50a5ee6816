"""The queue: answering, undoing, going on; and what happens where something changed meanwhile."""

from __future__ import annotations

import json
import re

import pytest
from fastapi import FastAPI

from desk.app import make_app
from flows.settings import DeskSettings
from tests.desk.conftest import QUEUE, ROUND, Worker, worker
from tests.flows.office import Office
from warehouse.snapshots import version_path


def decisions(office: Office) -> list[dict[str, object]]:
    """What was decided at the desk; the samples bring decisions of their own."""
    rows = office.context.ledger.recorded_decisions(ROUND)
    return [row for row in rows if row["source"] == "cli"]


def test_an_answer_is_a_decision_of_who_signed_in(amina: Worker, processed: Office) -> None:
    point = amina.points("rule")[0]
    page = amina.post(f"{QUEUE}/{point}", answer="met", reason="the letter came", seen="")
    assert page.status_code == 200
    assert page.url.path != f"{QUEUE}/{point}"
    assert "Undo" in page.text
    recorded = decisions(processed)[-1]
    assert (recorded["kind"], recorded["value"]) == ("rule", "met")
    assert (recorded["decided_by"], recorded["reason"]) == ("Amina", "the letter came")
    assert point not in amina.points("rule")
    assert "takes effect with the next run" in amina.text(QUEUE)


def test_without_a_reason_the_office_s_own_is_recorded(amina: Worker, processed: Office) -> None:
    amina.post(f"{QUEUE}/{amina.points('rule')[0]}", answer="not_met", seen="")
    assert decisions(processed)[-1]["reason"] == "Asked, and the city cannot meet the rule."


def test_an_answer_is_taken_back(amina: Worker, processed: Office) -> None:
    point = amina.points("rule")[0]
    amina.post(f"{QUEUE}/{point}", answer="met", reason="x", seen="")
    amina.post(f"/rounds/{ROUND}/undo", decision=str(decisions(processed)[-1]["decision_id"]))
    assert point in amina.points("rule")
    assert decisions(processed)[-1]["kind"] == "undo"


def test_the_second_of_two_people_is_told(app: FastAPI, processed: Office) -> None:
    amina, bruno = worker(app), worker(app, "Bruno")
    point = amina.points("rule")[0]
    amina.get(f"{QUEUE}/{point}")
    assert "Amina" in bruno.text(f"{QUEUE}/{point}")
    assert amina.post(f"{QUEUE}/{point}", answer="met", reason="letter read", seen="").status_code == 200
    second = bruno.post(f"{QUEUE}/{point}", answer="not_met", reason="no letter", seen="")
    assert second.status_code == 409
    assert "Amina has decided" in second.text
    assert "letter read" in second.text
    assert len(decisions(processed)) == 1


@pytest.mark.long
def test_a_point_that_is_gone_is_told(amina: Worker, processed: Office) -> None:
    point = amina.points("rule")[0]
    amina.post(f"{QUEUE}/{point}", answer="met", reason="letter", seen="")
    processed.run(ROUND, "letter")
    answer = amina.post(f"{QUEUE}/{point}", answer="met", seen="")
    assert answer.status_code == 410
    assert "This point is gone" in answer.text


def test_a_twinning_is_confirmed_in_the_queue(amina: Worker, processed: Office) -> None:
    point = amina.points("unconfirmed")[0]
    page = amina.text(f"{QUEUE}/{point}")
    assert "Shared office hours" in page
    assert amina.post(f"{QUEUE}/{point}", answer="confirm", seen="").status_code == 200
    assert decisions(processed)[-1]["kind"] == "confirm"


def test_an_answer_that_the_page_does_not_offer_is_refused(amina: Worker, processed: Office) -> None:
    answer = amina.post(f"{QUEUE}/{amina.points('rule')[0]}", answer="pin", seen="")
    assert answer.status_code == 422
    assert not decisions(processed)


def test_blind_hides_what_the_linker_thinks(processed: Office) -> None:
    seeing, blind = (
        worker(make_app(processed.context, DeskSettings(), blind=blind)) for blind in (False, True)
    )
    links = seeing.points("link")
    if not links:
        pytest.skip("the samples have no link for a person")
    assert re.search(r"\d+ points", seeing.text(f"{QUEUE}/{links[0]}"))
    assert not re.search(r"-?\d+ points", blind.text(f"{QUEUE}/{links[0]}"))


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/rounds/2030-01/queue", 404, "2030-01"),
        ("/rounds/2026-01/queue", 409, "no version yet"),
        (f"/rounds/{ROUND}/versions/9", 404, "version 9"),
        (f"/rounds/{ROUND}/applications/nobody", 404, "no such application"),
        (f"{QUEUE}/0123456789ab", 410, "gone"),
        (f"/rounds/{ROUND}/runs/0123456789ab", 404, "does not know"),
        (f"/rounds/{ROUND}/versions/1/tables/secrets.csv", 404, "no such page"),
        ("/nowhere", 404, "no such page"),
    ],
)
def test_what_is_not_there_is_told(amina: Worker, path: str, status: int, said: str) -> None:
    answer = amina.get(path)
    assert answer.status_code == status
    assert said in answer.text


def test_a_version_that_does_not_verify_is_told(processed: Office) -> None:
    path = f"{version_path(ROUND, 1)}/datapackage.json"
    package = json.loads(processed.context.storage.read(path))
    package["reason"] = "another"
    processed.context.storage.write(path, json.dumps(package).encode())
    answer = worker(make_app(processed.context, DeskSettings())).get(QUEUE)
    assert answer.status_code == 409
    assert "does not verify" in answer.text
    assert "city2city verify" in answer.text


def test_a_database_that_is_behind_is_told(amina: Worker, processed: Office) -> None:
    amina.post(f"{QUEUE}/{amina.points('rule')[0]}", answer="met", reason="x", seen="")
    database = processed.inputs.parent / "warehouse.db"
    for file in database.parent.glob("warehouse.db*"):
        file.unlink()
    from flows.context import AppContext

    fresh = worker(make_app(AppContext(processed.context.settings), DeskSettings()))
    assert "city2city ledger restore" in fresh.text(QUEUE)
    answer = fresh.post(f"{QUEUE}/{fresh.points('rule')[1]}", answer="met", seen="")
    assert answer.status_code == 422
    assert "ledger restore" in answer.text


def test_who_has_signed_in_keeps_the_navigation_where_something_is_wrong(amina: Worker) -> None:
    page = amina.get(f"{QUEUE}/0123456789ab")
    assert page.status_code == 410
    assert "To the queue" in page.text
    assert "Matching board" in page.text
