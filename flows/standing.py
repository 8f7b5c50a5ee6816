"""Where the rounds stand, from the rules and the published versions, for the terminal and the desk.

Belongs here: reading it and counting. Must stay out: showing it. `city2city status` is promised within
0.8 seconds: what is imported here must load neither the database library nor any step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import polars as pl

from flows.context import AppContext
from flows.kept_decisions import kept_decisions
from flows.mailing.waiting import letters_of, waiting_points
from flows.run_record import hold_round
from programme.eligibility import read_eligibility
from programme.problems import ProblemsError
from programme.rounds import Round
from tasks.decisions.approvals import pinned_version
from tasks.decisions.confirmations import decisions_in_force
from tasks.eligibility.conditions import conditions
from tasks.letters.outbox import letters_out
from tasks.matchmaking.capacity import GivenOut, given_out
from tasks.publish.open_points import TABLES, count_by_kind
from warehouse.database.last_run import last_run
from warehouse.snapshots import latest_version, read_approved, read_package, read_table

Tables = Mapping[str, pl.DataFrame]


def programme_given_out(context: AppContext) -> GivenOut:
    """How much of the programme the latest versions of all rounds give out."""
    given = GivenOut()
    for round_ in context.rounds.rounds:
        if version := latest_version(context.storage, round_.id):
            given += given_out(read_table(context.storage, round_.id, version, "twinnings"))
    return given


def round_standing(context: AppContext, round_: Round, now: datetime) -> dict[str, Any]:
    """Where one round stands at `now` (zone-aware).

    Deadline, state, version, open points, conditions, what is due, the last run, approval and pin.
    """
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
