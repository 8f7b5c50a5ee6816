"""`city2city explain`: everything a version says of one application or twinning.

The sections are in the order in which things were decided.
"""

from __future__ import annotations

from typing import Annotated, Any

import polars as pl
import typer

from flows.commands.explain_subject import Subject, find_subject
from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_json, print_table, print_text
from flows.context import AppContext, open_context
from flows.working_tables import kept_working_table, read_working_table
from pages.views.credits import credits_for
from warehouse.dictionary.published import MATCHING_FACTS
from warehouse.snapshots import read_tables

Section = tuple[str, str, tuple[str, ...]]
"""A section's name, the table it shows, and the columns."""

APPLICATION_COLUMNS = (
    "city_id",
    "city_name",
    "country_iso3",
    "population",
    "submitted_at",
    "state",
    "superseded_by",
)
LINK_COLUMNS = ("register", "member_name", "outcome", "register_id", "confidence", "evidence")
RULE_COLUMNS = ("rule", "outcome", "evidence", "source", "clause", "overridden_by")
POINT_COLUMNS = ("criterion", "points", "weight", "contribution", "source", "basis", "raise_by")
INTERVAL_COLUMNS = ("low", "high", "noise_low", "noise_high", "weights_low", "weights_high")
PREFERENCE_COLUMNS = ("choice", "city_id", "outcome", "reason", "message")
MADE_WHEN_ASKED = {
    "alternatives": ("which plans are nearly as good, and what would have been enough", "alternatives"),
    "repairs": ("what happens if a city leaves", "replace"),
}
"""Tables that are not made by a run: what they tell, and the command that makes them."""
NEAR_COLUMNS = ("status", "share", "proven", "plans", "every_plan", "words")
APPLICATION_SECTIONS: tuple[Section, ...] = (
    ("application", "applications", APPLICATION_COLUMNS),
    (
        "applied_before",
        "earlier_applications",
        ("earlier_round", "earlier_application_id", "became", "detail"),
    ),
    ("links", "crosscheck", LINK_COLUMNS),
    ("rules", "eligibility_checks", RULE_COLUMNS),
    ("eligibility", "eligibility", ("status", "scenario", "reasons")),
    ("points", "explanations", POINT_COLUMNS),
    ("ranking", "ranking", ("rank", "total", "provisional", "disputed")),
    ("how_sure_the_rank_is", "rank_intervals", INTERVAL_COLUMNS),
    ("preferred_partners", "preferences", PREFERENCE_COLUMNS),
    (
        "twinning",
        "twinning_members",
        ("twinning_id", "topic", "state", "value", "value_per_city", "need", "experience"),
    ),
    ("partners", "partners", ("partner", "city_name", "country_iso3", "need", "experience")),
    ("unplaced", "unplaced", ("kind", "reason", "message", "regret", "sufficient_change")),
    ("what_would_have_been_enough", "sufficient", ("kind", "value", "reason")),
    ("in_near_equal_plans", "alternatives", NEAR_COLUMNS),
    ("if_it_leaves", "repairs", ("kind", "joins", "loses", "loss", "words")),
    ("credits", "credits", ("of", "points", "words")),
)
TWINNING_SECTIONS: tuple[Section, ...] = (
    ("twinning", "twinnings", ("topic", "n_cities", "value", "value_per_city", "state", "conditional")),
    ("cities", "twinning_members", ("application_id", "city_name", "country_iso3", "need", "experience")),
    ("aspects", "twinning_reasons", ("aspect", "points", "reason")),
    ("sensitivity", "twinning_sensitivity", ("margin", "runner_up", "robustness", "scenarios")),
    ("in_near_equal_plans", "alternatives", NEAR_COLUMNS),
    ("if_a_city_leaves", "repairs", ("application_id", "kind", "joins", "loses", "loss", "words")),
)


def explain(
    round_id: RoundId,
    subject: Annotated[
        str,
        typer.Argument(
            metavar="SUBJECT", help="A city's name, or the id of an application, a city or a twinning."
        ),
    ],
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Explain an application's result, or a twinning.

    For an application: links, rules, points, preferences, place and partners, with the evidence. For a
    twinning: why it was chosen.
    """
    context = open_context()
    version = context.latest_version(round_id)
    tables = read_tables(context.storage, round_id, version)
    meant = find_subject(tables, subject, f"round {round_id}, version {version}")
    sections = _sections(context, round_id, version, tables, meant)
    if as_json:
        about = {"round": round_id, "version": version, "subject": meant.id, "asked": subject}
        print_json(about | sections)
        return
    print_text(f"Round {round_id}, version {version}: {meant.id}")
    if meant.asked:
        print_text(
            f"The form {meant.asked} was superseded; {meant.id} stands in its place and is explained here."
        )
    if meant.others:
        print_text(f"Other forms of the same city: {', '.join(meant.others)}.")
    for name, rows in sections.items():
        if rows:
            print_text("")
            print_table(rows, title=name.replace("_", " ").capitalize(), show_all=show_all)
    for name, (what, command) in MADE_WHEN_ASKED.items():
        if kept_working_table(context, round_id, version, name) is None:
            print_text(f"Not worked out yet is {what}. This does it: city2city {command} {round_id}")


def _sections(
    context: AppContext, round_id: str, version: int, tables: dict[str, pl.DataFrame], subject: Subject
) -> dict[str, list[dict[str, Any]]]:
    """The rows about the subject by section."""
    labels = context.programme.topics.labels
    tables = tables | _with_names(tables) | {"credits": _credits(tables, subject, labels)}

    def table(name: str) -> pl.DataFrame:
        if name in tables:
            return tables[name]
        kept = read_working_table(context, round_id, version, name)
        # The plans tell of both kinds of subjects; plan 0 is the selection itself.
        return kept.filter(plan=0).rename({"subject": subject.key}) if name == "alternatives" else kept

    sections = TWINNING_SECTIONS if subject.key == "twinning_id" else APPLICATION_SECTIONS
    rows = {}
    for section, name, columns in sections:
        about = table(name).filter(pl.col(subject.key) == subject.id)
        rows[section] = about.select(column for column in columns if column in about.columns).rows(named=True)
    return rows


def _credits(tables: dict[str, pl.DataFrame], subject: Subject, labels: dict[str, str]) -> pl.DataFrame:
    """The credits of the classes of an application."""
    schema = {"application_id": pl.String, "of": pl.String, "points": pl.Float64, "words": pl.String}
    found = credits_for(MATCHING_FACTS.among(tables), subject.id, labels)
    rows = [(subject.id, one.name, one.points, one.words) for one in found]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _with_names(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables that are shown with names: members of twinnings, partners, the value of each city."""
    cities = tables["applications"].select("application_id", "city_name", "country_iso3")
    members = tables["twinning_members"].join(cities, on="application_id", how="left")
    twinnings = tables["twinnings"].with_columns(
        value_per_city=(pl.col("value") / pl.col("n_cities")).round(2)
    )
    about = twinnings.select("twinning_id", "topic", "state", "value", "value_per_city")
    partners = (
        members.select("twinning_id", "application_id")
        .join(members.rename({"application_id": "partner"}), on="twinning_id")
        .filter(pl.col("application_id") != pl.col("partner"))
        .sort("partner")
    )
    placed = members.join(about, on="twinning_id", how="left")
    return {"twinnings": twinnings, "twinning_members": placed, "partners": partners}
