"""One change that would have been enough, and its words.

Belongs here: what a row of dictionary SUFFICIENT says. Must stay out: which changes are enough
(`sufficient.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from programme.selection_vocabulary import SufficientKind
from tasks.matchmaking.choice import Choice


@dataclass(frozen=True)
class Change:
    """One change with which an application would be placed: its kind, how much or which, and the words."""

    application_id: str
    kind: SufficientKind
    value: str
    reason: str
    message: str


def not_looked_at(choice: Choice, i: int) -> Change:
    """That the limit of the rules kept an application from being looked at; the value is that limit."""
    return Change(
        choice.facts.applicants[i].application_id,
        "not_looked_at",
        str(choice.problem.rules.limits.sufficient_work),
        "What would have been enough was not looked for: the limit `sufficient_work` under [limits] in "
        "programme/matchmaking.toml was reached by applications that are nearer to a place.",
        "What would have been enough was not looked for.",
    )


def score_in_words(more: float) -> str:
    """How much better a score had to be, for the city: in words, without points."""
    how = "slightly " if more <= 2 else "" if more <= 10 else "much "
    return f"A {how}better evaluation of your application would have been enough."
