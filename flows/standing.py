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
from flows.mailing.waiting import waiting_points
from flows.run_record import hold_round
from programme.eligibility import read_eligibility
from programme.problems import ProblemsError
from programme.rounds import Round
from tasks.decisions.effective import effective_decisions
from tasks.eligibility.conditions import conditions
from tasks.matchmaking.capacity import GivenOut, given_out
from tasks.publish.open_points import TABLES, count_by_kind
from warehouse.database.last_run import last_run
from warehouse.snapshots import latest_version, read_package, read_table

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

    Deadline, state, version, open points, conditions, what is due, the last run.
    """
    version = latest_version(context.storage, round_.id)
    package = read_package(context.storage, round_.id, version) if version else {}
    tables = (
        {name: read_table(context.storage, round_.id, version, name) for name in TABLES} if version else {}
    )
    due = context.rounds.results_due(round_)
    decided = effective_decisions(kept_decisions(context, round_.id))
    points = waiting_points(context, round_, tables, decided, now) if version else None
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
        "due": _due(due, now.astimezone(round_.zone).date()),
        "last_run": _last_run(context, round_.id),
    }


def _state(round_: Round, now: datetime, version: int | None) -> str:
    if now < round_.opens_at:
        return "not yet open"
    if now < round_.accepted_until:
        return "open"
    return "processed" if version else "closed, not processed"


def _due(due: date, today: date) -> str:
    days = (due - today).days
    return f"in {days} days" if days >= 0 else f"{-days} days ago"


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
