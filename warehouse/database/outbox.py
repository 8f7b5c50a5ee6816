"""The outbox of the letters about results, and contacts that changed.

Belongs here: keeping letters with their states, and claiming one, so that of two who send at once only one
sends it. Must stay out: which letters there are (`tasks/letters`), sending them (`flows/mailing/`), the SQL
tables (`sql_tables.py`). Every moment comes in as an argument, zone-aware.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, bindparam, or_, select, update
from sqlmodel import SQLModel

import warehouse.database.sql_tables  # noqa: F401  (it fills the metadata)
from programme.letter_vocabulary import RETRIED, LetterState
from warehouse.database.connection import READING
from warehouse.database.rows import insert_rows

_LETTER = SQLModel.metadata.tables["letter"]
_CONTACT = SQLModel.metadata.tables["contact_change"]


class Outbox:
    """The letters of all rounds in one database; the round itself is recorded already (`Ledger`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**READING)

    def letters(self, round_id: str, letter_ids: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """The letters of a round (of those ids, where some are given), in the order in which they were
        made."""
        every = select(_LETTER).where(_LETTER.c.round == round_id).order_by(_LETTER.c.id)
        parts = [every] if letter_ids is None else [every.where(_of(round_id, p)) for p in _parts(letter_ids)]
        with self._reader.connect() as connection:
            return [dict(row) for part in parts for row in connection.execute(part).mappings()]

    def add(self, round_id: str, letters: Iterable[Mapping[str, Any]], *, at: datetime) -> int:
        """Keep letters that are to be sent, and return how many are new.

        A letter has the keys `letter_id`, `application_id`, `kind`, `version`, `news`, `text_sha256`,
        `message_id`, `contact`, `corrects` and `state`. One that is there and reached nobody waits again,
        with the text that it has now; any other stays as it is.
        """
        rows = [{**one, "round": round_id, "detail": None, "made_at": at, "state_at": at} for one in letters]
        again = (
            update(_LETTER)
            .where(_LETTER.c.round == round_id, _LETTER.c.letter_id == bindparam("name"))
            .where(or_(*(_LETTER.c.state == one for one in (*RETRIED, "replaced"))))
            .values(state="waiting", text_sha256=bindparam("text"), version=bindparam("of"))
        )
        texts = [{"name": r["letter_id"], "text": r["text_sha256"], "of": r["version"]} for r in rows]
        with self._engine.begin() as connection:
            written = insert_rows(connection, _LETTER, rows, key=("round", "letter_id"))
            if texts:
                connection.execute(again, texts)
        return written

    def claim(self, round_id: str, letter_id: str, allowed: Sequence[LetterState], *, at: datetime) -> bool:
        """Take a letter for sending; false where it is in none of the allowed states, as another has it."""
        mine = _of(round_id, [letter_id]) & _LETTER.c.state.in_(allowed)
        with self._engine.begin() as connection:
            taken = connection.execute(
                update(_LETTER).where(mine).values(state="sending", detail=None, state_at=at)
            )
            return taken.rowcount == 1

    def note(
        self,
        round_id: str,
        letter_ids: Sequence[str],
        state: LetterState,
        *,
        at: datetime,
        detail: str | None = None,
    ) -> None:
        """Note what became of letters; `detail` holds no personal data."""
        with self._engine.begin() as connection:
            for part in _parts(letter_ids):
                connection.execute(
                    update(_LETTER).where(_of(round_id, part)).values(state=state, detail=detail, state_at=at)
                )

    def restore(self, round_id: str, letters: Iterable[Mapping[str, Any]]) -> int:
        """Put back letters that the database lacks, as they were kept; returns how many."""
        rows = [{**one, "round": round_id} for one in letters]
        with self._engine.begin() as connection:
            return insert_rows(connection, _LETTER, rows, key=("round", "letter_id"))

    def add_contact(
        self, round_id: str, contact_id: str, submission_id: str, name: str, address: str, *, at: datetime
    ) -> None:
        """Keep who stands for an application from now on."""
        row = {
            "round": round_id,
            "contact_id": contact_id,
            "submission_id": submission_id,
            "name": name,
            "address": address,
            "recorded_at": at,
            "erased_at": None,
        }
        with self._engine.begin() as connection:
            insert_rows(connection, _CONTACT, [row], key=("round", "contact_id"))

    def contacts(self, round_id: str) -> dict[str, dict[str, Any]]:
        """Every contact that changed, by its id; `name` and `address` are None where they were erased."""
        wanted = select(_CONTACT).where(_CONTACT.c.round == round_id)
        with self._reader.connect() as connection:
            return {row["contact_id"]: dict(row) for row in connection.execute(wanted).mappings()}

    def erase_contacts(self, submission_id: str, *, at: datetime) -> int:
        """Empty the changed contacts of a submission in every round; returns how many."""
        theirs = (_CONTACT.c.submission_id == submission_id) & _CONTACT.c.erased_at.is_(None)
        emptied = {"name": None, "address": None, "erased_at": at}
        with self._engine.begin() as connection:
            return connection.execute(update(_CONTACT).where(theirs).values(**emptied)).rowcount


def _of(round_id: str, letter_ids: Sequence[str]) -> Any:
    return (_LETTER.c.round == round_id) & _LETTER.c.letter_id.in_(letter_ids)


def _parts(letter_ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (letter_ids[start : start + 500] for start in range(0, len(letter_ids), 500))
