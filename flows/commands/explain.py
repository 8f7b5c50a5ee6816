"""`city2city explain`: everything a version says of one application or twinning.

The sections are in the order in which things were decided.
"""

from __future__ import annotations

from typing import Annotated, Any

import polars as pl
import typer

from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_json, print_table, print_text
from flows.context import AppContext, open_context
from flows.working_tables import read_working_table
from programme.problems import problem
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
    ("twinning", "twinning_members", ("twinning_id", "need", "experience")),
    ("unplaced", "unplaced", ("kind", "reason", "message", "regret")),
    ("preferences", "preferences", ("choice", "city_id", "outcome", "reason", "message")),
)
TWINNING_SECTIONS: tuple[Section, ...] = (
    ("twinning", "twinnings", ("topic", "n_cities", "value", "state", "conditional")),
    ("cities", "twinning_members", ("application_id", "city_name", "country_iso3", "need", "experience")),
    ("aspects", "twinning_reasons", ("aspect", "points", "reason")),
    ("sensitivity", "twinning_sensitivity", ("margin", "runner_up", "robustness", "scenarios")),
)


def explain(
    round_id: RoundId,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="An application's or a twinning's id.")],
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Explain an application's result, or a twinning.

    For an application: links, rules, points and place, with the evidence. For a twinning: why it was chosen.
    """
    context = open_context()
    version = context.latest_version(round_id)
    sections = _sections(context, round_id, version, subject)
    if as_json:
        print_json({"round": round_id, "version": version, "subject": subject} | sections)
        return
    print_text(f"Round {round_id}, version {version}: {subject}")
    for name, rows in sections.items():
        if rows:
            print_text("")
            print_table(rows, title=name.replace("_", " ").capitalize(), show_all=show_all)


def _sections(
    context: AppContext, round_id: str, version: int, subject: str
) -> dict[str, list[dict[str, Any]]]:
    """The rows about the subject by section; raises `ProblemsError` where the version does not know it."""
    tables = read_tables(context.storage, round_id, version)
    if subject in tables["twinnings"]["twinning_id"]:
        key, sections = "twinning_id", TWINNING_SECTIONS
        cities = tables["applications"].select("application_id", "city_name", "country_iso3")
        tables["twinning_members"] = tables["twinning_members"].join(cities, on="application_id")
    elif subject in tables["applications"]["application_id"]:
        key, sections = "application_id", APPLICATION_SECTIONS
    else:
        raise problem(
            found=f"{subject!r}",
            expected="the id of an application or of a twinning",
            where=f"round {round_id}, version {version}",
            remedy=f"`city2city review {round_id}` and `city2city run {round_id}` show the ids.",
        )

    def table(name: str) -> pl.DataFrame:
        return tables[name] if name in tables else read_working_table(context, round_id, version, name)

    return {
        section: table(name).filter(pl.col(key) == subject).select(columns).rows(named=True)
        for section, name, columns in sections
    }
