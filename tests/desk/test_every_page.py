"""Every page: it answers, nothing but its own script runs, no address or log names a person."""

from __future__ import annotations

import pytest

from desk.routes import queue
from tests.desk.conftest import QUEUE, ROUND, Worker
from tests.desk.pages import check, crawl, seen
from tests.flows.office import Office


def people(office: Office) -> set[str]:
    """Names and addresses of the contacts of the round's forms, as they stand in the database."""
    context = office.context
    ((sha256,),) = {(one["sha256"],) for one in context.ledger.inputs(ROUND) if one["table"] == "submissions"}
    forms = [row["payload"] or {} for row in context.ledger.submissions(ROUND, sha256)]
    named = {form.get(name) for form in forms for name in ("contact_name", "contact_email")}
    return {str(one) for one in named if one and len(str(one)) > 5}


@pytest.mark.long
def test_every_page_is_whole(amina: Worker, processed: Office, capfd: pytest.CaptureFixture[str]) -> None:
    personal = people(processed)
    assert len(personal) > 20
    pages = crawl(amina)
    kinds = {path.split("/")[3].partition("?")[0] for path in pages if path.startswith("/rounds/")}
    assert {"queue", "applications", "board", "decisions", "runs", "versions", "workbook"} <= kinds
    check(pages.items(), personal)
    broken = {path: page.status_code for path, page in pages.items() if page.status_code != 200}
    assert all(path.startswith("/rounds/2026-01/") for path in broken), broken
    shown = [path for path, page in pages.items() if any(one in seen(page).text for one in personal)]
    assert shown
    assert all("/applications/" in path or "/queue/" in path for path in shown)
    out, err = capfd.readouterr()
    assert not [one for one in personal if one in out + err]


def test_a_fault_carries_nothing_personal(
    amina: Worker, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_args: object) -> None:
        raise ValueError("quill@zanzibaum.example")

    point = amina.points()[0]
    monkeypatch.setattr(queue, "gathered", broken)
    page = amina.get(f"{QUEUE}/{point}")
    assert page.status_code == 500
    assert "Something went wrong" in page.text
    out, err = capfd.readouterr()
    assert "ValueError at" in err
    assert "zanzibaum" not in (out + err + page.text).lower()


def test_a_search_stays_out_of_the_address(amina: Worker) -> None:
    page = amina.post(f"/rounds/{ROUND}/applications", text="zanzibaum")
    assert page.status_code == 200
    assert "zanzibaum" not in str(page.url)
    assert page.headers["referrer-policy"] == "same-origin"
