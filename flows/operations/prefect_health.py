"""Whether the Prefect server, its worker and its schedules will process the rounds: facts become lines.

Belongs here: what is fine, what a person should look at, and what is broken. It is pure: the moment is an
argument. Must stay out: asking the server (`prefect_facts.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from flows.operations.line import Line, NoAnswer, broken, fine, look
from programme.counts import counted

REACH = timedelta(days=100)
"""Prefect plans no run that is further away (its scheduler's setting)."""
SETTLING = timedelta(minutes=5)
"""So long after a deployment its runs need not be planned yet: the scheduler comes by every minute."""
SILENT = timedelta(minutes=2)
"""A worker reports every 30 seconds; one that is silent for longer does not work."""
TOLERANCE = timedelta(minutes=1)
DEPLOY = "Deploy again: make schedules, then prefect --no-prompt deploy --all."


@dataclass(frozen=True)
class ServerFacts:
    """The server as it answers; `address` is without credentials."""

    address: str
    version: str
    pinned: str
    """The version of Prefect that the program was made with."""


@dataclass(frozen=True)
class PoolFacts:
    """The work pool, and when its workers last reported, by name; `kind` None: there is no such pool."""

    name: str
    kind: str | None = None
    paused: bool = False
    workers: tuple[tuple[str, datetime | None], ...] = ()


@dataclass(frozen=True)
class ScheduleFacts:
    """One deployment of a round as it should be, and as the server has it.

    `due` is the next moment at which it should run (None: it has run for the last time), `rule` how its
    schedule should read. `rules` are the active schedules that the server has, `planned` the next run that it
    has planned, `late` how many runs should have begun and did not.
    """

    deployment: str
    kind: Literal["process", "scan"]
    due: datetime | None
    rule: str
    found: bool = False
    paused: bool = False
    rules: tuple[str, ...] = ()
    planned: datetime | None = None
    deployed_at: datetime | None = None
    late: int = 0


@dataclass(frozen=True)
class PrefectFacts:
    """Everything that is asked of a server."""

    server: ServerFacts
    pool: PoolFacts
    schedules: tuple[ScheduleFacts, ...]


def prefect_lines(facts: PrefectFacts | NoAnswer | None, now: datetime) -> list[Line]:
    """The lines about Prefect; None where no server is named, `NoAnswer` where it could not be asked."""
    if facts is None:
        found = "no server is named; a run starts one of its own, and nothing runs on a schedule"
        return [look("server", found, "Start a server and set PREFECT_API_URL (docs/operations.md, Start).")]
    if isinstance(facts, NoAnswer):
        remedy = "Start it (prefect server start), or correct PREFECT_API_URL."
        return [broken("server", facts.why, remedy)]
    lines = [_server(facts.server), _pool(facts.pool), _worker(facts.pool, now)]
    return lines + [_schedule(one, now) for one in facts.schedules]


def _server(server: ServerFacts) -> Line:
    found = f"{server.address} answers, Prefect {server.version}"
    if server.version == server.pinned:
        return fine("server", found)
    remedy = f"Install Prefect {server.pinned} where the server runs, and start it again."
    expected = f"{found}; the program was made for {server.pinned}"
    if _series(server.version) == _series(server.pinned):
        return look("server", expected, remedy)
    return broken("server", expected, remedy)


def _series(version: str) -> list[str]:
    return version.split(".")[:2]


def _pool(pool: PoolFacts) -> Line:
    if pool.kind is None:
        remedy = f"Make it: prefect work-pool create {pool.name} --type process"
        return broken("work pool", f"there is no work pool {pool.name}", remedy)
    if pool.paused:
        remedy = f"Let it go on: prefect work-pool resume {pool.name}"
        return broken("work pool", f"{pool.name} is paused, so no run begins", remedy)
    return fine("work pool", f"{pool.name}, of the type {pool.kind}")


def _worker(pool: PoolFacts, now: datetime) -> Line:
    start = f"Start one: prefect worker start --pool {pool.name}"
    alive = [(name, at) for name, at in pool.workers if at is not None and now - at <= SILENT]
    if alive:
        ago = min(int((now - at).total_seconds()) for _, at in alive)
        return fine("worker", f"{len(alive)} at work; the last sign of life is {max(ago, 0)} s old")
    last = max((at for _, at in pool.workers if at is not None), default=None)
    if last is None:
        return broken("worker", "no worker has ever reported, so no run begins", start)
    found = f"the last sign of life is of {last:%Y-%m-%d %H:%M} UTC, so no run begins"
    return broken("worker", found, start)


def _schedule(one: ScheduleFacts, now: datetime) -> Line:
    what = f"schedule {one.deployment}"
    if one.late:
        remedy = "See that a worker is at work; a run that is not wanted any more: prefect flow-run cancel."
        return broken(what, f"{counted(one.late, 'run')} should have begun and did not", remedy)
    if one.due is None:
        return fine(what, "it has run for the last time")
    should = f"{one.due:%Y-%m-%d %H:%M %Z}"
    if not one.found:
        return broken(what, f"it is not on the server; it should run at {should}", DEPLOY)
    if one.paused or not one.rules:
        remedy = "Switch the schedule on in the UI, or deploy again: prefect --no-prompt deploy --all."
        return broken(what, f"it is switched off; it should run at {should}", remedy)
    if one.rules != (one.rule,):
        return broken(what, f"its schedule is not that of the rounds; it should run at {should}", DEPLOY)
    return _next_run(one, one.due, now)


def _next_run(one: ScheduleFacts, due: datetime, now: datetime) -> Line:
    what, should = f"schedule {one.deployment}", f"{due:%Y-%m-%d %H:%M %Z}"
    if one.planned is not None:
        if abs(one.planned - due) <= TOLERANCE:
            return fine(what, f"the next run is planned for {should}")
        planned = one.planned.astimezone(due.tzinfo)
        return broken(what, f"the next run is planned for {planned:%Y-%m-%d %H:%M %Z}, not {should}", DEPLOY)
    if due - now > REACH:
        days = REACH.days
        return fine(what, f"due at {should}; Prefect plans it once it is at most {days} days away")
    if one.deployed_at is not None and now - one.deployed_at <= SETTLING:
        return look(what, f"deployed just now; {should} is not planned yet", "Ask again in a few minutes.")
    return broken(what, f"no run is planned for {should}", "See that the server's scheduler runs. " + DEPLOY)
