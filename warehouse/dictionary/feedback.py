"""The table of what cities say of the sessions of their twinning.

It comes in after a round, so no run reads it (`RUN_INPUTS` of `inputs.py`). Nothing of it is published.
"""

from __future__ import annotations

import polars as pl

from programme.vocabulary import ASPECTS
from warehouse.dictionary import lengths
from warehouse.dictionary.model import Column, Table
from warehouse.dictionary.submissions import ROW

SCORES = ("usefulness", "exchange", "progress")
"""The columns that hold a score from 0 to 5."""

FEEDBACK = Table(
    "feedback",
    "one city's feedback on one session of its twinning (FAQ 2.2)",
    ("twinning_id", "city", "session", "row"),
    (
        ROW,
        Column("twinning_id", pl.String(), "the twinning", nullable=False, longest=lengths.ID),
        Column(
            "city",
            pl.String(),
            "the city: its id, its application's id, or its name as in the round",
            nullable=False,
            longest=lengths.NAME,
        ),
        Column("session", pl.Int64(), "number of the session, from 1 (FAQ 4.1)", nullable=False),
        Column(
            "usefulness", pl.Int64(), "how useful the session was for the city", "0-5", minimum=0, maximum=5
        ),
        Column("exchange", pl.Int64(), "how well the partners exchanged", "0-5", minimum=0, maximum=5),
        Column("progress", pl.Int64(), "how far it brought the common work", "0-5", minimum=0, maximum=5),
        Column("would_do_again", pl.Boolean(), "whether the city would be twinned with them again"),
        Column(
            "comment",
            pl.String(),
            "outcomes, challenges, recommendations in the city's words",
            personal=True,
            longest=lengths.TEXT,
        ),
    ),
)

FEEDBACK_ANSWERS = Table(
    "feedback_answers",
    "one row of the feedback with the application that it is of",
    ("row",),
    (
        ROW,
        Column("twinning_id", pl.String(), "the twinning", nullable=False),
        Column("application_id", pl.String(), "the member that answered; null where none is meant"),
        Column("session", pl.Int64(), "number of the session", nullable=False),
        *(Column(name, pl.Int64(), FEEDBACK[name].meaning, "0-5", minimum=0, maximum=5) for name in SCORES),
        Column("would_do_again", pl.Boolean(), "whether it would be twinned with them again"),
    ),
)

FEEDBACK_ASPECTS = Table(
    "feedback_aspects",
    "one aspect, and whether it went with good twinnings",
    ("aspect",),
    (
        Column("aspect", pl.String(), "the aspect", nullable=False, values=ASPECTS),
        Column("twinnings", pl.Int64(), "twinnings that were compared", nullable=False, minimum=0),
        Column("tau", pl.Float64(), "Kendall's tau-b; null where it says nothing", minimum=-1, maximum=1),
        Column("low", pl.Float64(), "lower end of its interval of 95 percent", minimum=-1, maximum=1),
        Column("high", pl.Float64(), "upper end of its interval", minimum=-1, maximum=1),
        Column("words", pl.String(), "what that says", nullable=False),
    ),
)
