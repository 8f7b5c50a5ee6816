"""Forgetting a submission in the database: its content goes, and every row stays.

Belongs here: which rows speak of a submission, what is emptied in them, and the record of erasures. Must stay
out: files and other places that hold personal data, and everything else that is recorded (`ledger.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, null, or_, select, text, update
from sqlmodel import SQLModel

import warehouse.database.sql_tables  # noqa: F401  (it fills the metadata)
from warehouse.database.connection import READING
from warehouse.database.naming import of_set_aside
from warehouse.database.rows import insert_rows
from warehouse.dictionary.decision_ids import ERASED
from warehouse.dictionary.row_names import row_number

_TABLES = SQLModel.metadata.tables
_COMPACTED = ("submission", "set_aside_row", "decision", "contact_change")
Beside = Callable[[Collection[str]], None]
"""Erases beside the database, given the ids of the decisions whose reasons are erased."""


class Erasures:
    """The door through which something recorded is emptied, and the record of who went through it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**READING)

    def rows(self) -> list[dict[str, Any]]:
        """Every erasure, in the order in which they were asked for."""
        table = _TABLES["erasure"]
        wanted = select(table).order_by(table.c.asked_at, table.c.submission_id)
        with self._reader.connect() as connection:
            return [dict(row) for row in connection.execute(wanted).mappings()]

    def ask(self, submission_ids: Iterable[str], reason: str, by: str, *, at: datetime) -> None:
        """Record that submissions are to be forgotten; who asked first, and why, stays."""
        rows = [
            {"submission_id": one, "reason": reason, "asked_by": by, "asked_at": at, "done_at": None}
            for one in submission_ids
        ]
        with self._engine.begin() as connection:
            insert_rows(connection, _TABLES["erasure"], rows, key=("submission_id",))

    def done(self, submission_ids: Sequence[str], *, at: datetime) -> None:
        """Record that nothing is left of submissions; the first time stays."""
        table = _TABLES["erasure"]
        open_ones = table.c.submission_id.in_(submission_ids) & table.c.done_at.is_(None)
        with self._engine.begin() as connection:
            connection.execute(update(table).where(open_ones).values(done_at=at))

    def erase(
        self, submission_ids: Sequence[str], texts: Collection[str], beside: Beside, *, at: datetime
    ) -> int:
        """Empty every row of submissions, contacts and the reasons of decisions on them among these.

        The reason of a decision about others goes where it holds one of the texts. `beside` is called while
        nobody else can record a decision. Returns how many rows of forms were emptied.
        """
        decision, contact = _TABLES["decision"], _TABLES["contact_change"]
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(_TABLES["round"].c.id).with_for_update())
            count = sum(erase_submission(connection, _TABLES, one, at) for one in submission_ids)
            theirs = contact.c.submission_id.in_(submission_ids) & contact.c.erased_at.is_(None)
            connection.execute(update(contact).where(theirs).values(name=None, address=None, erased_at=at))
            reasons = connection.execute(select(decision.c.decision_id, decision.c.reason)).tuples().all()
            holding = [name for name, reason in reasons if _holds(reason, texts)]
            ours = decision.c.decision_id.in_(holding)
            connection.execute(update(decision).where(ours).values(reason=ERASED))
            gone = select(decision.c.decision_id).where(decision.c.reason == ERASED)
            beside(set(connection.execute(gone).scalars()))
        return count

    def compact(self) -> None:
        """Leave nothing of what was emptied in free pages, dead rows or SQLite's journal."""
        if self._engine.dialect.name == "sqlite":
            raw = self._engine.raw_connection()
            try:
                for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM") * 2:
                    raw.cursor().execute(statement).fetchall()
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                raw.close()
            return
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in _COMPACTED:
                connection.execute(text(f"VACUUM (FULL, ANALYZE) {name}"))


def _holds(reason: str, texts: Collection[str]) -> bool:
    """Whether a reason has one of the texts, which are in small letters with single blanks."""
    folded = " ".join(reason.casefold().split())
    return any(one in folded for one in texts)


def erase_submission(
    connection: Connection, tables: Mapping[str, Table], submission_id: str, erased_at: datetime
) -> int:
    """Empty every kept row of a submission in every round, and return how many rows were emptied.

    The reasons of the decisions on it are emptied too; the database allows no other change of a decision. The
    rows themselves stay, so that every count still adds up.
    """
    submission, aside, decision = tables["submission"], tables["set_aside_row"], tables["decision"]
    count = 0
    named = (submission.c.submission_id == submission_id, of_set_aside(aside, submission_id))
    for table, about in zip((submission, aside), named, strict=True):
        ours = about & table.c.erased_at.is_(None)
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
        found = dict(connection.execute(asked).tuples().all())
        # A row of that number of another export is another form.
        gone.update({name: at for name, at in found.items() if row_number(name) is None})
    return gone


def _about(decision: Table, submission_id: str) -> ColumnElement[bool]:
    """Decisions with the submission, or one of its members (`id:name`), as subject, or with it as object."""
    member = decision.c.subject.startswith(f"{submission_id}:", autoescape=True)
    return or_(decision.c.subject == submission_id, member, decision.c.object == submission_id)
