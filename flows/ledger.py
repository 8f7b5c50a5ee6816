"""The record of what people decided, kept twice: in the database, and as lines beside it.

Belongs here: recording a decision in both, finding out what the database lacks, and restoring it. Must stay
out: the database (`warehouse/database`), the lines (`warehouse/kept_lines.py`), and what a decision does.

The lines are written first. A crash between the two leaves a decision that the database lacks, which the next
run says; never one that only the database knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import polars as pl

from flows.context import AppContext
from flows.published_versions import origin_of, read_version
from programme.problems import problem
from programme.rounds import Round
from warehouse.dictionary.inputs import DECISIONS
from warehouse.kept_lines import append_lines, read_lines
from warehouse.snapshots import latest_version, list_versions, read_package

Source = Literal["cli", "file"]
SHOWN = 10
"""How many missing decisions are named before the rest is counted."""
EMPTY = "The database knows nothing of round {round}, which has version {version}: it is new or another one."
FOREIGN = (
    "The database is not the one of this data folder: it notes another version {version} of round {round}."
)


@dataclass(frozen=True)
class Restored:
    """What a restoration put back: numbers of decisions, of drafted points and of versions."""

    decisions: int
    drafted: int
    versions: int


def record_decisions(
    context: AppContext, round_: Round, decisions: pl.DataFrame, source: Source, now: datetime
) -> int:
    """Record decisions (dictionary table DECISIONS) for good, and return how many were new."""
    _append_new(context, round_.id, decisions, source, now)
    context.ledger.record_round(round_.id, round_.title, round_.deadline)
    return context.ledger.add_decisions(round_.id, decisions, source, recorded_at=now)


def keep_ledger_lines(context: AppContext, round_id: str, now: datetime) -> None:
    """Append what only the database knows: decisions that a program without kept lines recorded."""
    if _other_database(context, round_id) is not None:
        return
    _append_new(context, round_id, context.ledger.decisions(round_id), "cli", now)


def _append_new(
    context: AppContext, round_id: str, decisions: pl.DataFrame, source: Source, now: datetime
) -> None:
    if decisions.is_empty():
        return
    known = {row["decision_id"] for row in read_lines(context.storage, round_id, "decisions")}
    new = decisions.filter(~pl.col("decision_id").is_in(list(known))).select(DECISIONS.names)
    rows = [{**row, "source": source, "recorded_at": now} for row in new.iter_rows(named=True)]
    append_lines(context.storage, round_id, "decisions", rows)


def keep_drafted(context: AppContext, round_id: str, points: Iterable[Mapping[str, Any]]) -> None:
    """Keep the open points of which a letter was drafted now, so that nobody is told the same twice."""
    append_lines(context.storage, round_id, "drafted", points)


def keep_assigned(context: AppContext, round_id: str, reviews: int, now: datetime) -> None:
    """Keep that applications were handed out to evaluators: from now on their scores are expected."""
    append_lines(context.storage, round_id, "assigned", [{"reviews": reviews, "at": now}])


def ledger_gaps(context: AppContext, round_ids: Iterable[str]) -> tuple[str, ...]:
    """What the database lacks of these rounds, in sentences with the way out; nothing where it is whole."""
    return tuple(
        f"{gap} Restore it: city2city ledger restore {name}."
        for name in round_ids
        for gap in _gaps(context, name)
    )


def _gaps(context: AppContext, round_id: str) -> list[str]:
    if (gap := _other_database(context, round_id)) is not None:
        return [gap]
    recorded = set(context.ledger.decisions(round_id)["decision_id"])
    missing = sorted(set(kept_decisions(context, round_id)["decision_id"]) - recorded)
    if not missing:
        return []
    more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
    return [
        f"{len(missing)} decision(s) of round {round_id} are kept, but not in the database: "
        f"{', '.join(missing[:SHOWN])}{more}."
    ]


def _other_database(context: AppContext, round_id: str) -> str | None:
    """Why the database is not that of the round's versions; None where it is, or nothing speaks against it.

    A run that was killed after it published leaves a version that the database does not know yet; but the run
    announced it.
    """
    latest = latest_version(context.storage, round_id)
    if latest is None:
        return None
    noted = {row["version"]: row["seal"] for row in context.ledger.versions(round_id)}
    there = set(list_versions(context.storage, round_id))
    if common := sorted(there & set(noted)):
        version = common[-1]
        if noted[version] != read_package(context.storage, round_id, version)["seal"]:
            return FOREIGN.format(round=round_id, version=version)
        return None
    announced = any(run["version"] is not None for run in context.ledger.runs(round_id))
    return None if announced else EMPTY.format(round=round_id, version=latest)


def kept_decisions(context: AppContext, round_id: str) -> pl.DataFrame:
    """Every decision that is kept outside the database (dictionary table DECISIONS).

    These are the lines, and the decisions that the latest version names.
    """
    lines = _decisions_of(read_lines(context.storage, round_id, "decisions"))
    latest = latest_version(context.storage, round_id)
    named = (
        DECISIONS.empty()
        if latest is None
        else origin_of(context, read_version(context, round_id, latest)).decisions
    )
    return pl.concat([lines, named]).unique("decision_id", keep="first", maintain_order=True)


def _decisions_of(rows: list[dict[str, Any]]) -> pl.DataFrame:
    wanted: list[dict[str, object]] = [
        {name: row.get(name) for name in DECISIONS.names}
        | {"decided_at": datetime.fromisoformat(row["decided_at"])}
        for row in rows
    ]
    return DECISIONS.frame(wanted).unique("decision_id", keep="first", maintain_order=True)


def restore_ledger(context: AppContext, round_: Round) -> Restored:
    """Put back into the database what is kept of a round: decisions, drafted points, versions.

    Raises `ProblemsError` where the database belongs to other versions: nothing may be mixed.
    """
    gap = _other_database(context, round_.id)
    if gap is not None and not gap.startswith(EMPTY.split("{", 1)[0]):
        raise problem(
            found=gap,
            expected="the database that belongs to the data folder, or an empty one",
            where="the address of the warehouse database",
            remedy="Correct CITY2CITY_DATABASE_URL or CITY2CITY_DATA.",
        )
    now = datetime.now(UTC)
    keep_ledger_lines(context, round_.id, now)
    decisions = record_decisions(context, round_, kept_decisions(context, round_.id), "cli", now)
    drafted = restore_drafted(context, round_.id)
    noted = {row["version"] for row in context.ledger.versions(round_.id)}
    lacking = [number for number in list_versions(context.storage, round_.id) if number not in noted]
    for number in lacking:
        package = read_package(context.storage, round_.id, number)
        context.ledger.record_version(round_.id, number, package, published_at=now, run_id=None)
    return Restored(decisions, drafted, len(lacking))


def restore_drafted(context: AppContext, round_id: str) -> int:
    """Put back the points of which a letter was drafted and that the database lacks; returns how many."""
    known = {row["point_id"] for row in context.ledger.open_points(round_id)}
    kept = {row["point_id"]: row for row in read_lines(context.storage, round_id, "drafted")}
    lacking = [row for name, row in kept.items() if name not in known]
    for row in lacking:
        moment = datetime.fromisoformat(row["drafted_at"])
        context.ledger.record_open_points(round_id, [{**row, "drafted_at": moment}], seen_at=moment)
    return len(lacking)
