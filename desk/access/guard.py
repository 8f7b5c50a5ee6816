"""Who asks, whether they may, and whether a form is ours: asked before anything else of every request.

Belongs here: signing in by cookie or by the office's sign-on, roles, and the token of a form. Must stay out:
pages (`desk/routes`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from desk.access.people import named_by_the_proxy
from desk.access.sessions import Session, Sessions
from programme.desk import DeskRules, Role

if TYPE_CHECKING:
    from flows.settings import DeskSettings

COOKIE = "city2city_desk"
TOKEN_FIELD = "form_token"  # noqa: S105  (the name of a field, no secret)
MOST_FIELDS = 2000


class SignInNeededError(Exception):
    """Nobody has signed in."""


class RefusedError(Exception):
    """A request that is not answered as asked: the status, what is wrong, and what to do."""

    def __init__(self, status: int, title: str, text: str, remedy: str) -> None:
        self.status, self.title, self.text, self.remedy = status, title, text, remedy
        super().__init__(title)


@dataclass(frozen=True)
class Posted:
    """The fields of a form whose token was right."""

    fields: FormData

    def text(self, name: str) -> str:
        """A field as text without blanks around it; empty where it is not there."""
        value = self.fields.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Every value of a field that comes several times."""
        return [value for value in self.fields.getlist(name) if isinstance(value, str)]

    def number(self, name: str) -> int | None:
        """A field as a whole number from 0; None where it is none."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def file(self, name: str) -> UploadFile | None:
        """A file that was sent."""
        value = self.fields.get(name)
        return value if isinstance(value, UploadFile) else None


@dataclass(frozen=True)
class Guard:
    """The door: sessions, rules and settings by which a request is let in."""

    sessions: Sessions
    rules: DeskRules
    settings: DeskSettings

    def session(self, request: Request) -> Session | None:
        """The session of a request, by the office's sign-on where that is on, else by its cookie."""
        if header := self.settings.user_header:
            if not _is_from(request, self.settings.proxies):
                return None
            person = named_by_the_proxy(request.headers.get(header, ""), self.rules)
            return None if person is None else self.sessions.named(person)
        token = request.cookies.get(COOKIE, "")
        return self.sessions.find(token) if token else None


def _is_from(request: Request, proxies: Collection[str]) -> bool:
    return request.client is not None and request.client.host in proxies


def guard_of(request: Request) -> Guard:
    """The door of the app that a request came to."""
    guard: Guard = request.app.state.guard
    return guard


def signed_in(request: Request) -> Session:
    """The session of a request; raises `SignInNeededError` where nobody has signed in."""
    session = guard_of(request).session(request)
    if session is None:
        raise SignInNeededError
    return session


async def posted(request: Request) -> Posted:
    """The form of a request that changes something.

    Raises `SignInNeededError`, and `RefusedError` where the form was not made for this session: another site
    may have sent it.
    """
    session = signed_in(request)
    fields = await request.form(max_fields=MOST_FIELDS, max_files=2)
    given = fields.get(TOKEN_FIELD)
    ours = isinstance(given, str) and secrets.compare_digest(given.encode(), session.form_token.encode())
    if not ours or is_from_elsewhere(request.headers):
        raise RefusedError(
            403,
            "This form is not from this sign-in",
            "The form that was sent does not carry the mark of your sign-in. Nothing was changed.",
            "Open the page again and send the form from there. You may have signed in anew meanwhile.",
        )
    return Posted(fields)


def is_from_elsewhere(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a page of another site sent the request."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2].lower() != headers.get("host", "").lower()


def needs(role: Role) -> Callable[[Request], Session]:
    """A dependency: the session of somebody with that role; raises `RefusedError` for anybody else."""

    def check(request: Request) -> Session:
        session = signed_in(request)
        if not session.person.may(role):
            raise RefusedError(
                403,
                "Your role does not allow this",
                f"You may {session.person.role}; this needs the role {role}. Nothing was changed.",
                "Ask a colleague with that role, or let the office change programme/desk.toml.",
            )
        return session

    return check
