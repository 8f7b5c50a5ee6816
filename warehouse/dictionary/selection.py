"""The published tables about the selection: scores, ranking, twinnings, and who was not placed.

Belongs here: what applications that can be selected are compared by, and what was chosen. Must stay out: why
an application can be selected at all (`applications.py`). No column is personal; a test reads `personal`
here.
"""

from __future__ import annotations

import polars as pl

from programme.vocabulary import ASPECTS, CRITERIA, PREFERENCE_OUTCOMES, TWINNING_STATES, UNPLACED_KINDS
from warehouse.dictionary.applications import APPLICATION_ID
from warehouse.dictionary.model import Column, Table

SCORES = Table(
    "scores",
    "application x criterion",
    ("application_id", "criterion"),
    (
        APPLICATION_ID,
        Column("criterion", pl.String(), "the criterion", nullable=False, values=CRITERIA),
        Column(
            "points",
            pl.Float64(),
            "points that count towards the total (0 to max_points)",
            "points",
            nullable=False,
            minimum=0,
        ),
        Column(
            "max_points",
            pl.Float64(),
            "most points the criterion can give",
            "points",
            nullable=False,
            minimum=0,
        ),
        Column(
            "weight",
            pl.Float64(),
            "the criterion's weight in the rubric",
            "points of 100",
            nullable=False,
            minimum=0,
        ),
        Column(
            "source", pl.String(), "whose numbers these are", nullable=False, values=("evaluators", "form")
        ),
        Column(
            "n_reviews",
            pl.Int64(),
            "scores of evaluators that count (without a conflict)",
            "reviews",
            nullable=False,
            minimum=0,
        ),
        Column(
            "spread",
            pl.Float64(),
            "largest minus smallest of those scores; null below two",
            "0-5",
            minimum=0,
            maximum=5,
        ),
    ),
)

RANKING = Table(
    "ranking",
    "one application that can be selected (accepted; eligible or tentative)",
    ("application_id",),
    (
        APPLICATION_ID,
        Column("total", pl.Float64(), "sum of its points", "points", nullable=False, minimum=0),
        Column("rank", pl.Int64(), "1 is best; equal totals share a rank", nullable=False, minimum=1),
        Column(
            "provisional",
            pl.Boolean(),
            "whether any criterion rests on fewer reviews than the rubric asks",
            nullable=False,
        ),
        Column(
            "disputed",
            pl.Boolean(),
            "whether any criterion's spread exceeds the rubric's limit",
            nullable=False,
        ),
    ),
)

TWINNINGS = Table(
    "twinnings",
    "one twinning",
    ("twinning_id",),
    (
        Column(
            "twinning_id", pl.String(), "from the round, the topic and the members' city ids", nullable=False
        ),
        Column("topic", pl.String(), "the common topic", nullable=False),
        Column("n_cities", pl.Int64(), "two or three", "cities", nullable=False, minimum=2, maximum=3),
        Column(
            "value",
            pl.Float64(),
            "what the twinning is worth to the selection: the sum of its aspects",
            "points",
            nullable=False,
        ),
        *(
            Column(
                f"aspect_{name}",
                pl.Float64(),
                f"part of the value that comes from the aspect {name}",
                "points",
                nullable=False,
            )
            for name in ASPECTS
        ),
        Column(
            "state",
            pl.String(),
            "proposed, or confirmed by a decision",
            nullable=False,
            values=TWINNING_STATES,
        ),
        Column("conditional", pl.Boolean(), "whether a member is only tentatively eligible", nullable=False),
        Column(
            "least_shared_minutes",
            pl.Int64(),
            "the least of a working day that any two of its cities share, on any working day of the "
            "twinning; null where a time zone is unknown",
            "minutes",
            minimum=0,
        ),
        Column(
            "usual_shared_minutes",
            pl.Int64(),
            "likewise, on most working days",
            "minutes",
            minimum=0,
        ),
    ),
)

TWINNING_MEMBERS = Table(
    "twinning_members",
    "twinning x city",
    ("twinning_id", "application_id"),
    (
        Column("twinning_id", pl.String(), "the twinning", nullable=False),
        APPLICATION_ID,
        Column("city_id", pl.String(), "its city", nullable=False),
        Column("need", pl.Int64(), "need on the common topic", "0-5", minimum=0, maximum=5),
        Column("experience", pl.Int64(), "experience on the common topic", "0-5", minimum=0, maximum=5),
    ),
)

UNPLACED = Table(
    "unplaced",
    "one application that could be selected and was not",
    ("application_id",),
    (
        APPLICATION_ID,
        Column("kind", pl.String(), "the kind of reason", nullable=False, values=UNPLACED_KINDS),
        Column("reason", pl.String(), "why, for the committee, with figures and names", nullable=False),
        Column(
            "message",
            pl.String(),
            "why, as it can be sent to the city: no points, no other applicant's name",
            nullable=False,
        ),
        Column(
            "removed_by",
            pl.String(),
            "the rules that left it no partner, as `rule count`, joined by comma; null where it has partners",
        ),
        Column(
            "regret",
            pl.Float64(),
            "how much value the whole selection would lose by taking it; null where no feasible twinning "
            "has it, and where only a least figure is known (see `reason`)",
            "points",
            minimum=0,
        ),
        Column(
            "sufficient_change",
            pl.String(),
            "what would have been enough, as it can be sent to the city; null where that is not known",
        ),
    ),
)

PREFERENCES = Table(
    "preferences",
    "application x preferred partner city of part F",
    ("application_id", "choice"),
    (
        APPLICATION_ID,
        Column("choice", pl.Int64(), "1 or 2, as in the form", nullable=False, minimum=1, maximum=2),
        Column("city_id", pl.String(), "the preferred city; null where it is not known"),
        Column("outcome", pl.String(), "what became of it", nullable=False, values=PREFERENCE_OUTCOMES),
        Column("reason", pl.String(), "why, for the committee, with figures", nullable=False),
        Column("message", pl.String(), "why, as it can be sent to the city: no points", nullable=False),
    ),
)
