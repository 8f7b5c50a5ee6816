"""The table `submissions`: one row per form sent, under canonical column names, parts A to F of the form.

Belongs here: what a column of the form holds once it is read. Must stay out: the questions and spellings that
lead to it (`programme/form.toml`).
"""

from __future__ import annotations

import polars as pl

from programme.vocabulary import APPLICANT_TYPES, MANDATES, PLAN_STATUSES
from warehouse.dictionary import lengths
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
            longest=lengths.LISTED,
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
        Column("submission_id", pl.String(), "id the form tool gave", nullable=False, longest=lengths.ID),
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
            longest=lengths.NAME,
        ),
        Column("country", pl.String(), "the country as typed", nullable=False, longest=lengths.COUNTRY),
        Column(
            "country_iso3",
            pl.String(),
            "ISO 3166-1 alpha-3 of the country; null where none could be recognised",
        ),
        Column(
            "applicant_type",
            pl.String(),
            "kind of body that applies",
            nullable=False,
            values=APPLICANT_TYPES,
            longest=lengths.LISTED,
        ),
        Column("population", pl.Int64(), "inhabitants by the applicant's word", "inhabitants", minimum=0),
        Column(
            "members",
            pl.List(MEMBER),
            "municipalities of a consortium: name, inhabitants, status of the climate plan",
            longest=lengths.RECORDS,
        ),
        Column(
            "cohort_status",
            pl.String(),
            "what the form says of the UTM cohort",
            values=("member", "applied", "not_applied"),
            longest=lengths.LISTED,
        ),
        Column("cohort_applied_on", pl.Date(), "when the cohort application was made, by the form"),
        Column(
            "gcom_status",
            pl.String(),
            "what the form says of the GCoM",
            values=("signatory", "will_sign", "not_signatory"),
            longest=lengths.LISTED,
        ),
        Column(
            "plan_type",
            pl.String(),
            "kind of climate plan",
            values=("SECAP", "SEACAP", "CAP", "other", "none"),
            longest=lengths.LISTED,
        ),
        Column(
            "plan_status",
            pl.String(),
            "status of the climate plan",
            values=PLAN_STATUSES,
            longest=lengths.LISTED,
        ),
        Column("plan_covers_whole_city", pl.Boolean(), "whether the plan covers the whole city"),
        Column("plan_url", pl.String(), "link to the plan; never followed", longest=lengths.LINK),
        Column("contact_name", pl.String(), "who sent the form", personal=True, longest=lengths.LINE),
        Column("contact_email", pl.String(), "how to reach them", personal=True, longest=lengths.ADDRESS),
        Column("contact_role", pl.String(), "their role", personal=True, longest=lengths.LINE),
        Column(
            "organisation", pl.String(), "their organisation as typed", personal=True, longest=lengths.LINE
        ),
        Column(
            "mandate",
            pl.String(),
            "strength of the mandate",
            values=MANDATES,
            longest=lengths.LISTED,
        ),
        Column(
            "mandate_url",
            pl.String(),
            "link to the letter; never followed",
            personal=True,
            longest=lengths.LINK,
        ),
        Column("english_confirmed", pl.Boolean(), "the team can work in English"),
        Column("resources_confirmed", pl.Boolean(), "time and resources are committed"),
        Column("data_consent", pl.Boolean(), "agreed to the processing of personal data"),
        *_topic(1),
        *_topic(2),
        *_topic(3),
        Column(
            "jurisdiction",
            pl.String(),
            "jurisdiction over the action",
            values=("full", "partial", "none"),
            longest=lengths.LISTED,
        ),
        Column(
            "jurisdiction_gap_plan",
            pl.String(),
            "how a gap in jurisdiction would be closed",
            personal=True,
            longest=lengths.TEXT,
        ),
        Column("motivation", pl.String(), "motivation and expectations", personal=True, longest=lengths.TEXT),
        Column("action_summary", pl.String(), "the proposed action", personal=True, longest=lengths.TEXT),
        Column(
            "action_stage",
            pl.String(),
            "how far it is",
            values=("idea", "planned", "feasibility", "pilot", "scaling"),
            longest=lengths.LISTED,
        ),
        Column(
            "action_aspects",
            pl.List(pl.String()),
            "aspects considered: technical, regulatory, financial, social, environmental",
            longest=lengths.LISTED,
        ),
        Column(
            "innovation_status",
            pl.String(),
            "state of innovative solutions",
            values=("none", "considered", "planned", "evaluated"),
            longest=lengths.LISTED,
        ),
        Column("aligned_activities", pl.String(), "related activities", personal=True, longest=lengths.TEXT),
        Column(
            "stakeholders",
            pl.List(pl.String()),
            "kinds involved: public_authorities, businesses, finance, research, civil_society",
            longest=lengths.LISTED,
        ),
        Column(
            "engagement_status",
            pl.String(),
            "state of the engagement",
            values=("none", "planned", "ongoing", "formalised"),
            longest=lengths.LISTED,
        ),
        Column("good_practices", pl.String(), "good practices to share", personal=True, longest=lengths.TEXT),
        Column("lessons", pl.String(), "missteps and lessons", personal=True, longest=lengths.TEXT),
        Column(
            "past_cooperation",
            pl.List(COOPERATION),
            "earlier cooperation with cities: city, country, programme, topic (id, or as typed)",
            longest=lengths.RECORDS,
        ),
        Column(
            "preferred_city_1", pl.String(), "first preferred partner city, as typed", longest=lengths.NAME
        ),
        Column("preferred_country_1", pl.String(), "its country, as typed", longest=lengths.COUNTRY),
        Column(
            "preferred_city_2", pl.String(), "second preferred partner city, as typed", longest=lengths.NAME
        ),
        Column("preferred_country_2", pl.String(), "its country, as typed", longest=lengths.COUNTRY),
    ),
)
