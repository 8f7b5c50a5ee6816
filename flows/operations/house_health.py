"""Whether what is kept is in order: rules, database, storage, keys, caches, backups, locks.

Belongs here: what is fine, what a person should look at, and what is broken: facts become lines. It is pure:
the moment is an argument. Must stay out: looking (`house_facts.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.operations.line import Line, NoAnswer, broken, fine, look

HELD_LONG = timedelta(hours=1)
"""A round of the programme takes less than a minute; a run that holds it for an hour hangs."""
BACKUP_OLD = timedelta(days=7)
BACKUP = "Make one: city2city backup DIR, on another machine or disk."


@dataclass(frozen=True)
class DatabaseFacts:
    """The warehouse database: `kind` (SQLite or Postgres), whether it is there, its step of the migrations
    and the program's, and the mode of its file where others may read it.
    """

    kind: str
    exists: bool
    step: str | None = None
    newest: str = ""
    open_to_others: str | None = None


@dataclass(frozen=True)
class StorageFacts:
    """The storage, which could be written if it exists; `open_to_others` are private places that others may
    read.
    """

    address: str
    exists: bool = True
    open_to_others: tuple[str, ...] = ()


@dataclass(frozen=True)
class KeyFacts:
    """One key: what it is for, where, whether it is there, and what is wrong with it."""

    what: str
    place: str
    found: bool
    fault: str | None = None
    make: str = ""
    """What makes one, and what is lacking as long as there is none."""


@dataclass(frozen=True)
class CacheFacts:
    """The folder of rebuildable caches, which can be written; its size is in bytes, None where it is not
    there yet.
    """

    place: str
    n_bytes: int | None


@dataclass(frozen=True)
class LockFacts:
    """One round's lock: who holds it and since when (UTC), or nobody."""

    round_id: str
    holder: str | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class RulesFacts:
    """The rules: where they are, what is wrong with them, and the rounds pinned to an older version's."""

    place: str
    problems: tuple[str, ...] = ()
    pinned: tuple[tuple[str, int], ...] = ()


def rules_lines(facts: RulesFacts | NoAnswer) -> list[Line]:
    """The lines about the rules and pinned rounds."""
    if isinstance(facts, NoAnswer):
        return [broken("rules", facts.why, "Correct CITY2CITY_PROGRAMME, or the files there.")]
    if facts.problems:
        return [broken("rules", text, "Correct it; every run stops until then.") for text in facts.problems]
    remedy = "Mend what the rollback was for, then: city2city run {} --unpin"
    pins = [
        look(f"pin {round_id}", f"the round is pinned to version {version}", remedy.format(round_id))
        for round_id, version in facts.pinned
    ]
    return [fine("rules", f"read from {facts.place}"), *pins]


def database_line(facts: DatabaseFacts | NoAnswer) -> Line:
    """The line about the warehouse database."""
    if isinstance(facts, NoAnswer):
        return broken("database", facts.why, "Check CITY2CITY_DATABASE_URL and that the database answers.")
    if not facts.exists or facts.step is None:
        remedy = "The first run makes it. If there were runs already, restore it from a backup."
        return look("database", f"{facts.kind}, without our tables", remedy)
    if facts.step > facts.newest:
        found = f"{facts.kind} at step {facts.step}, made by a newer program (this one knows {facts.newest})"
        return broken("database", found, "Install the newer program again.")
    if facts.step < facts.newest:
        found = f"{facts.kind} at step {facts.step} of {facts.newest}"
        return look("database", found, "Make a backup; the next run brings it up to date.")
    if facts.open_to_others:
        found = f"others of this machine may read it ({facts.open_to_others})"
        return look("database", found, "It holds personal data: chmod 600 the file.")
    return fine("database", f"{facts.kind} at step {facts.step}")


def storage_line(facts: StorageFacts | NoAnswer) -> Line:
    """The line about the storage of versions and restricted files."""
    if isinstance(facts, NoAnswer):
        remedy = "Correct CITY2CITY_DATA, the permissions of the folder, or the keys of the bucket."
        return broken("storage", facts.why, remedy)
    if not facts.exists:
        found = f"{facts.address} is not there yet"
        return look("storage", found, "The first run makes it; or name another one with CITY2CITY_DATA.")
    if facts.open_to_others:
        places = ", ".join(facts.open_to_others)
        remedy = "They hold personal data: chmod 700 the folders, chmod 600 the files."
        return look("storage", f"others of this machine may read {places}", remedy)
    return fine("storage", f"{facts.address} can be written, read and cleared")


def key_lines(facts: Iterable[KeyFacts] | NoAnswer) -> list[Line]:
    """The lines about the office's keys."""
    if isinstance(facts, NoAnswer):
        return [broken("keys", facts.why, "See that the data folder can be read.")]
    return [_key(one) for one in facts]


def _key(key: KeyFacts) -> Line:
    if key.fault is not None:
        return broken(
            key.what, f"{key.place}: {key.fault}", "Restore it from its copy, or mend its permissions."
        )
    if not key.found:
        return look(key.what, f"there is none yet ({key.place})", key.make)
    return fine(key.what, f"{key.place} can be used, and is its owner's alone")


def cache_line(facts: CacheFacts | NoAnswer) -> Line:
    """The line about the caches."""
    if isinstance(facts, NoAnswer):
        return broken("caches", facts.why, "Correct CITY2CITY_CACHE, or the permissions of that folder.")
    if facts.n_bytes is None:
        return fine("caches", f"{facts.place} is made when it is needed")
    return fine(
        "caches", f"{facts.place}, {facts.n_bytes / 1024**2:.0f} MB; it can be deleted and made again"
    )


def lock_line(facts: LockFacts, now: datetime) -> Line:
    """The line about a round's lock."""
    what = f"lock {facts.round_id}"
    if facts.holder is None:
        return fine(what, "free")
    found = f"held by {facts.holder}"
    if facts.since is not None and now - facts.since > HELD_LONG:
        remedy = "A run takes minutes. See what that process does, and end it; the lock is then free."
        return look(what, found, remedy)
    return fine(what, found)


def backup_line(last: datetime | NoAnswer | None, now: datetime, *, versions: bool) -> Line:
    """The line about the last backup; `versions`: there is something published that could be lost."""
    if isinstance(last, NoAnswer):
        return look("backup", last.why, BACKUP)
    if last is None:
        return (
            look("backup", "none is recorded", BACKUP) if versions else fine("backup", "nothing to lose yet")
        )
    days = (now - last).days
    found = f"the last one is of {last:%Y-%m-%d %H:%M} UTC"
    return (
        look("backup", f"{found}, {days} days ago", BACKUP)
        if now - last > BACKUP_OLD
        else fine("backup", found)
    )
