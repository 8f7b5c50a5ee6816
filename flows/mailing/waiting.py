"""What waits for a person because of letters and answers, for `status`, `review`, a run and a scan alike.

Belongs here: reading letters without the database library, which `status` may not load. Must stay out: which
points there are (`tasks/letters/answers.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from flows.context import AppContext
from programme.rounds import Round
from tasks.decisions.effective import released_twinnings, shared_contacts
from tasks.letters.answers import answer_points
from tasks.letters.outbox import Letter
from tasks.publish.open_points import open_points
from warehouse.database.letter_states import letter_states


def waiting_points(
    context: AppContext,
    round_: Round,
    tables: Mapping[str, pl.DataFrame],
    decisions: pl.DataFrame,
    now: datetime,
) -> pl.DataFrame:
    """Everything of a round that waits for a person; `tables` are those of a version or a scan.

    `decisions` are those in force (dictionary table DECISIONS), `now` is zone-aware.
    """
    answers = points_of_answers(context, round_, tables, decisions, now)
    return open_points(tables, released_twinnings(decisions), answers, shared_contacts(decisions))


def points_of_answers(
    context: AppContext,
    round_: Round,
    tables: Mapping[str, pl.DataFrame],
    decisions: pl.DataFrame,
    now: datetime,
) -> pl.DataFrame:
    """The open points of letters and answers; `tables` are those of the version, `decisions` those in
    force."""
    letters = letters_of(context, round_)
    today = now.astimezone(round_.zone).date()
    return answer_points(
        decisions, letters, tables, lambda told_on: context.rounds.answer_until(round_, told_on), today
    )


def letters_of(context: AppContext, round_: Round) -> list[Letter]:
    """The letters of a round, in the order in which they were made."""
    return [
        Letter(
            letter_id=row.letter_id,
            application_id=row.application_id,
            kind=row.kind,
            version=row.version,
            news=row.news,
            state=row.state,
            on=row.state_at.astimezone(round_.zone).date(),
        )
        for row in letter_states(context.settings.database_url, round_.id)
    ]
