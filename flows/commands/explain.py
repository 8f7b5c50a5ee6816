"""`city2city explain`: everything a version says of one application or twinning, in the order in which it was
decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.console import print_json, print_table, say

if TYPE_CHECKING:
    import polars as pl

Sections = dict[str, list[dict[str, Any]]]


def explain(
    round_id: Annotated[str, typer.Argument(metavar="ROUND", help="Id of the round.")],
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="An application's or a twinning's id.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Why an application stands where it stands, or why a twinning was chosen: links, rules, points, place,
    with the evidence.
    """
    from flows.context import open_context  # noqa: PLC0415
    from programme.problems import problem  # noqa: PLC0415
    from warehouse.snapshots import read_tables  # noqa: PLC0415  (polars)

    context = open_context()
    version = context.latest(round_id)
    tables = read_tables(context.storage, round_id, version)
    sections = (
        _twinning(context, round_id, version, tables, subject)
        if subject in tables["twinnings"]["twinning_id"]
        else None
    )
    if sections is None and subject in tables["applications"]["application_id"]:
        sections = _application(context, round_id, version, tables, subject)
    if sections is None:
        raise problem(
            found=f"{subject!r}",
            expected="the id of an application or of a twinning",
            where=f"round {round_id}, version {version}",
            remedy=f"`city2city review {round_id}` and `city2city run {round_id}` show the ids.",
        )
    if as_json:
        print_json({"round": round_id, "version": version, "subject": subject} | sections)
        return
    say(f"Round {round_id}, version {version}: {subject}")
    for title, rows in sections.items():
        if rows:
            say("")
            print_table(rows, title=title.replace("_", " ").capitalize())


def _application(
    context: Any, round_id: str, version: int, tables: dict[str, pl.DataFrame], subject: str
) -> Sections:
    from flows.working_tables import read_working  # noqa: PLC0415

    def of(frame: pl.DataFrame, *columns: str) -> list[dict[str, Any]]:
        return frame.filter(frame["application_id"] == subject).select(columns).rows(named=True)

    def working(name: str, *columns: str) -> list[dict[str, Any]]:
        return of(read_working(context, round_id, version, name), *columns)

    return {
        "application": of(
            tables["applications"],
            "city_id",
            "city_name",
            "country_iso3",
            "population",
            "submitted_at",
            "state",
            "superseded_by",
        ),
        "applied_before": working(
            "earlier_applications", "earlier_round", "earlier_application_id", "became", "detail"
        ),
        "links": of(
            tables["crosscheck"],
            "register",
            "member_name",
            "outcome",
            "register_id",
            "confidence",
            "evidence",
        ),
        "rules": of(
            tables["eligibility_checks"], "rule", "outcome", "evidence", "source", "clause", "overridden_by"
        ),
        "eligibility": of(tables["eligibility"], "status", "scenario", "reasons"),
        "points": working(
            "explanations", "criterion", "points", "weight", "contribution", "source", "basis", "raise_by"
        ),
        "ranking": of(tables["ranking"], "rank", "total", "provisional", "disputed"),
        "how_sure_the_rank_is": working(
            "rank_intervals", "low", "high", "noise_low", "noise_high", "weights_low", "weights_high"
        ),
        "twinning": of(tables["twinning_members"], "twinning_id", "need", "experience"),
        "unplaced": of(tables["unplaced"], "reason", "regret"),
    }


def _twinning(
    context: Any, round_id: str, version: int, tables: dict[str, pl.DataFrame], subject: str
) -> Sections:
    from flows.working_tables import read_working  # noqa: PLC0415

    def of(frame: pl.DataFrame, *columns: str) -> list[dict[str, Any]]:
        return frame.filter(frame["twinning_id"] == subject).select(columns).rows(named=True)

    members = tables["twinning_members"].join(
        tables["applications"].select("application_id", "city_name", "country_iso3"), on="application_id"
    )
    return {
        "twinning": of(tables["twinnings"], "topic", "n_cities", "value", "state", "conditional"),
        "cities": of(members, "application_id", "city_name", "country_iso3", "need", "experience"),
        "aspects": of(
            read_working(context, round_id, version, "twinning_reasons"), "aspect", "points", "reason"
        ),
        "sensitivity": of(
            read_working(context, round_id, version, "twinning_sensitivity"),
            "margin",
            "runner_up",
            "robustness",
            "scenarios",
        ),
    }
