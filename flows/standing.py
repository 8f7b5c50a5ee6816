"""Where the rounds stand, from the rules and the published versions, for the terminal and the desk.

Belongs here: reading it and counting. Must stay out: showing it. `city2city status` is promised within
0.8 seconds: what is imported here must load neither the database library nor any step.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import polars as pl

from flows.context import AppContext
from flows.kept_decisions import kept_decisions
from flows.mailing.waiting import letters_of, waiting_points
from flows.operations.attention import Standing, attention
from flows.operations.expected import RoundSeen, RunSeen, round_lines
from flows.operations.line import NoAnswer
from flows.operations.watch_facts import round_seen
from programme.eligibility import read_eligibility
from programme.problems import ProblemsError, problem
from programme.rounds import Round
from programme.watch import read_watch
from tasks.decisions.approvals import pinned_version
from tasks.decisions.confirmations import decisions_in_force
from tasks.eligibility.conditions import conditions
from tasks.letters.outbox import letters_out
from tasks.matchmaking.capacity import GivenOut, given_out
from tasks.publish.open_points import TABLES, count_by_kind
from warehouse.snapshots import (
    DamagedVersionError,
    latest_version,
    read_approved,
    read_package,
    read_table,
    read_tables,
)

Tables = Mapping[str, pl.DataFrame]


def programme_given_out(context: AppContext) -> GivenOut:
    """How much of the programme the latest versions of all rounds give out.

    A version that is damaged counts nothing: `round_standing` says that it is.
    """
    given = GivenOut()
    for round_ in context.rounds.rounds:
        with suppress(ProblemsError):
            if version := latest_version(context.storage, round_.id):
                given += given_out(read_table(context.storage, round_.id, version, "twinnings"))
    return given


def _version(context: AppContext, round_id: str, version: int | None) -> tuple[str | None, Tables, str]:
    """The state of a version, its tables that are looked at, and what is damaged of it.

    A damaged version has no tables; the other rounds can be told all the same.
    """
    if version is None:
        return None, {}, ""
    try:
        state = read_package(context.storage, round_id, version).get("state")
        return state, {name: read_table(context.storage, round_id, version, name) for name in TABLES}, ""
    except ProblemsError as error:
        found = "; ".join(f"{item.where}: {item.found}" for item in error.problems)
        remedy = f"Rebuild it: city2city repair {round_id} {version}"
        return None, {}, f"Version {version} is damaged: {found}. {remedy}"


def round_standing(context: AppContext, round_: Round, now: datetime) -> dict[str, Any]:
    """Where one round stands at `now` (zone-aware).

    Deadline, state, version, open points, conditions, what is due, the last run, approval and pin.
    """
    version = latest_version(context.storage, round_.id)
    state, tables, damage = _version(context, round_.id, version)
    due = context.rounds.results_due(round_)
    in_force = decisions_in_force(kept_decisions(context, round_.id, by_version=not damage))
    approved, approval = _approval(context, round_)
    pin = pinned_version(in_force, round_.id, version)
    points = waiting_points(context, round_, tables, in_force, now) if tables else None
    open_conditions = _conditions(context, round_, tables, now)
    letters, today = _letters_out(context, round_, approved), now.astimezone(round_.zone).date()
    told = letters or (0, tables["applications"].height if tables else 0)
    return {
        "round": round_.id,
        "deadline": round_.deadline,
        "state": _state(round_, now, version),
        "latest_version": version,
        "version_state": state,
        "open_reviews": None if points is None else points.height,
        "open_points": None if points is None else count_by_kind(points),
        "conditions": open_conditions,
        "confirmed_at_risk": _at_risk(points),
        "results_due": due,
        "due": due_in_words(due, today, letters),
        **_about_runs(context, round_, now, version, told, open_conditions, damage),
        "overdue": is_overdue(due, today, letters),
        "approved": approved,
        "approval": approval,
        "pinned_to": pin,
    }


def _about_runs(
    context: AppContext,
    round_: Round,
    now: datetime,
    version: int | None,
    letters: tuple[int, int],
    open_conditions: list[dict[str, Any]],
    damage: str,
) -> dict[str, Any]:
    """The last run and why it has no version, and what of the round is due, failed or overdue."""
    seen = round_seen(context, round_)
    last, due = _last_run(seen), context.rounds.results_due(round_)
    lines = tuple(round_lines(round_, seen, read_watch(context.settings.programme), now))
    n_overdue = sum(one["overdue"] for one in open_conditions)
    standing = Standing(round_.id, lines, last, version, due, letters, n_overdue)
    told = attention(standing, now.astimezone(round_.zone).date())
    return {
        "last_run": None if last is None else f"{last.started_at:%Y-%m-%d %H:%M} UTC: {last.outcome}",
        "last_run_why": (last.why or None) if last else None,
        "attention": [damage, *told] if damage else told,
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

    try:
        reasons = stale_reasons(context, approved)
    except ProblemsError as error:
        return approved.version, f"void: {error.problems[0].where}: {error.problems[0].found}"
    stale = "; stale: " + " ".join(reasons) if reasons else ""
    return approved.version, f"approved by {approved.approvals}{stale}"


def _letters_out(context: AppContext, round_: Round, approved: int | None) -> tuple[int, int] | None:
    """How many applications of the approved version know their result, and how many there are."""
    if approved is None:
        return None
    try:
        applications = read_table(context.storage, round_.id, approved, "applications")
    except ProblemsError:  # a damaged version: its approval is void, and says so
        return None
    letters = letters_of(context, round_)
    told = {letter.version for letter in letters} - {approved}
    moved = {version: _moved_news(context, round_, version, approved) for version in told}
    return letters_out(letters, applications, moved)


def _moved_news(context: AppContext, round_: Round, told: int, approved: int) -> frozenset[str]:
    """The applications that the approved version has other news for than the version that they were told.

    Compared is what the tables say, without names and addresses: these need no correction.
    """
    from tasks.letters.results import moved_news  # noqa: PLC0415  (asked only after a second approval)
    from tasks.letters.sources import Sources  # noqa: PLC0415

    programme = context.programme

    def sources(version: int) -> Sources:
        tables = read_tables(context.storage, round_.id, version)
        return Sources(round_, tables, programme.letters, programme.topics.labels, {})

    try:
        return moved_news(sources(told), sources(approved))
    except DamagedVersionError:  # nobody can say who was told what; `status` says what is damaged
        return frozenset(letter.application_id for letter in letters_of(context, round_))


def _state(round_: Round, now: datetime, version: int | None) -> str:
    if now < round_.opens_at:
        return "not yet open"
    if now < round_.accepted_until:
        return "open"
    return "processed" if version else "closed, not processed"


def is_overdue(due: date, today: date, letters: tuple[int, int] | None = None) -> bool:
    """Whether the results should have been told by now, and were not told to everybody."""
    out, of = letters or (0, 0)
    return today > due and not (of and out >= of)


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


def _last_run(seen: RoundSeen) -> RunSeen | None:
    """The newest processing of a round; raises `ProblemsError` where the database cannot be asked."""
    if isinstance(seen.runs, NoAnswer):
        raise problem(
            found=seen.runs.why,
            expected="the warehouse database",
            where="the record of runs",
            remedy="Check CITY2CITY_DATABASE_URL and that the database can be reached.",
        )
    return next(iter(seen.runs), None)
