"""The tables of what else could be selected: plans nearly as good, what a drop-out does, what would suffice.

They follow from a version and are made when they are asked for, so that a run need not wait for them.
"""

from __future__ import annotations

import polars as pl

from programme.selection_vocabulary import NEAR_PLAN_STATUSES, REPAIR_KINDS, SUFFICIENT_KINDS, WEIGHT_KINDS
from warehouse.dictionary.applications import APPLICATION_ID
from warehouse.dictionary.blocking import BLOCKING_GROUPS, STABLE_SELECTION
from warehouse.dictionary.model import Column, Table

ALTERNATIVES = Table(
    "alternatives",
    "twinning or application x near-equal plan that is shown; plan 0 is the selection",
    ("kind", "subject", "plan"),
    (
        Column("kind", pl.String(), "what it is about", nullable=False, values=("application", "twinning")),
        Column("subject", pl.String(), "the application's or the twinning's id", nullable=False),
        Column("plan", pl.Int64(), "the plan's number", nullable=False, minimum=0),
        Column(
            "there",
            pl.Boolean(),
            "whether the plan has the twinning, or places the application",
            nullable=False,
        ),
        Column(
            "loss",
            pl.Float64(),
            "what the plan is worth less than the selection",
            "points",
            nullable=False,
            minimum=0,
        ),
        Column(
            "status",
            pl.String(),
            "in how many near-equal plans it is",
            nullable=False,
            values=NEAR_PLAN_STATUSES,
        ),
        Column(
            "share",
            pl.Float64(),
            "share of the near-equal plans that have it",
            "0-1",
            nullable=False,
            minimum=0,
            maximum=1,
        ),
        Column(
            "proven",
            pl.Boolean(),
            "whether the status is proven; otherwise it is that of the sample",
            nullable=False,
        ),
        Column("plans", pl.Int64(), "near-equal plans that were looked at", nullable=False, minimum=1),
        Column(
            "every_plan",
            pl.Boolean(),
            "whether these are all; otherwise they are a random sample",
            nullable=False,
        ),
        Column("words", pl.String(), "the cities and the topic, and what would be instead", nullable=False),
    ),
)

REPAIRS = Table(
    "repairs",
    "one application that has a place in a proposed twinning: what happens if it leaves",
    ("application_id",),
    (
        APPLICATION_ID,
        Column("twinning_id", pl.String(), "its twinning", nullable=False),
        Column(
            "kind",
            pl.String(),
            "the smallest change that keeps the others' places",
            nullable=False,
            values=REPAIR_KINDS,
        ),
        Column(
            "joins",
            pl.String(),
            "applications that get a place, joined by comma; empty: none",
            nullable=False,
        ),
        Column(
            "loses",
            pl.String(),
            "other applications that lose theirs, joined by comma; empty: none",
            nullable=False,
        ),
        Column("topic", pl.String(), "the topic of those that remain; null where they have no twinning"),
        Column(
            "members",
            pl.String(),
            "the applications of that twinning, joined by comma; empty: none",
            nullable=False,
        ),
        Column(
            "loss",
            pl.Float64(),
            "what the selection is worth less afterwards (below 0: more)",
            "points",
            nullable=False,
        ),
        Column("proven", pl.Boolean(), "whether no better repair of this kind exists", nullable=False),
        Column("words", pl.String(), "what happens, for the office", nullable=False),
    ),
)

SUFFICIENT = Table(
    "sufficient",
    "one application that was not placed: what would have been enough",
    ("application_id", "kind"),
    (
        APPLICATION_ID,
        Column("kind", pl.String(), "what would be different", nullable=False, values=SUFFICIENT_KINDS),
        Column(
            "value",
            pl.String(),
            "how much, or which: points, a topic, a jurisdiction, an application",
            nullable=False,
        ),
        Column("reason", pl.String(), "for the committee, with figures and names", nullable=False),
        Column("message", pl.String(), "for the city: no points, no other applicant's name", nullable=False),
    ),
)

WEIGHTS = Table(
    "weights",
    "one weight x by how much it is moved",
    ("kind", "weight", "percent"),
    (
        Column("kind", pl.String(), "what the weight is of", nullable=False, values=WEIGHT_KINDS),
        Column(
            "weight", pl.String(), "the aspect, the criterion, or the subject of the balance", nullable=False
        ),
        Column(
            "percent",
            pl.Int64(),
            "how much more (or, below 0, less) it counts; all others stay",
            "percent",
            nullable=False,
            minimum=-100,
            maximum=100,
        ),
        Column(
            "is_nearest_change",
            pl.Boolean(),
            "whether this is the nearest percent on its side at which the selection is another one",
            nullable=False,
        ),
        Column(
            "kept",
            pl.Float64(),
            "share of the applications with a place that keep one",
            "0-1",
            nullable=False,
            minimum=0,
            maximum=1,
        ),
        Column("other_twinnings", pl.Int64(), "twinnings that the selection does not have", nullable=False),
        Column(
            "joins", pl.String(), "applications that come in, joined by comma; empty: none", nullable=False
        ),
        Column(
            "leaves", pl.String(), "applications that go out, joined by comma; empty: none", nullable=False
        ),
    ),
)

WEIGHT_PAIRS = Table(
    "weight_pairs",
    "two aspects, or two criteria, of which one counts more and the other less",
    ("kind", "one", "other"),
    (
        Column("kind", pl.String(), "what the weights are of", nullable=False, values=WEIGHT_KINDS),
        Column("one", pl.String(), "the one", nullable=False),
        Column("other", pl.String(), "the other", nullable=False),
        Column(
            "kept",
            pl.Float64(),
            "share of the applications with a place that keep one, the way round that keeps fewer",
            "0-1",
            nullable=False,
            minimum=0,
            maximum=1,
        ),
        Column(
            "hardly_matters",
            pl.Boolean(),
            "whether so many keep it that the trade hardly matters",
            nullable=False,
        ),
    ),
)

DERIVED_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ALTERNATIVES,
        REPAIRS,
        SUFFICIENT,
        WEIGHTS,
        WEIGHT_PAIRS,
        BLOCKING_GROUPS,
        STABLE_SELECTION,
    )
}
