"""Who is let in, who may do what, and what a browser may do with a page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from desk.access.people import Person, clean_name, named_by_the_proxy
from desk.access.sessions import SESSION_LASTS, Sessions
from desk.app import make_app
from flows.settings import DeskSettings, read_desk_settings
from programme.desk import DeskRules, may, read_desk_rules
from tests.desk.conftest import QUEUE, ROUND, Worker, worker
from tests.flows.office import Office

PAGES = ["/season", QUEUE, f"/rounds/{ROUND}/board", f"/rounds/{ROUND}/versions/1/tables/all.xlsx"]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_a_page_without_signing_in(app: FastAPI, path: str) -> None:
    answer = TestClient(app, base_url="http://localhost").get(path)
    assert answer.status_code == 401
    assert "good once" in answer.text


def test_a_link_signs_in_once(app: FastAPI) -> None:
    ticket = app.state.guard.sessions.invite(Person("Amina", "decide"))
    first, second = (TestClient(app, base_url="http://localhost") for _ in range(2))
    assert first.get(f"/sign-in?ticket={ticket}").status_code == 200
    again = second.get(f"/sign-in?ticket={ticket}")
    assert again.status_code == 401
    assert "has been used" in again.text
    cookie = next(cookie for cookie in first.cookies.jar if cookie.name == "city2city_desk")
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "lax"


def test_a_session_ends_by_signing_out_and_by_itself() -> None:
    now = [datetime(2026, 1, 5, 9, tzinfo=UTC)]
    sessions = Sessions(lambda: now[0])
    session = sessions.redeem(sessions.invite(Person("Amina", "read")))
    assert session is not None
    assert sessions.find(session.token) is session
    now[0] += SESSION_LASTS + timedelta(seconds=1)
    assert sessions.find(session.token) is None
    other = sessions.redeem(sessions.invite(Person("Amina", "read")))
    assert other is not None
    sessions.end(other)
    assert sessions.find(other.token) is None


FORGED = [
    pytest.param({}, {}, id="no token"),
    pytest.param({"form_token": "guessed"}, {}, id="another token"),
    pytest.param({"form_token": "ours"}, {"sec-fetch-site": "cross-site"}, id="another site"),
    pytest.param({"form_token": "ours"}, {"origin": "http://elsewhere.example"}, id="another origin"),
    pytest.param({"form_token": "ours"}, {"origin": "null"}, id="no origin"),
]


@pytest.mark.parametrize(("fields", "headers"), FORGED)
def test_a_form_of_another_site_changes_nothing(
    amina: Worker, fields: dict[str, str], headers: dict[str, str]
) -> None:
    point = amina.points()[0]
    fields = {**fields, "answer": "met"}
    if fields.get("form_token") == "ours":
        fields["form_token"] = amina.token()
    answer = amina.client.post(f"{QUEUE}/{point}", data=fields, headers=headers)
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.text
    assert point in amina.points()


def test_who_may_read_cannot_decide(app: FastAPI) -> None:
    reader = worker(app, "Rosa", "read")
    point = reader.points("rule")[0]
    assert 'name="answer"' not in reader.text(f"{QUEUE}/{point}")
    answer = reader.post(f"{QUEUE}/{point}", answer="met", seen="")
    assert answer.status_code == 403
    assert "needs the role decide" in answer.text
    assert point in reader.points("rule")


def test_every_page_forbids_scripts_of_its_own_and_is_not_kept(amina: Worker) -> None:
    for path in ("/season", QUEUE, "/nowhere", "/sign-in"):
        answer = amina.get(path)
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert "<script>" not in answer.text
        assert " style=" not in answer.text
        assert " onclick=" not in answer.text
    assert "max-age" in amina.get("/static/style.css").headers["cache-control"]


def test_another_name_of_the_desk_is_refused(app: FastAPI) -> None:
    stranger = TestClient(app, base_url="http://evil.example")
    assert stranger.get("/season").status_code == 421


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_a_form_leads_to_no_other_site(amina: Worker, back: str) -> None:
    answer = amina.post("/theme", theme="dark", back=back)
    assert answer.url.path == "/season"
    assert 'data-theme="dark"' in answer.text


def test_the_offices_sign_on_names_who_asks(processed: Office) -> None:
    settings = DeskSettings(user_header="X-User", proxies=("testclient",))
    client = TestClient(make_app(processed.context, settings), base_url="http://localhost")
    assert client.get("/season").status_code == 401
    page = client.get("/season", headers={"X-User": "rosa@office.example"})
    assert "rosa@office.example" in page.text
    assert "may read" in page.text
    assert client.get("/sign-in?ticket=x", headers={"X-User": "rosa"}).status_code == 401


def test_the_header_counts_from_the_proxy_alone(processed: Office) -> None:
    settings = DeskSettings(user_header="X-User", proxies=("10.0.0.1",))
    client = TestClient(make_app(processed.context, settings), base_url="http://localhost")
    assert client.get("/season", headers={"X-User": "rosa@office.example"}).status_code == 401


def test_the_header_is_off_unless_it_is_named() -> None:
    assert read_desk_settings({}) == DeskSettings()
    named = read_desk_settings(
        {
            "CITY2CITY_DESK_USER_HEADER": "X-User",
            "CITY2CITY_DESK_PROXIES": "10.0.0.1, 10.0.0.2",
            "CITY2CITY_DESK_HOSTS": "desk.office.example",
        }
    )
    assert named.user_header == "X-User"
    assert named.proxies == ("10.0.0.1", "10.0.0.2")
    assert named.hosts[-1] == "desk.office.example"


@pytest.mark.parametrize(
    ("typed", "name"),
    [("  Ada\tLovelace ", "Ada Lovelace"), ("a\x1b[2Jb", "a [2Jb"), ("", ""), ("x" * 300, "x" * 120)],
)
def test_names_are_one_line_of_visible_characters(typed: str, name: str) -> None:
    assert clean_name(typed) == name


def test_the_list_of_people_says_who_may_what() -> None:
    rules = read_desk_rules()
    listed = DeskRules(roles=rules.roles, people={"José": "decide"}, phrases=rules.phrases)
    sent = "José".encode().decode("latin-1")
    assert named_by_the_proxy(sent, listed) == Person("José", "decide")
    assert named_by_the_proxy("somebody", listed) == Person("somebody", rules.roles.others)
    assert named_by_the_proxy(" ", listed) is None
    assert may("approve", "decide")
    assert not may("read", "decide")


@pytest.mark.parametrize("kind", ["approve", "revoke_approval", "rollback", "accept", "pin", "undo", "", "x"])
def test_no_form_decides_what_needs_a_page_of_its_own(amina: Worker, processed: Office, kind: str) -> None:
    answer = amina.post(
        f"/rounds/{ROUND}/decisions", kind=kind, subject=f"{ROUND}:1", object="0" * 64, reason="x"
    )
    assert answer.status_code == 422
    assert "Nothing was recorded" in answer.text
    assert not [row for row in processed.context.ledger.recorded_decisions(ROUND) if row["source"] == "cli"]


def test_who_may_decide_cannot_take_an_approval_back(app: FastAPI, processed: Office) -> None:
    approval = processed.decide(ROUND, "approve", f"{ROUND}:1", "0" * 64)
    answer = worker(app, "Bruno", "decide").post(f"/rounds/{ROUND}/undo", decision=approval)
    assert answer.status_code == 422
    page = worker(app).text(f"/rounds/{ROUND}/decisions")
    assert "Version approved" in page
    assert f'name="decision" value="{approval}"' not in page
