"""What the early scans found, so that nobody is written to twice for the same thing."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "open_point",
        sa.Column("round", AutoString(), nullable=False),
        sa.Column("point_id", AutoString(), nullable=False),
        sa.Column("application_id", AutoString(), nullable=False),
        sa.Column("rule", AutoString(), nullable=False),
        sa.Column("outcome", AutoString(), nullable=False),
        sa.Column("message", AutoString(), nullable=False),
        sa.Column("first_seen", UTCDateTime(), nullable=False),
        sa.Column("last_seen", UTCDateTime(), nullable=False),
        sa.Column("drafted_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round"], ["round.id"], name="fk_open_point_round_round"),
        sa.PrimaryKeyConstraint("round", "point_id", name="pk_open_point"),
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("open_point")
