"""The tables about groups that would rather be together, and about a selection without any.

They follow from a version and are made when they are asked for. Nothing of them is published.
"""

from __future__ import annotations

import polars as pl

from programme.selection_vocabulary import STABLE_OUTCOMES
from warehouse.dictionary.model import Column, Table

BLOCKING_GROUPS = Table(
    "blocking_groups",
    "one group whose members would all prefer each other to what they got",
    ("twinning_id",),
    (
        Column("twinning_id", pl.String(), "the id that it would have as a twinning", nullable=False),
        Column("topic", pl.String(), "its topic", nullable=False),
        Column("members", pl.String(), "its applications, joined by comma", nullable=False),
        Column("n_cities", pl.Int64(), "how many cities it has", nullable=False, minimum=2, maximum=3),
        Column(
            "fits",
            pl.Boolean(),
            "whether it could replace the twinnings of its members within capacity and decisions; "
            "only then it blocks",
            nullable=False,
        ),
        Column(
            "least_gain",
            pl.Float64(),
            "own points that the member gains that gains least; null where no member has a place",
            "points",
            minimum=0,
        ),
        Column("words", pl.String(), "the cities, the topic, and what each would gain", nullable=False),
    ),
)

STABLE_SELECTION = Table(
    "stable_selection",
    "the search for the best selection without blocking groups; one row",
    ("outcome",),
    (
        Column("outcome", pl.String(), "what the search came to", nullable=False, values=STABLE_OUTCOMES),
        Column(
            "price",
            pl.Float64(),
            "what the best one that was found is worth less than the selection; null where none was",
            "points",
            minimum=0,
        ),
        Column(
            "price_at_least",
            pl.Float64(),
            "the least that every one is worth less; null where there is none, or nothing was worked out",
            "points",
            minimum=0,
        ),
        Column("proven", pl.Boolean(), "whether nothing else is possible", nullable=False),
        Column(
            "joins",
            pl.String(),
            "applications that would come in, joined by comma; empty: none",
            nullable=False,
        ),
        Column(
            "leaves",
            pl.String(),
            "applications that would go out, joined by comma; empty: none",
            nullable=False,
        ),
        Column("twinnings", pl.String(), "its twinnings that are not selected; empty: none", nullable=False),
    ),
)
