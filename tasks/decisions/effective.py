"""Which recorded decisions are in force: the last on each matter, and none that was taken back.

The rows of a frame of decisions are in the order in which they were recorded, and in no other: the moment at
which somebody says that it was decided can be any, and a hash says nothing.

Belongs here: reducing the append-only record to what counts now. Every later step is given the result, so
that no step can read the record differently. Must stay out: what a matter is (`kinds.py`) and what a decision
does (the step that it is about).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import polars as pl

from programme.vocabulary import DecisionKind
from tasks.decisions.kinds import KINDS
from tasks.decisions.people import person
from tasks.decisions.pin_value import read_pin_value

_MATTER_KIND = {kind: rules.same_matter_as for kind, rules in KINDS.items() if rules.same_matter_as}
_WITH_OBJECT = [kind for kind, rules in KINDS.items() if rules.matter == "subject_and_object"]
_OF_APPROVALS = [kind for kind, rules in KINDS.items() if rules.matter == "approval"]
_OF_PAIRS = [kind for kind, rules in KINDS.items() if rules.matter == "pair"]

MATTER = (
    pl.col("kind").replace(_MATTER_KIND).alias("_kind"),
    pl.col("subject").alias("_subject"),
    pl.when(pl.col("kind").is_in(_WITH_OBJECT)).then("object").alias("_object"),
    pl.when(pl.col("kind").is_in([*_OF_PAIRS, *_OF_APPROVALS])).then("decision_id").alias("_pair"),
)
"""What a decision is about. Of those that share it, the last is in force (pairs: `_superseded_pairs`,
approvals: `_superseded_approvals`).
"""
_MATTER_NAMES = ("_kind", "_subject", "_object", "_pair")


def effective_decisions(recorded: pl.DataFrame) -> pl.DataFrame:
    """The decisions in force (dictionary table DECISIONS), in order of recording.

    `recorded` are all decisions of a round, in that order. An `undo` takes back the decision named by its
    subject; an undo can itself be undone, which restores that decision. Of several decisions on one matter
    the last is in force. No `undo` is among the result, and the result of the result is the same.
    """
    kept = standing_decisions(recorded)
    superseded = _superseded_pairs(kept) | _superseded_approvals(kept)
    kept = kept.filter(~pl.col("decision_id").is_in(list(superseded)))
    latest = kept.with_columns(MATTER).unique(_MATTER_NAMES, keep="last", maintain_order=True)
    return latest.select(recorded.columns)


def standing_decisions(recorded: pl.DataFrame) -> pl.DataFrame:
    """The decisions that nobody took back, in order of recording; a later one may have replaced them."""
    undone = undone_by(recorded)
    return recorded.filter(~pl.col("decision_id").is_in(list(undone)) & (pl.col("kind") != "undo"))


def of_kinds(decisions: pl.DataFrame, kinds: Collection[DecisionKind]) -> pl.DataFrame:
    """The decisions of some kinds, in order of recording: how a step picks its own from those in force."""
    return decisions.filter(pl.col("kind").is_in(list(kinds)))


def undone_by(recorded: pl.DataFrame) -> dict[str, str]:
    """The decisions that were taken back, each with the undo that did it, by id.

    An undo counts unless an undo that counts takes it back; the times of recording play no part in it. Undos
    that take back each other in a circle never come to count.
    """
    undos = dict(recorded.filter(pl.col("kind") == "undo").select("decision_id", "subject").iter_rows())
    waits_for = Counter(undos.values())
    settled = [undo for undo in undos if not waits_for[undo]]
    undone: dict[str, str] = {}
    while settled:
        undo = settled.pop()
        target = undos[undo]
        if undo not in undone:
            undone[target] = undo
        waits_for[target] -= 1
        if target in undos and not waits_for[target]:
            settled.append(target)
    return undone


def released_twinnings(in_force: pl.DataFrame) -> list[str]:
    """The ids of the twinnings that decisions in force (dictionary table DECISIONS) say are not confirmed."""
    return in_force.filter(pl.col("kind") == "release")["subject"].to_list()


def shared_contacts(in_force: pl.DataFrame) -> list[str]:
    """The applications whose contact decisions in force (dictionary table DECISIONS) give to partners."""
    return in_force.filter(pl.col("kind") == "share_contact")["subject"].to_list()


def _superseded_pairs(ordered: pl.DataFrame) -> set[str]:
    """Ids of decisions on a pair that a later one on the same two parties replaces.

    Two are in force side by side only if each names a topic, the topics differ and one of them forbids: two
    cities can be kept apart on two topics, or kept apart on one and together on another, but not be together
    on two.
    """
    kept: dict[frozenset[str | None], list[tuple[str, str]]] = {}
    superseded: set[str] = set()
    pairs = ordered.filter(pl.col("kind").is_in(_OF_PAIRS)).select(
        "decision_id", "kind", "subject", "object", "value"
    )
    for decision_id, kind, subject, object_, written in reversed(list(pairs.iter_rows())):
        value = read_pin_value(written).topic
        later = kept.setdefault(frozenset((subject, object_ or "")), [])
        if all(side_by_side((kind, value), pair) for pair in later):
            later.append((kind, value or ""))
        else:
            superseded.add(decision_id)
    return superseded


def _superseded_approvals(ordered: pl.DataFrame) -> set[str]:
    """Ids of approvals that a later one of the same person, or a revocation, replaces; and of revocations
    that a later approval of the same version replaces.
    """
    standing: dict[str, list[tuple[str, str | None]]] = {}
    superseded: set[str] = set()
    rows = ordered.filter(pl.col("kind").is_in(_OF_APPROVALS))
    for decision_id, kind, subject, name in rows.select(
        "decision_id", "kind", "subject", "decided_by"
    ).iter_rows():
        who = person(name) if kind == "approve" else None
        before = standing.get(subject, [])
        kept = [one for one in before if who is not None and one[1] not in (None, who)]
        superseded |= {one[0] for one in before if one not in kept}
        standing[subject] = [*kept, (decision_id, who)]
    return superseded


def side_by_side(one: tuple[str, str | None], other: tuple[str, str | None]) -> bool:
    """Whether two decisions on one pair, each by kind and topic, can be in force together."""
    return bool(one[1] and other[1] and one[1] != other[1] and "forbid" in (one[0], other[0]))
