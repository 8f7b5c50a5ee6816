"""One run from its lock to its end, noted in the ledger whatever happens.

Belongs here: the guards around a run: the round's lock, start and end in the ledger, the outcome of a run
that fails. Must stay out: what a run does. Correctness rests on this and not on Prefect's states, which a
killed process leaves behind as running.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows.context import AppContext
from flows.errors import StoppedError
from flows.version import program_version
from programme.problems import ProblemsError
from warehouse.lock import round_lock

if TYPE_CHECKING:  # the ledger loads SQLAlchemy, and `city2city status` asks this module who holds a round
    from warehouse.database.ledger import RunKind, RunOutcome


accepted_by: ContextVar[str | None] = ContextVar("accepted_by", default=None)
"""Who accepts gates in a run from the command line: a parameter of the flow would be kept by Prefect."""


@dataclass
class RunRecord:
    """A run under way: its id in the ledger and when it began (UTC).

    `outcome` and `version` are noted when it ends. `faults` are what could not be noted once a version stood:
    sentences for the person who started the run.
    """

    id: str
    started_at: datetime
    outcome: RunOutcome = "failed"
    version: int | None = None
    faults: list[str] = field(default_factory=list)


@contextmanager
def told_as_fault(record: RunRecord, what: str) -> Iterator[None]:
    """Inside, a fault of disk, bucket or database goes to `record.faults`: a version stands, the run does not
    fail.
    """
    try:
        yield
    except ProblemsError as error:
        found = ", ".join(dict.fromkeys(item.found for item in error.problems))
    except OSError as error:
        found = error.strerror or type(error).__name__
    else:
        return
    record.faults.append(
        f"Version {record.version} stands; {what} could not be written ({found}). "
        "The next run of the round makes it good."
    )


SCAN_REASON = "early scan"
"""What a scan says of itself: in the ledger, and to whoever finds the round held."""

_held: ContextVar[frozenset[tuple[str, str]]] = ContextVar("rounds held", default=frozenset())
"""The rounds that this thread of work holds, by data folder; a second flow of the same process is another."""


@contextmanager
def hold_round(context: AppContext, round_id: str, reason: str) -> Iterator[None]:
    """Hold the round's lock; inside a block that holds it already, nothing more is needed.

    So the command line can take it before it starts Prefect, and a second run is refused at once. Raises
    `ProblemsError` where another process holds it.
    """
    key = (context.settings.data, round_id)
    if key in _held.get():
        yield
        return
    folder = (context.settings.data_folder or context.settings.cache) / "locks"
    since, holder = datetime.now(UTC), f"run of {round_id}: {reason}"
    with round_lock(
        round_id, database_url=context.settings.database_url, folder=folder, holder=holder, since=since
    ):
        token = _held.set(_held.get() | {key})
        context.storage.clear_leftovers()
        try:
            yield
        finally:
            _held.reset(token)


@contextmanager
def record_run(
    context: AppContext,
    round_id: str,
    kind: RunKind,
    reason: str,
    as_of: datetime | None,
    by: str | None = None,
) -> Iterator[RunRecord]:
    """Hold the round's lock and note start and end of a run in the ledger.

    A scan holds it too: two at once would both draft every letter. `by` is who started it. Raises
    `ProblemsError` where another run or scan holds the round.
    """
    now = datetime.now(UTC)
    round_ = context.round(round_id)
    with (
        hold_round(context, round_.id, reason),
        _start_and_finish(context, round_id, kind, reason, as_of or now, now, by) as record,
    ):
        yield record


@contextmanager
def _start_and_finish(
    context: AppContext,
    round_id: str,
    kind: RunKind,
    reason: str,
    as_of: datetime,
    now: datetime,
    by: str | None,
) -> Iterator[RunRecord]:
    round_ = context.round(round_id)
    context.ledger.record_round(round_.id, round_.title, round_.deadline)
    run_id = context.ledger.start_run(
        round_id, kind, reason, as_of=as_of, started_at=now, program=program_version(), started_by=by
    )
    record = RunRecord(run_id, now)
    try:
        yield record
    except BaseException as error:
        record.outcome = "stopped" if isinstance(error, StoppedError) else "failed"
        with suppress(ProblemsError):  # what ended the run is what is told
            _finish(context, record)
        raise
    if record.version is None:
        _finish(context, record)
        return
    with told_as_fault(record, "how the run ended"):
        _finish(context, record)


def _finish(context: AppContext, record: RunRecord) -> None:
    context.ledger.finish_run(record.id, record.outcome, ended_at=datetime.now(UTC), version=record.version)
