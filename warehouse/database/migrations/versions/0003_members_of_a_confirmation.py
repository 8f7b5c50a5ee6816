"""A confirmation carries the topic and the members of its twinning."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ADDED = ("topic", "members")
REFUSAL = "decisions are append-only, record another one that undoes it"


def upgrade() -> None:
    """Add the columns, and keep them from being changed."""
    for name in ADDED:
        op.add_column("decision", sa.Column(name, AutoString(), nullable=True))
    postgres = op.get_bind().dialect.name == "postgresql"
    distinct = "IS DISTINCT FROM" if postgres else "IS NOT"
    changed = " OR ".join(f"NEW.{name} {distinct} OLD.{name}" for name in ADDED)
    name = "decision_no_update_of_members"
    if postgres:
        refuse = "EXECUTE FUNCTION refuse_decision_change()"
        statement = f"CREATE TRIGGER {name} BEFORE UPDATE ON decision FOR EACH ROW WHEN ({changed}) {refuse}"
    else:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        statement = f"CREATE TRIGGER {name} BEFORE UPDATE ON decision WHEN {changed} {refuse}"
    op.execute(sa.text(statement))


def downgrade() -> None:
    """Remove them."""
    postgres = op.get_bind().dialect.name == "postgresql"
    op.execute(sa.text("DROP TRIGGER decision_no_update_of_members" + (" ON decision" if postgres else "")))
    for name in ADDED:
        op.drop_column("decision", name)
