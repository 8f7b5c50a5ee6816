"""Every address of the desk, by the role that it needs: a table that must name all of them."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from programme.desk import ROLES, Role
from tests.desk.conftest import ROUND, SAME_SITE, Worker, worker

ROUNDS = "/rounds/{round_id}"
VERSION = f"{ROUNDS}/versions/{{number}}"
ANYBODY = {"GET /", "GET /sign-in", "GET /static/{name}"}
NEEDS: dict[str, Role] = {
    "POST /sign-out": "read",
    "POST /theme": "read",
    "GET /season": "read",
    f"GET {ROUNDS}/queue": "read",
    f"GET {ROUNDS}/queue/{{point_id}}": "read",
    f"POST {ROUNDS}/queue/{{point_id}}": "decide",
    f"GET {ROUNDS}/applications": "read",
    f"POST {ROUNDS}/applications": "read",
    f"GET {ROUNDS}/applications/{{key}}": "read",
    f"GET {ROUNDS}/board": "read",
    f"POST {ROUNDS}/board/try": "read",
    f"POST {ROUNDS}/board/keep": "decide",
    f"POST {ROUNDS}/board/settle": "decide",
    f"GET {ROUNDS}/decisions": "read",
    f"POST {ROUNDS}/decisions": "decide",
    f"POST {ROUNDS}/undo": "decide",
    f"GET {ROUNDS}/runs": "read",
    f"POST {ROUNDS}/runs": "decide",
    f"GET {ROUNDS}/runs/{{run_id}}": "read",
    f"GET {ROUNDS}/compare": "read",
    f"GET {ROUNDS}/workbook": "read",
    f"GET {ROUNDS}/workbook.xlsx": "read",
    f"POST {ROUNDS}/workbook": "decide",
    f"GET {VERSION}": "read",
    f"GET {VERSION}/report": "read",
    f"GET {VERSION}/tables/{{name}}.{{kind}}": "read",
    f"POST {VERSION}/approve": "approve",
    f"POST {VERSION}/revoke": "approve",
}
GIVEN = {
    "round_id": ROUND,
    "number": "1",
    "point_id": "0123456789ab",
    "key": "nobody",
    "run_id": "0123456789ab",
    "name": "twinnings",
    "kind": "csv",
}
REFUSED = (401, 403)
QUERIES = {f"GET {ROUNDS}/compare": "?old=1&new=1"}


def routes(app: FastAPI) -> set[str]:
    """Each method and path; a router that was included stands in the app as one route with its own."""
    ahead: list[object] = list(app.routes)
    found = set()
    while ahead:
        route = ahead.pop()
        ahead += getattr(getattr(route, "original_router", None), "routes", [])
        if isinstance(route, APIRoute):
            found |= {f"{method} {route.path}" for method in route.methods}
    return found


def place(route: str) -> str:
    """The address of a route, with something in each of its places."""
    return re.sub(r"\{(\w+)\}", lambda one: GIVEN[one[1]], route.partition(" ")[2]) + QUERIES.get(route, "")


def asked(client: TestClient, route: str, token: str = "") -> int:
    """The status of what a route answers; a form carries the token."""
    if route.startswith("GET"):
        return client.get(place(route), follow_redirects=False).status_code
    fields = {"form_token": token} if token else {}
    return client.post(place(route), data=fields, headers=SAME_SITE, follow_redirects=False).status_code


def test_the_table_names_every_address(app: FastAPI) -> None:
    assert routes(app) == ANYBODY | set(NEEDS)


def test_nobody_is_let_in_without_signing_in(app: FastAPI) -> None:
    stranger = TestClient(app, base_url="http://localhost")
    assert {route: asked(stranger, route) for route in NEEDS} == dict.fromkeys(NEEDS, 401)


def test_a_form_without_the_session_s_token_is_refused_everywhere(app: FastAPI) -> None:
    client = worker(app).client
    forms = [route for route in NEEDS if route.startswith("POST")]
    assert {route: asked(client, route) for route in forms} == dict.fromkeys(forms, 403)
    assert {route: asked(client, route, "guessed") for route in forms} == dict.fromkeys(forms, 403)


@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=[pytest.mark.long] * (role != "read")) for role in ROLES]
)
def test_each_role_may_do_what_it_needs_to_and_no_more(app: FastAPI, role: Role) -> None:
    somebody: Worker = worker(app, f"a person who may {role}", role)
    token, wrong = somebody.token(), {}
    for route, needed in sorted(NEEDS.items(), key=lambda one: one[0] == "POST /sign-out"):
        status = asked(somebody.client, route, token)
        may = ROLES.index(role) >= ROLES.index(needed)
        if (status in REFUSED) == may or status >= 500:
            wrong[route] = status
    assert not wrong
