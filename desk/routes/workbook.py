"""The review workbook: to download, and its answers to upload."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from desk.access.guard import Posted, RefusedError, needs, posted
from desk.access.sessions import Session, Told
from desk.addresses import address
from desk.rendering import go, office_of, round_now, show
from desk.views.texts import readable
from desk.work.exports import TYPES
from flows.review_workbook import collect_workbook, make_workbook
from programme.counts import counted

router = APIRouter(prefix="/rounds/{round_id}")
Reader = Annotated[Session, Depends(needs("read"))]
Decider = Annotated[Session, Depends(needs("decide"))]
MOST_BYTES = 10_000_000


@router.get("/workbook")
def workbook(request: Request, round_id: str, _session: Reader) -> Response:
    """What the workbook is for."""
    now = round_now(request, round_id)
    return show(request, "workbook.html.j2", round_id=round_id, here="queue", open_count=len(now.open))


@router.get("/workbook.xlsx")
def download(request: Request, round_id: str, _session: Reader) -> Response:
    """The workbook of the points that are open now."""
    content = make_workbook(office_of(request).context, round_id)
    headers = {"Content-Disposition": f'attachment; filename="review-{round_id}.xlsx"'}
    return Response(content, media_type=TYPES["xlsx"], headers=headers)


@router.post("/workbook")
def upload(
    request: Request, round_id: str, session: Decider, form: Annotated[Posted, Depends(posted)]
) -> Response:
    """Record the answers of a workbook in the name of who has signed in."""
    file = form.file("file")
    content = file.file.read(MOST_BYTES + 1) if file else b""
    if not content or len(content) > MOST_BYTES:
        raise RefusedError(
            422,
            "There is no workbook in the form",
            "No file came, or one of more than 10 MB. Nothing was recorded.",
            "Choose the XLSX file that was filled in.",
        )
    office = office_of(request)
    with office.deciding:
        collected = collect_workbook(office.context, round_id, content, "the workbook", session.person.name)
    for one in collected.problems[:20]:
        session.tell(
            Told(f"{one.where}: found {one.found}.", (f"Expected {one.expected}.", one.remedy), tone="bad")
        )
    known = f" {collected.known} were known already." if collected.known else ""
    session.tell(
        Told(
            f"{counted(len(collected.recorded), 'answer')} recorded.{known}",
            tuple(
                readable(f"{row['city_name'] or row['subject']}: {one.effect}")
                for row, one in collected.recorded[:8]
            ),
        )
    )
    return go(address("rounds", round_id, "queue"))
