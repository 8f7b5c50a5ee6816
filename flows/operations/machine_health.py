"""Whether the machine can do the work: disk, clock, time zone, mail, libraries; facts become lines.

Belongs here: what is fine, what a person should look at, and what is broken. It is pure: the moment is an
argument. Must stay out: looking (`machine_facts.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.operations.line import Line, NoAnswer, broken, fine, look

DISK_FULL, DISK_LOW = 500 * 1024**2, 5 * 1024**3
"""A run writes some ten megabytes, and a machine with no disk left loses its database's journal."""
CLOCK_OFF, CLOCK_WRONG = timedelta(seconds=30), timedelta(minutes=5)
"""A deadline is a matter of seconds; five minutes is what keys and certificates bear at most."""


@dataclass(frozen=True)
class DiskFacts:
    """One place and the bytes that are free there."""

    place: str
    n_free: int


@dataclass(frozen=True)
class ClockFacts:
    """This machine's clock against others.

    `ahead` is how much it is ahead of the server's (None: nobody was asked); `last_noted` the newest moment
    that a run noted (UTC); `zone` the machine's time zone.
    """

    zone: str
    ahead: timedelta | None = None
    last_noted: datetime | None = None


@dataclass(frozen=True)
class MailFacts:
    """The mail server: its name, or None where none is set; what speaks against using it."""

    host: str | None
    problems: tuple[str, ...] = ()
    no_answer: str | None = None


@dataclass(frozen=True)
class LibraryFacts:
    """The libraries as locked and as installed: name, locked version, installed one (None: not there).

    `n_locked` is how many the lock names for this machine; 0 where the lock is not beside the program.
    """

    python: tuple[int, int]
    n_locked: int
    others: tuple[tuple[str, str, str | None], ...] = ()


SUPPORTED_PYTHON = ((3, 11), (3, 14))


def disk_lines(facts: Iterable[DiskFacts] | NoAnswer) -> list[Line]:
    """The lines about free space."""
    if isinstance(facts, NoAnswer):
        return [look("disk", facts.why, "See that the folder can be read.")]
    return [_disk(one) for one in facts]


def _disk(disk: DiskFacts) -> Line:
    found, remedy = f"{disk.n_free / 1024**3:.1f} GB free at {disk.place}", "Make room on that disk."
    if disk.n_free < DISK_FULL:
        return broken("disk", found, remedy)
    return look("disk", found, remedy) if disk.n_free < DISK_LOW else fine("disk", found)


def clock_line(facts: ClockFacts | NoAnswer, now: datetime) -> Line:
    """The line about clock and time zone."""
    if isinstance(facts, NoAnswer):
        return look("clock", facts.why, "See that the machine's clock is right.")
    remedy = "Set the clock, and let it be kept (timedatectl set-ntp true)."
    if facts.last_noted is not None and facts.last_noted - now > CLOCK_OFF:
        found = f"it is {now:%Y-%m-%d %H:%M} UTC here, and a run noted {facts.last_noted:%Y-%m-%d %H:%M} UTC"
        return broken("clock", found, remedy)
    here = f"{now:%Y-%m-%d %H:%M} UTC, time zone {facts.zone}"
    if facts.ahead is None:
        return fine("clock", here)
    seconds = int(facts.ahead.total_seconds())
    found = f"{here}; {abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} the server"
    if abs(facts.ahead) > CLOCK_WRONG:
        return broken("clock", found, remedy)
    return look("clock", found, remedy) if abs(facts.ahead) > CLOCK_OFF else fine("clock", here)


def mail_line(facts: MailFacts | NoAnswer) -> Line:
    """The line about the mail server."""
    if isinstance(facts, NoAnswer):
        return broken("mail", facts.why, "Correct CITY2CITY_SMTP_HOST and the settings beside it.")
    if facts.problems:
        return broken("mail", " ".join(facts.problems), "Correct these settings.")
    if facts.host is None:
        remedy = "Set CITY2CITY_SMTP_HOST, or write letters as files (city2city letters ROUND --eml DIR)."
        return look("mail", "no mail server is set: neither letters nor alarms are sent", remedy)
    if facts.no_answer:
        remedy = "Correct CITY2CITY_SMTP_HOST and the settings beside it, or wait for the server."
        return broken("mail", f"{facts.host} cannot be used: {facts.no_answer}", remedy)
    return fine("mail", f"{facts.host} takes letters")


def library_lines(facts: LibraryFacts | NoAnswer) -> list[Line]:
    """The lines about Python and the locked libraries."""
    if isinstance(facts, NoAnswer):
        return [look("libraries", facts.why, "Install the locked ones: make setup")]
    first, last = SUPPORTED_PYTHON
    version = ".".join(str(part) for part in facts.python)
    lines = []
    if not first <= facts.python <= last:
        lines.append(broken("python", f"Python {version}", "Use Python 3.11 to 3.14."))
    remedy = "Install the locked ones: make setup"
    if not facts.n_locked:
        found = f"Python {version}; requirements.lock is not beside the program"
        return [*lines, look("libraries", found, remedy)]
    if facts.others:
        told = ", ".join(f"{name} {has or 'missing'} (locked {want})" for name, want, has in facts.others[:5])
        more = f" and {len(facts.others) - 5} more" if len(facts.others) > 5 else ""
        return [*lines, broken("libraries", f"not as locked: {told}{more}", remedy)]
    return [*lines, fine("libraries", f"Python {version}; all {facts.n_locked} are as locked")]
