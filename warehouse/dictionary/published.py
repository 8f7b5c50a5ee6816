"""The tables of a snapshot (`contract.md`, What comes out). No personal data in any of them: a test reads
`personal` here.
"""

from __future__ import annotations

import polars as pl

from programme.vocabulary import (
    APPLICANT_TYPES,
    ASPECTS,
    CRITERIA,
    LINK_OUTCOMES,
    OUTCOMES,
    RULES,
    SEVERITIES,
    STATES,
    STATUSES,
    TWINNING_STATES,
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
            "cohort id, else GCoM id, else ISO3:normalised name; the same city has the same id in every round",
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
        Column("topic_1", pl.String(), "first priority"),
        Column("topic_2", pl.String(), "second priority"),
        Column("topic_3", pl.String(), "third priority"),
    ),
)

CROSSCHECK = Table(
    "crosscheck",
    "application x register x member (the member being the city itself, or each municipality of a consortium)",
    ("application_id", "register", "member_name"),
    (
        APPLICATION_ID,
        Column("register", pl.String(), "which register", nullable=False, values=("cohort", "gcom")),
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
            "where the evidence came from: form, cohort or gcom (with the version of the register), gazetteer, decision",
            nullable=False,
        ),
        Column("clause", pl.String(), "clause of the programme's FAQ", nullable=False),
        Column(
            "message", pl.String(), "one plain sentence that could be sent to the applicant", nullable=False
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
        Column("reason", pl.String(), "why, in one sentence", nullable=False),
        Column(
            "regret",
            pl.Float64(),
            "how much value the whole selection would lose by taking it; null where no feasible twinning has it",
            "points",
            minimum=0,
        ),
    ),
)

FINDINGS = Table(
    "findings",
    "one failed expectation, or one row that failed it",
    ("table", "expectation", "row_key", "column", "message"),
    (
        Column("table", pl.String(), "the table", nullable=False),
        Column("expectation", pl.String(), "name of what was expected", nullable=False),
        Column(
            "severity",
            pl.String(),
            "stop: nothing is published; warn: a person should look",
            nullable=False,
            values=SEVERITIES,
        ),
        Column("row_key", pl.String(), "the row, by its key; null for the table as a whole"),
        Column("column", pl.String(), "the column; null for the row as a whole"),
        Column(
            "message",
            pl.String(),
            "what was found and what was expected, without personal data",
            nullable=False,
        ),
    ),
)

CHANGES = Table(
    "changes",
    "one change against the parent version",
    ("subject", "what", "before", "after"),
    (
        Column("subject", pl.String(), "application or twinning", nullable=False),
        Column("what", pl.String(), "what changed of it", nullable=False),
        Column("before", pl.String(), "the parent's value; null where there was none"),
        Column("after", pl.String(), "this version's value; null where there is none"),
        Column("cause", pl.String(), "which input, decision, rule or program made it change", nullable=False),
    ),
)

PUBLISHED_TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        APPLICATIONS, CROSSCHECK, ELIGIBILITY_CHECKS, ELIGIBILITY, SCORES, RANKING, TWINNINGS, TWINNING_MEMBERS, UNPLACED, FINDINGS, CHANGES,
    )
}  # fmt: skip
