"""What a failing database is to the person at the program: one message, whatever statement met it.

Belongs here: telling a fault of the machine (a full disk, a lost connection, a damaged file) from a fault of
the program. Must stay out: what was to be read or written; no statement and no value of it is ever told.
"""

from __future__ import annotations

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError

from programme.problems import ProblemsError, problem


def report_faults(engine: Engine) -> None:
    """From now on a fault of the machine under any statement or commit is a `ProblemsError`."""
    event.listen(engine, "handle_error", _reported)


def _reported(context: ExceptionContext) -> None:
    if context.is_pre_ping:
        return  # the pool opens another connection by itself
    error = context.sqlalchemy_exception
    # The class of its own is what SQLite raises for a damaged file; its other children are faults of ours.
    if isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError:
        url = context.engine.url if context.engine else None
        raise unusable(url, first_line(error.orig)) from None


def first_line(error: BaseException | None) -> str:
    """What a database's driver says in its first line, which names no value of a row."""
    return (str(error).strip().splitlines() or ["no answer"])[0]


def unusable(url: URL | None, found: str) -> ProblemsError:
    """The problem of a database that does not do what it should."""
    return problem(
        found=found,
        expected="a warehouse database that can be opened and written, with room on its disk",
        where=url.render_as_string(hide_password=True) if url else "the warehouse database",
        remedy="Check the address, its permissions and its disk (CITY2CITY_DATABASE_URL), "
        "or use the program that wrote it.",
    )
