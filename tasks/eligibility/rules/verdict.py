"""What a rule answers: an outcome, the evidence it rests on, where that came from, and a sentence for the
applicant.
"""

from __future__ import annotations

from dataclasses import dataclass

from programme.vocabulary import Outcome


@dataclass(frozen=True)
class Verdict:
    """The answer of one rule about one application.

    `contradiction` is set where the evidence speaks against what counts (the register outranks the form, an
    accepted member is met on the register's word): it becomes a finding for the ops team and changes nothing
    else.
    """

    outcome: Outcome
    evidence: str
    source: str
    message: str
    contradiction: str | None = None
