"""The tables that come in, under their canonical column names.

One row of each is one usable row of the file, typed and understood; `row` is the row's number in the file as
a person counts it (the heading is row 1). Belongs here: the registers, evaluations, collaborations,
decisions, corrections and evaluators, and which inputs there are. Must stay out: the long table `submissions`
(`submissions.py`), and how a heading or a spelling becomes a canonical value (`programme/form.toml`). Other
packages import any input table from here.
"""

from __future__ import annotations

import polars as pl

from programme.vocabulary import DECISION_KINDS
from warehouse.dictionary import lengths
from warehouse.dictionary.feedback import FEEDBACK
from warehouse.dictionary.model import MOMENT, Column, Table
from warehouse.dictionary.submissions import ROW, SUBMISSIONS

COHORT = Table(
    "cohort",
    "one city in the register of the UTM City Cohort, whatever its status",
    ("utm_id", "row"),
    (
        ROW,
        Column("utm_id", pl.String(), "the cohort's id", nullable=False, longest=lengths.ID),
        Column("name", pl.String(), "name in the register", nullable=False, longest=lengths.NAME),
        Column("country", pl.String(), "country as written", nullable=False, longest=lengths.COUNTRY),
        Column("country_iso3", pl.String(), "ISO 3166-1 alpha-3; null where not recognised"),
        Column("population", pl.Int64(), "inhabitants by the register", "inhabitants", minimum=0),
        Column(
            "status",
            pl.String(),
            "state of the cohort application",
            nullable=False,
            values=("member", "pending", "rejected", "withdrawn"),
            longest=lengths.LISTED,
        ),
        Column("applied_on", pl.Date(), "when it applied to the cohort"),
        Column("decided_on", pl.Date(), "when the cohort decided"),
        Column(
            "gcom_id", pl.String(), "its id in the GCoM list, where the register knows it", longest=lengths.ID
        ),
        Column("latitude", pl.Float64(), "position", "degrees north", minimum=-90, maximum=90),
        Column("longitude", pl.Float64(), "position", "degrees east", minimum=-180, maximum=180),
    ),
)

GCOM = Table(
    "gcom",
    "one signatory of the Global Covenant of Mayors",
    ("gcom_id", "row"),
    (
        ROW,
        Column("gcom_id", pl.String(), "the list's id", nullable=False, longest=lengths.ID),
        Column("name", pl.String(), "name in the list", nullable=False, longest=lengths.NAME),
        Column("country", pl.String(), "country as written", nullable=False, longest=lengths.COUNTRY),
        Column("country_iso3", pl.String(), "ISO 3166-1 alpha-3; null where not recognised"),
        Column("region", pl.String(), "state, province or region within the country", longest=lengths.NAME),
        Column("population", pl.Int64(), "inhabitants by the list", "inhabitants", minimum=0),
        Column("latitude", pl.Float64(), "position", "degrees north", minimum=-90, maximum=90),
        Column("longitude", pl.Float64(), "position", "degrees east", minimum=-180, maximum=180),
        Column("signed_on", pl.Date(), "when it signed"),
        Column(
            "status",
            pl.String(),
            "'active' counts; anything else does not",
            nullable=False,
            longest=lengths.LISTED,
        ),
    ),
)

EVALUATIONS = Table(
    "evaluations",
    "one score of one evaluator for one criterion of one application, or their declaration of a conflict",
    ("submission_id", "evaluator_id", "criterion", "row"),
    (
        ROW,
        Column(
            "evaluator_id",
            pl.String(),
            "pseudonymous id of the evaluator",
            nullable=False,
            longest=lengths.ID,
        ),
        Column("submission_id", pl.String(), "the application", nullable=False, longest=lengths.ID),
        Column(
            "criterion",
            pl.String(),
            "criterion id of programme/rubric.toml; as written where none was recognised; a declared "
            "conflict may have none",
            longest=lengths.NAME,
        ),
        Column("score", pl.Float64(), "the score; null only beside a declared conflict", "0-5"),
        Column("comment", pl.String(), "free text of the evaluator", personal=True, longest=lengths.TEXT),
        Column(
            "conflict",
            pl.Boolean(),
            "declared conflict of interest, about the whole application; null counts as none",
        ),
        Column("evaluated_at", pl.Date(), "when"),
    ),
)

COLLABORATIONS = Table(
    "collaborations",
    "one known earlier cooperation of two cities",
    ("row",),
    (
        ROW,
        Column("city_a", pl.String(), "one city, as written", nullable=False, longest=lengths.NAME),
        Column("country_a", pl.String(), "its country, as written", nullable=False, longest=lengths.COUNTRY),
        Column("country_a_iso3", pl.String(), "ISO 3166-1 alpha-3; null where not recognised"),
        Column("city_b", pl.String(), "the other city, as written", nullable=False, longest=lengths.NAME),
        Column("country_b", pl.String(), "its country, as written", nullable=False, longest=lengths.COUNTRY),
        Column("country_b_iso3", pl.String(), "ISO 3166-1 alpha-3; null where not recognised"),
        Column("programme", pl.String(), "programme they cooperated in", longest=lengths.LINE),
        Column(
            "topic",
            pl.String(),
            "topic id, 'other', or null where the source names none",
            longest=lengths.LISTED,
        ),
        Column("funded", pl.Boolean(), "whether it was funded; null counts as not"),
    ),
)

DECISIONS = Table(
    "decisions",
    "one human decision, in the order in which they were recorded; append-only, the last on the same matter "
    "counts",
    ("decision_id",),
    (
        Column(
            "decision_id",
            pl.String(),
            "first 12 hex digits of the sha256 of its content: the same line twice is one decision",
            nullable=False,
        ),
        Column(
            "kind",
            pl.String(),
            "what kind of decision",
            nullable=False,
            values=DECISION_KINDS,
            longest=lengths.ID,
        ),
        Column(
            "subject",
            pl.String(),
            "what it is about: a submission, city, twinning or (undo) decision id",
            nullable=False,
            longest=lengths.LINE,
        ),
        Column(
            "object", pl.String(), "the register, the rule or the other party, by kind", longest=lengths.LINE
        ),
        Column(
            "value", pl.String(), "the register's id, the outcome or the topic, by kind", longest=lengths.LINE
        ),
        Column(
            "topic", pl.String(), "topic of the twinning that is confirmed or released", longest=lengths.LINE
        ),
        Column(
            "members",
            pl.String(),
            "members of the twinning that is confirmed or released: APPLICATION=CITY, separated by ';'",
            longest=lengths.LINE,
        ),
        Column("reason", pl.String(), "why", nullable=False, personal=True, longest=lengths.TEXT),
        Column("decided_by", pl.String(), "who", nullable=False, personal=True, longest=lengths.LINE),
        Column("decided_at", MOMENT, "when", "UTC", nullable=False),
    ),
    in_order=True,
)

CORRECTIONS = Table(
    "corrections",
    "one cell of a submission mended by hand, with what stood there before",
    ("submission_id", "column", "row"),
    (
        ROW,
        Column("submission_id", pl.String(), "the submission", nullable=False, longest=lengths.ID),
        Column("column", pl.String(), "its canonical column", nullable=False, longest=lengths.ID),
        Column(
            "expected",
            pl.String(),
            "what the cell holds before; null for a blank cell",
            personal=True,
            longest=lengths.TEXT,
        ),
        Column(
            "value",
            pl.String(),
            "what it shall hold; null for a blank cell",
            personal=True,
            longest=lengths.TEXT,
        ),
        Column("reason", pl.String(), "why", nullable=False, personal=True, longest=lengths.TEXT),
        Column("decided_by", pl.String(), "who", nullable=False, personal=True, longest=lengths.LINE),
        Column("decided_at", MOMENT, "when", "UTC", nullable=False),
    ),
)

EVALUATORS = Table(
    "evaluators",
    "one person who may be given applications to evaluate",
    ("evaluator_id", "row"),
    (
        ROW,
        Column(
            "evaluator_id",
            pl.String(),
            "pseudonymous id of the evaluator",
            nullable=False,
            longest=lengths.ID,
        ),
        Column(
            "country", pl.String(), "country they are from or work in, as written", longest=lengths.COUNTRY
        ),
        Column("country_iso3", pl.String(), "ISO 3166-1 alpha-3; null where not recognised"),
        Column(
            "email",
            pl.String(),
            "e-mail address at the employer, or its domain alone",
            personal=True,
            longest=lengths.ADDRESS,
        ),
        Column(
            "expertise",
            pl.String(),
            "topics they know, by id or wording, separated by ';'",
            longest=lengths.TEXT,
        ),
        Column(
            "ties",
            pl.String(),
            "declared ties: submission ids, city names or countries, separated by ';'",
            personal=True,
            longest=lengths.TEXT,
        ),
    ),
)

INPUT_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        SUBMISSIONS,
        COHORT,
        GCOM,
        EVALUATIONS,
        COLLABORATIONS,
        DECISIONS,
        CORRECTIONS,
        EVALUATORS,
        FEEDBACK,
    )
}
RUN_INPUTS = tuple(name for name in INPUT_TABLES if name != FEEDBACK.name)
"""The inputs that a run reads; feedback comes in long after a version, and changes nothing of it."""
REQUIRED_INPUTS = ("submissions", "cohort", "gcom")

__all__ = [
    "COHORT",
    "COLLABORATIONS",
    "CORRECTIONS",
    "DECISIONS",
    "EVALUATIONS",
    "EVALUATORS",
    "FEEDBACK",
    "GCOM",
    "INPUT_TABLES",
    "REQUIRED_INPUTS",
    "ROW",
    "RUN_INPUTS",
    "SUBMISSIONS",
]
