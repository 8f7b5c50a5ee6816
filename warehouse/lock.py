"""The lock that lets one run of a round work at a time.

Belongs here: taking and releasing the lock. The operating system or Postgres holds it, so it goes with a
killed process; no file has to be removed by hand. Must stay out: what is done under it. (Prefect's own limit
does not serve: it lets the last submitted run win, and only for runs of a deployment.)
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from programme.problems import Problem, ProblemsError, problem


class LockTakenError(ProblemsError):
    """The lock is held by another; `holder` says by whom and since when."""

    def __init__(self, round_id: str, holder: str) -> None:
        self.holder = holder
        expected = "one run of a round at a time"
        remedy = "Wait for it to end; if its process is dead, the lock is free the moment it is."
        super().__init__([Problem(f"a run of it at work: {holder}", expected, f"round {round_id}", remedy)])


def is_on_server(database_url: str) -> bool:
    """Whether the lock is in a Postgres database, and not in a file of this machine."""
    return database_url.partition(":")[0].partition("+")[0] in ("postgres", "postgresql")


@contextmanager
def round_lock(
    round_id: str, *, database_url: str, folder: Path, holder: str, since: datetime
) -> Iterator[None]:
    """Hold the round's lock for the length of the block.

    With a Postgres database the lock is in the database and holds for every machine that uses it; otherwise
    it is a file in `folder` and holds for every process of this machine. Whoever finds the lock taken reads
    `holder` (who or what runs, without personal data) and `since`.

    Raises `LockTakenError` at once where it is taken; it does not wait, because the schedule runs again.
    """
    with (
        _server_lock(round_id, database_url, holder)
        if is_on_server(database_url)
        else _file_lock(round_id, folder, holder, since)
    ):
        yield


@contextmanager
def _file_lock(round_id: str, folder: Path, holder: str, since: datetime) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The file is never removed: a process might hold a lock on the removed file while another makes a new
    # one.
    handle = os.open(folder / f"round-{round_id}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockTakenError(round_id, _read_holder(handle)) from error
        _write_holder(handle, {"holder": holder, "since": since.isoformat(timespec="seconds")})
        try:
            yield
        finally:
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _write_holder(handle: int, holder: dict[str, str]) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, json.dumps(holder).encode(), 0)


def _read_holder(handle: int) -> str:
    try:
        holder = json.loads(os.pread(handle, 4096, 0))
    except ValueError:
        return "another run (it has just begun)"
    return f"{holder['holder']}, since {holder['since']}"


@contextmanager
def _server_lock(round_id: str, database_url: str, holder: str) -> Iterator[None]:
    import psycopg  # noqa: PLC0415  (only where the database is Postgres)

    scheme, _, rest = database_url.partition("://")
    key = int.from_bytes(
        hashlib.sha256(f"city2city round {round_id}".encode()).digest()[:8], "big", signed=True
    )
    # Postgres keeps 63 bytes of the name, and shows them to whoever finds the lock taken.
    name = f"city2city {holder}"[:60]
    # Keepalives: the connection is silent for as long as the run takes, and the lock lives as long as it.
    try:
        connection = psycopg.connect(
            f"postgresql://{rest}",
            autocommit=True,
            application_name=name,
            keepalives_idle=30,
            connect_timeout=15,
        )
    except psycopg.OperationalError as error:
        raise problem(
            found=str(error).strip().splitlines()[0],
            expected=f"a database that answers ({scheme})",
            where="the warehouse database",
            remedy="Check CITY2CITY_DATABASE_URL and the server.",
        ) from error
    with connection:
        if not connection.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone() == (True,):
            raise LockTakenError(round_id, _server_holder(connection, key))
        try:
            yield
        finally:
            # A server notices only a moment later that a connection was closed; whoever comes next is not
            # refused because of that.
            with suppress(psycopg.Error):
                connection.execute("SELECT pg_advisory_unlock(%s)", (key,))


def _server_holder(connection: object, key: int) -> str:
    row = connection.execute(  # type: ignore[attr-defined]
        "SELECT application_name, backend_start FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE locktype = 'advisory' AND granted"
        " AND classid::bigint = %s AND objid::bigint = %s AND objsubid = 1",
        (key >> 32 & 0xFFFFFFFF, key & 0xFFFFFFFF),
    ).fetchone()
    return (
        f"{row[0].removeprefix('city2city ')}, since {row[1].isoformat(timespec='seconds')}"
        if row
        else "a run that has just ended"
    )
