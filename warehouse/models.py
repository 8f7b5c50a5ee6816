"""The SQL tables of the warehouse: who sent what, what was decided, what ran, what was published.

Belongs here: the tables and their constraints. Must stay out: how they are filled and asked (`ledger.py`),
how a database gets them (`migrations/`). Importing this costs 0.4 s (sqlmodel); commands that only read
snapshots do without.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, MetaData, UniqueConstraint
from sqlmodel import Field, SQLModel

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Round(SQLModel, table=True):
    """One round the warehouse has seen: a copy of `programme/rounds.toml` for whoever reads the database
    alone.
    """

    id: str = Field(primary_key=True)
    title: str
    deadline: datetime


class InputFile(SQLModel, table=True):
    """The passport of one input file of a round: what came in, how it was read, and what became of its
    rows.
    """

    __tablename__ = "input_file"
    __table_args__ = (UniqueConstraint("round", "table", "sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    round: str = Field(foreign_key="round.id")
    table: str
    name: str
    sha256: str
    n_bytes: int = Field(sa_type=BigInteger)
    n_rows: int
    n_used: int
    n_set_aside: int
    format: str
    encoding: str | None = None
    profile: str | None = None
    read_at: datetime


class Submission(SQLModel, table=True):
    """One usable row of a submissions file as it was understood, personal data included; emptied when the
    applicant asks for it.
    """

    __table_args__ = (UniqueConstraint("round", "source_sha256", "row"),)

    id: int | None = Field(default=None, primary_key=True)
    round: str = Field(foreign_key="round.id")
    submission_id: str = Field(index=True)
    source_sha256: str
    row: int
    payload: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    erased_at: datetime | None = None


class SetAsideRow(SQLModel, table=True):
    """One row of an input that could not be used, with the reason and, where it was handed over, its
    content.
    """

    __tablename__ = "set_aside_row"
    __table_args__ = (UniqueConstraint("round", "table", "source_sha256", "row"),)

    id: int | None = Field(default=None, primary_key=True)
    round: str = Field(foreign_key="round.id")
    table: str
    source_sha256: str
    row: int
    row_key: str
    reason: str
    payload: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    erased_at: datetime | None = None


class Decision(SQLModel, table=True):
    """One human decision. Append-only: the database itself refuses to change or remove one (a trigger of the
    first migration).
    """

    round: str = Field(primary_key=True, foreign_key="round.id")
    decision_id: str = Field(primary_key=True)
    kind: str
    subject: str
    object: str | None = None
    value: str | None = None
    reason: str
    decided_by: str
    decided_at: datetime
    recorded_at: datetime
    source: str


class Run(SQLModel, table=True):
    """One run of a flow: why, when, and how it ended. `running` with nobody behind it is a run that was
    killed; it blocks nothing.
    """

    id: str = Field(primary_key=True)
    round: str = Field(foreign_key="round.id", index=True)
    kind: str
    reason: str
    as_of: datetime
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str
    version: int | None = None
    program: str


class Version(SQLModel, table=True):
    """One published version, as this database saw it: the files themselves are the truth, this is how
    tampering with them is noticed.
    """

    round: str = Field(primary_key=True, foreign_key="round.id")
    version: int = Field(primary_key=True)
    parent: int | None = None
    state: str
    reason: str
    published_at: datetime
    run_id: str | None = Field(default=None, foreign_key="run.id")
    content: str
    seal: str


class OpenPoint(SQLModel, table=True):
    """One open point an early scan found: when it was first and last seen, and when a letter about it was
    drafted.
    """

    __tablename__ = "open_point"

    round: str = Field(primary_key=True, foreign_key="round.id")
    point_id: str = Field(primary_key=True)
    application_id: str
    rule: str
    outcome: str
    message: str
    first_seen: datetime
    last_seen: datetime
    drafted_at: datetime | None = None
