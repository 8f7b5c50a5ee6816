"""The rule `cohort`: what the city is to the UTM City Cohort, and by which scenario of FAQ 3.2 it comes
in.
"""

from __future__ import annotations

from datetime import date

from tasks.eligibility.rules.case import Case, RuleSettings, local_day
from tasks.eligibility.rules.cohort_membership import MEMBER_MESSAGE
from tasks.eligibility.rules.verdict import Verdict

_ACCEPTANCE_PENDING = (
    "The UTM City Cohort has not decided on your city yet; your city can take part only if it is accepted."
)
_NEEDED = "A city must be in the UTM City Cohort, or apply to it by {deadline}; {found}."
_AMBIGUOUS = (
    "We could not tell which city of the UTM City Cohort is yours; please send us its name or id there."
)
_CLAIMED = {
    "member": (
        "Your form says that your city is a member of the UTM City Cohort; we did not find it there. Please "
        "send us the name or id under which it joined."
    ),
    "applied": (
        "Your form says that your city has applied to the UTM City Cohort; we did not find its application. "
        "Please send us the name under which it applied, and when."
    ),
}
_CLAIMED_WITHDRAWN = (
    "Your form says that your city {what} the UTM City Cohort; the cohort has its application as withdrawn. "
    "Please tell us whether it still stands."
)
_AGREEING_CLAIMS = {
    "member": ("member",),
    "pending": ("applied",),
    "rejected": ("applied", "not_applied"),
}
"""A row's status to what a form may say of it without a contradiction."""


def cohort(case: Case, settings: RuleSettings) -> Verdict:
    """Member, applied before, or applied in parallel by the call's deadline (FAQ 3.2, scenarios 1-3).

    A withdrawn cohort application counts as none (FAQ 3.2, last paragraph); a rejected one makes the
    applicant ineligible for this call whatever else holds.
    """
    link, source = case.cohort, settings.source("cohort")
    if link.outcome == "review":
        message = _AMBIGUOUS
        return Verdict("unclear", "link ambiguous", source, message)
    if link.row is None:
        ending = " (a person decided)" if link.ruled_out else " found"
        return _without_application(case, settings, f"no row{ending}")
    status = str(link.row["status"])
    if status == "withdrawn":
        return _without_application(case, settings, "cohort application withdrawn")
    evidence = f"{link.row['utm_id']} is {status}"
    if status == "member":
        return Verdict("met", evidence, source, MEMBER_MESSAGE, _claim_differs(case, status), scenario=1)
    if status == "rejected":
        message = "The UTM City Cohort did not accept your city, so it cannot take part in this call."
        return Verdict("not_met", evidence, source, message, _claim_differs(case, status), final=True)
    return _pending(case, settings, link.row["applied_on"] or case.form["cohort_applied_on"], evidence)


def _pending(case: Case, settings: RuleSettings, applied: object, evidence: str) -> Verdict:
    """An application to the cohort that is not decided yet: by the deadline it is enough, on condition."""
    source, closes = settings.source("cohort"), settings.round.closes
    if not isinstance(applied, date):
        message = "Please tell us when your city applied to the UTM City Cohort."
        return Verdict("unclear", f"{evidence}, date unknown", source, message)
    evidence = f"{evidence}, applied on {applied.isoformat()}"
    scenario = _scenario(case, settings, applied)
    # In scenario 3 the form was sent before the application to the cohort, so "not applied" was true then.
    true_then = scenario == 3 and case.form["cohort_status"] == "not_applied"
    differs = None if true_then else _claim_differs(case, "pending")
    differs = differs or _date_differs(case, applied, closes)
    if applied > closes:
        message = f"Your city applied to the UTM City Cohort after the deadline of {closes:%-d %B %Y}."
        return Verdict("not_met", evidence, source, message, differs, final=True)
    return Verdict("conditional", evidence, source, _ACCEPTANCE_PENDING, differs, scenario)


def _without_application(case: Case, settings: RuleSettings, found: str) -> Verdict:
    """No row that counts: what the form claims is open, until a person decides that there is none."""
    claims, source = case.form["cohort_status"], settings.source("cohort")
    there = "your application there is withdrawn" if case.cohort.row else "we found no application of yours"
    needed = _NEEDED.format(deadline=f"{settings.round.closes:%-d %B %Y}", found=there)
    if claims not in ("member", "applied"):
        return Verdict("not_met", found, source, needed)
    evidence = f"{found}; the form says {claims}"
    if not case.cohort.ruled_out:
        what = "is a member of" if claims == "member" else "has applied to"
        message = _CLAIMED_WITHDRAWN.format(what=what) if case.cohort.row else _CLAIMED[claims]
        return Verdict("unclear", evidence, source, message)
    applied = case.form["cohort_applied_on"]
    if claims == "applied" and not (isinstance(applied, date) and applied > settings.round.closes):
        scenario = _scenario(case, settings, applied) if isinstance(applied, date) else None
        return Verdict("conditional", evidence, "form", _ACCEPTANCE_PENDING, scenario=scenario)
    return Verdict("not_met", evidence, source, needed)


def _scenario(case: Case, settings: RuleSettings, applied: date) -> int | None:
    """Scenario 2: applied to the cohort by the day the form was sent; scenario 3: after it."""
    sent = local_day(case.form["submitted_at"], settings.round)
    if sent is None:
        return None
    return 2 if applied <= sent else 3


def _claim_differs(case: Case, status: str) -> str | None:
    claims = case.form["cohort_status"]
    if claims is None or claims in _AGREEING_CLAIMS[status]:
        return None
    return f"the form says {claims}, the register {status}"


def _date_differs(case: Case, applied: date, closes: date) -> str | None:
    """Only a difference that would change the outcome is worth a person's time."""
    stated = case.form["cohort_applied_on"]
    if not isinstance(stated, date) or (stated > closes) == (applied > closes):
        return None
    return f"the form says applied on {stated.isoformat()}, the register {applied.isoformat()}"
