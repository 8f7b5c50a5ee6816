"""Going back to an older version: its tables as a new version, its decisions in force, its inputs pinned.

Belongs here: the order of what is done. Must stay out: what a pinned round is made from (`pinning.py`), and
how a version is written (`warehouse/snapshots`).

The decisions come first. A crash after them leaves a pinned round whose next run publishes the same version;
a crash before them would leave a version that the next run takes away again. Given again after a crash, a
rollback records nothing twice and makes good what is not noted yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from flows.approving import settle
from flows.attribution import RememberingRunner, changes_since
from flows.context import AppContext
from flows.kept_inputs import kept_round_inputs
from flows.ledger import record_decisions
from flows.pinning import pin_of, with_rules_of
from flows.procedure import processed_again
from flows.published_versions import PublishedVersion, origin_of, read_newest_whole, read_version
from flows.publishing import Publication, published_reason
from flows.round_inputs import RoundInputs
from flows.run_record import RunRecord, told_as_fault
from flows.runner import Runner, run_plain
from flows.version_record import record_copy
from programme.problems import problem
from programme.programme import Programme
from programme.rounds import Round
from tasks.decisions.approvals import NOT_IN_A_VERSION
from tasks.decisions.confirmations import decisions_in_force
from tasks.decisions.effective import undone_by
from tasks.decisions.kinds import make_decision
from tasks.ingest.step import read_all
from warehouse.dictionary.inputs import DECISIONS
from warehouse.dictionary.published import CHANGES
from warehouse.sandbox import open_in_sandbox
from warehouse.snapshots import is_news, latest_version, read_package, write_snapshot
from warehouse.snapshots.descriptor import VersionMetadata
from warehouse.snapshots.older import lacked_by
from warehouse.snapshots.verify import verify_version

Row = dict[str, Any]
MOST_STEPS = 50
"""How often undos of undos are followed until the decisions in force are those of the older version."""


@dataclass(frozen=True)
class RolledBack:
    """What a rollback did.

    `version` is the new version with the tables of `back_to` (None: they stand already), `undone` are the
    decisions that count no longer, and `back` those that count again.
    """

    back_to: int
    version: int | None
    undone: list[Row]
    back: list[Row]


def roll_back(
    context: AppContext,
    round_: Round,
    version: int,
    *,
    reason: str,
    by: str,
    now: datetime,
    record: RunRecord,
) -> RolledBack:
    """Go back to a version; `record` is the run under way, which holds the round's lock.

    Raises `ProblemsError` where the version does not verify, or its inputs or rules are no longer kept.
    """
    older = _whole(context, round_, version)
    origin = origin_of(context, older)
    under_its_rules = with_rules_of(context, origin.rules)
    round_inputs = kept_round_inputs(under_its_rules, origin, round_.id)
    recorded = context.ledger.decisions(round_.id)
    rows = [
        *_undos(recorded, origin.decisions, reason, by, now),
        *_pin(context, round_, version, reason, by, now),
    ]
    if rows:
        record_decisions(context, round_, DECISIONS.frame(rows), "cli", now)
    before, after = (_counting(one) for one in (recorded, context.ledger.decisions(round_.id)))
    latest, number, moved = read_newest_whole(context, round_.id), None, CHANGES.empty()
    if _is_news(context, round_, older):
        run = RememberingRunner(run_plain)
        again = processed_again(under_its_rules, latest, run)
        moved = changes_since(under_its_rules, latest, older.tables, round_inputs, origin, again)
        why = _reason_of(reason, under_its_rules.programme, round_inputs, run)
        context.ledger.announce_version(record.id, (latest_version(context.storage, round_.id) or 0) + 1)
        number = _publish(context, round_, older, latest, moved, why)
    parent = latest.version if latest else None
    stands = number or parent or version
    record_copy(context, record, round_.id, Publication(stands, number is not None, moved, parent), version)
    with told_as_fault(record, "what follows from its approvals"):
        settle(context, round_)
    return RolledBack(version, number, _without(before, after), _without(after, before))


def _is_news(context: AppContext, round_: Round, older: PublishedVersion) -> bool:
    lacks = lacked_by(older.package)
    return is_news(context.storage, round_.id, older.tables, older.package["state"], lacks)


def _whole(context: AppContext, round_: Round, version: int) -> PublishedVersion:
    read_package(context.storage, round_.id, version)
    if damage := verify_version(context.storage, round_.id, version):
        raise problem(
            found=f"a version that does not verify: {'; '.join(damage[:5])}",
            expected="a version as it was published",
            where=f"round {round_.id}, version {version}",
            remedy=f"Rebuild it: city2city repair {round_.id} {version}. Or go back to another one.",
        )
    return read_version(context, round_.id, version)


def _reason_of(reason: str, programme: Programme, round_inputs: RoundInputs, run: Runner) -> str:
    """The reason as the new version may say it."""
    inputs = run(read_all)(
        sources=round_inputs.sources,
        programme=programme,
        round_=round_inputs.round,
        open_binary=open_in_sandbox,
    )
    return published_reason(reason, inputs, programme)


def _publish(
    context: AppContext,
    round_: Round,
    older: PublishedVersion,
    latest: PublishedVersion | None,
    moved: pl.DataFrame,
    reason: str,
) -> int | None:
    """The number of the new version; None where the latest has the same content."""
    package = older.package
    about = VersionMetadata(
        state=package["state"],
        reason=f"rollback to version {older.version}: {reason}",
        parent=latest.version if latest else None,
        inputs=package["inputs"],
        rules=package["rules"],
        program=package["program"],
        source=package.get("program_source") or "",
        lock=package.get("program_lock"),
    )
    tables = {**older.tables, "changes": moved}
    return write_snapshot(context.storage, round_.id, tables, about, lacks=lacked_by(package))


def _counting(recorded: pl.DataFrame) -> pl.DataFrame:
    """The decisions in force that are in a version."""
    in_force = decisions_in_force(recorded)
    return in_force.filter(~pl.col("kind").is_in(NOT_IN_A_VERSION))


def _without(some: pl.DataFrame, others: pl.DataFrame) -> list[Row]:
    gone = some.filter(~pl.col("decision_id").is_in(others["decision_id"].to_list()))
    return gone.select("decision_id", "kind", "subject", "object", "value").rows(named=True)


def _undos(recorded: pl.DataFrame, wanted: pl.DataFrame, reason: str, by: str, now: datetime) -> list[Row]:
    """The undos after which exactly the wanted decisions are in force.

    Taking back a decision may bring back the one that it replaced, which may have to be taken back too.
    """
    goal = set(wanted.filter(~pl.col("kind").is_in(NOT_IN_A_VERSION))["decision_id"])
    rows: list[Row] = []
    together = recorded
    for _ in range(MOST_STEPS):
        counting = set(_counting(together)["decision_id"])
        undone = undone_by(together)
        surplus = sorted(counting - goal)
        lacking = sorted(undone[name] for name in goal - counting if name in undone)
        made = [_undo(name, reason, by, now) for name in (*surplus, *lacking)]
        if not made:
            break
        rows += made
        together = pl.concat([recorded, DECISIONS.frame(rows)])
    return rows


def _undo(name: str, reason: str, by: str, now: datetime) -> Row:
    return make_decision(kind="undo", subject=name, reason=reason, decided_by=by, decided_at=now)


def _pin(context: AppContext, round_: Round, version: int, reason: str, by: str, now: datetime) -> list[Row]:
    """The decision that pins the round; none where it is pinned to that version already."""
    pin = pin_of(context, round_.id)
    if pin is not None and pin.version == version:
        return []
    return [
        make_decision(
            kind="rollback", subject=f"{round_.id}:{version}", reason=reason, decided_by=by, decided_at=now
        )
    ]
