"""Approving a version at the desk, and taking that back, in the name of who signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from desk.access.guard import Posted, needs, posted
from desk.access.sessions import Session, Told
from desk.addresses import address
from desk.rendering import go, office_of
from flows.approving import Answer, approve, revoke
from programme.counts import counted

router = APIRouter(prefix="/rounds/{round_id}/versions/{number}")
Approver = Annotated[Session, Depends(needs("approve"))]
Form = Annotated[Posted, Depends(posted)]


@router.post("/approve")
def approve_version(request: Request, round_id: str, number: int, session: Approver, form: Form) -> Response:
    """Approve a version; what speaks against it is told."""
    office = office_of(request)
    with office.deciding:
        round_ = office.context.round(round_id)
        reason = form.text("reason") or office.rules.phrases_for("any", "approve")[0]
        answer = approve(office.context, round_, number, by=session.person.name, reason=reason)
    session.tell(_told(answer, "approved by you"))
    return go(address("rounds", round_id, "versions", number))


@router.post("/revoke")
def revoke_approval(request: Request, round_id: str, number: int, session: Approver, form: Form) -> Response:
    """Take the approvals of a version back."""
    office = office_of(request)
    with office.deciding:
        round_ = office.context.round(round_id)
        reason = form.text("reason") or office.rules.phrases_for("any", "revoke_approval")[0]
        answer = revoke(office.context, round_, number, by=session.person.name, reason=reason)
    session.tell(_told(answer, "its approvals are taken back"))
    return go(address("rounds", round_id, "versions", number))


def _told(answer: Answer, what: str) -> Told:
    leaves = (
        f"Version {answer.approved.version} may leave the house."
        if answer.approved
        else "Nothing may leave the house."
    )
    approvals = f"Approved by {len(answer.people)} of {counted(answer.needed, 'person')}."
    notes = tuple(text for text in (approvals, answer.note, leaves) if text)
    return Told(f"Version {answer.version}: {what}.", notes)
