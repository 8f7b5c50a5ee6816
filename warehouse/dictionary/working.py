"""The tables that pass between the steps and are not published as they stand.

They may hold what a snapshot may not: rows set aside, and names as typed. Belongs here: the tables of
reading, linking and preparing the matchmaking, and all working tables together. Must stay out: the tables of
scoring and of explaining twinnings (`judging.py`, `matching.py`).
"""

from __future__ import annotations

import polars as pl

from programme.vocabulary import FORM_MARKS as MARKS
from programme.vocabulary import LINK_OUTCOMES
from warehouse.dictionary.feedback import FEEDBACK_ANSWERS, FEEDBACK_ASPECTS
from warehouse.dictionary.findings import FINDINGS
from warehouse.dictionary.inputs import ROW
from warehouse.dictionary.judging import JUDGING_TABLES
from warehouse.dictionary.matching import MATCHING_TABLES
from warehouse.dictionary.model import Column, Table
from warehouse.dictionary.near_selection import DERIVED_TABLES
from warehouse.dictionary.other_rounds import (
    APPROVED,
    CARRIED_OVER,
    CREDITS,
    EARLIER,
    EARLIER_APPLICATIONS,
)

SET_ASIDE = Table(
    "set_aside",
    "one row of an input that could not be used, with the reason; kept restricted, counted everywhere",
    ("table", "row"),
    (
        Column("table", pl.String(), "input table", nullable=False),
        ROW,
        Column("row_key", pl.String(), "the row's id where it has one, else 'row-NNNN'", nullable=False),
        Column("column", pl.String(), "the column at fault"),
        Column("reason", pl.String(), "why, in one sentence, without the cell's content", nullable=False),
    ),
)

SET_ASIDE_CONTENT = Table(
    "set_aside_content",
    "what a row that was set aside holds, so that it can be corrected, disclosed and erased",
    ("table", "row"),
    (
        Column("table", pl.String(), "input table", nullable=False),
        ROW,
        Column(
            "payload",
            pl.String(),
            "its cells as written, by canonical column, as JSON",
            nullable=False,
            personal=True,
        ),
    ),
)

READINGS = Table(
    "readings",
    "one cell that was not taken as it stood: what was written and what was understood",
    ("table", "row", "column"),
    (
        Column("table", pl.String(), "input table", nullable=False),
        ROW,
        Column("row_key", pl.String(), "the row's id", nullable=False),
        Column("column", pl.String(), "canonical column", nullable=False),
        Column("before", pl.String(), "what was written", personal=True),
        Column("after", pl.String(), "what was understood; null where nothing was", personal=True),
        Column("rule", pl.String(), "name of the reading rule", nullable=False),
    ),
)

FORM_MARKS = Table(
    "form_marks",
    "one reason why a used form must not be taken as it stands: a cell that could not be read, or what the "
    "form tool says of the response; a person decides",
    ("submission_id", "mark", "column"),
    (
        Column("submission_id", pl.String(), "the form", nullable=False),
        Column("mark", pl.String(), "the reason", nullable=False, values=MARKS),
        Column("column", pl.String(), "the column whose cell could not be read; null for any other mark"),
    ),
)

CITIES = Table(
    "cities",
    "one usable submission and the city it speaks for, as the registers and the gazetteer know it",
    ("application_id",),
    (
        Column("application_id", pl.String(), "the submission", nullable=False),
        Column("city_id", pl.String(), "cohort id, else GCoM id, else ISO3:normalised name", nullable=False),
        Column(
            "name_key",
            pl.String(),
            "ISO3:normalised name, to recognise a city of another round whose ids differ",
            nullable=False,
        ),
        Column("cohort_id", pl.String(), "linked cohort row, whatever its status"),
        Column("gcom_id", pl.String(), "linked GCoM row"),
        Column(
            "city_name",
            pl.String(),
            "the register's name where linked, else as typed and cleaned",
            nullable=False,
        ),
        Column("country_iso3", pl.String(), "ISO 3166-1 alpha-3"),
        Column("region", pl.String(), "world region of programme/regions.toml"),
        Column("latitude", pl.Float64(), "cohort, else GCoM, else gazetteer", "degrees north"),
        Column("longitude", pl.Float64(), "cohort, else GCoM, else gazetteer", "degrees east"),
        Column(
            "timezone",
            pl.String(),
            "IANA time zone, from the gazetteer (nearest place of the country where the city itself is not "
            "in it)",
        ),
        Column(
            "gazetteer_population",
            pl.Int64(),
            "inhabitants by the gazetteer, where the place was found",
            "inhabitants",
        ),
    ),
)

TOPIC_PLACES = Table(
    "topic_places",
    "one topic of an accepted application that asks for a place near water, where its city lies elsewhere "
    "or nobody knows where it lies",
    ("application_id", "topic"),
    (
        Column("application_id", pl.String(), "the application", nullable=False),
        Column("topic", pl.String(), "topic id", nullable=False),
        Column("distances", pl.String(), "how far its city lies from water, in words", nullable=False),
        Column(
            "agreed_by", pl.String(), "the decision that agrees to the topic all the same; null: it is asked"
        ),
    ),
)

NAMED_PARTNERS = Table(
    "named_partners",
    "one preferred partner city named in part F, resolved like any other name",
    ("application_id", "choice"),
    (
        Column("application_id", pl.String(), "who named it", nullable=False),
        Column("choice", pl.Int64(), "1 or 2, as in the form", nullable=False),
        Column("city_name", pl.String(), "as typed", nullable=False),
        Column(
            "city_id",
            pl.String(),
            "the city it was resolved to: an applicant's or a register's; null where it was not",
        ),
        Column(
            "outcome",
            pl.String(),
            "linked, review or none",
            nullable=False,
            values=LINK_OUTCOMES,
        ),
        Column("evidence", pl.String(), "why, in words", nullable=False),
    ),
)

COOPERATIONS = Table(
    "cooperations",
    "one earlier cooperation of two applicants' cities, from the collaborations file or from a form (part "
    "E), each unordered pair city_a < city_b",
    ("city_a", "city_b", "programme", "topic", "source"),
    (
        Column("city_a", pl.String(), "city_id", nullable=False),
        Column("city_b", pl.String(), "city_id", nullable=False),
        Column("programme", pl.String(), "programme"),
        Column("topic", pl.String(), "topic id; null where unknown"),
        Column(
            "funded",
            pl.Boolean(),
            "whether it was funded; an entry of a form counts as funded only if the collaborations file "
            "says so",
            nullable=False,
        ),
        Column("source", pl.String(), "collaborations or form", nullable=False),
    ),
)

CANDIDATES = Table(
    "candidates",
    "one application that may be matched: accepted, eligible or tentative, its city not in a confirmed "
    "twinning of another round",
    ("application_id",),
    (
        Column("application_id", pl.String(), "the application", nullable=False),
        Column("city_id", pl.String(), "its city", nullable=False),
        Column("city_name", pl.String(), "its name", nullable=False),
        Column("country_iso3", pl.String(), "ISO 3166-1 alpha-3"),
        Column("region", pl.String(), "world region"),
        Column("latitude", pl.Float64(), "position", "degrees north"),
        Column("longitude", pl.Float64(), "position", "degrees east"),
        Column("timezone", pl.String(), "IANA time zone"),
        Column("population", pl.Int64(), "inhabitants by the best source", "inhabitants"),
        Column("applicant_type", pl.String(), "kind of body"),
        Column("jurisdiction", pl.String(), "full, partial or none"),
        Column(
            "tentative",
            pl.Boolean(),
            "whether its eligibility still depends on something to come",
            nullable=False,
        ),
        Column("total", pl.Float64(), "selection score", "points", nullable=False, minimum=0),
        Column(
            "topics_out_of_place",
            pl.List(pl.String()),
            "topics that do not suit where its city lies, and nobody agreed to",
        ),
        *(
            column
            for n in (1, 2, 3)
            for column in (
                Column(f"topic_{n}", pl.String(), f"priority {n}: topic id, or null (never 'other')"),
                Column(f"topic_{n}_need", pl.Int64(), "need", "0-5"),
                Column(f"topic_{n}_experience", pl.Int64(), "experience", "0-5"),
            )
        ),
    ),
)

WITHOUT_EFFECT = Table(
    "without_effect",
    "one finding about a decision that changes nothing; it is told and not published",
    FINDINGS.key,
    FINDINGS.columns,
)

WORKING_TABLES: dict[str, Table] = (
    {
        t.name: t
        for t in (
            SET_ASIDE,
            SET_ASIDE_CONTENT,
            READINGS,
            FORM_MARKS,
            CITIES,
            TOPIC_PLACES,
            NAMED_PARTNERS,
            COOPERATIONS,
            CANDIDATES,
            EARLIER,
            APPROVED,
            WITHOUT_EFFECT,
            CARRIED_OVER,
            CREDITS,
            EARLIER_APPLICATIONS,
            FEEDBACK_ANSWERS,
            FEEDBACK_ASPECTS,
        )
    }
    | JUDGING_TABLES
    | MATCHING_TABLES
    | DERIVED_TABLES
)
