"""The first tables, and the triggers that keep decisions append-only."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ERASED = "[erased]"
"""The one change a decision may undergo: this replaces its reason when somebody named in it asks to be
forgotten.
"""
KEPT = (
    "round",
    "decision_id",
    "kind",
    "subject",
    "object",
    "value",
    "decided_by",
    "decided_at",
    "recorded_at",
    "source",
)
REFUSAL = "decisions are append-only, record another one that undoes it"


def upgrade() -> None:
    """Make the tables, then the triggers."""
    _make_round_and_run()
    _make_inputs()
    _make_rows()
    _make_decision()
    _make_version()
    statements = _postgres_triggers() if op.get_bind().dialect.name == "postgresql" else _sqlite_triggers()
    for statement in statements:
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Remove everything; the triggers go with their table."""
    for table in ("version", "decision", "submission", "set_aside_row", "input_file", "run", "round"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("DROP FUNCTION refuse_decision_change()"))


def _make_round_and_run() -> None:
    op.create_table(
        "round",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("deadline", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_round"),
    )
    op.create_table(
        "run",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("round", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("as_of", UTCDateTime(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("outcome", AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("program", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name="fk_run_round_round"),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_index("ix_run_round", "run", ["round"])


def _make_inputs() -> None:
    op.create_table(
        "input_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", AutoString(), nullable=False),
        sa.Column("table", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("n_bytes", sa.BigInteger(), nullable=False),
        sa.Column("n_rows", sa.Integer(), nullable=False),
        sa.Column("n_used", sa.Integer(), nullable=False),
        sa.Column("n_set_aside", sa.Integer(), nullable=False),
        sa.Column("format", AutoString(), nullable=False),
        sa.Column("encoding", AutoString(), nullable=True),
        sa.Column("profile", AutoString(), nullable=True),
        sa.Column("read_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name="fk_input_file_round_round"),
        sa.PrimaryKeyConstraint("id", name="pk_input_file"),
        sa.UniqueConstraint("round", "table", "sha256", name="uq_input_file_round"),
    )


def _make_rows() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", AutoString(), nullable=False),
        sa.Column("submission_id", AutoString(), nullable=False),
        sa.Column("source_sha256", AutoString(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("erased_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name="fk_submission_round_round"),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("round", "source_sha256", "row", name="uq_submission_round"),
    )
    op.create_index("ix_submission_submission_id", "submission", ["submission_id"])
    op.create_table(
        "set_aside_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", AutoString(), nullable=False),
        sa.Column("table", AutoString(), nullable=False),
        sa.Column("source_sha256", AutoString(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("row_key", AutoString(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("erased_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name="fk_set_aside_row_round_round"),
        sa.PrimaryKeyConstraint("id", name="pk_set_aside_row"),
        sa.UniqueConstraint("round", "table", "source_sha256", "row", name="uq_set_aside_row_round"),
    )


def _make_decision() -> None:
    op.create_table(
        "decision",
        sa.Column("round", AutoString(), nullable=False),
        sa.Column("decision_id", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("object", AutoString(), nullable=True),
        sa.Column("value", AutoString(), nullable=True),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("decided_by", AutoString(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("source", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name="fk_decision_round_round"),
        sa.PrimaryKeyConstraint("round", "decision_id", name="pk_decision"),
    )


def _make_version() -> None:
    op.create_table(
        "version",
        sa.Column("round", AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("run_id", AutoString(), nullable=True),
        sa.Column("content", AutoString(), nullable=False),
        sa.Column("seal", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name="fk_version_round_round"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_version_run_id_run"),
        sa.PrimaryKeyConstraint("round", "version", name="pk_version"),
    )


def _changed(distinct: str) -> str:
    """SQL that is true if an update does anything but erase the reason.

    `distinct` is the dialect's comparison that treats nulls as values.
    """
    return " OR ".join(
        [f"NEW.reason <> '{ERASED}'", *(f"NEW.{column} {distinct} OLD.{column}" for column in KEPT)]
    )


def _sqlite_triggers() -> tuple[str, ...]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    changed = _changed("IS NOT")
    return (
        f"CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision WHEN {changed} {refuse}",
        f"CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision {refuse}",
    )


def _postgres_triggers() -> tuple[str, ...]:
    refuse = "EXECUTE FUNCTION refuse_decision_change()"
    body = f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    changed = _changed("IS DISTINCT FROM")
    return (
        f"CREATE FUNCTION refuse_decision_change() RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision FOR EACH ROW WHEN ({changed}) {refuse}",
        f"CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision FOR EACH ROW {refuse}",
        f"CREATE TRIGGER decision_no_truncate BEFORE TRUNCATE ON decision FOR EACH STATEMENT {refuse}",
    )
