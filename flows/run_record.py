"""One run from its lock to its end, noted in the ledger whatever happens.

Belongs here: the guards around a run: the round's lock, start and end in the ledger, the outcome of a run
that fails. Must stay out: what a run does. Correctness rests on this and not on Prefect's states, which a
killed process leaves behind as running.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from flows.context import AppContext, program_version
from flows.procedure import StoppedError
from warehouse.database.ledger import RunKind, RunOutcome
from warehouse.lock import round_lock


@dataclass
class Run:
    """A run under way: its id in the ledger and when it began; `outcome` and `version` are what is noted when
    it ends.
    """

    id: str
    started_at: datetime
    outcome: RunOutcome = "failed"
    version: int | None = None


_held: set[tuple[str, str]] = set()


@contextmanager
def held(context: AppContext, round_id: str, reason: str) -> Iterator[None]:
    """Hold the round's lock; inside a block of this process that holds it already, nothing more is needed.

    So the command line can take it before it starts Prefect, and a second run is refused at once. Raises
    `ProblemsError` where another process holds it.
    """
    key = (context.settings.data, round_id)
    if key in _held:
        yield
        return
    folder = (context.settings.data_folder or context.settings.cache) / "locks"
    since, holder = datetime.now(UTC), f"run of {round_id}: {reason}"
    with round_lock(
        round_id, database_url=context.settings.database_url, folder=folder, holder=holder, since=since
    ):
        _held.add(key)
        try:
            yield
        finally:
            _held.discard(key)


@contextmanager
def recorded(
    context: AppContext, round_id: str, kind: RunKind, reason: str, as_of: datetime | None
) -> Iterator[Run]:
    """Hold the round's lock (a scan needs none) and note start and end. Raises `ProblemsError` where another
    run holds it.
    """
    now = datetime.now(UTC)
    round_ = context.round(round_id)
    if kind == "scan":
        with _noted(context, round_id, kind, reason, as_of or now, now) as run:
            yield run
        return
    with held(context, round_.id, reason), _noted(context, round_id, kind, reason, as_of or now, now) as run:
        yield run


@contextmanager
def _noted(
    context: AppContext, round_id: str, kind: RunKind, reason: str, as_of: datetime, now: datetime
) -> Iterator[Run]:
    round_ = context.round(round_id)
    context.ledger.record_round(round_.id, round_.title, round_.deadline)
    run = Run(
        context.ledger.start_run(
            round_id, kind, reason, as_of=as_of, started_at=now, program=program_version()
        ),
        now,
    )
    try:
        yield run
    except StoppedError:
        run.outcome = "stopped"
        raise
    finally:
        context.ledger.finish_run(run.id, run.outcome, ended_at=datetime.now(UTC), version=run.version)
