"""The end of an early scan: letters as drafts, the overview, and the record of who was told what.

Belongs here: where the drafts are kept (`restricted/letters/ROUND/TIME/`, personal data) and remembering
points between scans. Must stay out: what a letter says (`tasks/eligibility/scan_letters.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from flows.context import AppContext
from flows.ledger import keep_drafted, restore_drafted
from flows.round_inputs import RoundInputs
from flows.round_results import AssessedRound
from tasks.eligibility.partner_advice import partners_outside_cohort
from tasks.eligibility.scan_letters import LetterDraft, OpenPoint, letter_drafts, open_points
from tasks.eligibility.scan_overview import scan_overview
from tasks.eligibility.several_forms import replaced_form_points
from tasks.eligibility.topic_places import topic_place_points
from tasks.eligibility.unused_forms import unused_form_points, unused_forms


@dataclass(frozen=True)
class ScanLetters:
    """What a scan left for the applicants: numbers of open, new and settled points and of drafts, and the
    folder they are in.
    """

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
    restore_drafted(context, round_inputs.round.id)
    round_ = round_inputs.round
    points, forms = _points_and_forms(round_inputs, assessed)
    known = {row["point_id"]: row for row in context.ledger.open_points(round_.id)}
    ids = {point.id for point in points}
    settled = _settled(known, ids)
    written = {point_id for point_id, row in known.items() if row["drafted_at"] is not None}
    names = dict(assessed.judged.applications.select("application_id", "city_name").iter_rows())
    closed = now >= round_.accepted_until
    partners = partners_outside_cohort(assessed.linked.preferences, assessed.inputs.cohort)
    made = [] if closed else _drafts(points, written, (names, partners), round_inputs, forms)
    folder = f"restricted/letters/{round_.id}/{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"
    drafts = [draft for draft in made if not draft.refused]
    for draft in drafts:
        context.storage.write(f"{folder}/{draft.file_name}", draft.content, private=True)
    text = scan_overview(
        points,
        new=ids - set(known),
        settled=settled,
        drafts=made,
        city_names=names,
        round_=round_,
        written_on=_written_on(known.values()),
        closed=closed,
    )
    context.storage.write(f"{folder}/overview.md", text.encode(), private=True)
    # A draft without an address reached nobody: it is drafted again until there is one.
    drafted_now = {point.id for draft in drafts if draft.addressed for point in draft.points}
    rows = [_row(point, known, drafted_now, now) for point in points]
    _remember(context, round_.id, rows, now)
    where = f"{context.storage.address.rstrip('/')}/{folder}"
    return ScanLetters(len(points), len(ids - set(known)), len(settled), len(drafts), where)


def _points_and_forms(
    round_inputs: RoundInputs, assessed: AssessedRound
) -> tuple[list[OpenPoint], pl.DataFrame]:
    """What applicants are missing, also those whose form could not be used, and the forms of all of them."""
    judged, inputs = assessed.judged, assessed.inputs
    unused = unused_forms(inputs.unused_forms, inputs.set_aside, judged.applications)
    asked = unused_form_points(unused, round_inputs.programme.letters.answers)
    programme = round_inputs.programme
    clause = programme.eligibility.clauses["topic"]
    places = topic_place_points(judged.topic_places, programme.topics, clause)
    replaced = replaced_form_points(judged.applications)
    points = [*open_points(judged.checks, judged.eligibility), *places, *replaced, *asked]
    return points, pl.concat([inputs.submissions, unused])


def _settled(known: Mapping[str, Mapping[str, Any]], open_ids: set[str]) -> list[OpenPoint]:
    """The points of the last scan that are no longer open."""
    last = max((row["last_seen"] for row in known.values()), default=None)
    seen = [row for row in known.values() if row["last_seen"] == last]
    return [_point(row) for row in seen if row["point_id"] not in open_ids]


def _written_on(known: Iterable[Mapping[str, Any]]) -> dict[str, date]:
    """The day of the last letter to each application."""
    days: dict[str, date] = {}
    for row in known:
        if row["drafted_at"] is not None:
            day = row["drafted_at"].date()
            days[row["application_id"]] = max(day, days.get(row["application_id"], day))
    return days


def _drafts(
    points: list[OpenPoint],
    written: set[str],
    known: tuple[dict[str, str], Mapping[str, Sequence[str]]],
    round_inputs: RoundInputs,
    forms: pl.DataFrame,
) -> list[LetterDraft]:
    """The letters of a scan; after the deadline nothing can be mended, so that a letter would mislead.

    `known` holds the city's name and the preferred partners outside the cohort, by application.
    """
    city_names, partners = known
    return letter_drafts(
        points,
        written=written,
        submissions=forms,
        city_names=city_names,
        round_=round_inputs.round,
        wording=round_inputs.programme.letters,
        partners=partners,
    )


def _remember(context: AppContext, round_id: str, rows: list[dict[str, object]], now: datetime) -> None:
    """Keep which points there are, and which of them a letter was drafted about."""
    keep_drafted(context, round_id, (row for row in rows if row["drafted_at"] == now))
    context.ledger.record_open_points(round_id, rows, seen_at=now)


def _point(row: Mapping[str, Any]) -> OpenPoint:
    application, rule, outcome, message = (
        str(row[name]) for name in ("application_id", "rule", "outcome", "message")
    )
    return OpenPoint(application, rule, outcome, message)


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
