"""The season: deadlines, what is given out, what is due, in all rounds."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from desk.access.guard import needs
from desk.access.sessions import Session
from desk.rendering import office_of, show
from desk.views.season import RoundCard, round_card, shares
from flows.context import AppContext
from flows.standing import programme_given_out, round_standing
from programme.rounds import Round
from tasks.matchmaking.capacity import GivenOut, given_out
from warehouse.database.letter_states import letter_states
from warehouse.snapshots import DamagedVersionError, read_table

router = APIRouter()
Reader = Annotated[Session, Depends(needs("read"))]


@router.get("/season")
def season(request: Request, _session: Reader) -> Response:
    """Where the whole season stands."""
    office = office_of(request)
    context, now = office.context, datetime.now(UTC)
    cards = [_card(context, round_, now, office.gaps(round_.id)) for round_ in context.rounds.rounds]
    return show(
        request,
        "season.html.j2",
        here="season",
        round_id=next((card.id for card in reversed(cards) if card.version), cards[-1].id),
        cards=cards,
        shares=shares(context.rounds, programme_given_out(context)),
    )


def _card(context: AppContext, round_: Round, now: datetime, gaps: tuple[str, ...]) -> RoundCard:
    standing = round_standing(context, round_, now)
    version = standing["latest_version"]
    given = GivenOut()
    with suppress(DamagedVersionError):  # the card says that the version is damaged
        if version:
            given = given_out(read_table(context.storage, round_.id, version, "twinnings"))
    drafted = [row for row in context.ledger.open_points(round_.id) if row["drafted_at"] is not None]
    return round_card(
        round_,
        standing,
        given,
        context.ledger.runs(round_.id),
        drafted=len({row["application_id"] for row in drafted}),
        letters=[one.state for one in letter_states(context.settings.database_url, round_.id)],
        gaps=gaps,
    )
