"""Every call that changes the world, counted, and disturbed at a chosen one.

Belongs here: the calls (of a folder, a bucket, the database, a mail server), and the ways to disturb one:
killed before it, failing, or done and failing to say so. Must stay out: what is done between the calls.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import obstore
from obstore.exceptions import GenericError
from sqlalchemy.engine.default import DefaultDialect

from tests.attack import power
from tests.attack.mail import MailFaultError, Server
from warehouse.storage import disk

FAILURES = ("full", "failing", "unheard")
WAYS = ("killed", *FAILURES)
"""How a call is disturbed: the process is killed before it; it fails, as on a full or a failing disk; it is
done and says that it failed. Killed after a call is killed before the next one: nothing between two calls
changes the world.
"""
ERRORS = {"full": (28, "No space left on device")}
READING = ("SELECT", "PRAGMA", "WITH")
"""Statements that change nothing; so does a `BEGIN` that is not `IMMEDIATE`."""


class KilledError(BaseException):
    """Here the process would have been killed: from now on it changes nothing any more."""


@dataclass
class Calls:
    """The calls of one process: what each was, and at which (from 0) it is disturbed, and how.

    `dead` says that the process was killed: whatever its handlers want to do on the way out is not done.
    """

    way: str = ""
    at: int = -1
    made: list[str] = field(default_factory=list)
    dead: bool = False
    reached: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def around(self, what: str, call: Callable[[], Any], error: Callable[[str], Exception]) -> Any:
        """Make one call, or disturb it."""
        with self._lock:
            if self.dead:
                raise KilledError
            number = len(self.made)
            self.made.append(what)
            if number != self.at:
                return call()
            self.reached = True
            if self.way == "killed":
                self.dead = True
                raise KilledError
            if self.way == "unheard":
                call()
            raise error(self.way)


def of_a_disk(way: str) -> OSError:
    return OSError(*ERRORS.get(way, (5, "Input/output error")))


def of_a_database(way: str) -> sqlite3.OperationalError:
    return sqlite3.OperationalError({"full": "database or disk is full"}.get(way, "disk I/O error"))


def of_a_bucket(_: str) -> GenericError:
    return GenericError("500: internal error")


def of_a_mail_server(way: str) -> MailFaultError:
    return MailFaultError(done=way == "unheard")


@contextmanager
def disturbed(way: str = "", at: int = -1) -> Iterator[Calls]:
    """Inside, every call is counted, and the one numbered `at` is disturbed; none where `at` is -1."""
    calls = Calls(way, at)
    with ExitStack() as stack:
        for name in power.CALLS:
            stack.enter_context(_wrapped(calls, disk, name, f"disk {name}", of_a_disk))
        for name in ("put", "copy", "delete"):
            stack.enter_context(_wrapped(calls, obstore, name, f"bucket {name}", of_a_bucket))
        mail = staticmethod(lambda take: calls.around("mail", take, of_a_mail_server))
        stack.enter_context(patch.object(Server, "deliver", mail))
        stack.enter_context(_wrapped(calls, DefaultDialect, "do_commit", "COMMIT", of_a_database))
        for name in ("do_execute", "do_executemany", "do_execute_no_params"):
            stack.enter_context(_statements(calls, name))
        yield calls


def _wrapped(calls: Calls, owner: Any, name: str, what: str, error: Callable[[str], Exception]) -> Any:
    original = getattr(owner, name)

    def call(*arguments: Any, **options: Any) -> Any:
        return calls.around(what, lambda: original(*arguments, **options), error)

    return patch.object(owner, name, call)


def _statements(calls: Calls, name: str) -> Any:
    original = getattr(DefaultDialect, name)

    def call(dialect: Any, cursor: Any, statement: str, *rest: Any, **options: Any) -> Any:
        if statement == "BEGIN" or statement.lstrip().upper().startswith(READING):
            return original(dialect, cursor, statement, *rest, **options)
        words = " ".join(statement.split()[:3])
        return calls.around(
            words, lambda: original(dialect, cursor, statement, *rest, **options), of_a_database
        )

    return patch.object(DefaultDialect, name, call)
