"""Sending the letters that are due, one after the other, so that none is sent twice.

Belongs here: the order of claiming, sending and noting; how often a server is tried, and how fast. Must stay
out: SMTP itself (`smtp.py`) and which letters are due (`tasks/letters/outbox.py`).

A letter is claimed before it is handed over and noted after. What ends between the two leaves it as
`sending`: nobody sends it again until a person has found out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flows.console import report_step
from flows.mailing.compose import Composed
from flows.mailing.letterbox import Letterbox
from flows.mailing.mail_settings import MailSettings
from flows.mailing.smtp import MailServer, Outcome, UnusableServerError
from programme.letter_vocabulary import LetterState

TRIES = 3
"""How often a server is asked again where it may be better later."""
WAIT = 2.0
"""Seconds before the second try; each further one waits twice as long."""
MOST_UNSURE = 2
"""After so many letters in a row of which nobody knows whether they arrived, nothing more is sent."""
MOST_PUT_OFF = 5
"""After so many letters in a row that the server puts off, it is asked again another time."""


@dataclass
class Sent:
    """What a sending came to: letters by their ids. `stopped` says why it ended early, None where it did
    not."""

    sent: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    stopped: str | None = None


class Sender:
    """Sends through one server. `now` and `pause` are the clock; tests hand in their own."""

    def __init__(
        self,
        settings: MailSettings,
        box: Letterbox,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings, self._box = settings, box
        self._now, self._pause = now, pause
        self._server = MailServer(settings)
        self._result = Sent()
        self._unsure = self._put_off = 0

    def send(self, sender: str, letters: Sequence[Composed]) -> Sent:
        """Send letters that have a message; whatever happens, each is in one list of the answer."""
        left = list(letters)
        try:
            while left and self._goes_well():
                report_step(f"letter {len(letters) - len(left) + 1} of {len(letters)}")
                if not self._connected():
                    break
                began = time.monotonic()
                self._one(sender, left.pop(0))
                if left and self._settings.per_minute:
                    self._pause(max(0.0, 60 / self._settings.per_minute - (time.monotonic() - began)))
        finally:
            self._result.waiting += [one.due.letter_id for one in left]
            self._server.close()
        return self._result

    def _goes_well(self) -> bool:
        if self._unsure >= MOST_UNSURE:
            self._result.stopped = "it takes letters and does not confirm them"
        elif self._put_off >= MOST_PUT_OFF:
            trouble = "puts letters off" if self._server.ready else "ends the connection"
            self._result.stopped = f"it {trouble}; send the rest later"
        return max(self._unsure // MOST_UNSURE, self._put_off // MOST_PUT_OFF) == 0

    def _connected(self) -> bool:
        """Whether there is a connection; tries for one a few times where that may help."""
        if self._server.ready:
            return True
        for attempt in range(1, TRIES + 1):
            try:
                self._server.connect()
            except UnusableServerError as error:
                self._result.stopped = str(error)
                if not error.passing or attempt == TRIES:
                    return False
                self._pause(WAIT * 2 ** (attempt - 1))
            else:
                self._result.stopped = None
                return True
        return False

    def _one(self, sender: str, letter: Composed) -> None:
        letter_id = letter.due.letter_id
        if not self._box.claim(letter_id, self._now()):
            self._result.elsewhere.append(letter_id)
            return
        outcome = self._tried(sender, letter)
        self._unsure = self._unsure + 1 if outcome.fate == "unknown" else 0
        self._put_off = self._put_off + 1 if outcome.fate == "not_sent" else 0
        if outcome.fate == "sent":
            self._noted(letter_id, "sent", self._result.sent)
        elif outcome.fate == "refused":
            self._noted(letter_id, "failed", self._result.failed, outcome.detail)
        elif outcome.fate == "not_sent":
            self._noted(letter_id, "waiting", self._result.waiting, outcome.detail)
        else:
            # It stays as it was claimed: only a person can find out whether it arrived.
            self._noted(letter_id, "sending", self._result.unsure, outcome.detail)

    def _tried(self, sender: str, letter: Composed) -> Outcome:
        """Hand a letter over, again where the server surely does not have it and may take it later."""
        recipient = str(letter.due.news.contact.address)
        outcome = Outcome("not_sent")
        for attempt in range(1, TRIES + 1):
            if not self._connected():
                return Outcome("not_sent", "no connection", connected=False)
            outcome = self._server.send(sender, recipient, letter.message)
            if outcome.fate != "not_sent":
                break
            if attempt < TRIES:
                self._pause(WAIT * 2 ** (attempt - 1))
        return outcome

    def _noted(self, letter_id: str, state: LetterState, told: list[str], detail: str | None = None) -> None:
        self._box.note([letter_id], state, self._now(), detail)
        told.append(letter_id)


def with_message(letters: Iterable[Composed]) -> list[Composed]:
    """The letters that can be sent."""
    return [one for one in letters if one.state == "waiting"]
