"""`city2city status`: where every round stands, from the rules and the published versions alone.

It is promised within 0.8 seconds: what it imports must load neither the database library nor any step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any

import polars as pl
import typer

from flows.commands.options import AsAt, AsJson
from flows.console import print_table, print_text
from flows.context import AppContext, open_context
from flows.kept_decisions import kept_decisions
from flows.mailing.waiting import letters_of, waiting_points
from flows.moments import in_utc
from flows.run_record import hold_round
from programme.eligibility import read_eligibility
from programme.problems import ProblemsError
from programme.rounds import Round
from programme.vocabulary import OpenPointKind
from tasks.decisions.approvals import pin_text, pinned_version
from tasks.decisions.confirmations import decisions_in_force
from tasks.eligibility.conditions import conditions
from tasks.letters.outbox import letters_out
from tasks.matchmaking.capacity import GivenOut, capacity_line, given_out
from tasks.publish.open_points import TABLES, count_by_kind
from warehouse.database.last_run import last_run
from warehouse.snapshots import latest_version, read_approved, read_package, read_table

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
Tables = Mapping[str, pl.DataFrame]


def status(
    round_id: Annotated[str | None, typer.Argument(metavar="ROUND", help="Only this round.")] = None,
    as_of: AsAt = None,
    as_json: AsJson = False,
) -> None:
    """Show where every round stands.

    Per round: deadline, state, latest version, open reviews, what tentative cities still have to bring, when
    results are due, the last run. Then how much of the programme is given out.
    """
    context = open_context()
    rounds = [context.round(round_id)] if round_id else context.rounds.rounds
    now = in_utc(as_of or datetime.now(UTC))
    rows = [_row(context, round_, now) for round_ in rounds]
    capacity = _capacity(context)
    for row in rows:
        row["capacity"] = capacity
    if not as_json:
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
    print_table(rows, None if as_json else COLUMNS, as_json=as_json, show_all=True)
    if not as_json:
        print_text(capacity)


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


def _capacity(context: AppContext) -> str:
    """How much of the programme the latest versions of all rounds give out."""
    given = GivenOut()
    for round_ in context.rounds.rounds:
        if version := latest_version(context.storage, round_.id):
            given += given_out(read_table(context.storage, round_.id, version, "twinnings"))
    return capacity_line(context.rounds.max_twinnings, context.rounds.max_cities, given)


def _row(context: AppContext, round_: Round, now: datetime) -> dict[str, Any]:
    version = latest_version(context.storage, round_.id)
    package = read_package(context.storage, round_.id, version) if version else {}
    tables = (
        {name: read_table(context.storage, round_.id, version, name) for name in TABLES} if version else {}
    )
    due = context.rounds.results_due(round_)
    in_force = decisions_in_force(kept_decisions(context, round_.id))
    approved, approval = _approval(context, round_)
    pin = pinned_version(in_force, round_.id, version)
    points = waiting_points(context, round_, tables, in_force, now) if version else None
    return {
        "round": round_.id,
        "deadline": round_.deadline,
        "state": _state(round_, now, version),
        "latest_version": version,
        "version_state": package.get("state"),
        "open_reviews": None if points is None else points.height,
        "open_points": None if points is None else count_by_kind(points),
        "conditions": _conditions(context, round_, tables, now),
        "confirmed_at_risk": _at_risk(points),
        "results_due": due,
        "due": due_in_words(due, now.astimezone(round_.zone).date(), _letters_out(context, round_, approved)),
        "last_run": _last_run(context, round_.id),
        "approved": approved,
        "approval": approval,
        "pinned_to": pin,
    }


def _approval(context: AppContext, round_: Round) -> tuple[int | None, str]:
    """The version that may leave the house, and how its approval stands, in words."""
    try:
        approved = read_approved(context.storage, round_.id)
    except ProblemsError as error:
        return None, f"void: {error.problems[0].found}"
    if approved is None:
        return None, ""
    from flows.approval_state import stale_reasons  # noqa: PLC0415  (it reads inputs, rules and the database)

    reasons = stale_reasons(context, approved)
    stale = "; stale: " + " ".join(reasons) if reasons else ""
    return approved.version, f"approved by {approved.approvals}{stale}"


def _letters_out(context: AppContext, round_: Round, approved: int | None) -> tuple[int, int] | None:
    """How many applications of the approved version know their result, and how many there are."""
    if approved is None:
        return None
    applications = read_table(context.storage, round_.id, approved, "applications")
    return letters_out(letters_of(context, round_), applications)


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


def due_in_words(due: date, today: date, letters: tuple[int, int] | None = None) -> str:
    """How the results stand against the day on which they are due (FAQ 3.8).

    `letters` are how many letters with a result are out, and how many there are in all; None where there are
    none yet. They are due until all of them are out, and overdue from the day after.
    """
    out, of = letters or (0, 0)
    if of and out >= of:
        return f"all {of} letters are out"
    days = (due - today).days
    unit = "day" if abs(days) == 1 else "days"
    told = f"; {out} of {of} letters are out" if of else ""
    if days == 0:
        return f"today{told}"
    if days > 0:
        return f"in {days} {unit}{told}"
    return f"overdue by {-days} {unit}{told or '; no letter is out'}"


def _at_risk(points: pl.DataFrame | None) -> list[str]:
    """What is at risk of confirmed twinnings, in sentences."""
    return [] if points is None else points.filter(kind="at_risk")["evidence"].to_list()


def _conditions(context: AppContext, round_: Round, tables: Tables, now: datetime) -> list[dict[str, Any]]:
    """What tentative cities still have to bring, and by when."""
    if not tables:
        return []
    limits = read_eligibility(context.settings.programme)
    return [asdict(one) for one in conditions(tables, round_, limits, now.astimezone(round_.zone).date())]


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
