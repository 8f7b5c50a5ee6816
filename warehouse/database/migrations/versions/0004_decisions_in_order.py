"""Decisions have an order, digests that outlive their texts, and triggers that no INSERT gets past.

A run knows who started it. Old rows are numbered in the order in which they counted until now: by the moment
they claim, then by id.
"""

from collections import Counter
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from warehouse.dictionary.decision_ids import OLD_SCHEME, row_digest

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ERASED = "[erased]"
REFUSAL = "decisions are append-only, record another one that undoes it"
OLD_TRIGGERS = ("decision_no_update", "decision_no_update_of_members", "decision_no_delete")
TEXTS = ("reason", "decided_by")
FIRST = ("round", "decision_id", "kind", "subject", "object", "value", "decided_at", "recorded_at", "source")
TWINNING = ("topic", "members")
ADDED = ("sequence", "id_scheme", "repeat", "reason_digest", "decided_by_digest", "digest")
INDEX = "ix_decision_round_sequence"


def upgrade() -> None:
    """Add the columns, number the old rows, and close the doors again."""
    _drop_triggers(OLD_TRIGGERS)
    for name in ("sequence", "id_scheme", "repeat"):
        op.add_column("decision", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name in ("reason_digest", "decided_by_digest"):
        op.add_column("decision", sa.Column(name, AutoString(), nullable=True))
    op.add_column("decision", sa.Column("digest", AutoString(), nullable=False, server_default=""))
    _number_old_rows()
    op.add_column("run", sa.Column("started_by", AutoString(), nullable=True))
    op.create_index(INDEX, "decision", ["round", "sequence"], unique=True)
    kept = (*FIRST, *TWINNING, *ADDED)
    _run(_postgres_triggers(kept) if _is_postgres() else _sqlite_triggers(kept))


def downgrade() -> None:
    """Remove them, and make the triggers of the earlier steps again."""
    _drop_triggers(("decision_no_update", "decision_no_delete"))
    if not _is_postgres():
        op.execute(sa.text("DROP TRIGGER decision_no_replace"))
    op.drop_column("run", "started_by")
    op.drop_index(INDEX, "decision")
    for name in ADDED:
        op.drop_column("decision", name)
    _run(_earlier_triggers())


def _number_old_rows() -> None:
    table = sa.table(
        "decision",
        *(sa.column(name, AutoString()) for name in ("round", "decision_id", *TWINNING, "source", "digest")),
        *(sa.column(name, UTCDateTime()) for name in ("decided_at", "recorded_at")),
        *(sa.column(name, sa.Integer()) for name in ("sequence", "id_scheme")),
    )
    connection = op.get_bind()
    order = (table.c.round, table.c.decided_at, table.c.decision_id)
    last: Counter[str] = Counter()
    for found in connection.execute(sa.select(table).order_by(*order)).mappings().all():
        last[found["round"]] += 1
        own = {"sequence": last[found["round"]], "id_scheme": OLD_SCHEME}
        digest = row_digest({**found, **own, "repeat": 0})
        ours = (table.c.round == found["round"]) & (table.c.decision_id == found["decision_id"])
        connection.execute(sa.update(table).where(ours).values(**own, digest=digest))


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _run(statements: Iterable[str]) -> None:
    for statement in statements:
        op.execute(sa.text(statement))


def _drop_triggers(names: Iterable[str]) -> None:
    of_table = " ON decision" if _is_postgres() else ""
    _run(f"DROP TRIGGER {name}{of_table}" for name in names)


def _changed(kept: Iterable[str], distinct: str) -> str:
    """SQL that is true if an update does anything but erase a text."""
    texts = (f"NEW.{name} <> '{ERASED}' AND NEW.{name} {distinct} OLD.{name}" for name in TEXTS)
    return " OR ".join([*texts, *(f"NEW.{name} {distinct} OLD.{name}" for name in kept)])


def _sqlite_triggers(kept: Iterable[str]) -> tuple[str, ...]:
    """INSERT OR REPLACE removes a row without the trigger of DELETE, unless a connection asks for it.

    So an insert is refused where its row would take another's place: by id, by number, or by SQLite's own
    number of rows. That holds for every connection, whatever its settings.
    """
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    there = (
        "EXISTS (SELECT 1 FROM decision WHERE rowid = NEW.rowid OR"
        " round = NEW.round AND (decision_id = NEW.decision_id OR sequence = NEW.sequence))"
    )
    changed = f"{_changed(kept, 'IS NOT')} OR NEW.rowid IS NOT OLD.rowid"
    return (
        f"CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision WHEN {changed} {refuse}",
        f"CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision {refuse}",
        f"CREATE TRIGGER decision_no_replace BEFORE INSERT ON decision WHEN {there} {refuse}",
    )


def _postgres_triggers(kept: Iterable[str]) -> tuple[str, ...]:
    refuse = "EXECUTE FUNCTION refuse_decision_change()"
    changed = _changed(kept, "IS DISTINCT FROM")
    return (
        f"CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision FOR EACH ROW WHEN ({changed}) {refuse}",
        f"CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision FOR EACH ROW {refuse}",
    )


def _earlier_triggers() -> tuple[str, ...]:
    postgres = _is_postgres()
    refuse = (
        "EXECUTE FUNCTION refuse_decision_change()"
        if postgres
        else f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
    distinct = "IS DISTINCT FROM" if postgres else "IS NOT"
    each = " FOR EACH ROW" if postgres else ""
    first = " OR ".join(
        [
            f"NEW.reason <> '{ERASED}'",
            *(f"NEW.{name} {distinct} OLD.{name}" for name in (*FIRST, "decided_by")),
        ]
    )
    members = " OR ".join(f"NEW.{name} {distinct} OLD.{name}" for name in TWINNING)
    return (
        f"CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision{each} WHEN ({first}) {refuse}",
        f"CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision{each} {refuse}",
        f"CREATE TRIGGER decision_no_update_of_members BEFORE UPDATE ON decision{each}"
        f" WHEN ({members}) {refuse}",
    )
