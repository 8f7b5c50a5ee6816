"""From the approved version of a round to letters that are ready to be sent.

Belongs here: bringing news, wording and outbox together into messages. Must stay out: what a letter says
(`tasks/letters`), keeping letters (`letterbox.py`) and sending them (`send.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flows.context import AppContext
from flows.mailing.gather import ApprovedRound, frame_of
from programme.letter_templates import read_templates
from programme.letter_vocabulary import LetterState
from programme.letters import LetterWording
from tasks.letters.frame import Correction, Frame
from tasks.letters.message import Mail, Mailbox, RefusedMessageError, build_message
from tasks.letters.news import News
from tasks.letters.outbox import Due, message_id
from tasks.letters.wording import LetterTemplates


@dataclass(frozen=True)
class Composed:
    """One letter that is ready: its text, and the message, or why there is none (`state`, `detail`)."""

    due: Due
    text: str
    state: LetterState
    message_id: str
    message: bytes = b""
    detail: str | None = None

    @property
    def text_sha256(self) -> str:
        """The hash of the text, by which a letter is known to say what was kept."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class Composer:
    """Composes the letters of one round on one day."""

    def __init__(self, context: AppContext, approved: ApprovedRound, now: datetime) -> None:
        self._templates = LetterTemplates(read_templates(context.settings.programme))
        self._wording = context.programme.letters
        self._round = approved.round
        self._frame = frame_of(context, approved.round, now)
        self._now = now

    def compose(self, due: Due, *, as_draft: bool = False) -> Composed:
        """The letter with its message; without one where there is no address, or no safe message.

        A draft is opened by mail programs as one that is still to be sent.
        """
        news, frame = due.news, self.frame(due)
        text = self._templates.text(news, frame)
        sender = self._wording.from_address
        started = Composed(due, text, "waiting", message_id(self._round.id, due.letter_id, sender))
        if news.contact.address is None:
            return replace(started, state="no_address")
        mail = Mail(
            subject=self.subject(due),
            sender=Mailbox(self._wording.from_name, sender),
            reply_to=Mailbox("", self._wording.reply_to),
            to=Mailbox(news.contact.name, news.contact.address),
            text=text,
            html=self._templates.html(news, frame),
            message_id=started.message_id,
            date=self._now,
            draft=as_draft,
        )
        try:
            return replace(started, message=build_message(mail))
        except RefusedMessageError as error:
            return replace(started, state="refused", detail=str(error))

    def subject(self, due: Due) -> str:
        """The subject; that of a correction says so."""
        subject = subject_of(due.news, self._frame, self._wording)
        return f"{self._wording.results.correction}{subject}" if due.corrects else subject

    def html(self, due: Due) -> str:
        """The letter as a page shows it."""
        return self._templates.html(due.news, self.frame(due))

    def frame(self, due: Due) -> Frame:
        """The frame of a letter; of a correction it names the letter before."""
        return replace(self._frame, correction=self._correction(due))

    def _correction(self, due: Due) -> Correction | None:
        letter = due.corrects
        if letter is None:
            return None
        said: Mapping[str, str] = dict(self._wording.results.said.items())
        return Correction(letter.on, said[letter.kind], same=letter.kind == due.news.kind)


def subject_of(news: News, frame: Frame, wording: LetterWording) -> str:
    """The subject of a letter, with the number of its application."""
    for_city = wording.of_city(news.city)["for_city"]
    fields = {"round": frame.round, "for_city": for_city, "application": news.application_id}
    return wording.results.subjects[news.kind].format(**fields)
