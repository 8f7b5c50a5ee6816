"""`city2city status`: where every round stands, from the rules and the published versions alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.console import print_table
from flows.desk import Desk, open_desk

if TYPE_CHECKING:
    from programme.rounds import Round


def status(
    round_id: Annotated[str | None, typer.Argument(metavar="[ROUND]", help="Only this round.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Per round: deadline, state, latest version, open reviews, when results are due."""
    desk = open_desk()
    rounds = [desk.round(round_id)] if round_id else desk.rounds.rounds
    now = datetime.now(UTC)
    print_table([_row(desk, round_, now) for round_ in rounds], as_json=as_json)


def _row(desk: Desk, round_: Round, now: datetime) -> dict[str, Any]:
    from warehouse.snapshots import latest_version, read_package  # noqa: PLC0415  (polars)

    version = latest_version(desk.storage, round_.id)
    package = read_package(desk.storage, round_.id, version) if version else {}
    due = desk.rounds.results_due(round_)
    return {
        "round": round_.id,
        "deadline": round_.deadline,
        "state": _state(round_, now, version),
        "latest_version": version,
        "version_state": package.get("state"),
        "open_reviews": _open_reviews(desk, round_.id, version),
        "results_due": due,
        "due": _due(due, now.astimezone(round_.zone).date()),
        "last_run": _last_run(desk, round_.id),
    }


def _state(round_: Round, now: datetime, version: int | None) -> str:
    if now < round_.opens_at:
        return "not yet open"
    if now < round_.accepted_until:
        return "open"
    return "processed" if version else "closed, not processed"


def _due(due: date, today: date) -> str:
    days = (due - today).days
    return f"in {days} day(s)" if days >= 0 else f"{-days} day(s) ago"


def _open_reviews(desk: Desk, round_id: str, version: int | None) -> int | None:
    if version is None:
        return None
    from warehouse.snapshots import read_table  # noqa: PLC0415

    return int((read_table(desk.storage, round_id, version, "eligibility")["status"] == "needs_review").sum())


def _last_run(desk: Desk, round_id: str) -> str | None:
    from warehouse.last_run import last_run  # noqa: PLC0415

    row = last_run(desk.settings.database_url, round_id)
    return f"{row[0]:%Y-%m-%d %H:%M} UTC: {row[1]}" if row else None
