"""The working tables of scoring: what each number is made of.

None of them is published: they speak of single evaluators (under their pseudonym), or repeat in detail what `scores` sums up.
"""

from __future__ import annotations

import polars as pl

from warehouse.dictionary.model import Column, Table
from warehouse.dictionary.published import APPLICATION_ID, CRITERIA

CRITERION = Column("criterion", pl.String(), "the criterion", nullable=False, values=CRITERIA)

FORM_EVIDENCE = Table(
    "form_evidence",
    "application x reason: what the form alone gives points for",
    ("application_id", "criterion", "reason"),
    (
        APPLICATION_ID,
        CRITERION,
        Column("reason", pl.String(), "name of the reason in programme/rubric.toml", nullable=False),
        Column("points", pl.Float64(), "points of the reason", "0-5", nullable=False, minimum=0, maximum=5),
        Column("max_points", pl.Float64(), "most points the reason can give", "0-5", nullable=False, minimum=0, maximum=5),
        Column("detail", pl.String(), "what it rests on, in words; of a free text only its length", nullable=False),
    ),
)

JUDGING_TABLES: dict[str, Table] = {t.name: t for t in (FORM_EVIDENCE,)}
