"""The published tables about single applications: what was sent, linked and judged.

Belongs here: the forms of a round, the registers they were looked up in, and the eligibility rules. Must stay
out: scores and twinnings (`selection.py`). No column is personal; a test reads `personal` here.
"""

from __future__ import annotations

import polars as pl

from programme.vocabulary import (
    APPLICANT_TYPES,
    LINK_OUTCOMES,
    OUTCOMES,
    REGISTERS,
    RULES,
    STATES,
    STATUSES,
)
from warehouse.dictionary.model import MOMENT, Column, Table

APPLICATION_ID = Column("application_id", pl.String(), "the submission's id", nullable=False)

APPLICATIONS = Table(
    "applications",
    "one submission of the round, whatever became of it",
    ("application_id",),
    (
        APPLICATION_ID,
        Column(
            "city_id",
            pl.String(),
            "cohort id, else GCoM id, else ISO3:normalised name; the same city has the same id in every "
            "round",
        ),
        Column("city_name", pl.String(), "the register's name where linked, else as typed and cleaned"),
        Column("country_iso3", pl.String(), "ISO 3166-1 alpha-3"),
        Column("region", pl.String(), "world region of programme/regions.toml"),
        Column("latitude", pl.Float64(), "position", "degrees north", minimum=-90, maximum=90),
        Column("longitude", pl.Float64(), "position", "degrees east", minimum=-180, maximum=180),
        Column("timezone", pl.String(), "IANA time zone"),
        Column("population", pl.Int64(), "inhabitants by the best source", "inhabitants", minimum=0),
        Column("applicant_type", pl.String(), "kind of body that applies", values=APPLICANT_TYPES),
        Column("submitted_at", MOMENT, "when the form was sent", "UTC"),
        Column(
            "state",
            pl.String(),
            "what became of the form; set_aside rows carry nothing but their id",
            nullable=False,
            values=STATES,
        ),
        Column("superseded_by", pl.String(), "the submission that stands in its place"),
        Column(
            "carried_from",
            pl.String(),
            "the earlier round it was sent in, where a decision carried it over to this one",
        ),
        Column("topic_1", pl.String(), "first priority"),
        Column("topic_2", pl.String(), "second priority"),
        Column("topic_3", pl.String(), "third priority"),
    ),
)

CROSSCHECK = Table(
    "crosscheck",
    "application x register x member (the member being the city itself, or each municipality of a "
    "consortium)",
    ("application_id", "register", "member_name"),
    (
        APPLICATION_ID,
        Column("register", pl.String(), "which register", nullable=False, values=REGISTERS),
        Column(
            "member_name",
            pl.String(),
            "the name looked up: the city's, or a consortium member's",
            nullable=False,
        ),
        Column(
            "outcome",
            pl.String(),
            "linked, for a person to review, or none",
            nullable=False,
            values=LINK_OUTCOMES,
        ),
        Column("register_id", pl.String(), "the linked row; null unless linked"),
        Column(
            "confidence",
            pl.Float64(),
            "how sure the link is; 1 for a human decision",
            "0-1",
            minimum=0,
            maximum=1,
        ),
        Column(
            "evidence",
            pl.String(),
            "why, in words; under review also the candidates, best first",
            nullable=False,
        ),
        Column("decided_by", pl.String(), "'rules', or 'decision ID' where a person decided", nullable=False),
    ),
)

ELIGIBILITY_CHECKS = Table(
    "eligibility_checks",
    "application x rule",
    ("application_id", "rule"),
    (
        APPLICATION_ID,
        Column("rule", pl.String(), "the rule", nullable=False, values=RULES),
        Column(
            "outcome",
            pl.String(),
            "the outcome that counts (a recorded decision outranks the computed one)",
            nullable=False,
            values=OUTCOMES,
        ),
        Column("computed_outcome", pl.String(), "what the rule alone says", nullable=False, values=OUTCOMES),
        Column("evidence", pl.String(), "the value it rests on", nullable=False),
        Column(
            "source",
            pl.String(),
            "where the evidence came from: form, cohort or gcom (with the version of the register), "
            "gazetteer, decision",
            nullable=False,
        ),
        Column("clause", pl.String(), "clause of the programme's FAQ", nullable=False),
        Column(
            "message", pl.String(), "one plain sentence that could be sent to the applicant", nullable=False
        ),
        Column(
            "final",
            pl.Boolean(),
            "whether nothing the applicant does can change the outcome in this call; null counts as no",
        ),
        Column("overridden_by", pl.String(), "'decision ID' where a person decided"),
    ),
)

ELIGIBILITY = Table(
    "eligibility",
    "one accepted application",
    ("application_id",),
    (
        APPLICATION_ID,
        Column("city_id", pl.String(), "its city", nullable=False),
        Column(
            "scenario",
            pl.Int64(),
            "scenario of FAQ 3.2: 1 member, 2 applied before, 3 applied in parallel; null otherwise",
            minimum=1,
            maximum=3,
        ),
        Column("status", pl.String(), "what the rules together say", nullable=False, values=STATUSES),
        Column(
            "reasons",
            pl.String(),
            "the messages of every rule that is not met, unclear or conditional; empty where eligible",
            nullable=False,
        ),
    ),
)
