"""What a rule answers: an outcome, the evidence it rests on, where that came from, and a sentence for the applicant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["met", "conditional", "unclear", "not_met", "not_applicable"]

SEVERITY: tuple[Outcome, ...] = ("not_applicable", "met", "conditional", "unclear", "not_met")
"""From harmless to decisive: a consortium is judged by its worst member."""


@dataclass(frozen=True)
class Verdict:
    """The answer of one rule about one application.

    `contradiction` is set where the evidence speaks against what counts (the register outranks the form, an accepted member is met on the
    register's word): it becomes a finding for the ops team and changes nothing else.
    """

    outcome: Outcome
    evidence: str
    source: str
    message: str
    contradiction: str | None = None


def worst(outcomes: list[Outcome]) -> Outcome:
    """The most decisive of several outcomes."""
    return max(outcomes, key=SEVERITY.index)
