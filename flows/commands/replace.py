"""`city2city replace`: what happens if a city leaves its twinning, and the decisions for it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Annotated, Any

import typer

from flows.commands.explain_subject import find_subject
from flows.commands.options import AsJson, RoundId, ShowAll
from flows.console import print_json, print_table, print_text
from flows.context import AppContext, open_context
from flows.ledger import record_decisions
from flows.near_selection import near_selection
from programme.problems import problem
from tasks.decisions.kinds import make_decision
from warehouse.dictionary.inputs import DECISIONS
from warehouse.snapshots import read_tables

Row = dict[str, Any]
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

    All other twinnings stand. The city is withdrawn, and those that are together afterwards are pinned. It
    takes effect when the round is run again.
    """
    context = open_context()
    round_ = context.round(round_id)
    version, repairs = near_selection(context, round_id, "repairs")
    if city is None:
        if as_json:
            print_json({"round": round_id, "version": version, "repairs": repairs.to_dicts()})
        else:
            title = f"Round {round_id}, version {version}: if a city leaves"
            print_table(repairs.select(COLUMNS).to_dicts(), title=title, show_all=show_all)
        return
    row = _repair_of(context, round_id, version, city, repairs.rows(named=True))
    decisions = _decisions(row, by, reason) if by is not None else []
    recorded = (
        record_decisions(context, round_, DECISIONS.frame(decisions), "cli", datetime.now(UTC))
        if decisions
        else 0
    )
    if as_json:
        print_json({"round": round_id, "version": version, "repair": row, "recorded": recorded})
        return
    print_text(row["words"])
    if not row["proven"]:
        print_text("That no better change exists is not proven.")
    if by is None:
        print_text("Nothing was recorded. --by WHO --reason TEXT records the decisions.")
    for one in decisions:
        print_text(
            "Recorded: "
            + " ".join(str(one[name]) for name in ("kind", "subject", "object", "value") if one[name])
        )
    if decisions:
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


def _decisions(row: Row, by: str, reason: str) -> list[dict[str, object]]:
    """The withdrawal, and a pin for those who are together afterwards."""
    now, leaver = datetime.now(UTC), str(row["application_id"])
    found = [make_decision(kind="withdraw", subject=leaver, reason=reason, decided_by=by, decided_at=now)]
    members = [one for one in str(row["members"]).split(", ") if one]
    for one, other in pairwise(members):
        found.append(
            make_decision(
                kind="pin",
                subject=one,
                object_=other,
                value=row["topic"],
                reason=f"{leaver} left: {reason}",
                decided_by=by,
                decided_at=now,
            )
        )
    return found
