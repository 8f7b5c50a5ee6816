"""The open points of a round's newest version as they stand now: which are answered since, and by what.

Belongs here: reading the record for it; the desk and the review workbook share it. Must stay out: which
points a version has (`tasks/publish/open_points.py`) and which decision answers one
(`pages/views/answers.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from flows.context import AppContext
from flows.mailing.waiting import points_of_answers
from pages.views.answers import answered_by, pending, point_id
from programme.rounds import Round
from tasks.decisions.effective import effective_decisions, released_twinnings, shared_contacts
from tasks.publish.open_points import open_points

Row = Mapping[str, Any]


@dataclass(frozen=True)
class PointsNow:
    """What waits for a person, and the record that it was read from.

    `points` are the points of the version with their ids (key `id`), each with the decision that answers it
    at the next run (None: it is open). `recorded` are all decisions, `in_force` those that count, `pending`
    those of them that the version does not know.
    """

    points: Sequence[tuple[Row, Row | None]]
    recorded: pl.DataFrame
    in_force: pl.DataFrame
    pending: Sequence[Row]


def points_now(
    context: AppContext,
    round_: Round,
    tables: Mapping[str, pl.DataFrame],
    decided: pl.DataFrame,
    now: datetime,
) -> PointsNow:
    """The points of a version; `decided` are the decisions that it was made with, `now` is zone-aware."""
    recorded = context.ledger.decisions(round_.id)
    in_force, since = effective_decisions(recorded), pending(recorded, decided)
    letters = points_of_answers(context, round_, tables, in_force, now)
    shared = shared_contacts(in_force)
    rows = open_points(tables, released_twinnings(decided), letters, shared).rows(named=True)
    points = [({**row, "id": point_id(row)}, answered_by(row, since)) for row in rows]
    return PointsNow(points, recorded, in_force, since)
