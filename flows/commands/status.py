"""`city2city status`: where every round stands, from the rules and the published versions alone.

It is promised within 0.8 seconds: what it imports must load neither the database library nor any step.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from flows.commands.options import AsAt, AsJson
from flows.console import print_table, print_text
from flows.context import AppContext, open_context
from flows.moments import in_utc
from flows.retention import Due, what_is_due
from flows.standing import programme_given_out, round_standing
from programme.problems import ProblemsError
from programme.vocabulary import OpenPointKind
from tasks.decisions.approvals import pin_text
from tasks.matchmaking.capacity import capacity_line

COLUMNS = [
    "round",
    "deadline",
    "state",
    "latest_version",
    "open_points",
    "conditions",
    "results_due",
    "last_run",
]


def status(
    round_id: Annotated[str | None, typer.Argument(metavar="ROUND", help="Only this round.")] = None,
    as_of: AsAt = None,
    check: Annotated[
        bool, typer.Option("--check", help="End with 1 where something is due, failed or overdue.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show where every round stands.

    Per round: deadline, state, latest version, open reviews, what tentative cities still have to bring, when
    results are due, the last run. Then how much of the programme is given out, what is kept too long, and
    what is due, failed or overdue.
    """
    context = open_context()
    rounds = [context.round(round_id)] if round_id else context.rounds.rounds
    now = in_utc(as_of or datetime.now(UTC))
    rows = [round_standing(context, round_, now) for round_ in rounds]
    given = programme_given_out(context)
    capacity = capacity_line(context.rounds.max_twinnings, context.rounds.max_cities, given)
    due = [one for one in _kept_too_long(context, now) if round_id in (None, one.round_id)]
    for row in rows:
        row["capacity"] = capacity
        row["to_erase"] = [asdict(one) for one in due if one.round_id == row["round"]]
    if not as_json:
        _make_readable(rows)
    print_table(rows, None if as_json else COLUMNS, as_json=as_json, show_all=True)
    if not as_json:
        waits = [f"Round {row['round']}: {one}" for row in rows for one in row["attention"]]
        print_text("\n".join([capacity, *map(str, due), *waits]))
    if check and any(row["attention"] for row in rows):
        raise typer.Exit(1)


def _kept_too_long(context: AppContext, now: datetime) -> list[Due]:
    """What the retention rules say is to be erased; nothing where a version is damaged, which is told."""
    try:
        return list(what_is_due(context, now))
    except ProblemsError:
        return []


def _make_readable(rows: list[dict[str, Any]]) -> None:
    """Print what is said in sentences, and turn the cells of the rows into words."""
    for row in rows:
        for one in row["confirmed_at_risk"]:
            print_text(f"Round {row['round']}: {one}")
        for one in _about_approval(row):
            print_text(f"Round {row['round']}: {one}")
        row |= {
            "conditions": _counted(row["conditions"]),
            "deadline": f"{row['deadline']:%Y-%m-%d %H:%M}",
            "results_due": f"{row['results_due']} ({row['due']})",
            "open_points": _in_words(row["open_points"]),
        }


def _about_approval(row: dict[str, Any]) -> list[str]:
    """What is to be said of approvals and of a pin, in sentences."""
    round_id, latest, lines = row["round"], row["latest_version"], []
    if row["approval"]:
        number = "" if row["approved"] is None else f" of version {row['approved']}"
        lines.append(f"Approval{number}: {row['approval']}")
    if latest and row["approved"] != latest:
        lines.append(f"Version {latest} is not approved: city2city approve {round_id} {latest} --show")
    if row["pinned_to"]:
        lines.append(pin_text(round_id, row["pinned_to"]))
    return lines


def _counted(conditions: list[dict[str, Any]]) -> str:
    overdue = sum(row["overdue"] for row in conditions)
    return f"{len(conditions)} ({overdue} overdue)" if conditions else ""


def _in_words(points: dict[OpenPointKind, int] | None) -> str:
    """The number of open points and what they are, as `54 (rule 45, unconfirmed 9)`."""
    if not points:
        return "" if points is None else "0"
    kinds = ", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in points.items())
    return f"{sum(points.values())} ({kinds})"
