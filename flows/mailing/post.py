"""The post of a round on one day: its letters, what is due, and the ways they go out.

Belongs here: the order of composing, keeping and handing over. Must stay out: what is printed
(`commands/letters.py`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from flows.context import AppContext
from flows.mailing.compose import Composed, Composer
from flows.mailing.gather import ApprovedRound
from flows.mailing.letterbox import Letterbox
from flows.mailing.mail_settings import MailSettings
from flows.mailing.send import Sender, Sent, with_message
from programme.problems import problem
from tasks.letters.news import News
from tasks.letters.outbox import Due, Plan, plan_letters
from tasks.letters.preview import Shown, preview_page
from tasks.letters.results import news_of_version
from warehouse.escapes import file_names


@dataclass(frozen=True)
class Post:
    """The letters of an approved version, as they stand at a moment."""

    context: AppContext
    approved: ApprovedRound
    box: Letterbox
    now: datetime

    @cached_property
    def news(self) -> list[News]:
        """What each application is told."""
        return news_of_version(self.approved.sources)

    @cached_property
    def plan(self) -> Plan:
        """Who still has to be told."""
        return plan_letters(self.approved.round.id, self.news, self.box.letters())

    @cached_property
    def composer(self) -> Composer:
        """Writes the letters; made once, because it tries every template."""
        return Composer(self.context, self.approved, self.now)

    def composed(self, *, as_drafts: bool = False) -> list[Composed]:
        """Every letter that is due, kept in the outbox, with its message where there can be one."""
        letters = [self.composer.compose(due, as_draft=as_drafts) for due in self.plan.due]
        self.box.make(letters, self.approved.approved.version, self.now)
        self.box.keep_messages(letters, self.now)
        for state in ("no_address", "refused"):
            some = [one for one in letters if one.state == state]
            for detail in {one.detail for one in some}:
                ids = [one.due.letter_id for one in some if one.detail == detail]
                self.box.note(ids, state, self.now, detail)
        self.box.note([one.letter_id for one in self.plan.replaced], "replaced", self.now)
        return letters

    def export(self, folder: Path) -> list[Composed]:
        """Write every letter that is due as a file into a folder, and note that the office has it.

        Raises `ProblemsError` where the folder cannot be written; then nothing is noted.
        """
        letters = with_message(self.composed(as_drafts=True))
        names = file_names([one.due.news.application_id for one in letters], ".eml")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for one in letters:
                _write_private(folder / names[one.due.news.application_id], one.message)
        except OSError as error:
            raise problem(
                found=error.strerror or str(error),
                expected="a folder that can be written",
                where=f"--eml {folder}",
                remedy="Correct the path; no letter counts as sent.",
            ) from error
        self.box.note([one.due.letter_id for one in letters], "exported", self.now)
        return letters

    def send(self, settings: MailSettings, pause: Callable[[float], None] = time.sleep) -> Sent:
        """Send every letter that is due."""
        letters = with_message(self.composed())
        sender = Sender(settings, self.box, pause=pause)
        return sender.send(self.context.programme.letters.from_address, letters)

    def preview(self) -> bytes:
        """All letters of the version on one page."""
        due = {one.news.application_id: one for one in self.plan.due}
        shown = [self._shown(news, due.get(news.application_id)) for news in self.news]
        round_, version = self.approved.round, self.approved.approved.version
        said = f"Version {version}; {len(due)} of these letters are to be sent."
        return preview_page(f"Letters of {round_.title} ({round_.id})", said, shown).encode()

    def _shown(self, news: News, due: Due | None) -> Shown:
        letter = due or Due("", news)
        return Shown(
            news.application_id,
            news.kind,
            news.city,
            f"{news.contact.name} <{news.contact.address}>" if news.contact.address else "no usable address",
            self.composer.subject(letter),
            self.composer.html(letter),
            self._note(news, due),
        )

    def _note(self, news: News, due: Due | None) -> str:
        if due is None:
            told = any(one.application_id == news.application_id for one in self.plan.told)
            return "told already" if told else "waits for a person"
        if news.contact.address is None:
            return "cannot be sent: no usable address"
        return "correction" if due.corrects else "to be sent"

    def still_unsure(self) -> Sequence[str]:
        """The letters whose sending was cut short, each once."""
        return list(dict.fromkeys(one.letter_id for one in self.plan.unsure))


def _write_private(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
