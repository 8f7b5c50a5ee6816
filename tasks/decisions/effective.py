"""Which human decisions stand: the latest on each matter, and none that was taken back.

Belongs here: reducing the append-only ledger to what counts now. Every later step is given the result, so
that no step can read the ledger differently. Must stay out: what a decision of some kind *does* (each step
applies its own kinds).
"""

from __future__ import annotations

from collections import Counter

import polars as pl

_OPPOSITES = {"no_link": "link", "release": "confirm"}
"""A decision and its opposite are about the same matter: the later one counts."""
_ABOUT_A_PAIR = ("pin", "forbid")
_ABOUT_AN_OBJECT = ("link", "no_link", "rule", "merge", "no_conflict")


def effective_decisions(decisions: pl.DataFrame) -> pl.DataFrame:
    """Decisions that count (dictionary table DECISIONS), in order of time.

    `undo` takes the decision named by its subject back (undoing an undo restores it). A matter is, for
    `link`/`no_link`, `rule`, `merge` and `no_conflict`, the subject with its object; for every other kind the
    subject; for `pin`/`forbid` see `_superseded_pairs`. Of equal times the greater id counts, so that the
    answer does not depend on the order of lines.
    """
    ordered = decisions.sort("decided_at", "decision_id")
    alive = ordered.filter(~pl.col("decision_id").is_in(list(_undone(ordered))) & (pl.col("kind") != "undo"))
    alive = alive.filter(~pl.col("decision_id").is_in(list(_superseded_pairs(alive))))
    matter = (
        pl.col("kind").replace(_OPPOSITES).alias("_kind"),
        pl.col("subject").alias("_subject"),
        pl.when(pl.col("kind").is_in(_ABOUT_AN_OBJECT))
        .then(pl.col("object").fill_null(""))
        .otherwise(pl.lit(""))
        .alias("_object"),
        pl.when(pl.col("kind").is_in(_ABOUT_A_PAIR)).then("decision_id").alias("_itself"),
    )
    latest = alive.with_columns(matter).unique(
        ["_kind", "_subject", "_object", "_itself"], keep="last", maintain_order=True
    )
    return latest.select(decisions.columns)


def _undone(ordered: pl.DataFrame) -> set[str]:
    """Ids of decisions taken back. An undo counts unless an undo that counts takes it back; the times of
    recording play no part in it.
    """
    undos = dict(ordered.filter(pl.col("kind") == "undo").select("decision_id", "subject").iter_rows())
    waits_for = Counter(undos.values())
    settled = [undo for undo in undos if not waits_for[undo]]
    undone: set[str] = set()
    while settled:
        undo = settled.pop()
        target = undos[undo]
        if undo not in undone:
            undone.add(target)
        waits_for[target] -= 1
        if target in undos and not waits_for[target]:
            settled.append(target)
    return undone


def _superseded_pairs(alive: pl.DataFrame) -> set[str]:
    """Ids of pins and forbids that a later one on the same two cities takes the place of.

    Two stand side by side only if each names a topic, the topics differ and one of them forbids: two cities
    can be kept apart on two topics, or kept apart on one and together on another, but not be together on two.
    """
    kept: dict[frozenset[str], list[tuple[str, str]]] = {}
    gone: set[str] = set()
    pairs = alive.filter(pl.col("kind").is_in(_ABOUT_A_PAIR)).select(
        "decision_id", "kind", "subject", "object", "value"
    )
    for decision_id, kind, subject, object_, value in reversed(list(pairs.iter_rows())):
        later = kept.setdefault(frozenset((subject, object_ or "")), [])
        if all(value and topic and value != topic and "forbid" in (kind, other) for other, topic in later):
            later.append((kind, value or ""))
        else:
            gone.add(decision_id)
    return gone
