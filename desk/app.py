"""The desk as one application: its parts together, what every answer carries, and mistakes as pages.

Belongs here: putting together. Must stay out: what an address does (`routes/`).
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.exceptions import HTTPException

from desk.access.guard import Guard, RefusedError, SignInNeededError, signed_in
from desk.access.headers import is_known_host, protect
from desk.access.sessions import Sessions
from desk.rendering import is_part, show, show_outside
from desk.routes import (
    applications,
    approval,
    board,
    decisions,
    queue,
    runs,
    season,
    sign_in,
    static,
    tables,
    workbook,
)
from desk.work.evidence import Evidence
from desk.work.office import Office
from desk.work.runs import Runs
from flows.context import AppContext
from flows.settings import DeskSettings
from programme.desk import read_desk_rules
from programme.problems import ProblemsError

Next = Callable[[Request], Awaitable[Response]]
HERE = Path(__file__).parents[1]


def make_app(context: AppContext, settings: DeskSettings, *, blind: bool = False) -> FastAPI:
    """The application for one data folder; `blind` hides the linker's points until a link is answered."""
    rules = read_desk_rules(context.settings.programme)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, title="City2City desk")
    app.state.office = Office(context, rules, blind=blind)
    app.state.evidence = Evidence(app.state.office)
    app.state.runs = Runs(context.settings)
    app.state.guard = Guard(Sessions(), rules, settings)
    app.include_router(sign_in.router)
    app.include_router(static.router)
    for part in (approval, season, queue, applications, board, runs, tables, decisions, workbook):
        app.include_router(part.router, dependencies=[Depends(signed_in)])
    app.middleware("http")(_every_answer)
    app.add_exception_handler(SignInNeededError, _sign_in_needed)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(ProblemsError, _mistake)
    app.add_exception_handler(HTTPException, _no_such_page)
    return app


async def _every_answer(request: Request, call_next: Next) -> Response:
    """Answer only under the desk's own names, with what every answer carries; a fault shows no content."""
    guard: Guard = request.app.state.guard
    if not is_known_host(request.headers.get("host", ""), guard.settings.hosts):
        answer: Response = PlainTextResponse("This desk is not called by that name.", 421)
    else:
        try:
            answer = await call_next(request)
        except Exception as fault:  # noqa: BLE001  (what it carries must not reach a log)
            _note(fault)
            answer = _fault(request)
    protect(answer.headers, keep=request.url.path.startswith("/static/"))
    return answer


def _note(fault: Exception) -> None:
    """Say on the terminal what failed and where, without what it worked on: that may be personal."""
    places = [
        f"{Path(frame.filename).name}:{frame.lineno}"
        for frame in traceback.extract_tb(fault.__traceback__)
        if Path(frame.filename).is_relative_to(HERE) and ".venv" not in frame.filename
    ]
    print(f"The desk failed: {type(fault).__name__} at {' < '.join(reversed(places))}", file=sys.stderr)  # noqa: T201


def _fault(request: Request) -> HTMLResponse:
    return _error_page(
        request,
        500,
        "Something went wrong in the desk",
        "The program made a mistake. What you see elsewhere is as it was.",
        ["Go back and try once more. If it happens again, tell whoever runs the desk: it says where."],
    )


def _error_page(request: Request, status: int, title: str, text: str, remedies: list[str]) -> HTMLResponse:
    """A page that says what is wrong; who has signed in keeps the navigation."""
    said: dict[str, Any] = {"status": status, "title": title, "text": text, "remedies": remedies}
    if is_part(request):
        return show_outside(request, "error_part.html.j2", **said)
    office: Office = request.app.state.office
    parts = request.url.path.split("/")
    known = [
        one.id for one in office.context.rounds.rounds if parts[1:2] == ["rounds"] and one.id in parts[2:3]
    ]
    if request.app.state.guard.session(request) is None or status >= 500:
        return show_outside(request, "error.html.j2", layout="bare.html.j2", round_id="", **said)
    return show(request, "error.html.j2", layout="desk.html.j2", round_id="".join(known), **said)


async def _sign_in_needed(request: Request, _error: Exception) -> Response:
    return show_outside(
        request, "sign_in.html.j2", status=401, by_header=bool(request.app.state.guard.settings.user_header)
    )


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, RefusedError):
        raise error
    return _error_page(request, error.status, error.title, error.text, [error.remedy])


async def _mistake(request: Request, error: Exception) -> Response:
    """A user's mistake, or an office that is not as it should be: what was found, and what to do."""
    if not isinstance(error, ProblemsError):
        raise error
    text = " ".join(f"{one.where}: found {one.found}; expected {one.expected}." for one in error.problems)
    status = 404 if request.method == "GET" else 422
    title = "Nothing was recorded" if request.method == "POST" else "This page cannot be shown"
    return _error_page(request, status, title, text, [one.remedy for one in error.problems])


async def _no_such_page(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _error_page(
        request,
        status,
        "There is no such page",
        "The address is not one of the desk's, or what it named is not there.",
        ["Start from the season's page."],
    )
