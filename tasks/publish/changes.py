"""What changed between two versions, each change with its cause.

Belongs here: comparing the facts of two versions. Must stay out: which facts there are (`facts.py`), what
made one change (`causes.py`) and how versions are kept.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tasks.publish.causes import Causes, Origin, phase
from tasks.publish.facts import facts
from tasks.publish.relations import Relations
from warehouse.dictionary.published import CHANGES

__all__ = ["Origin", "changes"]


def changes(
    before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame], made: Origin, makes: Origin
) -> pl.DataFrame:
    """One row a changed fact (dictionary table CHANGES); `before`/`made` are the parent's tables and origin,
    `after`/`makes` this version's.

    A fact that rests on a register or form is traced to the input that changed, one that a person decided to
    the decision, one that follows from others (a status, a total, a twinning) to their causes.
    """
    joined = facts(before).join(
        facts(after), on=["subject", "what"], how="full", coalesce=True, suffix="_after"
    )
    moved = joined.filter(pl.col("value").ne_missing(pl.col("value_after"))).sort("subject", "what")
    causes = Causes(made, makes, Relations.of(before, after))
    rows = sorted(moved.iter_rows(named=True), key=phase)
    return CHANGES.frame(
        [
            {
                "subject": row["subject"],
                "what": row["what"],
                "before": row["value"],
                "after": row["value_after"],
                "cause": causes.of(row),
            }
            for row in rows
        ]
    )
