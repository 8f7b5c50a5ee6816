"""Forgetting a submission in the database: its content goes, and every row stays.

Belongs here: which rows speak of a submission, and what is emptied in them. Must stay out: files and other
places that hold personal data, and everything that is recorded (`ledger.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, null, or_, select, update

from warehouse.dictionary.decision_ids import ERASED


def erase_submission(
    connection: Connection, tables: Mapping[str, Table], submission_id: str, erased_at: datetime
) -> int:
    """Empty every kept row of a submission in every round, and return how many rows were emptied.

    The reasons of the decisions on it are emptied too; the database allows no other change of a decision. The
    rows themselves stay, so that every count still adds up.
    """
    submission, aside, decision = tables["submission"], tables["set_aside_row"], tables["decision"]
    count = 0
    for table, column in ((submission, submission.c.submission_id), (aside, aside.c.row_key)):
        ours = (column == submission_id) & table.c.erased_at.is_(None)
        emptied = update(table).where(ours).values(payload=null(), erased_at=erased_at)
        count += connection.execute(emptied).rowcount
    connection.execute(update(decision).where(_about(decision, submission_id)).values(reason=ERASED))
    return count


def erased_ids(connection: Connection, tables: Mapping[str, Table], round_id: str) -> dict[str, datetime]:
    """The submissions of a round that were erased, each with the moment of its erasure."""
    gone: dict[str, datetime] = {}
    for table, column in (("set_aside_row", "row_key"), ("submission", "submission_id")):
        kept = tables[table].c
        asked = select(kept[column], kept.erased_at).where(
            kept.round == round_id, kept.erased_at.is_not(None)
        )
        gone.update(dict(connection.execute(asked).tuples().all()))
    return gone


def _about(decision: Table, submission_id: str) -> ColumnElement[bool]:
    """Decisions with the submission, or one of its members (`id:name`), as subject, or with it as object."""
    member = decision.c.subject.startswith(f"{submission_id}:", autoescape=True)
    return or_(decision.c.subject == submission_id, member, decision.c.object == submission_id)
