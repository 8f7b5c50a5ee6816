"""Sessions: from a link that is good once to a person who is signed in.

Belongs here: making, finding and ending them. They live in this process alone: when the desk ends, everybody
is signed out. Must stay out: requests and cookies (`guard.py`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

from desk.access.people import Person

LINK_LASTS = timedelta(hours=12)
SESSION_LASTS = timedelta(hours=12)
"""How long a session lasts after its last request: a working day."""


@dataclass
class Session:
    """A person who is signed in.

    `token` is the secret of the cookie (empty where the office's sign-on names the person in each request),
    `form_token` what every form of this session must carry. `told` is what the next page says of the last
    action.
    """

    person: Person
    token: str
    form_token: str
    last_seen: datetime
    told: list[Told] = field(default_factory=list)

    def tell(self, told: Told) -> None:
        """Let the next page say something."""
        self.told.append(told)

    def take_told(self) -> list[Told]:
        """What is to be said now; it is said once."""
        said, self.told = self.told, []
        return said


@dataclass(frozen=True)
class Told:
    """What a page says of the last action: a sentence, further ones, and a decision that can be undone."""

    text: str
    more: tuple[str, ...] = ()
    undo: str | None = None
    round_id: str = ""
    tone: str = "good"


def _now() -> datetime:
    return datetime.now(UTC)


class Sessions:
    """The links that were made and the sessions that are open."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self._clock = clock
        self._links: dict[str, tuple[Person, datetime]] = {}
        self._sessions: dict[str, Session] = {}
        self._by_name: dict[str, Session] = {}
        self._lock = Lock()

    def invite(self, person: Person) -> str:
        """A ticket with which that person can sign in, once."""
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            self._links[ticket] = (person, self._clock() + LINK_LASTS)
        return ticket

    def redeem(self, ticket: str) -> Session | None:
        """Sign in with a ticket; None where it is unknown, used or too old."""
        with self._lock:
            person, until = self._links.pop(ticket, (None, self._clock()))
            if person is None or self._clock() > until:
                return None
            session = self._new(person, secrets.token_urlsafe(32))
            self._sessions[session.token] = session
            return session

    def find(self, token: str) -> Session | None:
        """The session of a cookie; None where it is unknown or has ended."""
        with self._lock:
            session = self._sessions.get(token)
            return None if session is None else self._fresh(session)

    def named(self, person: Person) -> Session:
        """The session of a person whom the office's sign-on names."""
        with self._lock:
            session = self._by_name.get(person.name)
            if session is None or session.person != person or self._fresh(session) is None:
                session = self._by_name[person.name] = self._new(person, "")
            return session

    def end(self, session: Session) -> None:
        """Sign somebody out."""
        with self._lock:
            self._sessions.pop(session.token, None)
            self._by_name.pop(session.person.name, None)

    def _new(self, person: Person, token: str) -> Session:
        return Session(person, token, secrets.token_urlsafe(32), self._clock())

    def _fresh(self, session: Session) -> Session | None:
        now = self._clock()
        if now - session.last_seen > SESSION_LASTS:
            self._sessions.pop(session.token, None)
            self._by_name.pop(session.person.name, None)
            return None
        session.last_seen = now
        return session
