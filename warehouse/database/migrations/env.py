"""Alembic's environment: which tables are wanted, and one transaction for everything.

`open_database` hands over a connection whose transaction is already the only one that may write; a person who
writes a new step gets a plain one.
"""

from alembic import context
from sqlalchemy import Connection, create_engine
from sqlmodel import SQLModel

import warehouse.database.sql_tables  # noqa: F401  (it fills the metadata)


def migrate(connection: Connection) -> None:
    """Run the missing steps on this connection, inside its transaction."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,  # SQLite cannot alter a table in place
        transactional_ddl=True,  # SQLite can roll back DDL, but Alembic assumes not
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with create_engine(str(context.config.get_main_option("sqlalchemy.url"))).begin() as own:
        migrate(own)
