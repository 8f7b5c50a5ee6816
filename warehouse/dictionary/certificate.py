"""The published tables of the proof: what the selection was chosen by, and why none is better.

Belongs here: facts of the matching as short statements, and the certificate. Must stay out: how the
certificate is made (`tasks/matchmaking/certificate`) and checked (`warehouse/snapshots/certificate.py`).
"""

from __future__ import annotations

import polars as pl

from warehouse.dictionary.model import Column, Table

MATCHING_FACTS = Table(
    "matching_facts",
    "fact that the matching went by",
    ("subject", "what", "object", "topic"),
    (
        Column(
            "subject",
            pl.String(),
            "whom it is about: an application, a city, `rules`, a `class` of the balance, or a waiver",
            nullable=False,
        ),
        Column("what", pl.String(), "what is told (docs/certificate.md)", nullable=False),
        Column("object", pl.String(), "the other one, or a name; empty where there is none", nullable=False),
        Column("topic", pl.String(), "on which topic; empty: on any", nullable=False),
        Column(
            "value",
            pl.Int64(),
            "a number: worth in steps of 1/64 point, counts, minutes, yes as 1",
            nullable=False,
        ),
    ),
)

CERTIFICATE = Table(
    "certificate",
    "statement of the proof that no selection is better",
    ("item", "what", "object"),
    (
        Column(
            "item",
            pl.String(),
            "`claim`; `every` for the prices of all groups; `count N` for what is counted; `node r…` for a "
            "node of the tree",
            nullable=False,
        ),
        Column("what", pl.String(), "what is stated (docs/certificate.md)", nullable=False),
        Column(
            "object", pl.String(), "of what: a city, a class, a count, a topic, or a hash", nullable=False
        ),
        Column(
            "value",
            pl.Int64(),
            "objective and bound in steps of 1/64 point; prices in parts of a step (1/65536)",
            nullable=False,
        ),
    ),
)
