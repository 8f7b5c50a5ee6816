"""What of a round is due, failed or overdue, in sentences: what `city2city status --check` ends with 1 for.

Belongs here: the sentences. It is pure: the day is an argument. Must stay out: whether a version is due
(`expected.py`), and looking (`flows/standing.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flows.operations.expected import RunSeen
from flows.operations.line import Line
from programme.counts import counted

BAD = ("failed", "stopped", "cancelled", "killed")
"""Ends of a run that somebody must look at."""


@dataclass(frozen=True)
class Standing:
    """How a round stands: `lines` of the watch, its last processing, the day on which results are due, how
    many applications were told theirs and how many there are, and how many conditions are overdue.
    """

    round_id: str
    lines: tuple[Line, ...]
    last_run: RunSeen | None
    version: int | None
    results_due: date
    letters: tuple[int, int] = (0, 0)
    n_overdue_conditions: int = 0


def attention(standing: Standing, today: date) -> list[str]:
    """What is due, failed or overdue; empty where nobody has to do anything by now."""
    found = [f"{line.what}: {line.found} {line.remedy}" for line in standing.lines if line.health == "broken"]
    run = standing.last_run
    if run is not None and run.outcome in BAD:
        found.append(last_run_text(run))
    if standing.version is not None and today >= standing.results_due:
        out, of = standing.letters
        if out < of:
            how = "are due today" if today == standing.results_due else f"were due on {standing.results_due}"
            told = f"{out} of {of} letters are out"
            found.append(f"Results {how}, and {told}: city2city letters {standing.round_id}")
    if standing.n_overdue_conditions:
        count = standing.n_overdue_conditions
        found.append(f"{counted(count, 'condition')} overdue: city2city review {standing.round_id}")
    return found


def last_run_text(run: RunSeen) -> str:
    """How the last run ended that has no version, and why."""
    how = run.outcome if run.outcome == "failed" else f"was {run.outcome}"
    why = f": {run.why}" if run.why else "."
    return f"The last run ({run.started_at:%Y-%m-%d %H:%M} UTC) {how}{why}"
