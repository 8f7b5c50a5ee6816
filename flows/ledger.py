"""The record of what people decided, kept twice: in the database, and as lines beside it.

Belongs here: recording a decision in both, finding out what the database lacks, and restoring it. Must stay
out: the database (`warehouse/database`), the lines (`warehouse/kept_lines.py`), and what a decision does.

The lines are written first, while the database is held, so that both have one order. A crash between the two
leaves a decision that the database lacks, which the next run says; never one that only the database knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import polars as pl

from flows.console import report_step
from flows.context import AppContext
from flows.kept_decisions import kept_decisions, kept_rows, read_kept_lines
from programme.counts import counted
from programme.problems import problem
from programme.rounds import Round
from warehouse.dictionary.decision_ids import EditedDecisionsError
from warehouse.dictionary.inputs import DECISIONS
from warehouse.kept_lines import append_lines, lines_path, read_lines
from warehouse.snapshots import DamagedVersionError, latest_version, list_versions, read_package

Source = Literal["cli", "file"]
STAMPS = ("id_scheme", "reason_digest", "decided_by_digest")
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
    """Record decisions (dictionary table DECISIONS) for good, and return how many were new.

    Raises `ProblemsError` where the database lacks kept ones: what is recorded now would come before them.
    """
    _refuse_on_a_lost_ledger(context, round_.id)
    context.ledger.record_round(round_.id, round_.title, round_.deadline)
    return context.ledger.add_decisions(
        round_.id, decisions, source, recorded_at=now, keep=_line_keeper(context, round_.id)
    )


def _refuse_on_a_lost_ledger(context: AppContext, round_id: str) -> None:
    if lacking := _lacking(context, round_id, read_kept_lines(context, round_id).ids()):
        raise problem(
            found=f"a database that lacks {counted(len(lacking), 'kept decision')} of round {round_id}",
            expected="a database with every decision, before another one is recorded",
            where="the address of the warehouse database",
            remedy=f"Restore them first: city2city ledger restore {round_id}.",
        )


def _lacking(context: AppContext, round_id: str, kept: Set[str]) -> Set[str]:
    """Which of the kept decisions the database lacks; their lines were read before it is asked.

    A line is written before its row, so somebody who is recording a decision now may not have ended. Only
    where something seems to be lacking is it waited for. Raises `EditedDecisionsError` for changed rows.
    """
    lacking = kept - {row["decision_id"] for row in context.ledger.recorded_decisions(round_id)}
    return lacking - context.ledger.recorded_ids(round_id) if lacking else set()


def _line_keeper(context: AppContext, round_id: str) -> Callable[[Sequence[Mapping[str, Any]]], None]:
    """Appends rows of the ledger as lines; it is called while no other process can record a decision."""

    def keep(rows: Sequence[Mapping[str, Any]]) -> None:
        known = read_kept_lines(context, round_id).ids()
        lacking = [row for row in rows if row["decision_id"] not in known]
        append_lines(context.storage, round_id, "decisions", [_line(row) for row in lacking])

    return keep


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "round"}


def keep_ledger_lines(context: AppContext, round_id: str) -> None:
    """Append what only the database knows whole: where a line is missing or damaged, it is written again."""
    if _other_database(context, round_id) is not None:
        return
    lines = read_kept_lines(context, round_id)
    rows = [
        row for row in context.ledger.recorded_decisions(round_id) if row["decision_id"] not in lines.ids()
    ]
    append_lines(context.storage, round_id, "decisions", [_line(row) for row in rows])
    if rows and lines.damaged:
        report_step(f"{counted(len(rows), 'damaged line')} of the kept decisions: written again")


def keep_drafted(context: AppContext, round_id: str, points: Iterable[Mapping[str, Any]]) -> None:
    """Keep the open points of which a letter was drafted now, so that nobody is told the same twice."""
    append_lines(context.storage, round_id, "drafted", points)


def keep_assigned(context: AppContext, round_id: str, reviews: int, now: datetime) -> None:
    """Keep that applications were handed out to evaluators: from now on their scores are expected."""
    append_lines(context.storage, round_id, "assigned", [{"reviews": reviews, "at": now}])


def ledger_gaps(context: AppContext, round_ids: Iterable[str]) -> tuple[str, ...]:
    """What the database lacks of these rounds, in sentences with the way out; nothing where it is whole."""
    return tuple(gap for name in round_ids for gap in _gaps(context, name))


def _gaps(context: AppContext, round_id: str) -> list[str]:
    restore = f"Restore it: city2city ledger restore {round_id}."
    if (gap := _other_database(context, round_id)) is not None:
        return [f"{gap} {restore}"]
    kept = set(kept_decisions(context, round_id)["decision_id"])
    try:
        missing = sorted(_lacking(context, round_id, kept))
        recorded = {row["decision_id"] for row in context.ledger.recorded_decisions(round_id)}
    except EditedDecisionsError as error:
        return [str(problem) for problem in error.problems]
    gaps = []
    if missing:
        more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
        gaps.append(
            f"The database lacks {counted(len(missing), 'kept decision')} of round {round_id}: "
            f"{', '.join(missing[:SHOWN])}{more}. {restore}"
        )
    path = f"{context.storage.address}/{lines_path(round_id, 'decisions')}"
    for line in read_kept_lines(context, round_id).lost(recorded):
        names = " or ".join(sorted(name for ids in line.held for name in ids)) or "nobody can say which"
        gaps.append(
            f"A kept decision of round {round_id} ({names}) was changed after it was recorded, and the "
            f"database does not have it: line {line.number} of {path}. Restore that file from a backup. "
            "Or remove that line and record the decision again."
        )
    return gaps


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
    common = sorted(there & set(noted), reverse=True)
    for version in common:
        with suppress(DamagedVersionError):  # it says nothing; an older one may
            if noted[version] != read_package(context.storage, round_id, version)["seal"]:
                return FOREIGN.format(round=round_id, version=version)
            return None
    if common:
        return None
    announced = any(run["version"] is not None for run in context.ledger.runs(round_id))
    return None if announced else EMPTY.format(round=round_id, version=latest)


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
    keep_ledger_lines(context, round_.id)
    context.ledger.record_round(round_.id, round_.title, round_.deadline)
    decisions = context.ledger.restore_decisions(
        round_.id,
        [_as_it_was(row, now) for row in kept_rows(context, round_.id)],
        _line_keeper(context, round_.id),
    )
    drafted = restore_drafted(context, round_.id)
    noted = {row["version"] for row in context.ledger.versions(round_.id)}
    lacking = [number for number in list_versions(context.storage, round_.id) if number not in noted]
    for number in lacking:
        with suppress(DamagedVersionError):  # once it is repaired, the next run notes it
            package = read_package(context.storage, round_.id, number)
            context.ledger.record_version(round_.id, number, package, published_at=now, run_id=None)
    return Restored(decisions, drafted, len(lacking))


def _as_it_was(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A kept decision as it is recorded again: with the moment and the source that its line has."""
    kept = {name: row.get(name) for name in (*DECISIONS.names, *STAMPS)}
    return {**kept, "source": row.get("source") or "cli", "recorded_at": row.get("recorded_at") or now}


def restore_drafted(context: AppContext, round_id: str) -> int:
    """Put back the points of which a letter was drafted and that the database lacks; returns how many."""
    known = {row["point_id"] for row in context.ledger.open_points(round_id)}
    kept = {row["point_id"]: row for row in read_lines(context.storage, round_id, "drafted")}
    lacking = [row for name, row in kept.items() if name not in known]
    for row in lacking:
        moment = datetime.fromisoformat(row["drafted_at"])
        context.ledger.record_open_points(round_id, [{**row, "drafted_at": moment}], seen_at=moment)
    return len(lacking)
