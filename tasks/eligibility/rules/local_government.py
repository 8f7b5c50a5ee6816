"""The rule `local_government`: who applies (FAQ 3.2, first point; 3.3.1)."""

from __future__ import annotations

from programme.vocabulary import Outcome
from tasks.eligibility.rules.applicant import is_local_government, letter_needed
from tasks.eligibility.rules.case import Case, RuleSettings
from tasks.eligibility.rules.verdict import Verdict


def local_government(case: Case, settings: RuleSettings) -> Verdict:
    """A local government, or another body with an official letter from one (FAQ 3.2, 3.3.1)."""
    kind, mandate = str(case.form["applicant_type"]), case.form["mandate"]
    if is_local_government(case, settings):
        return Verdict("met", f"applicant type: {kind}", "form", "You apply as a local government.")
    evidence = f"applicant type: {kind}, mandate: {mandate or 'blank'}"
    if mandate == "official_letter":
        message = (
            f"As {settings.limits.applicants[kind]} you can apply on behalf of a city; we still have to "
            "confirm its official letter with the city."
        )
        return Verdict("conditional", evidence, "form", message)
    outcome: Outcome = "not_met" if mandate == "none" else "unclear"
    return Verdict(outcome, evidence, "form", letter_needed(case, settings))
