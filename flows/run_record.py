"""One run from its lock to its end, noted in the ledger whatever happens.

Belongs here: the guards around a run: the round's lock, start and end in the ledger, the outcome of a run
that fails. Must stay out: what a run does. Correctness rests on this and not on Prefect's states, which a
killed process leaves behind as running.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows.context import AppContext
from flows.errors import StoppedError
from flows.version import program_version
from warehouse.lock import round_lock

if TYPE_CHECKING:  # the ledger loads SQLAlchemy, and `city2city status` asks this module who holds a round
    from warehouse.database.ledger import RunKind, RunOutcome


accepted_by: ContextVar[str | None] = ContextVar("accepted_by", default=None)
"""Who accepts gates in a run from the command line: a parameter of the flow would be kept by Prefect."""


@dataclass
class RunRecord:
    """A run under way: its id in the ledger and when it began (UTC).

    `outcome` and `version` are noted when it ends.
    """

    id: str
    started_at: datetime
    outcome: RunOutcome = "failed"
    version: int | None = None


_rounds_held: set[tuple[str, str]] = set()


@contextmanager
def hold_round(context: AppContext, round_id: str, reason: str) -> Iterator[None]:
    """Hold the round's lock; inside a block of this process that holds it already, nothing more is needed.

    So the command line can take it before it starts Prefect, and a second run is refused at once. Raises
    `ProblemsError` where another process holds it.
    """
    key = (context.settings.data, round_id)
    if key in _rounds_held:
        yield
        return
    folder = (context.settings.data_folder or context.settings.cache) / "locks"
    since, holder = datetime.now(UTC), f"run of {round_id}: {reason}"
    with round_lock(
        round_id, database_url=context.settings.database_url, folder=folder, holder=holder, since=since
    ):
        _rounds_held.add(key)
        try:
            yield
        finally:
            _rounds_held.discard(key)


@contextmanager
def record_run(
    context: AppContext, round_id: str, kind: RunKind, reason: str, as_of: datetime | None
) -> Iterator[RunRecord]:
    """Hold the round's lock (a scan needs none) and note start and end of a run in the ledger.

    Raises `ProblemsError` where another run holds the round.
    """
    now = datetime.now(UTC)
    round_ = context.round(round_id)
    lock: AbstractContextManager[None] = (
        nullcontext() if kind == "scan" else hold_round(context, round_.id, reason)
    )
    with lock, _start_and_finish(context, round_id, kind, reason, as_of or now, now) as record:
        yield record


@contextmanager
def _start_and_finish(
    context: AppContext, round_id: str, kind: RunKind, reason: str, as_of: datetime, now: datetime
) -> Iterator[RunRecord]:
    round_ = context.round(round_id)
    context.ledger.record_round(round_.id, round_.title, round_.deadline)
    run_id = context.ledger.start_run(
        round_id, kind, reason, as_of=as_of, started_at=now, program=program_version()
    )
    record = RunRecord(run_id, now)
    try:
        yield record
    except StoppedError:
        record.outcome = "stopped"
        raise
    finally:
        context.ledger.finish_run(
            record.id, record.outcome, ended_at=datetime.now(UTC), version=record.version
        )
