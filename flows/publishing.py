"""A round from gathering to publishing: what is written, in which order, so that a crash leaves either the
old version or the new one.

Belongs here: keeping the inputs, computing the changes against the parent, writing the snapshot, noting it in
the ledger. Must stay out: how any of these is done (`warehouse/`, `tasks/publish`), and the steps in between
(`procedure.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from flows.console import announce
from flows.context import AppContext
from flows.kept_problem import keep_problem
from flows.preload import places
from flows.procedure import PLAIN, Assessed, Result, Steps, assess, complete, matching_problem
from flows.round_inputs import Parent, RoundInputs, gather, keep, parent_origin, read_parent, same_origin
from flows.run_record import Run
from flows.working_tables import keep_working
from tasks.ingest.step import Passport
from tasks.publish.changes import Origin, changes
from warehouse.dictionary.published import CHANGES
from warehouse.snapshots import latest_version, read_package, write_snapshot
from warehouse.snapshots.descriptor import VersionMetadata


@dataclass(frozen=True)
class Published:
    """What became of a run: the version that now stands, whether this run made it, and what changed against
    its parent.
    """

    version: int
    new: bool
    changes: pl.DataFrame
    parent: int | None


@dataclass(frozen=True)
class Before:
    """The versions a run relates to: `latest` is compared with; `basis` is the one whose twinnings are to
    stay where they can.

    They differ only when a run repeats the latest version's origin: it must then start from where that
    version started, and so comes out the same.
    """

    latest: Parent | None
    basis: Parent | None


@dataclass(frozen=True)
class RunRequest:
    """What was asked for: the round, why, the folder that holds its folder (None: the data folder's),
    decisions up to when (None: all).
    """

    round_id: str
    reason: str
    inputs: str | None = None
    as_of: datetime | None = None


def carry_out(
    context: AppContext,
    order: RunRequest,
    run: Run,
    steps: Steps = PLAIN,
    write: Callable[..., Published] | None = None,
) -> tuple[RoundInputs, Result, Published]:
    """Process a round under its lock (`record.recorded`) and publish it; `steps` and `write` are Prefect
    tasks in the flow, plain calls elsewhere.

    Raises `ProblemsError` for a mistake in the inputs and `StoppedError` where nothing may be published.
    """
    round_inputs = gather(context, order.round_id, order.inputs, order.as_of)
    assessed = assess(round_inputs, places(context), steps)
    record_intake(context, round_inputs, assessed, run.started_at)
    origin = round_inputs.origin(assessed.decisions)
    before = look_back(context, round_inputs, origin)
    result = complete(round_inputs, assessed, before.basis, steps)
    announce("Publishing")
    published = (write or publish)(context, round_inputs, result, before, origin, order.reason)
    record_version(context, order.round_id, published, run.id, datetime.now(UTC))
    keep_working(context, order.round_id, published.version, round_inputs, result)
    asked_next = matching_problem(
        round_inputs, assessed, result.room, Parent(published.version, result.tables, {})
    )
    keep_problem(context, order.round_id, published.version, asked_next)
    run.outcome, run.version = ("published" if published.new else "unchanged"), published.version
    return round_inputs, result, published


def look_back(context: AppContext, round_inputs: RoundInputs, origin: Origin) -> Before:
    """The versions before this run."""
    latest = read_parent(
        context, round_inputs.round.id, latest_version(context.storage, round_inputs.round.id)
    )
    if latest is None or not same_origin(origin, parent_origin(context, latest)):
        return Before(latest, latest)
    return Before(latest, read_parent(context, round_inputs.round.id, latest.package["parent"]))


def record_intake(context: AppContext, round_inputs: RoundInputs, assessed: Assessed, now: datetime) -> None:
    """Note in the ledger what came in: the round, the passports, the rows with personal data, the decisions
    of a file.
    """
    round_, inputs, ledger = round_inputs.round, assessed.inputs, context.ledger
    hashes = {source.table: hashlib.sha256(source.content).hexdigest() for source in round_inputs.sources}
    ledger.record_round(round_.id, round_.title, round_.deadline)
    ledger.record_inputs(round_.id, passports(inputs.passports), read_at=now)
    ledger.record_submissions(round_.id, hashes["submissions"], inputs.submissions)
    ledger.record_set_aside(round_.id, inputs.set_aside, hashes)
    if not inputs.decisions.is_empty():
        ledger.add_decisions(round_.id, inputs.decisions, "file", recorded_at=now)


def passports(items: Iterable[Passport]) -> list[dict[str, Any]]:
    """Passports as the ledger keeps them."""
    return [asdict(item) for item in items]


def publish(
    context: AppContext,
    round_inputs: RoundInputs,
    result: Result,
    before: Before,
    origin: Origin,
    reason: str,
) -> Published:
    """Publish a new version if anything changed; nothing is written otherwise. Raises `ProblemsError` if
    another run published meanwhile.
    """
    latest = before.latest
    moved = (
        changes(latest.tables, result.tables, parent_origin(context, latest), origin)
        if latest
        else CHANGES.empty()
    )
    waiting = not result.tables["eligibility"].filter(pl.col("status") == "needs_review").is_empty()
    about = VersionMetadata(
        state="open" if waiting else "settled",
        reason=reason,
        parent=latest.version if latest else None,
        inputs=origin.inputs,
        rules=origin.rules,
        program=origin.program,
    )
    keep(context, round_inputs, origin.decisions)
    version = write_snapshot(
        context.storage, round_inputs.round.id, {**result.tables, "changes": moved}, about
    )
    if version is None and latest:
        return Published(latest.version, new=False, changes=CHANGES.empty(), parent=latest.package["parent"])
    return Published(int(version or 1), new=True, changes=moved, parent=about.parent)


def record_version(
    context: AppContext, round_id: str, published: Published, run_id: str, now: datetime
) -> None:
    """Note a version in the ledger; the files are the truth, this lets `status` answer without opening
    them.
    """
    package = read_package(context.storage, round_id, published.version)
    context.ledger.record_version(round_id, published.version, package, published_at=now, run_id=run_id)
