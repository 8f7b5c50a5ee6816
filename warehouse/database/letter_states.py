"""Which letters about results there are and where they stand, asked without loading SQLAlchemy.

Belongs here: the one question that `city2city status` and `review` have for the outbox. Must stay out:
everything that changes a letter (`outbox.py`).
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, cast

from programme.letter_vocabulary import LetterKind, LetterState
from warehouse.database.last_run import in_utc
from warehouse.database.plain_query import ask

_QUESTION = (
    "SELECT letter_id, application_id, kind, version, news, state, state_at FROM letter WHERE round = ?"
    " ORDER BY id"
)


class LetterStanding(NamedTuple):
    """One letter: what it is, and since when (UTC) it is in its state."""

    letter_id: str
    application_id: str
    kind: LetterKind
    version: int
    news: str
    state: LetterState
    state_at: datetime


def letter_states(address: str, round_id: str) -> list[LetterStanding]:
    """The letters of a round in the order in which they were made; none before the first.

    Raises `ProblemsError` where the database cannot be read.
    """
    return [
        LetterStanding(
            str(letter),
            str(name),
            cast("LetterKind", kind),
            int(version),
            str(news),
            cast("LetterState", state),
            in_utc(moment),
        )
        for letter, name, kind, version, news, state, moment in ask(address, "letter", _QUESTION, round_id)
    ]
