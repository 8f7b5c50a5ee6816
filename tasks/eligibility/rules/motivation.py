"""The rule `motivation`: why the city applies, what it expects and what it would share (FAQ 3.3.3)."""

from __future__ import annotations

from tasks.eligibility.rules.case import Case, RuleSettings
from tasks.eligibility.rules.verdict import Verdict

_WANTED = "why you apply, what you expect and what you would share"


def motivation(case: Case, settings: RuleSettings) -> Verdict:
    """A coherent motivation, with expectations and the willingness to share (FAQ 3.3.3).

    A rule can judge only its length, in words as anything between blanks; whether it is coherent, people
    judge.
    """
    minimum = settings.limits.motivation_minimum_words
    words = len(str(case.form["motivation"] or "").split())
    evidence = f"{words} words; the minimum is {minimum}"
    if words == 0:
        message = f"Your form gives no motivation; it asks {_WANTED}."
        return Verdict("not_met", "left blank", "form", message)
    if words < minimum:
        message = f"Your motivation has only {words} words; please say more about {_WANTED}."
        return Verdict("unclear", evidence, "form", message)
    return Verdict("met", evidence, "form", "You gave your motivation.")
