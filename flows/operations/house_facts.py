"""Looking at what is kept: rules, database, storage, keys, caches, locks, backups.

Belongs here: looking, and leaving everything as it was. Must stay out: whether it is good
(`house_health.py`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from flows.context import AppContext
from flows.evaluation.key import KEY_FILE, workbook_key
from flows.kept_decisions import kept_decisions
from flows.operations.house_health import (
    CacheFacts,
    DatabaseFacts,
    KeyFacts,
    LockFacts,
    RulesFacts,
    StorageFacts,
)
from flows.run_record import holder_of
from flows.signing import has_key, key_path
from programme.problems import ProblemsError, problem
from programme.programme import read_programme
from tasks.decisions.approvals import pinned_version
from tasks.decisions.confirmations import decisions_in_force
from warehouse.backups import last_backup
from warehouse.database.connection import HEAD
from warehouse.database.plain_query import ask
from warehouse.signing.keys import read_key
from warehouse.snapshots import latest_version

PROBE = b"written by city2city doctor; it may be deleted"
OTHERS = 0o077
PRIVATE = ("restricted", "prefect")


def rules_facts(context: AppContext) -> RulesFacts:
    """Whether the rules can be read, and which rounds are pinned."""
    place = str(context.settings.programme)
    try:
        read_programme(context.settings.programme)
    except ProblemsError as error:
        return RulesFacts(place, tuple(str(item) for item in error.problems))
    pins = ((round_.id, _pin(context, round_.id)) for round_ in context.rounds.rounds)
    return RulesFacts(place, (), tuple((round_id, pin) for round_id, pin in pins if pin is not None))


def _pin(context: AppContext, round_id: str) -> int | None:
    """The version that a round is pinned to, by the kept decisions alone: the version may be damaged."""
    in_force = decisions_in_force(kept_decisions(context, round_id, by_version=False))
    return pinned_version(in_force, round_id, latest_version(context.storage, round_id))


def database_facts(context: AppContext) -> DatabaseFacts:
    """The step of the migrations that the warehouse database is at; it is neither made nor migrated."""
    address = context.settings.database_url
    rows = ask(address, "alembic_version", "SELECT version_num FROM alembic_version")
    step = str(rows[0][0]) if rows else None
    if not address.startswith("sqlite:///"):
        return DatabaseFacts("Postgres", exists=True, step=step, newest=HEAD)
    path = Path(address.removeprefix("sqlite:///"))
    mode = path.stat().st_mode & 0o777 if path.exists() else 0
    seen = f"{mode:04o}" if mode & OTHERS else None
    return DatabaseFacts("SQLite", exists=path.exists(), step=step, newest=HEAD, open_to_others=seen)


def storage_facts(context: AppContext) -> StorageFacts:
    """Whether the storage can be written, read and cleared; a file of ours is written and removed."""
    settings, storage = context.settings, context.storage
    if settings.data_folder is not None and not settings.data_folder.exists():
        return StorageFacts(settings.data, exists=False)
    path = f"doctor-{uuid4().hex}"
    storage.write(path, PROBE, private=True)
    try:
        same = storage.read(path) == PROBE
    finally:
        storage.delete(path)
    if not same:
        raise problem(
            found="other bytes than were written",
            expected="the same bytes",
            where=storage.address,
            remedy="Look at the disk or the bucket.",
        )
    return StorageFacts(storage.address, open_to_others=tuple(_open_to_others(settings.data_folder)))


def _open_to_others(folder: Path | None) -> Iterator[str]:
    """The private places of a data folder that other users of the machine may read."""
    for name in PRIVATE if folder is not None else ():
        path = Path(str(folder)) / name
        if path.is_dir() and path.stat().st_mode & OTHERS:
            yield str(path)
    keys = Path(str(folder)) / "restricted" / "keys"
    if folder is not None and keys.is_dir():
        for path in sorted(keys.iterdir()):
            if path.is_file() and path.suffix != ".pub" and path.stat().st_mode & OTHERS:
                yield str(path)


def key_facts(context: AppContext) -> list[KeyFacts]:
    """Whether the office's keys are there and can be used; none is made."""
    return [_signing_key(context), _workbook_key(context)]


def _signing_key(context: AppContext) -> KeyFacts:
    what, make = "signing key", "Approvals are not signed. To sign them: city2city keys new"
    named = context.settings.signing_key
    if named is None and context.settings.data_folder is None:
        return KeyFacts(what, "CITY2CITY_SIGNING_KEY names none", found=False, make=make)
    path = key_path(context)
    if not has_key(context):
        fault = None if named is None else "CITY2CITY_SIGNING_KEY names it, and it is not there"
        return KeyFacts(what, str(path), found=False, fault=fault, make=make)
    try:
        read_key(path)
    except ProblemsError as error:
        return KeyFacts(what, str(path), found=True, fault=error.problems[0].found)
    return KeyFacts(what, str(path), found=True)


def _workbook_key(context: AppContext) -> KeyFacts:
    what, given = "workbook key", context.settings.workbook_key
    place = "CITY2CITY_WORKBOOK_KEY" if given else f"{context.storage.address.rstrip('/')}/{KEY_FILE}"
    if not given and not context.storage.exists(KEY_FILE):
        return KeyFacts(what, place, found=False, make="city2city assign ROUND makes it.")
    try:
        workbook_key(context)
    except ProblemsError as error:
        return KeyFacts(what, place, found=True, fault=error.problems[0].found)
    return KeyFacts(what, place, found=True)


def cache_facts(context: AppContext) -> CacheFacts:
    """The folder of caches; it is not made."""
    folder = context.settings.cache
    if not folder.exists():
        return CacheFacts(str(folder), None)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise problem(
            found="no folder that may be written",
            expected="a folder that can be written",
            where=f"the cache folder {folder}",
            remedy="Correct CITY2CITY_CACHE, or its permissions.",
        )
    return CacheFacts(str(folder), sum(path.stat().st_size for path in folder.iterdir() if path.is_file()))


def lock_facts(context: AppContext) -> list[LockFacts]:
    """Who holds which round."""
    facts = []
    for round_ in context.rounds.rounds:
        holder = holder_of(context, round_.id)
        facts.append(LockFacts(round_.id, holder, None if holder is None else _since(holder)))
    return facts


def _since(holder: str) -> datetime | None:
    """The moment that a lock's holder names last; None where it names none."""
    try:
        moment = datetime.fromisoformat(holder.rpartition("since ")[2])
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def has_versions(context: AppContext) -> bool:
    """Whether anything is published that could be lost."""
    return any(latest_version(context.storage, round_.id) is not None for round_ in context.rounds.rounds)


def last_backup_of(context: AppContext) -> datetime | None:
    """When the last backup was made; None where none is recorded."""
    return last_backup(context.storage)
