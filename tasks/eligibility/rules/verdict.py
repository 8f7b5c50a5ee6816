"""What a rule answers: an outcome, the evidence it rests on, its source, and a sentence for the applicant.

Belongs here: the answer every rule gives. Must stay out: any rule.
"""

from __future__ import annotations

from dataclasses import dataclass

from programme.vocabulary import Outcome


@dataclass(frozen=True)
class Verdict:
    """The answer of one rule about one application.

    `evidence` says what the outcome rests on, `source` where that came from (`form`, a register with its
    version, `decision`), `message` is a sentence to the applicant. `contradiction` is set where other
    evidence speaks against what counts (the register outranks the form, an accepted member is met on the
    register's word): it becomes a finding for the programme team and changes nothing else. `scenario` is the
    scenario of FAQ 3.2 by which a city comes in (1, 2 or 3); only the rule `cohort` tells it. `final` is true
    where nothing the applicant does can change the outcome in this call.
    """

    outcome: Outcome
    evidence: str
    source: str
    message: str
    contradiction: str | None = None
    scenario: int | None = None
    final: bool = False
