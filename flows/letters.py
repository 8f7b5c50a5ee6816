"""The end of an early scan: letters as drafts, the overview, and the record of who was told what.

Belongs here: where the drafts are kept (`restricted/letters/ROUND/TIME/`, personal data) and remembering
points between scans. Must stay out: what a letter says (`tasks/eligibility/scan_letters.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flows.context import AppContext
from flows.round_inputs import RoundInputs
from flows.round_results import AssessedRound
from tasks.eligibility.scan_letters import LetterDraft, OpenPoint, letter_drafts, open_points
from tasks.eligibility.scan_overview import scan_overview


@dataclass(frozen=True)
class ScanLetters:
    """What a scan left: numbers of open, new and settled points and of drafts, and the folder they are in."""

    open: int
    new: int
    settled: int
    drafts: int
    folder: str


def write_letters(
    context: AppContext, round_inputs: RoundInputs, assessed: AssessedRound, now: datetime
) -> ScanLetters:
    """Draft a letter for every application with a point that no letter named yet, and write the overview.

    `now` (zone-aware) is when the scan was made: after the deadline no letter is drafted.
    """
    round_, judged = round_inputs.round, assessed.judged
    points = open_points(judged.checks, judged.eligibility)
    known = {row["point_id"]: row for row in context.ledger.open_points(round_.id)}
    last = max((row["last_seen"] for row in known.values()), default=None)
    ids = {point.id for point in points}
    settled = [
        _point(row) for row in known.values() if row["last_seen"] == last and row["point_id"] not in ids
    ]
    written = {point_id for point_id, row in known.items() if row["drafted_at"] is not None}
    names = dict(judged.applications.select("application_id", "city_name").iter_rows())
    made = _drafts(points, written, names, round_inputs, assessed) if now < round_.accepted_until else []
    folder = f"restricted/letters/{round_.id}/{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"
    for draft in made:
        context.storage.write(f"{folder}/{draft.file_name}", draft.content, private=True)
    text = scan_overview(
        points, new=ids - set(known), settled=settled, drafts=made, city_names=names, round_=round_
    )
    context.storage.write(f"{folder}/overview.md", text.encode(), private=True)
    drafted_now = {point.id for draft in made for point in draft.points}
    context.ledger.record_open_points(
        round_.id, [_row(point, known, drafted_now, now) for point in points], seen_at=now
    )
    return ScanLetters(
        len(points),
        len(ids - set(known)),
        len(settled),
        len(made),
        f"{context.storage.address.rstrip('/')}/{folder}",
    )


def _drafts(
    points: list[OpenPoint],
    written: set[str],
    city_names: dict[str, str],
    round_inputs: RoundInputs,
    assessed: AssessedRound,
) -> list[LetterDraft]:
    """The letters of a scan. After the deadline nothing can be mended, so that a letter would mislead."""
    return letter_drafts(
        points,
        written=written,
        submissions=assessed.inputs.submissions,
        city_names=city_names,
        round_=round_inputs.round,
        wording=round_inputs.programme.letters,
    )


def _point(row: dict[str, object]) -> OpenPoint:
    return OpenPoint(*(str(row[name]) for name in ("application_id", "rule", "outcome", "message")))


def _row(
    point: OpenPoint, known: dict[str, dict[str, object]], drafted_now: set[str], now: datetime
) -> dict[str, object]:
    before = known.get(point.id, {}).get("drafted_at")
    drafted = before or (now if point.id in drafted_now else None)
    return {
        "point_id": point.id,
        "application_id": point.application_id,
        "rule": point.rule,
        "outcome": point.outcome,
        "message": point.message,
        "drafted_at": drafted,
    }
