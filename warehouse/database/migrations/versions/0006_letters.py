"""The letters about results, and contacts that changed after a form was sent."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", AutoString(), nullable=False),
        sa.Column("letter_id", AutoString(), nullable=False),
        sa.Column("application_id", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("news", AutoString(), nullable=False),
        sa.Column("text_sha256", AutoString(), nullable=True),
        sa.Column("message_id", AutoString(), nullable=False),
        sa.Column("contact", AutoString(), nullable=True),
        sa.Column("corrects", AutoString(), nullable=True),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("detail", AutoString(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("state_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name="fk_letter_round_round"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.UniqueConstraint("round", "letter_id", name="uq_letter_round"),
    )
    op.create_index("ix_letter_application_id", "letter", ["application_id"])
    op.create_table(
        "contact_change",
        sa.Column("round", AutoString(), nullable=False),
        sa.Column("contact_id", AutoString(), nullable=False),
        sa.Column("submission_id", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=True),
        sa.Column("address", AutoString(), nullable=True),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("erased_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name="fk_contact_change_round_round"),
        sa.PrimaryKeyConstraint("round", "contact_id", name="pk_contact_change"),
    )
    op.create_index("ix_contact_change_submission_id", "contact_change", ["submission_id"])


def downgrade() -> None:
    """Remove them."""
    op.drop_table("contact_change")
    op.drop_table("letter")
