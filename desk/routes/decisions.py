"""All decisions of a round, taking one back, and any decision about an application."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from desk.access.guard import Posted, RefusedError, needs, posted
from desk.access.sessions import Session, Told
from desk.addresses import address
from desk.rendering import go, office_of, show
from desk.views.decisions import OF_VERSIONS, OFFERED, about, decided, in_a_sentence
from desk.views.texts import word
from desk.work.answering import check_basis, record, told_of
from flows.deciding import Wish
from flows.decision_history import decision_history
from pages.views.cities import cities
from tasks.decisions.effective import effective_decisions

router = APIRouter(prefix="/rounds/{round_id}")
Reader = Annotated[Session, Depends(needs("read"))]
Decider = Annotated[Session, Depends(needs("decide"))]
Form = Annotated[Posted, Depends(posted)]


@router.get("/decisions")
def decisions(request: Request, round_id: str, _session: Reader) -> Response:
    """Every decision: what, when, who, why, in force or not, and its effect."""
    office = office_of(request)
    rows, left_out = decision_history(office.context, round_id)
    now = office.now(round_id)
    names = {key: city.name for key, city in cities(now.version.tables).items()} if now else {}
    in_force = effective_decisions(office.context.ledger.decisions(round_id))["decision_id"]
    return show(
        request,
        "decisions.html.j2",
        round_id=round_id,
        here="decisions",
        open_count=len(now.open) if now else 0,
        rows=decided(rows, names, in_force),
        gaps=office.gaps(round_id),
        left_out=left_out,
    )


@router.post("/undo")
def undo(request: Request, round_id: str, session: Decider, form: Form) -> Response:
    """Take a decision back."""
    office, decision = office_of(request), form.text("decision")
    rows = office.context.ledger.decisions(round_id).filter(decision_id=decision).rows(named=True)
    if rows and rows[0]["kind"] in OF_VERSIONS:
        raise _at_the_version(rows[0]["kind"])
    reason = form.text("reason") or office.rules.phrases_for("any", "undo")[0]
    with office.deciding:
        recorded = record(office, round_id, Wish("undo", decision), reason, session.person)
    said = in_a_sentence(rows[0]) if rows else decision
    session.tell(Told(f"Taken back: {said}.", told_of(recorded)))
    return back_or(form, address("rounds", round_id, "decisions"))


@router.post("/decisions")
def decide(request: Request, round_id: str, session: Decider, form: Form) -> Response:
    """Record any decision about an application."""
    office, subject = office_of(request), form.text("subject")
    wish = Wish(form.text("kind"), subject, form.text("object") or None, form.text("value") or None)
    if wish.kind not in OFFERED:
        raise _at_the_version(wish.kind)
    with office.deciding:
        now = office.now(round_id)
        city = now.version.applications.get(subject, {}).get("city_id") if now else None
        ours = about(office.context.ledger.decisions(round_id).iter_rows(named=True), subject, city or "")
        check_basis(ours, form.text("basis"), session.person)
        recorded = record(office, round_id, wish, form.text("reason"), session.person)
    said = in_a_sentence({"kind": wish.kind, "object": wish.object, "value": wish.value, "subject": subject})
    session.tell(Told(f"{said}.", told_of(recorded), undo=recorded.decision_id, round_id=round_id))
    return back_or(form, address("rounds", round_id, "decisions"))


def _at_the_version(kind: str) -> RefusedError:
    return RefusedError(
        422,
        "This is not decided here",
        f"A decision of kind {word(kind) or 'none'} is about a version, a run or more than one application. "
        "Nothing was recorded.",
        "Approve on the page of the version, and take approvals back there. Pairs stand on the board. "
        "The rest is done with city2city decide, run or rollback.",
    )


def back_or(form: Posted, otherwise: str) -> RedirectResponse:
    """To the page that a form came from, if that is one of the desk's."""
    where = form.text("back")
    return go(where if where.startswith("/rounds/") else otherwise)
