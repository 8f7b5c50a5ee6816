"""What is expected of every round, and why it is not there: facts about a round become lines.

Belongs here: from when a version is due, which run counts, and what the reason is where there is none. It is
pure: the moment is an argument. Must stay out: looking (`watch_facts.py`) and telling (`telling.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flows.operations.line import Line, NoAnswer, broken, fine, look
from programme.counts import counted
from programme.rounds import Round
from programme.watch import WatchRules

AGAIN = "Then: city2city run {}"


@dataclass(frozen=True)
class RunSeen:
    """One processing of a round: when (UTC), how it ended, and why where it has no version."""

    started_at: datetime
    outcome: str
    why: str = ""


@dataclass(frozen=True)
class InputsSeen:
    """The files of a round: table to when each was last written (None: nobody knows), what is wrong with the
    folder, and what the file says that it was written at.
    """

    tables: Mapping[str, datetime | None] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class RoundSeen:
    """A round as it is found: its newest version and when that was written, its runs (the newest first), who
    holds it, and its inputs.
    """

    version: int | None
    written_at: datetime | None
    runs: tuple[RunSeen, ...] | NoAnswer
    inputs: InputsSeen | NoAnswer
    holder: str | None = None


@dataclass(frozen=True)
class Expected:
    """What a round should bring: the morning on which its inputs are looked at, the first moment from which a
    run sees all forms, and by when a version is there.
    """

    round_id: str
    look_from: datetime
    counts_from: datetime
    version_due: datetime


def expected(round_: Round, rules: WatchRules) -> Expected:
    """What is expected of a round, from its deadline; computed in its own time zone."""
    day = timedelta(days=1)
    due = datetime.combine(round_.closes + day, rules.version_by, round_.zone)
    return Expected(
        round_.id,
        datetime.combine(round_.closes - day, rules.look_from, round_.zone),
        round_.accepted_until,
        max(due, round_.accepted_until + timedelta(hours=1), key=lambda moment: moment.astimezone(UTC)),
    )


def round_lines(round_: Round, seen: RoundSeen, rules: WatchRules, now: datetime) -> list[Line]:
    """The lines about one round at that moment; a broken one is an alarm."""
    wanted = expected(round_, rules)
    due = f"{wanted.version_due:%Y-%m-%d %H:%M %Z}"
    if now < wanted.look_from:
        return [fine(round_.id, f"a version is due by {due}")]
    if _is_there(wanted, seen, now):
        return [fine(round_.id, f"version {seen.version} is there, made after the deadline")]
    if now < wanted.version_due:
        lines = list(_not_ready(round_, seen.inputs, rules, now))
        return lines or [fine(round_.id, f"a version is due by {due}; what it needs is there and fresh")]
    return [_why_not(round_, wanted, seen, now), *_inputs_missing(round_, seen.inputs)]


def _is_there(wanted: Expected, seen: RoundSeen, now: datetime) -> bool:
    """Whether there is a version that saw all forms: one made while the call was open does not count."""
    if seen.version is None:
        return False
    moments = [run.started_at for run in _runs_after(wanted, seen, now) if run.outcome in _GOOD]
    if seen.written_at is not None:
        moments.append(seen.written_at)
    return any(wanted.counts_from <= moment <= now for moment in moments)


_GOOD = ("published", "unchanged")


def _runs_after(wanted: Expected, seen: RoundSeen, now: datetime) -> list[RunSeen]:
    """The runs that saw all forms, as far as anybody knew at that moment; the newest first."""
    runs = [] if isinstance(seen.runs, NoAnswer) else seen.runs
    return [run for run in runs if wanted.counts_from <= run.started_at <= now]


def _why_not(round_: Round, wanted: Expected, seen: RoundSeen, now: datetime) -> Line:
    """Why there is no version although it is due."""
    what = f"{round_.id} no version"
    late = f"It was due by {wanted.version_due:%Y-%m-%d %H:%M %Z}."
    again = AGAIN.format(round_.id)
    if seen.holder is not None:
        return broken(what, f"still running: {seen.holder}. {late}", "Look at that process. " + again)
    if isinstance(seen.runs, NoAnswer):
        found = f"nobody can say whether it ran: {seen.runs.why}. {late}"
        return broken(what, found, "Mend the database (city2city doctor). " + again)
    runs = _runs_after(wanted, seen, now)
    if not runs:
        return _no_run(round_, seen, late)
    last = runs[0]
    found, remedy = _ENDS.get(last.outcome, ("the run failed", "Mend the cause."))
    why = f": {last.why}" if last.why else ""
    return broken(what, f"{found} ({last.started_at:%Y-%m-%d %H:%M} UTC){why} {late}", f"{remedy} {again}")


_ENDS = {
    "stopped": ("the run was stopped", "Settle what stopped it, or accept the gate with a reason."),
    "cancelled": ("the run was cancelled", "See who ended it and why."),
    "killed": ("the run was killed", "See whether memory or disk ran out (city2city doctor)."),
    "running": ("the run was killed", "See whether memory or disk ran out (city2city doctor)."),
    "published": ("the version of the run is gone", "Restore it from a backup (city2city verify)."),
    "unchanged": ("the version of the run is gone", "Restore it from a backup (city2city verify)."),
}


def _no_run(round_: Round, seen: RoundSeen, late: str) -> Line:
    before = f"; version {seen.version} was made while the call was open" if seen.version else ""
    found = f"no run has begun since the deadline{before}. {late}"
    remedy = "See that server, worker and schedule are there (city2city doctor). "
    return broken(f"{round_.id} no version", found, remedy + AGAIN.format(round_.id))


def _inputs_missing(round_: Round, inputs: InputsSeen | NoAnswer) -> Iterator[Line]:
    """Inputs without which no run can bring a version."""
    again = AGAIN.format(round_.id)
    if isinstance(inputs, NoAnswer):
        yield broken(f"{round_.id} inputs", inputs.why, f"Mend the storage (city2city doctor). {again}")
    else:
        for text in inputs.problems:
            yield broken(f"{round_.id} inputs missing", text, f"Put the export there. {again}")


def _not_ready(
    round_: Round, inputs: InputsSeen | NoAnswer, rules: WatchRules, now: datetime
) -> Iterator[Line]:
    """What a round that is about to be processed lacks, or has too old."""
    yield from _inputs_missing(round_, inputs)
    if isinstance(inputs, NoAnswer):
        return
    over = now >= round_.accepted_until
    for table, days in rules.most_days_old.model_dump().items():
        written = inputs.tables.get(table)
        if written is None:
            continue
        found = f"{table} is of {written.astimezone(round_.zone):%Y-%m-%d %H:%M %Z}"
        if table == "submissions" and over and written < round_.accepted_until:
            late = f"{found}, before the deadline: forms that came in since are not in it"
            yield look(f"{round_.id} {table}", late, "Export the forms again, now that the call is closed.")
        elif now - written > timedelta(days=days):
            old = f"{found}; it may be {counted(days, 'day')} old"
            yield look(f"{round_.id} {table}", old, "Export it again.")
    if "evaluators" not in inputs.tables and "evaluations" not in inputs.tables:
        found = "neither evaluators nor evaluations are there; results will rest on the forms alone"
        yield look(f"{round_.id} evaluators", found, "Put evaluators.csv beside the other inputs.")
