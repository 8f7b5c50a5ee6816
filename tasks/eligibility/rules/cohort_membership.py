"""What an accepted membership of the UTM City Cohort does to other rules (FAQ 3.2, scenario 1).

Belongs here: the rules' common answer for a member. Must stay out: whether a city is a member (`cohort.py`).
"""

from __future__ import annotations

from tasks.eligibility.rules.case import Case, RuleSettings
from tasks.eligibility.rules.verdict import Verdict

CHECKED_BY_COHORT = "accepted cohort member; the cohort checked this when it accepted the city"
MEMBER_MESSAGE = "Your city is an accepted member of the UTM City Cohort."


def met_if_member(case: Case, settings: RuleSettings, verdict: Verdict) -> Verdict:
    """The verdict of a rule that the cohort checks itself: met for a member, else as it was found.

    A member is already eligible in principle (FAQ 3.2, scenario 1). Evidence against it goes to the programme
    team as a contradiction, not to the applicant.
    """
    if not case.is_member:
        return verdict
    against = verdict.evidence if verdict.outcome == "not_met" else verdict.contradiction
    evidence = f"{CHECKED_BY_COHORT}; {verdict.evidence}"
    return Verdict("met", evidence, settings.source("cohort"), MEMBER_MESSAGE, against)
