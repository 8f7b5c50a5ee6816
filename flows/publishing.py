"""What a run writes, and in which order, so that a crash leaves either the old version or the new one.

Belongs here: noting what came in, writing the snapshot. Must stay out: how either is done (`warehouse/`,
`tasks/publish`), the steps before (`procedure.py`), and what is noted once the version stands
(`version_record.py`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime

import polars as pl

from flows.context import AppContext
from flows.ledger import keep_ledger_lines, ledger_gaps, record_decisions
from flows.mending import mend_kept
from flows.published_versions import PublishedVersion, approved_twinnings
from flows.round_inputs import RoundInputs, keep_inputs
from flows.round_results import AssessedRound, RoundResult
from flows.run_record import RunRecord
from flows.version import program_lock, program_source, program_version
from programme.programme import Programme
from tasks.ingest.inputs import Inputs
from tasks.ingest.personal.masks import mask_text
from tasks.ingest.personal.named_people import people_in
from tasks.publish.changes import Origin
from warehouse.dictionary.published import CHANGES
from warehouse.kept_rules import keep_rules
from warehouse.snapshots import latest_version, write_snapshot
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
    aside = inputs.set_aside.join(inputs.set_aside_content, on=("table", "row"), how="left")
    ledger.record_set_aside(round_.id, aside, hashes)
    mend_kept(context, [(source.table, source.content) for source in round_inputs.sources])
    if ledger_gaps(context, [round_.id]):
        return  # what is recorded now would come before what is missing; a gate stops the run
    record_decisions(
        context, round_, round_inputs.completed(round_inputs.to_record(inputs.decisions)), "file", now
    )
    keep_ledger_lines(context, round_.id)


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
    """The inputs with the twinnings of the approved version, which the decisions in force name.

    A pinned round keeps those that the version was made with which it is pinned to.
    """
    if round_inputs.pinned:
        return round_inputs
    approved = approved_twinnings(context, round_inputs.round.id, assessed.decisions)
    return replace(round_inputs, approved=approved)


def new_version(
    round_inputs: RoundInputs, result: RoundResult, latest: PublishedVersion | None, reason: str
) -> NewVersion:
    """What a version of this result would say of itself; its reason names nobody."""
    under_review = result.tables["eligibility"].filter(pl.col("status") == "needs_review")
    state = "settled" if under_review.is_empty() else "open"
    published = published_reason(reason, result.assessed.inputs, round_inputs.programme)
    return NewVersion(round_inputs.origin(result.assessed.in_force), state, published, latest)


def published_reason(reason: str, inputs: Inputs, programme: Programme) -> str:
    """A version's reason as everybody may read it: what looks personal and the forms' contacts are masked."""
    return mask_text(reason, people_in(inputs, programme)).text


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
        program=program_version(),
        source=program_source(),
        lock=program_lock(),
    )
    keep_inputs(context, round_inputs, origin.decisions)
    keep_rules(context.storage, origin.rules, context.rules_files)
    number = (latest_version(context.storage, round_inputs.round.id) or 0) + 1
    context.ledger.announce_version(record.id, number)
    written = write_snapshot(
        context.storage, round_inputs.round.id, {**result.tables, "changes": moved}, about
    )
    if written is None and latest:
        return Publication(
            latest.version, new=False, changes=CHANGES.empty(), parent=latest.package["parent"]
        )
    return Publication(int(written or 1), new=True, changes=moved, parent=about.parent)
