"""The SQL tables of the warehouse: who sent what, what was decided, what ran, what was published.

Belongs here: the tables and their constraints. Must stay out: how they are filled and asked (`ledger.py`),
and how a database gets them (`migrations/`). Importing this costs 0.4 s (sqlmodel), which commands that only
read snapshots save.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, MetaData, UniqueConstraint
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


class RoundRecord(SQLModel, table=True):
    """One round: a copy of what `programme/rounds.toml` says, for whoever reads the database alone."""

    __tablename__ = "round"

    id: str = Field(primary_key=True)
    title: str
    deadline: datetime


class InputFileRecord(SQLModel, table=True):
    """One input file of a round: what came in, how it was read, and what became of its rows."""

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


class SubmissionRecord(SQLModel, table=True):
    """One usable row of a submissions file as it was understood, personal data included.

    It is emptied when the applicant asks for it.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("round", "source_sha256", "row"),)

    id: int | None = Field(default=None, primary_key=True)
    round: str = Field(foreign_key="round.id")
    submission_id: str = Field(index=True)
    source_sha256: str
    row: int
    payload: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    erased_at: datetime | None = None


class SetAsideRecord(SQLModel, table=True):
    """One row of an input that could not be used, with the reason and its content; emptied on request."""

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


class DecisionRecord(SQLModel, table=True):
    """One human decision.

    Append-only: triggers of the migrations refuse to change, replace or remove one; only the texts of reason
    and author may be erased. `sequence` is the order in which the decisions of a round were recorded.
    """

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_round_sequence", "round", "sequence", unique=True),)

    round: str = Field(primary_key=True, foreign_key="round.id")
    decision_id: str = Field(primary_key=True)
    kind: str
    subject: str
    object: str | None = None
    value: str | None = None
    topic: str | None = None
    members: str | None = None
    reason: str
    decided_by: str
    decided_at: datetime
    recorded_at: datetime
    source: str
    sequence: int
    id_scheme: int
    repeat: int
    reason_digest: str | None = None
    decided_by_digest: str | None = None
    digest: str


class RunRecord(SQLModel, table=True):
    """One run of a flow: why, when, and how it ended.

    A run that was killed stays `running` until the next one of its round begins; it blocks nothing.
    """

    __tablename__ = "run"

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
    started_by: str | None = None


class VersionRecord(SQLModel, table=True):
    """One published version as this database saw it.

    The files are the truth; this copy of their hashes shows where somebody tampered with them.
    """

    __tablename__ = "version"

    round: str = Field(primary_key=True, foreign_key="round.id")
    version: int = Field(primary_key=True)
    parent: int | None = None
    state: str
    reason: str
    published_at: datetime
    run_id: str | None = Field(default=None, foreign_key="run.id")
    content: str
    seal: str


class OpenPointRecord(SQLModel, table=True):
    """One open point of an early scan: when it was first and last seen, when a letter was drafted."""

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


class LetterRecord(SQLModel, table=True):
    """One letter about a result: to which application, of which version and kind, and what became of it.

    It holds neither name nor address nor text; `detail` is what a mail server answered, by its number alone.
    """

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("round", "letter_id"),)

    id: int | None = Field(default=None, primary_key=True)
    round: str = Field(foreign_key="round.id")
    letter_id: str
    application_id: str = Field(index=True)
    kind: str
    version: int
    news: str
    text_sha256: str | None = None
    message_id: str
    contact: str | None = None
    corrects: str | None = None
    state: str
    detail: str | None = None
    made_at: datetime
    state_at: datetime


class ContactChangeRecord(SQLModel, table=True):
    """Who stands for an application since a decision `change_contact`; it is emptied on request."""

    __tablename__ = "contact_change"

    round: str = Field(primary_key=True, foreign_key="round.id")
    contact_id: str = Field(primary_key=True)
    submission_id: str = Field(index=True)
    name: str | None = None
    address: str | None = None
    recorded_at: datetime
    erased_at: datetime | None = None


class ErasureRecord(SQLModel, table=True):
    """One submission that was forgotten: why, by whom, when it was asked for and when it was done."""

    __tablename__ = "erasure"

    submission_id: str = Field(primary_key=True)
    reason: str
    asked_by: str
    asked_at: datetime
    done_at: datetime | None = None
