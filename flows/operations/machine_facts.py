"""Looking at the machine: free space, clock, time zone, the mail server, the installed libraries.

Belongs here: looking. Must stay out: whether it is good (`machine_health.py`).
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path

from flows.context import AppContext
from flows.mailing.mail_settings import mail_settings
from flows.mailing.smtp import MailServer, UnusableServerError
from flows.operations.machine_health import ClockFacts, DiskFacts, LibraryFacts, MailFacts
from programme.problems import ProblemsError
from warehouse.database.last_run import last_run

LOCK = Path(__file__).parents[2] / "requirements.lock"
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+) *(;)?", re.MULTILINE)
MAIL_TIMEOUT_S = "5"


def disk_facts(context: AppContext) -> list[DiskFacts]:
    """The free space where the data and the caches are; one line where that is one disk."""
    places = [context.settings.data_folder, context.settings.cache]
    free: dict[int, DiskFacts] = {}
    for place in places:
        if place is None:
            continue
        there = next(path for path in (place.absolute(), *place.absolute().parents) if path.exists())
        free.setdefault(there.stat().st_dev, DiskFacts(str(place), shutil.disk_usage(there).free))
    return list(free.values())


def clock_facts(context: AppContext, ahead: timedelta | None) -> ClockFacts:
    """The clock's zone, and the newest moment that a run noted.

    `ahead` is how far the clock is from the server's.
    """
    here = datetime.now().astimezone()
    noted = [
        found[0]
        for round_ in context.rounds.rounds
        if (found := last_run(context.settings.database_url, round_.id)) is not None
    ]
    return ClockFacts(f"{here:%Z} ({here:%z})", ahead, max(noted, default=None))


def mail_facts(variables: Mapping[str, str]) -> MailFacts:
    """Whether the mail server answers and lets us in; no letter is sent."""
    if not variables:
        return MailFacts(None)
    try:
        settings = mail_settings({**variables, "TIMEOUT": MAIL_TIMEOUT_S})
    except ProblemsError as error:
        return MailFacts(None, tuple(f"{item.where}: {item.found}." for item in error.problems))
    try:
        with MailServer(settings):
            return MailFacts(settings.host)
    except UnusableServerError as error:
        return MailFacts(settings.host, no_answer=str(error))


def library_facts(lock: Path = LOCK) -> LibraryFacts:
    """The installed libraries against the lock.

    A library that is locked for some machines alone need not be here; one that is here is of a locked
    version.
    """
    python = (sys.version_info[0], sys.version_info[1])
    if not lock.is_file():
        return LibraryFacts(python, 0)
    versions: dict[str, set[str]] = {}
    needed: set[str] = set()
    for name, version, conditional in _LOCKED.findall(lock.read_text("utf-8")):
        versions.setdefault(_plain(name), set()).add(version)
        needed |= set() if conditional else {_plain(name)}
    here = {_plain(one.metadata["Name"]): one.version for one in metadata.distributions()}
    others = [
        (name, " or ".join(sorted(locked)), here.get(name))
        for name, locked in sorted(versions.items())
        if (name in here and here[name] not in locked) or (name in needed and name not in here)
    ]
    return LibraryFacts(python, len(needed | (set(versions) & set(here))), tuple(others))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
