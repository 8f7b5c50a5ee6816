"""Which human decisions stand: the latest on each matter, and none that was taken back.

Belongs here: reducing the append-only ledger to what counts now. Every later step is given the result, so that no step can read the ledger
differently. Must stay out: what a decision of some kind *does* (each step applies its own kinds).
"""

from __future__ import annotations

import polars as pl

_OPPOSITES = {"no_link": "link", "forbid": "pin", "release": "confirm"}
"""A decision and its opposite are about the same matter: the later one counts."""


def standing(decisions: pl.DataFrame) -> pl.DataFrame:
    """Decisions that count (dictionary table DECISIONS), in order of time.

    `undo` takes the decision named by its subject back (undoing an undo restores it). A matter is, for `link`/`no_link` and `rule`,
    the subject with its object; for `pin`/`forbid` the unordered pair; for `merge` the pair; for every other kind the subject.
    Of equal times the greater id counts, so that the answer does not depend on the order of lines.
    """
    if decisions.is_empty():
        return decisions
    ordered = decisions.sort("decided_at", "decision_id")
    alive = _without_undone(ordered)
    matter = pl.concat_str(
        pl.col("kind").replace(_OPPOSITES),
        pl.when(pl.col("kind").is_in(["pin", "forbid"]))
        .then(pl.min_horizontal("subject", pl.col("object").fill_null("")) + "\n" + pl.max_horizontal("subject", pl.col("object").fill_null("")))
        .when(pl.col("kind").is_in(["link", "no_link", "rule", "merge"]))
        .then(pl.col("subject") + "\n" + pl.col("object").fill_null(""))
        .otherwise(pl.col("subject")),
        separator="\n",
    )
    return alive.filter(matter.is_last_distinct())


def _without_undone(ordered: pl.DataFrame) -> pl.DataFrame:
    # Backwards in time: an undo that is itself undone has no effect.
    undone: set[str] = set()
    for decision_id, kind, subject in reversed(list(ordered.select("decision_id", "kind", "subject").iter_rows())):
        if kind == "undo" and decision_id not in undone:
            undone.add(subject)
    return ordered.filter(~pl.col("decision_id").is_in(list(undone)) & (pl.col("kind") != "undo"))
