"""What kind of body applies, and what one that is no local government is asked for (FAQ 3.2, 3.3.1).

Belongs here: what the rules `local_government` and `mandate` say alike, so that nobody is asked for one
letter twice in other words. Must stay out: the rules themselves.
"""

from __future__ import annotations

from tasks.eligibility.rules.case import Case, RuleSettings


def is_local_government(case: Case, settings: RuleSettings) -> bool:
    """Whether the applicant is a kind of local government (FAQ 3.2)."""
    return case.form["applicant_type"] in settings.limits.local_government_types


def letter_needed(case: Case, settings: RuleSettings) -> str:
    """What an applicant that is no local government is asked for, whichever rule asks."""
    who = settings.limits.applicants[str(case.form["applicant_type"])]
    return f"As {who} you can apply only with an official letter from an eligible city; please send it."
