"""What a version means for each application: the one piece of news that its letter tells.

Belongs here: which kind of letter an application gets, and the facts it holds. Must stay out: the words
around the facts (`wording.py`), whether the news was told before (`outbox.py`). Facts come from the
version's tables; where a table says nothing, nothing is said.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime

from programme.letter_vocabulary import LetterKind
from tasks.letters.sources import Contact


@dataclass(frozen=True)
class Point:
    """One rule that is not, or not yet, fulfilled.

    `title` is what it is about, `message` the rule's own sentence, `clause` that of the FAQ, `due` the last
    day of a condition, `remedy` what the city can do for a later call.
    """

    rule: str
    outcome: str
    title: str
    message: str
    clause: str
    due: date | None = None
    remedy: str = ""


@dataclass(frozen=True)
class Partner:
    """One other city of the twinning, as the letter names it.

    `need` and `experience` are on the common topic, 0 to 5, by its own word. `named` says that the reader
    named it as a preferred partner. `contact` is None where it may not be given.
    """

    application_id: str
    city: str
    country: str
    need: int | None
    experience: int | None
    conditional: bool
    named: bool
    contact: Contact | None = None


@dataclass(frozen=True)
class Place:
    """The place in a twinning: topic, partners, the reader's own need and experience, and shared hours.

    `shared_minutes` is the least of a working day that any two of its cities share; None where not known.
    """

    twinning_id: str
    topic: str
    partners: tuple[Partner, ...]
    need: int | None
    experience: int | None
    shared_minutes: int | None


@dataclass(frozen=True)
class News:
    """What one application is told.

    `city` is empty where no name is known. `points` are open rules (of kinds with rules). `waiting_place` is
    its place among the `waiting` that could follow, None where it cannot be told; `waiting_with` others
    share it. `reason` is why it was not
    placed, with its `reason_kind`; `advice` what would have sufficed. `preferences` say what became of
    preferred partners. `stands` is the form in the place of a superseded one, `received` when a late form
    came, `lacking` what a form set aside does not say. `declined` says that it was withdrawn because its city
    declined the place.
    """

    application_id: str
    kind: LetterKind
    city: str
    contact: Contact
    place: Place | None = None
    points: tuple[Point, ...] = ()
    also_open: tuple[Point, ...] = ()
    waiting_place: int | None = None
    waiting: int = 0
    waiting_with: int = 0
    reason_kind: str = ""
    reason: str = ""
    advice: tuple[str, ...] = ()
    preferences: tuple[str, ...] = ()
    stands: str | None = None
    received: datetime | None = None
    lacking: tuple[str, ...] = ()
    declined: bool = False

    @property
    def contacts_of(self) -> list[str]:
        """The applications whose contact the letter holds: its own, and those of partners that are given."""
        partners = self.place.partners if self.place else ()
        return [self.application_id, *(one.application_id for one in partners if one.contact)]

    @property
    def id(self) -> str:
        """The news by its facts, 16 hex digits: what is equal need not be told again.

        Counts, the wording and dates that move with the day of sending are no news.
        """
        facts = {
            "application": self.application_id,
            "kind": self.kind,
            "place": _place_facts(self.place),
            "points": [[point.rule, point.outcome, point.message, str(point.due)] for point in self.points],
            "waiting_place": self.waiting_place,
            "reason": self.reason_kind,
            "stands": self.stands,
            "lacking": self.lacking,
        }
        written = json.dumps(facts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(written.encode("utf-8", errors="surrogatepass")).hexdigest()[:16]


def _place_facts(place: Place | None) -> list[object] | None:
    if place is None:
        return None
    partners = [
        [one.application_id, one.conditional, one.contact and [one.contact.name, one.contact.address]]
        for one in place.partners
    ]
    return [place.twinning_id, place.topic, partners]
