"""A mail server that keeps what it took outside the process that may be killed.

Belongs here: the other end of `flows.mailing.smtp`, and choosing a few letters, since each is like the next.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flows.context import AppContext
from flows.mailing import post
from flows.mailing.gather import gather_letters, refuse_stale
from flows.mailing.letterbox import Letterbox
from flows.mailing.mail_settings import MailSettings
from flows.mailing.smtp import Outcome
from flows.run_record import hold_round
from programme.rounds import Round

LETTERS = 4
"""How many letters a story sends."""
Deliver = Callable[[Callable[[], None]], None]


class MailFaultError(Exception):
    """The mail server failed; `done` says whether it has the letter nevertheless."""

    def __init__(self, *, done: bool) -> None:
        super().__init__()
        self.done = done


class Server:
    """Takes letters and appends the number of each to a file."""

    deliver: Deliver = staticmethod(lambda take: take())
    """How a letter is handed over; an attack puts its own way here."""

    def __init__(self, folder: Path) -> None:
        self._file, self.ready = folder / "sent", False

    def __call__(self, _settings: MailSettings) -> Server:
        return self

    def connect(self) -> None:
        self.ready = True

    def close(self) -> None:
        self.ready = False

    def send(self, _sender: str, recipient: str, message: bytes) -> Outcome:
        def take() -> None:
            line = f"{message_from_bytes(message)['Message-ID']} {recipient}\n"
            handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                if os.write(handle, line.encode()) < len(line.encode()):
                    raise MailFaultError(done=False)  # its disk is full too
            except OSError as error:
                raise MailFaultError(done=False) from error
            finally:
                os.close(handle)

        try:
            Server.deliver(take)
        except MailFaultError as fault:
            return Outcome(
                "unknown" if fault.done else "not_sent", "the connection was lost", connected=False
            )
        return Outcome("sent")


def sent(folder: Path) -> list[str]:
    """What the server took, one line a letter."""
    path = folder / "sent"
    return path.read_text().splitlines() if path.exists() else []


@contextmanager
def _a_few() -> Iterator[None]:
    """Inside, only the letters of the first applications are due."""
    original = post.plan_letters

    def plan(round_id: str, news: list[Any], letters: list[Any]) -> Any:
        first = sorted(one.application_id for one in news if one.contact.address)[:LETTERS]
        whole = original(round_id, news, letters)
        return replace(whole, due=[one for one in whole.due if one.news.application_id in first])

    with patch.object(post, "plan_letters", plan):
        yield


def send_letters(context: AppContext, round_: Round, folder: Path) -> None:
    """Send what is due, as `city2city letters --send` does."""
    now = datetime.now(UTC)
    with (
        patch("flows.mailing.send.MailServer", Server(folder)),
        _a_few(),
        hold_round(context, round_.id, "letters"),
        Letterbox(context, round_) as box,
    ):
        gathered = gather_letters(context, round_.id)
        refuse_stale(context, gathered.approved)
        letters = post.Post(context, gathered, box, now)
        letters.send(MailSettings("mail.example.org", per_minute=0), pause=lambda _: None)
