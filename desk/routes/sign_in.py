"""Signing in by a link that is good once, signing out, and the theme."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from desk.access.guard import COOKIE, Posted, guard_of, posted, signed_in
from desk.access.sessions import SESSION_LASTS
from desk.rendering import THEME_COOKIE, THEMES, go, show_outside

router = APIRouter()


@router.get("/")
def start() -> Response:
    """To the season."""
    return go("/season")


@router.get("/sign-in")
def sign_in(request: Request, ticket: str = "") -> Response:
    """Sign in with the ticket of a link; without one, say how to get one."""
    guard = guard_of(request)
    by_header = bool(guard.settings.user_header)
    session = guard.sessions.redeem(ticket) if ticket and not by_header else None
    if session is None:
        return show_outside(request, "sign_in.html.j2", status=401, by_header=by_header, used=bool(ticket))
    answer = go("/season")
    answer.set_cookie(
        COOKIE,
        session.token,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/sign-out")
def sign_out(request: Request, _form: Annotated[Posted, Depends(posted)]) -> Response:
    """End the session."""
    guard_of(request).sessions.end(signed_in(request))
    answer = go("/sign-in")
    answer.delete_cookie(COOKIE)
    return answer


@router.post("/theme")
def theme(form: Annotated[Posted, Depends(posted)]) -> Response:
    """Choose the theme; anything but light and dark means as the system says."""
    where = form.text("back")
    answer = go(where if where.startswith("/") and not where.startswith(("//", "/\\")) else "/season")
    if form.text("theme") in THEMES:
        answer.set_cookie(THEME_COOKIE, form.text("theme"), max_age=31_536_000, samesite="lax", httponly=True)
    else:
        answer.delete_cookie(THEME_COOKIE)
    return answer
