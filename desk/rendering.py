"""From a template and what it shows to an answer.

Belongs here: what every page of the desk has: who is signed in, where one can go, what the last action came
to, the theme. Must stay out: what a single page shows (`routes/`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment

from desk.access.guard import RefusedError, guard_of, signed_in
from desk.addresses import address, key_of
from desk.views.texts import readable, text_of, word
from desk.work.evidence import Evidence
from desk.work.office import Office, RoundNow
from pages.components.environment import environment
from pages.views.words import day, moment
from programme.counts import counted

TEMPLATES = Path(__file__).parent / "templates"
REPORT_TEMPLATES = Path(__file__).parents[1] / "pages" / "report" / "templates"
THEMES = ("light", "dark")
THEME_COOKIE = "city2city_theme"


@cache
def templates() -> Environment:
    """The templates of the desk, over those of the components and the report."""
    made = environment((TEMPLATES, REPORT_TEMPLATES))
    own = {
        "text_of": text_of,
        "word": word,
        "readable": readable,
        "day": day,
        "moment": moment,
        "key": key_of,
    }
    made.filters |= own
    made.globals |= {"address": address, "counted": counted}
    return made


def office_of(request: Request) -> Office:
    """The office of the app that a request came to."""
    office: Office = request.app.state.office
    return office


def evidence_of(request: Request) -> Evidence:
    """The registers and forms of the app that a request came to."""
    evidence: Evidence = request.app.state.evidence
    return evidence


def round_now(request: Request, round_id: str) -> RoundNow:
    """The round as it stands; raises `RefusedError` before its first version."""
    now = office_of(request).now(round_id)
    if now is None:
        raise RefusedError(
            409,
            f"Round {round_id} has no version yet",
            "There is nothing to work on before the round was processed.",
            "Put the round's files in place and start a run on the page Runs and versions.",
        )
    return now


def is_part(request: Request) -> bool:
    """Whether only a part of the page is asked for (by htmx)."""
    return request.headers.get("hx-request") == "true"


def show(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page for somebody who has signed in."""
    session = signed_in(request)
    office = office_of(request)
    common = {
        "person": session.person,
        "token": session.form_token,
        "told": session.take_told(),
        "rounds": office.context.rounds.rounds,
        "theme": request.cookies.get(THEME_COOKIE, ""),
        "by_header": bool(guard_of(request).settings.user_header),
        "path": request.url.path,
        "round_id": "",
        "here": "",
        "waiting": {},
    }
    return HTMLResponse(templates().get_template(template).render(**{**common, **values}), status)


def show_outside(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page for anybody: signing in, and what went wrong before."""
    common = {"theme": request.cookies.get(THEME_COOKIE, ""), "token": ""}
    return HTMLResponse(templates().get_template(template).render(**{**common, **values}), status)


def go(where: str) -> RedirectResponse:
    """To another page, after a form."""
    return RedirectResponse(where, 303)
