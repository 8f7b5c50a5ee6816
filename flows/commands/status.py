"""`city2city status`: where every round stands, from the rules and the published versions alone.

It is promised within 0.8 seconds: what it imports must load neither the database library nor any step.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from flows.commands.options import AsJson
from flows.console import print_table
from flows.context import AppContext, open_context
from flows.run_record import hold_round
from programme.problems import ProblemsError
from programme.rounds import Round
from programme.vocabulary import OpenPointKind
from tasks.publish.open_points import TABLES, count_by_kind, open_points
from warehouse.database.last_run import last_run
from warehouse.snapshots import latest_version, read_package, read_table

COLUMNS = ["round", "deadline", "state", "latest_version", "open_points", "results_due", "last_run"]


def status(
    round_id: Annotated[str | None, typer.Argument(metavar="ROUND", help="Only this round.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show where every round stands.

    Per round: deadline, state, latest version, open reviews, when results are due, the last run.
    """
    context = open_context()
    rounds = [context.round(round_id)] if round_id else context.rounds.rounds
    now = datetime.now(UTC)
    rows = [_row(context, round_, now) for round_ in rounds]
    if not as_json:
        for row in rows:
            row |= {
                "deadline": f"{row['deadline']:%Y-%m-%d %H:%M}",
                "results_due": f"{row['results_due']} ({row['due']})",
                "open_points": _in_words(row["open_points"]),
            }
    print_table(rows, None if as_json else COLUMNS, as_json=as_json, show_all=True)


def _row(context: AppContext, round_: Round, now: datetime) -> dict[str, Any]:
    version = latest_version(context.storage, round_.id)
    package = read_package(context.storage, round_.id, version) if version else {}
    due = context.rounds.results_due(round_)
    points = _open_points(context, round_.id, version)
    return {
        "round": round_.id,
        "deadline": round_.deadline,
        "state": _state(round_, now, version),
        "latest_version": version,
        "version_state": package.get("state"),
        "open_reviews": None if points is None else sum(points.values()),
        "open_points": points,
        "results_due": due,
        "due": _due(due, now.astimezone(round_.zone).date()),
        "last_run": _last_run(context, round_.id),
    }


def _in_words(points: dict[OpenPointKind, int] | None) -> str:
    """The number of open points and what they are, as `54 (rule 45, unconfirmed 9)`."""
    if not points:
        return "" if points is None else "0"
    kinds = ", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in points.items())
    return f"{sum(points.values())} ({kinds})"


def _state(round_: Round, now: datetime, version: int | None) -> str:
    if now < round_.opens_at:
        return "not yet open"
    if now < round_.accepted_until:
        return "open"
    return "processed" if version else "closed, not processed"


def _due(due: date, today: date) -> str:
    days = (due - today).days
    return f"in {days} days" if days >= 0 else f"{-days} days ago"


def _open_points(context: AppContext, round_id: str, version: int | None) -> dict[OpenPointKind, int] | None:
    """How many points of each kind wait for a person, as `review` lists them."""
    if version is None:
        return None
    tables = {name: read_table(context.storage, round_id, version, name) for name in TABLES}
    return count_by_kind(open_points(tables))


def _last_run(context: AppContext, round_id: str) -> str | None:
    row = last_run(context.settings.database_url, round_id)
    if row is None:
        return None
    outcome = "killed" if row[1] == "running" and not _is_running(context, round_id) else row[1]
    return f"{row[0]:%Y-%m-%d %H:%M} UTC: {outcome}"


def _is_running(context: AppContext, round_id: str) -> bool:
    """Whether a process holds the round: a run that is noted as running and holds nothing was killed."""
    try:
        with hold_round(context, round_id, "asked by status"):
            return False
    except ProblemsError:
        return True
