"""A desk over an office in which the first round was processed, and a browser without scripts to use it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from desk.access.people import Person
from desk.app import make_app
from flows.settings import DeskSettings
from programme.desk import Role
from tests.flows.conftest import office, processed, processed_folder
from tests.flows.office import Office

__all__ = ["office", "processed", "processed_folder"]
ROUND = "2025-07"
QUEUE = f"/rounds/{ROUND}/queue"


@dataclass
class Worker:
    """Somebody at the desk: opens pages, and sends the forms that are on them."""

    client: TestClient
    app: FastAPI

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def text(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text[:2000]
        return answer.text

    def token(self) -> str:
        found = re.search(r'name="form_token" value="([^"]+)"', self.text("/season"))
        assert found
        return found[1]

    def post(self, path: str, **fields: object) -> httpx.Response:
        """Send a form of this session, and follow to the page after it."""
        return self.client.post(path, data={"form_token": self.token(), **fields}, headers=SAME_SITE)

    def points(self, kind: str = "") -> list[str]:
        """The ids of the open points in the queue."""
        page = self.text(f"{QUEUE}?kind={kind}")
        body = page.partition('<table class="table stack queue">')[2].partition("</table>")[0]
        return [unquote(one) for one in re.findall(rf'href="{QUEUE}/([^"]+)"', body)]


SAME_SITE = {"sec-fetch-site": "same-origin", "origin": "http://localhost"}


def worker(app: FastAPI, name: str = "Amina", role: Role = "approve") -> Worker:
    """Somebody who has signed in by a link."""
    client = TestClient(app, base_url="http://localhost")
    ticket = app.state.guard.sessions.invite(Person(name, role))
    assert client.get(f"/sign-in?ticket={ticket}").url.path == "/season"
    return Worker(client, app)


@pytest.fixture
def app(processed: Office) -> FastAPI:
    return make_app(processed.context, DeskSettings())


@pytest.fixture
def amina(app: FastAPI) -> Worker:
    return worker(app)
