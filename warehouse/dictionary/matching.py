"""The tables in which the matchmaking explains itself: reasons, sensitivity and balance of the selection."""

from __future__ import annotations

import polars as pl

from programme.vocabulary import ASPECTS, BALANCE_SUBJECTS
from warehouse.dictionary.model import Column, Table

TWINNING_REASONS = Table(
    "twinning_reasons",
    "twinning x aspect: the points in words",
    ("twinning_id", "aspect"),
    (
        Column("twinning_id", pl.String(), "the twinning", nullable=False),
        Column("aspect", pl.String(), "what the points are for", nullable=False, values=ASPECTS),
        Column("points", pl.Float64(), "its part of the twinning's value", "points", nullable=False),
        Column("reason", pl.String(), "why, in words, city by city or pair by pair", nullable=False),
    ),
)

TWINNING_SENSITIVITY = Table(
    "twinning_sensitivity",
    "one twinning: what would take its place, and how firmly it stands",
    ("twinning_id",),
    (
        Column("twinning_id", pl.String(), "the twinning", nullable=False),
        Column(
            "margin",
            pl.Float64(),
            "what the whole selection would lose without it; null where it is confirmed",
            "points",
            minimum=0,
        ),
        Column(
            "runner_up", pl.String(), "what its cities would do instead, in words; null where it is confirmed"
        ),
        Column(
            "robustness",
            pl.Float64(),
            "share of the scenarios in which it is chosen",
            "0-1",
            nullable=False,
            minimum=0,
            maximum=1,
        ),
        Column("scenarios", pl.Int64(), "number of scenarios", nullable=False, minimum=0),
    ),
)

BALANCE = Table(
    "balance",
    "one class of the balance over all rounds together (a world region, a climate group, a size class or a "
    "topic); what is confirmed in other rounds counts",
    ("subject", "class"),
    (
        Column("subject", pl.String(), "what is balanced", nullable=False, values=BALANCE_SUBJECTS),
        Column("class", pl.String(), "the region, climate group, size class or topic id", nullable=False),
        Column(
            "least",
            pl.Int64(),
            "how many the programme would have at least",
            "cities (topic: twinnings)",
            nullable=False,
            minimum=0,
        ),
        Column(
            "most", pl.Int64(), "how many at most", "cities (topic: twinnings)", nullable=False, minimum=0
        ),
        Column(
            "selected",
            pl.Int64(),
            "how many are selected or confirmed, in all rounds",
            "cities (topic: twinnings)",
            nullable=False,
            minimum=0,
        ),
        Column(
            "missed",
            pl.Int64(),
            "units below least or above most",
            "cities (topic: twinnings)",
            nullable=False,
            minimum=0,
        ),
        Column("cost", pl.Float64(), "what that costs the selection", "points", nullable=False, minimum=0),
    ),
)

MATCHING_TABLES: dict[str, Table] = {t.name: t for t in (TWINNING_REASONS, TWINNING_SENSITIVITY, BALANCE)}
