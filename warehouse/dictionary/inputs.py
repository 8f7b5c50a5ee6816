"""The tables that come in, under their canonical column names (`contract.md`, What goes in).

One row of each is one usable row of the file, typed and understood; `row` is the row's number in the file as
a person counts it (the heading is row 1). How a heading or a spelling becomes a canonical value is the form's
business (`programme/form.toml`), not this file's.
"""

from __future__ import annotations

import polars as pl

from programme.vocabulary import APPLICANT_TYPES, DECISION_KINDS, PLAN_STATUSES
from warehouse.dictionary.model import MOMENT, Column, Table

MEMBER = pl.Struct({"name": pl.String(), "population": pl.Int64(), "plan_status": pl.String()})
COOPERATION = pl.Struct(
    {"city": pl.String(), "country": pl.String(), "programme": pl.String(), "topic": pl.String()}
)

ROW = Column(
    "row", pl.Int64(), "number of the row in its file, the heading being row 1", nullable=False, minimum=1
)


def _topic(n: int) -> tuple[Column, ...]:
    return (
        Column(
            f"topic_{n}",
            pl.String(),
            f"priority {n}: a topic id of programme/topics.toml, or 'other'",
            nullable=n != 1,
        ),
        Column(
            f"topic_{n}_need",
            pl.Int64(),
            f"how much the city needs on topic {n}, by its own word",
            "0-5",
            minimum=0,
            maximum=5,
        ),
        Column(
            f"topic_{n}_experience",
            pl.Int64(),
            f"how much the city can offer on topic {n}, by its own word",
            "0-5",
            minimum=0,
            maximum=5,
        ),
    )


SUBMISSIONS = Table(
    "submissions",
    "one form sent",
    ("submission_id", "row"),
    (
        ROW,
        Column("submission_id", pl.String(), "id the form tool gave", nullable=False),
        Column(
            "submitted_at",
            MOMENT,
            "when the form was sent; null where the time stamp could not be read",
            "UTC",
        ),
        Column(
            "city_name",
            pl.String(),
            "the city or consortium as its own administration typed it",
            nullable=False,
        ),
        Column("country", pl.String(), "the country as typed", nullable=False),
        Column(
            "country_iso3",
            pl.String(),
            "ISO 3166-1 alpha-3 of the country; null where none could be recognised",
        ),
        Column(
            "applicant_type", pl.String(), "kind of body that applies", nullable=False, values=APPLICANT_TYPES
        ),
        Column("population", pl.Int64(), "inhabitants by the applicant's word", "inhabitants", minimum=0),
        Column(
            "members",
            pl.List(MEMBER),
            "municipalities of a consortium: name, inhabitants, status of the climate plan",
        ),
        Column(
            "cohort_status",
            pl.String(),
            "what the form says of the UTM cohort",
            values=("member", "applied", "not_applied"),
        ),
        Column("cohort_applied_on", pl.Date(), "when the cohort application was made, by the form"),
        Column(
            "gcom_status",
            pl.String(),
            "what the form says of the GCoM",
            values=("signatory", "will_sign", "not_signatory"),
        ),
        Column(
            "plan_type",
            pl.String(),
            "kind of climate plan",
            values=("SECAP", "SEACAP", "CAP", "other", "none"),
        ),
        Column("plan_status", pl.String(), "status of the climate plan", values=PLAN_STATUSES),
        Column("plan_covers_whole_city", pl.Boolean(), "whether the plan covers the whole city"),
        Column("plan_url", pl.String(), "link to the plan; never followed"),
        Column("contact_name", pl.String(), "who sent the form", personal=True),
        Column("contact_email", pl.String(), "how to reach them", personal=True),
        Column("contact_role", pl.String(), "their role", personal=True),
        Column("organisation", pl.String(), "their organisation as typed", personal=True),
        Column(
            "mandate",
            pl.String(),
            "strength of the mandate",
            values=("official_letter", "confirmed", "in_progress", "none"),
        ),
        Column("mandate_url", pl.String(), "link to the letter; never followed", personal=True),
        Column("english_confirmed", pl.Boolean(), "the team can work in English"),
        Column("resources_confirmed", pl.Boolean(), "time and resources are committed"),
        Column("data_consent", pl.Boolean(), "agreed to the processing of personal data"),
        *_topic(1),
        *_topic(2),
        *_topic(3),
        Column(
            "jurisdiction", pl.String(), "jurisdiction over the action", values=("full", "partial", "none")
        ),
        Column(
            "jurisdiction_gap_plan", pl.String(), "how a gap in jurisdiction would be closed", personal=True
        ),
        Column("motivation", pl.String(), "motivation and expectations", personal=True),
        Column("action_summary", pl.String(), "the proposed action", personal=True),
        Column(
            "action_stage",
            pl.String(),
            "how far it is",
            values=("idea", "planned", "feasibility", "pilot", "scaling"),
        ),
        Column(
            "action_aspects",
            pl.List(pl.String()),
            "aspects considered: technical, regulatory, financial, social, environmental",
        ),
        Column(
            "innovation_status",
            pl.String(),
            "state of innovative solutions",
            values=("none", "considered", "planned", "evaluated"),
        ),
        Column("aligned_activities", pl.String(), "related activities", personal=True),
        Column(
            "stakeholders",
            pl.List(pl.String()),
            "kinds involved: public_authorities, businesses, finance, research, civil_society",
        ),
        Column(
            "engagement_status",
            pl.String(),
            "state of the engagement",
            values=("none", "planned", "ongoing", "formalised"),
        ),
        Column("good_practices", pl.String(), "good practices to share", personal=True),
        Column("lessons", pl.String(), "missteps and lessons", personal=True),
        Column(
            "past_cooperation",
            pl.List(COOPERATION),
            "earlier cooperation with cities: city, country, programme, topic (id, or as typed)",
        ),
        Column("preferred_city_1", pl.String(), "first preferred partner city, as typed"),
        Column("preferred_country_1", pl.String(), "its country, as typed"),
        Column("preferred_city_2", pl.String(), "second preferred partner city, as typed"),
        Column("preferred_country_2", pl.String(), "its country, as typed"),
    ),
)

COHORT = Table(
    "cohort",
    "one city in the register of the UTM City Cohort, whatever its status",
    ("utm_id", "row"),
    (
        ROW,
        Column("utm_id", pl.String(), "the cohort's id", nullable=False),
        Column("name", pl.String(), "name in the register", nullable=False),
        Column("country", pl.String(), "country as written", nullable=False),
        Column("country_iso3", pl.String(), "ISO 3166-1 alpha-3; null where not recognised"),
        Column("population", pl.Int64(), "inhabitants by the register", "inhabitants", minimum=0),
        Column(
            "status",
            pl.String(),
            "state of the cohort application",
            nullable=False,
            values=("member", "pending", "rejected", "withdrawn"),
        ),
        Column("applied_on", pl.Date(), "when it applied to the cohort"),
        Column("decided_on", pl.Date(), "when the cohort decided"),
        Column("gcom_id", pl.String(), "its id in the GCoM list, where the register knows it"),
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
        Column("gcom_id", pl.String(), "the list's id", nullable=False),
        Column("name", pl.String(), "name in the list", nullable=False),
        Column("country", pl.String(), "country as written", nullable=False),
        Column("country_iso3", pl.String(), "ISO 3166-1 alpha-3; null where not recognised"),
        Column("region", pl.String(), "state, province or region within the country"),
        Column("population", pl.Int64(), "inhabitants by the list", "inhabitants", minimum=0),
        Column("latitude", pl.Float64(), "position", "degrees north", minimum=-90, maximum=90),
        Column("longitude", pl.Float64(), "position", "degrees east", minimum=-180, maximum=180),
        Column("signed_on", pl.Date(), "when it signed"),
        Column("status", pl.String(), "'active' counts; anything else does not", nullable=False),
    ),
)

EVALUATIONS = Table(
    "evaluations",
    "one score of one evaluator for one criterion of one application",
    ("submission_id", "evaluator_id", "criterion", "row"),
    (
        ROW,
        Column("evaluator_id", pl.String(), "pseudonymous id of the evaluator", nullable=False),
        Column("submission_id", pl.String(), "the application", nullable=False),
        Column(
            "criterion",
            pl.String(),
            "criterion id of programme/rubric.toml; as written where none was recognised",
            nullable=False,
        ),
        Column("score", pl.Float64(), "the score", "0-5", nullable=False),
        Column("comment", pl.String(), "free text of the evaluator", personal=True),
        Column("conflict", pl.Boolean(), "declared conflict of interest; null counts as none"),
        Column("evaluated_at", pl.Date(), "when"),
    ),
)

COLLABORATIONS = Table(
    "collaborations",
    "one known earlier cooperation of two cities",
    ("row",),
    (
        ROW,
        Column("city_a", pl.String(), "one city, as written", nullable=False),
        Column("country_a", pl.String(), "its country, as written", nullable=False),
        Column("country_a_iso3", pl.String(), "ISO 3166-1 alpha-3; null where not recognised"),
        Column("city_b", pl.String(), "the other city, as written", nullable=False),
        Column("country_b", pl.String(), "its country, as written", nullable=False),
        Column("country_b_iso3", pl.String(), "ISO 3166-1 alpha-3; null where not recognised"),
        Column("programme", pl.String(), "programme they cooperated in"),
        Column("topic", pl.String(), "topic id, 'other', or null where the source names none"),
        Column("funded", pl.Boolean(), "whether it was funded; null counts as not"),
    ),
)

DECISIONS = Table(
    "decisions",
    "one human decision; append-only, the latest on the same matter counts",
    ("decision_id",),
    (
        Column(
            "decision_id",
            pl.String(),
            "first 12 hex digits of the sha256 of its content: the same line twice is one decision",
            nullable=False,
        ),
        Column("kind", pl.String(), "what kind of decision", nullable=False, values=DECISION_KINDS),
        Column(
            "subject",
            pl.String(),
            "what it is about: a submission, city, twinning or (undo) decision id",
            nullable=False,
        ),
        Column("object", pl.String(), "the register, the rule or the other party, by kind"),
        Column("value", pl.String(), "the register's id, the outcome or the topic, by kind"),
        Column("reason", pl.String(), "why", nullable=False, personal=True),
        Column("decided_by", pl.String(), "who", nullable=False, personal=True),
        Column("decided_at", MOMENT, "when", "UTC", nullable=False),
    ),
)

CORRECTIONS = Table(
    "corrections",
    "one cell of a submission mended by hand, with what stood there before",
    ("submission_id", "column", "row"),
    (
        ROW,
        Column("submission_id", pl.String(), "the submission", nullable=False),
        Column("column", pl.String(), "its canonical column", nullable=False),
        Column("expected", pl.String(), "what the cell holds before; null for a blank cell", personal=True),
        Column("value", pl.String(), "what it shall hold; null for a blank cell", personal=True),
        Column("reason", pl.String(), "why", nullable=False, personal=True),
        Column("decided_by", pl.String(), "who", nullable=False, personal=True),
        Column("decided_at", MOMENT, "when", "UTC", nullable=False),
    ),
)

EVALUATORS = Table(
    "evaluators",
    "one person who may be given applications to evaluate",
    ("evaluator_id", "row"),
    (
        ROW,
        Column("evaluator_id", pl.String(), "pseudonymous id of the evaluator", nullable=False),
        Column("country", pl.String(), "country they are from or work in, as written"),
        Column("country_iso3", pl.String(), "ISO 3166-1 alpha-3; null where not recognised"),
        Column("email", pl.String(), "e-mail address at the employer, or its domain alone", personal=True),
        Column("expertise", pl.String(), "topics they know, by id or wording, separated by ';'"),
        Column(
            "ties",
            pl.String(),
            "declared ties: submission ids, city names or countries, separated by ';'",
            personal=True,
        ),
    ),
)

INPUT_TABLES: dict[str, Table] = {
    t.name: t
    for t in (SUBMISSIONS, COHORT, GCOM, EVALUATIONS, COLLABORATIONS, DECISIONS, CORRECTIONS, EVALUATORS)
}
REQUIRED_INPUTS = ("submissions", "cohort", "gcom")
