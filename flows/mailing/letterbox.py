"""The outbox of a round: which letters there are, what became of them, and their texts.

Belongs here: keeping letters in the database, their states beside it, and their messages under
`restricted/letters/ROUND/outbox/`, a file for each time letters were made. Must stay out: which letters are
due (`tasks/letters/outbox.py`) and sending (`send.py`).

A message is kept before it is handed to anybody. A state is kept in the database at once, and as a line
beside it, so that a lost database does not tell everybody the same again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flows.context import AppContext
from flows.mailing.compose import Composed
from programme.letter_vocabulary import RETRIED, LetterState
from programme.rounds import Round
from tasks.letters.outbox import Letter
from warehouse.kept_lines import append_lines, read_lines

_KEPT = (
    "letter_id",
    "application_id",
    "kind",
    "version",
    "news",
    "text_sha256",
    "message_id",
    "contact",
    "corrects",
    "state",
    "made_at",
    "state_at",
)
LINES_AT_ONCE = 25
"""States that are kept as lines together: each time costs a write to the disk or the bucket."""


class Letterbox:
    """The letters of one round. Use it as a context: states that wait for their lines are written at its
    end."""

    def __init__(self, context: AppContext, round_: Round) -> None:
        self._context, self._round = context, round_
        self._unwritten: list[str] = []

    def __enter__(self) -> Letterbox:
        self._context.ledger.record_round(self._round.id, self._round.title, self._round.deadline)
        self.restore()
        return self

    def __exit__(self, *_error: object) -> None:
        self._write_lines()

    def rows(self) -> list[dict[str, Any]]:
        """Every letter as the database has it, in the order in which they were made."""
        return self._context.outbox.letters(self._round.id)

    def letters(self) -> list[Letter]:
        """Every letter, as the plan compares it with the news."""
        return [letter_of(row, self._round) for row in self.rows()]

    def make(self, letters: Iterable[Composed], version: int, now: datetime) -> None:
        """Keep letters that are due; those that are there stay as they are."""
        rows = [
            {
                "letter_id": one.due.letter_id,
                "application_id": one.due.news.application_id,
                "kind": one.due.news.kind,
                "version": version,
                "news": one.due.news.id,
                "text_sha256": one.text_sha256,
                "message_id": one.message_id,
                "contact": one.due.news.contact.changed,
                "corrects": one.due.corrects.letter_id if one.due.corrects else None,
                "state": "waiting",
            }
            for one in letters
        ]
        self._context.outbox.add(self._round.id, rows, at=now)

    def keep_messages(self, letters: Iterable[Composed], now: datetime) -> None:
        """Keep the messages of letters together in one file, readable by the office alone."""
        kept = [
            {
                "letter_id": one.due.letter_id,
                "application_id": one.due.news.application_id,
                "contacts_of": one.due.news.contacts_of,
                "message": one.message.decode("ascii"),
            }
            for one in letters
            if one.message
        ]
        if kept:
            path = f"{self._folder}/{now.astimezone(UTC):%Y-%m-%dT%H%M%S.%fZ}.jsonl"
            lines = "".join(json.dumps(one, sort_keys=True) + "\n" for one in kept)
            self._context.storage.write(path, lines.encode(), private=True)

    def kept_messages(self, application_id: str) -> dict[str, bytes]:
        """The messages that were kept for an application, by letter, the newest of each."""
        return {
            one["letter_id"]: one["message"].encode("ascii")
            for file in self._context.storage.list(self._folder)
            for one in self._read(file.path)
            if one["application_id"] == application_id
        }

    def erase_messages(self, application_id: str) -> int:
        """Erase the kept messages that hold an application's contact, those to its partners among them.

        Returns how many there were.
        """
        erased = 0
        for file in self._context.storage.list(self._folder):
            every = self._read(file.path)
            left = [one for one in every if application_id not in one["contacts_of"]]
            erased += len(every) - len(left)
            if len(left) < len(every):
                lines = "".join(json.dumps(one, sort_keys=True) + "\n" for one in left)
                self._context.storage.write(file.path, lines.encode(), private=True)
        return erased

    @property
    def _folder(self) -> str:
        return f"restricted/letters/{self._round.id}/outbox"

    def _read(self, path: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._context.storage.read(path).decode().splitlines()]

    def claim(self, letter_id: str, now: datetime) -> bool:
        """Take a letter for sending; false where another process has it."""
        return self._context.outbox.claim(self._round.id, letter_id, RETRIED, at=now)

    def note(
        self, letter_ids: Sequence[str], state: LetterState, now: datetime, detail: str | None = None
    ) -> None:
        """Note what became of letters."""
        self._context.outbox.note(self._round.id, letter_ids, state, at=now, detail=detail)
        self._unwritten += letter_ids
        if len(self._unwritten) >= LINES_AT_ONCE:
            self._write_lines()

    def _write_lines(self) -> None:
        changed, self._unwritten = list(dict.fromkeys(self._unwritten)), []
        if changed:
            rows = [
                {name: row[name] for name in _KEPT}
                for row in self._context.outbox.letters(self._round.id, changed)
            ]
            append_lines(self._context.storage, self._round.id, "letters", rows)

    def restore(self) -> int:
        """Put back the letters that were kept and that the database lacks; returns how many."""
        kept: dict[str, Mapping[str, Any]] = {
            row["letter_id"]: row for row in read_lines(self._context.storage, self._round.id, "letters")
        }
        known = {row["letter_id"] for row in self.rows()}
        lacking = [
            {name: row.get(name) for name in _KEPT}
            | {
                "detail": None,
                **{name: datetime.fromisoformat(row[name]) for name in ("made_at", "state_at")},
            }
            for letter_id, row in kept.items()
            if letter_id not in known
        ]
        return self._context.outbox.restore(self._round.id, lacking)


def letter_of(row: Mapping[str, Any], round_: Round) -> Letter:
    """A row of the database as the plan compares it; its day is that of the round's time zone."""
    moment = row["state_at"] if row["state_at"].tzinfo else row["state_at"].replace(tzinfo=UTC)
    return Letter(
        letter_id=row["letter_id"],
        application_id=row["application_id"],
        kind=row["kind"],
        version=row["version"],
        news=row["news"],
        state=row["state"],
        on=moment.astimezone(round_.zone).date(),
        contact=row["contact"],
        corrects=row["corrects"],
    )
