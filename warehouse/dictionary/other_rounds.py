"""What a round knows of other rounds, and of its own approved version.

Belongs here: the tables that are gathered from versions and the ledger instead of files. Must stay out: the
tables that pass between the steps (`working.py`).
"""

from __future__ import annotations

import polars as pl

from programme.vocabulary import BALANCE_SUBJECTS
from warehouse.dictionary.inputs import SUBMISSIONS
from warehouse.dictionary.model import MOMENT, Column, Table

EARLIER = Table(
    "earlier_rounds",
    "one city in a confirmed twinning of another round: it is taken, and its twinning counts against the "
    "capacity",
    ("round", "twinning_id", "city_id"),
    (
        Column("round", pl.String(), "the other round", nullable=False),
        Column("twinning_id", pl.String(), "the confirmed twinning", nullable=False),
        Column("city_id", pl.String(), "the city's id there", nullable=False),
        Column("city_name", pl.String(), "its name there"),
        Column("country_iso3", pl.String(), "ISO 3166-1 alpha-3"),
        Column("gcom_id", pl.String(), "its GCoM row there, where linked"),
        Column("region", pl.String(), "world region there"),
        Column("latitude", pl.Float64(), "latitude there", "degrees", minimum=-90, maximum=90),
        Column("longitude", pl.Float64(), "longitude there", "degrees", minimum=-180, maximum=180),
        Column("population", pl.Int64(), "inhabitants there", "inhabitants", minimum=0),
        Column("topic", pl.String(), "topic of the confirmed twinning"),
        Column("confirmed_at", MOMENT, "when it was confirmed; null where the decision is lost", "UTC"),
        Column(
            "published",
            pl.Boolean(),
            "whether the round's latest version has it as confirmed; null counts as yes",
        ),
    ),
)

CARRIED_OVER = Table(
    "carried_over",
    "one form of an earlier round that could be selected there, was not placed, and may take part in this "
    "one",
    ("submission_id",),
    (
        Column("carried_from", pl.String(), "the round it was sent in", nullable=False),
        *SUBMISSIONS.columns,
    ),
)

APPROVED = Table(
    "approved",
    "one city of a twinning of the approved version: the matchmaking keeps such a twinning where it costs "
    "little",
    ("twinning_id", "application_id"),
    (
        Column("twinning_id", pl.String(), "the twinning", nullable=False),
        Column("topic", pl.String(), "its topic", nullable=False),
        Column("application_id", pl.String(), "the application of the city", nullable=False),
        Column("city_id", pl.String(), "the city", nullable=False),
    ),
)

CREDITS = Table(
    "credits",
    "one class of the balance that came short in the round before, and what it has in this one for it; or "
    "why nothing is known of that round",
    ("round", "subject", "class"),
    (
        Column("round", pl.String(), "the round before", nullable=False),
        Column("version", pl.Int64(), "its version; null where it has none"),
        Column("content", pl.String(), "the content hash of that version; null where it has none"),
        Column("subject", pl.String(), "what is balanced; null in a note", values=BALANCE_SUBJECTS),
        Column("class", pl.String(), "the region, climate group, size class or topic id; null in a note"),
        Column("short", pl.Int64(), "units that it came short of", "cities (topic: twinnings)", minimum=1),
        Column("points", pl.Float64(), "credit on each unit that it misses again", "points", minimum=0),
        Column("note", pl.String(), "why there is no credit, or what is to be known of it; null: nothing"),
    ),
)

EARLIER_APPLICATIONS = Table(
    "earlier_applications",
    "one application of this round x one application of the same city in an earlier round, with what became "
    "of that one",
    ("application_id", "earlier_round", "earlier_application_id"),
    (
        Column("application_id", pl.String(), "the application of this round", nullable=False),
        Column("earlier_round", pl.String(), "the earlier round", nullable=False),
        Column("earlier_application_id", pl.String(), "the application there", nullable=False),
        Column("city_name", pl.String(), "its city's name there"),
        Column(
            "became",
            pl.String(),
            "superseded, late or withdrawn as a form; ineligible or needs_review; in a proposed or "
            "confirmed twinning; or eligible and unplaced",
            nullable=False,
            values=(
                "superseded",
                "late",
                "withdrawn",
                "ineligible",
                "needs_review",
                "proposed",
                "confirmed",
                "unplaced",
            ),
        ),
        Column(
            "detail",
            pl.String(),
            "which form or twinning, or the reasons told; null where there is nothing to add",
        ),
    ),
)
