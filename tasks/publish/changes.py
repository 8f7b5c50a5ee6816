"""What changed between two versions, each change with its cause.

Belongs here: comparing the facts of two versions. Must stay out: which facts there are (`facts.py`), what
made one change (`causes.py`) and how versions are kept (`warehouse/`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tasks.publish.attribution import Attribution
from tasks.publish.causes import Causes, tracing_order
from tasks.publish.facts import facts
from tasks.publish.origin import Origin
from tasks.publish.relations import Relations
from warehouse.dictionary.published import CHANGES

__all__ = ["Origin", "changes"]


def changes(
    before: Mapping[str, pl.DataFrame],
    after: Mapping[str, pl.DataFrame],
    origin_before: Origin,
    origin_after: Origin,
    attribution: Attribution | None = None,
) -> pl.DataFrame:
    """One row for each changed fact (dictionary table CHANGES).

    `before` and `after` are the published tables by name of the parent and of this version, with their
    origins. A fact that rests on a register or form is traced to the input that changed, one that a person
    decided to the decision, one that follows from others (a status, a total, a twinning) to their causes.
    `attribution` says which of several possible causes it was; without it, what was traced is told.
    """
    fact = ["subject", "what"]
    joined = facts(before).join(facts(after), on=fact, how="full", coalesce=True, suffix="_after")
    changed = joined.filter(pl.col("value").ne_missing(pl.col("value_after"))).sort(fact)
    causes = Causes(origin_before, origin_after, Relations.of(before, after), attribution)
    rows = sorted(changed.iter_rows(named=True), key=tracing_order)
    return CHANGES.frame(
        [
            {
                "subject": row["subject"],
                "what": row["what"],
                "before": row["value"],
                "after": row["value_after"],
                "cause": causes.cause_of(row),
            }
            for row in rows
        ]
    )
