"""What is told about decisions: one that has no effect, and an undo of a decision that is not recorded.

Belongs here: the findings that every step words alike. Must stay out: whether a decision has an effect (the
step that applies its kind). A finding names a decision by its id, never by who made it, why, or what was
typed.
"""

from __future__ import annotations

import polars as pl

from warehouse.dictionary.findings import Finding

WITHOUT_EFFECT = (
    "decision_has_effect",
    "decision_refers_to_something_known",
    "link_decision_applies",
    "decisions_do_not_contradict",
    "decided_in_order",
    "decided_by_now",
    "decision_known_by_then",
    "subject_known",
)
"""Names of the findings about the record of decisions alone: one changes nothing, or its moment is odd."""


def without_effect(decision_id: str, why: str) -> Finding:
    """The finding for a decision that changes nothing; `why` completes the sentence `It ...`."""
    return Finding.about_decision(decision_id, f"The decision has no effect: it {why}.")


def undos_of_nothing(recorded: pl.DataFrame) -> list[Finding]:
    """One finding for each `undo` whose subject is no recorded decision, in order of their ids.

    `recorded` are all decisions of a round (dictionary table DECISIONS), before they are reduced to those in
    force.
    """
    undos = recorded.filter(pl.col("kind") == "undo")
    unknown = undos.filter(~pl.col("subject").is_in(recorded["decision_id"].to_list()))
    why = "takes back a decision that is not recorded"
    return [without_effect(decision_id, why) for decision_id in unknown["decision_id"].sort()]


def about_their_file() -> pl.Expr:
    """Which findings of the reading (table FINDINGS) are about the file that decisions came in.

    They are told and not published: a version rests on the decisions in force, wherever they were recorded,
    and keeps those and not the file.
    """
    return pl.col("table") == "decisions"


def about_no_effect() -> pl.Expr:
    """Which rows of the table FINDINGS tell of the record of decisions alone.

    They are told to people and not published: a decision without effect makes no new version, and what was
    replaced or not counted is not known any more when a version is made again.
    """
    return (pl.col("table") == "decisions") & pl.col("expectation").is_in(list(WITHOUT_EFFECT))
