"""What a run writes, and in which order, so that a crash leaves either the old version or the new one.

Belongs here: noting what came in, writing the snapshot, noting it in the ledger. Must stay out: how any of
these is done (`warehouse/`, `tasks/publish`), and the steps before (`procedure.py`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

import polars as pl

from flows.context import AppContext
from flows.kept_problem import keep_problem
from flows.ledger import keep_ledger_lines, record_decisions
from flows.matching_inputs import matching_problem
from flows.published_versions import PublishedVersion, approved_twinnings
from flows.round_inputs import RoundInputs, keep_inputs
from flows.round_results import AssessedRound, RoundResult
from flows.run_record import RunRecord
from flows.working_tables import keep_working_tables
from tasks.ingest.personal.masking import people_in
from tasks.ingest.personal.masks import mask_text
from tasks.publish.changes import Origin
from warehouse.dictionary.published import CHANGES
from warehouse.snapshots import read_package, write_snapshot
from warehouse.snapshots.descriptor import VersionMetadata


@dataclass(frozen=True)
class Publication:
    """What became of a run: the version that now stands, whether this run made it, and what changed.

    `changes` (dictionary table CHANGES) are those against the version `parent`; None is the parent of the
    first version.
    """

    version: int
    new: bool
    changes: pl.DataFrame
    parent: int | None


def record_intake(
    context: AppContext, round_inputs: RoundInputs, assessed: AssessedRound, now: datetime
) -> None:
    """Note in the ledger what came in: round, passports, rows with personal data, decisions of a file."""
    round_, inputs, ledger = round_inputs.round, assessed.inputs, context.ledger
    hashes = round_inputs.file_hashes()
    ledger.record_round(round_.id, round_.title, round_.deadline)
    ledger.record_inputs(round_.id, [asdict(passport) for passport in inputs.passports], read_at=now)
    own = inputs.submissions.filter(~pl.col("submission_id").is_in(list(assessed.carried)))
    ledger.record_submissions(round_.id, hashes["submissions"], own)
    ledger.record_set_aside(round_.id, inputs.set_aside, hashes)
    record_decisions(context, round_, round_inputs.completed(inputs.decisions), "file", now)
    keep_ledger_lines(context, round_.id, now)


@dataclass(frozen=True)
class NewVersion:
    """What the next version would say of itself, whether it comes to be or not.

    `latest` is the version before it; None before the first.
    """

    origin: Origin
    state: str
    reason: str
    latest: PublishedVersion | None


def with_approved(context: AppContext, round_inputs: RoundInputs, assessed: AssessedRound) -> RoundInputs:
    """The inputs with the twinnings of the approved version, which the decisions in force name."""
    approved = approved_twinnings(context, round_inputs.round.id, assessed.decisions)
    return replace(round_inputs, approved=approved)


def new_version(
    round_inputs: RoundInputs, result: RoundResult, latest: PublishedVersion | None, reason: str
) -> NewVersion:
    """What a version of this result would say of itself; its reason names nobody."""
    under_review = result.tables["eligibility"].filter(pl.col("status") == "needs_review")
    state = "settled" if under_review.is_empty() else "open"
    published = mask_text(reason, people_in(result.assessed.inputs)).text
    return NewVersion(round_inputs.origin(result.assessed.decisions), state, published, latest)


def publish(
    context: AppContext,
    record: RunRecord,
    round_inputs: RoundInputs,
    result: RoundResult,
    version: NewVersion,
    moved: pl.DataFrame,
) -> Publication:
    """Publish a new version if anything changed; nothing is written otherwise.

    `moved` is the table `changes` (dictionary CHANGES). Raises `ProblemsError` if another run published
    meanwhile.
    """
    latest, origin = version.latest, version.origin
    about = VersionMetadata(
        state=version.state,
        reason=version.reason,
        parent=latest.version if latest else None,
        inputs=origin.inputs,
        rules=origin.rules,
        program=origin.program,
    )
    keep_inputs(context, round_inputs, origin.decisions)
    context.ledger.announce_version(record.id, (about.parent or 0) + 1)
    number = write_snapshot(
        context.storage, round_inputs.round.id, {**result.tables, "changes": moved}, about
    )
    if number is None and latest:
        return Publication(
            latest.version, new=False, changes=CHANGES.empty(), parent=latest.package["parent"]
        )
    return Publication(int(number or 1), new=True, changes=moved, parent=about.parent)


def record_publication(
    context: AppContext,
    record: RunRecord,
    round_inputs: RoundInputs,
    result: RoundResult,
    publication: Publication,
) -> None:
    """Note a version in the ledger, and keep what `explain` and `what-if` answer from.

    The files of the version are the truth; the ledger lets `status` answer without opening them.
    """
    round_id, version = round_inputs.round.id, publication.version
    package = read_package(context.storage, round_id, version)
    context.ledger.record_version(
        round_id, version, package, published_at=datetime.now(UTC), run_id=record.id
    )
    keep_working_tables(context, version, round_inputs, result)
    next_problem = matching_problem(
        round_inputs, result.assessed, result.pool, PublishedVersion(version, result.tables, package)
    )
    keep_problem(context, round_id, version, next_problem)
    record.outcome, record.version = ("published" if publication.new else "unchanged"), version
