"""`city2city replace`: what happens if a city leaves its twinning, and the decisions for it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated, Any

import polars as pl
import typer

from flows.commands.explain_subject import find_subject
from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_json, print_table, print_text
from flows.context import AppContext, open_context
from flows.ledger import record_decisions
from flows.near_selection import near_selection
from programme.problems import problem
from programme.rounds import Round
from tasks.decisions.confirmations import decisions_in_force
from tasks.decisions.kinds import make_decision
from warehouse.dictionary.inputs import DECISIONS
from warehouse.snapshots import read_tables

Row = dict[str, Any]
SHOWN = ("kind", "subject", "object", "value")
COLUMNS = ("application_id", "twinning_id", "kind", "loss", "proven", "words")


def replace(
    round_id: RoundId,
    city: Annotated[
        str | None,
        typer.Argument(metavar="CITY", help="A city, or its application's id.", show_default="all of them"),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="WHO",
            help="Who decides.",
            show_default="nothing is recorded",
        ),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why the city leaves.")] = "",
    show_all: ShowAll = False,
    as_json: AsJson = False,
) -> None:
    """Say what happens if a city leaves, or decide it.

    All other twinnings stand. The city is withdrawn, its pins are taken back, and those that are together
    afterwards are pinned. It takes effect when the round is run again.
    """
    context = open_context()
    round_ = context.round(round_id)
    version, repairs = near_selection(context, round_id, "repairs")
    about: Row = {"round": round_id, "version": version}
    if city is None:
        title = f"Round {round_id}, version {version}: if a city leaves"
        if as_json:
            return print_json(about | {"repairs": repairs.to_dicts()})
        return print_table(repairs.select(COLUMNS).to_dicts(), title=title, show_all=show_all)
    row = _repair_of(context, round_id, version, city, repairs.rows(named=True))
    decisions = _record(context, round_, row, by, reason)
    if as_json:
        return print_json(about | {"repair": row, "recorded": len(decisions)})
    return _print_repair(row, decisions, round_id)


def _print_repair(row: Row, decisions: list[Row], round_id: str) -> None:
    print_text(row["words"])
    if not row["proven"]:
        print_text("That no better change exists is not proven.")
    if not decisions:
        print_text("Nothing was recorded. --by WHO --reason TEXT records the decisions.")
        return
    for one in decisions:
        print_text(f"Recorded: {' '.join(str(one[name]) for name in SHOWN if one[name])}.")
    print_text(f"They take effect with the next run: city2city run {round_id}")


def _repair_of(context: AppContext, round_id: str, version: int, city: str, rows: list[Row]) -> Row:
    """The repair of one city; raises `ProblemsError` where nobody knows it, or it has no place."""
    tables = read_tables(context.storage, round_id, version)
    meant = find_subject(tables, city, f"round {round_id}, version {version}")
    for row in rows:
        if row["application_id"] == meant.id:
            return row
    raise problem(
        found=f"{city!r} ({meant.id}), which is in no twinning",
        expected="a city that has a place",
        where=f"round {round_id}, version {version}",
        remedy=f"See who has one: city2city replace {round_id}",
    )


def _record(context: AppContext, round_: Round, row: Row, by: str | None, reason: str) -> list[Row]:
    """Record the decisions, if somebody decides, and answer them."""
    if by is None:
        return []
    undone = _pins_of(context, round_.id, str(row["application_id"]))
    decisions = _decisions(row, undone, by, reason)
    if decisions:
        record_decisions(context, round_, DECISIONS.frame(decisions), "cli", datetime.now(UTC))
    return decisions


def _pins_of(context: AppContext, round_id: str, leaver: str) -> list[str]:
    """The pins in force that name a city by any of its ids: they cannot hold beside its withdrawal."""
    tables = read_tables(context.storage, round_id, context.latest_version(round_id))
    cities = tables["applications"].select("application_id", "city_id")
    city = cities.filter(application_id=leaver)["city_id"].to_list()
    names = [*city, leaver, *cities.filter(pl.col("city_id").is_in(city))["application_id"]]
    pins = decisions_in_force(context.ledger.decisions(round_id)).filter(kind="pin")
    named = pl.col("subject").is_in(names) | pl.col("object").is_in(names)
    return pins.filter(named)["decision_id"].sort().to_list()


def _decisions(row: Row, undone: list[str], by: str, reason: str) -> list[Row]:
    """The withdrawal, the undoing of its pins, and a pin for those who are together afterwards."""
    now, leaver = datetime.now(UTC), str(row["application_id"])
    found: list[Row] = [
        make_decision(kind="withdraw", subject=leaver, reason=reason, decided_by=by, decided_at=now)
    ]
    why = f"{leaver} left: {reason}"
    found += [
        make_decision(kind="undo", subject=name, reason=why, decided_by=by, decided_at=now) for name in undone
    ]
    members = [one for one in str(row["members"]).split(", ") if one]
    for one, other in pairwise(members):
        found.append(
            make_decision(
                kind="pin",
                subject=one,
                object_=other,
                value=row["topic"],
                reason=why,
                decided_by=by,
                decided_at=now,
            )
        )
    return found
