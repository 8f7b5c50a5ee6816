"""Opening the warehouse database, with all its tables in place.

Belongs here: addresses, the settings every connection needs, and bringing an older database up to date. Must
stay out: the tables (`sql_tables.py`) and what is kept in them (`ledger.py`).
"""

from __future__ import annotations

import os
import weakref
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from programme.problems import problem
from warehouse.database.faults import first_line, report_faults, unusable

HEAD = "0007"
"""The newest step of `migrations/`, known here so that a database that is up to date opens without importing
Alembic (0.4 s). A test compares the two.
"""
READING = {"reading": True}
"""Execution options of an engine or connection that only reads: on SQLite it does not wait for a writer."""
_MIGRATION_LOCK = 0x6332_6300
"""Key of the advisory lock that lets one process at a time migrate a Postgres database: any fixed number."""


def open_database(address: str) -> Engine:
    """The engine of the database at `sqlite:///PATH` or `postgresql://…`, migrated to `HEAD`.

    A new or older database is migrated first. Raises `ProblemsError` where the address is of another kind,
    the database cannot be reached, the file is no database, or a newer program has migrated it.
    """
    url = database_url(address)
    is_sqlite = url.get_backend_name() == "sqlite"
    engine = _sqlite(url) if is_sqlite else create_engine(url, pool_pre_ping=True, hide_parameters=True)
    try:
        with engine.connect().execution_options(**READING) as connection:
            revision = _revision(connection)
        if revision != HEAD:
            _migrate(engine)
    except DBAPIError as error:
        engine.dispose()
        raise unusable(url, first_line(error.orig)) from error
    report_faults(engine)
    return engine


def database_url(address: str) -> URL:
    """The address as SQLAlchemy wants it, with the Postgres driver we ship.

    Raises `ProblemsError` for another kind of database.
    """
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is not None and url.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url is None or url.drivername != "sqlite" or not url.database or url.database == ":memory:":
        raise problem(
            # Never the whole address: it may hold a password.
            found=f"an address of kind {address.partition(':')[0]!r}",
            expected="sqlite:///PATH or postgresql://USER@HOST/NAME",
            where="the address of the warehouse database",
            remedy="Correct CITY2CITY_DATABASE_URL, or leave it out for a file in the data folder.",
        )
    return url


def _sqlite(url: URL) -> Engine:
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # It holds personal data, so nobody else may read it from its first moment.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise unusable(url, error.strerror or str(error)) from error
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin_at_once)
    # The last connection that is closed properly writes the journal into the file, so that a copy of the file
    # alone is complete.
    weakref.finalize(engine, engine.pool.dispose)
    return engine


def _prepare_connection(connection: object, _record: object) -> None:
    # busy_timeout first: turning to WAL already needs the file. isolation_level None leaves BEGIN to us.
    connection.isolation_level = None  # type: ignore[attr-defined]
    # secure_delete: what is erased is overwritten, not only forgotten.
    how = (
        "busy_timeout=30000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    )
    for pragma in how:
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _begin_at_once(connection: Connection) -> None:
    # A deferred BEGIN that reads and then writes fails at once when another process wrote in between,
    # whatever the timeout.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(engine: Engine) -> None:
    """Bring the database to `HEAD` in one transaction that no other process can enter.

    Where two processes start at once, one migrates and the other finds it done.
    """
    from alembic import command  # noqa: PLC0415  (only where there is something to do)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise unusable(engine.url, f"a database of a newer program ({error})") from error
