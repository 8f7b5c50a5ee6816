"""The rule that decides most: where the city stands with the UTM City Cohort, and by which scenario of FAQ
3.2 it comes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tasks.eligibility.rules.case import Case, RuleSettings, local_day
from tasks.eligibility.rules.verdict import Verdict


@dataclass(frozen=True)
class CohortVerdict:
    """The verdict on the rule `cohort`, with the scenario of FAQ 3.2 (1, 2, 3 or None)."""

    verdict: Verdict
    scenario: int | None = None


def cohort(case: Case, setting: RuleSettings) -> CohortVerdict:
    """Member, applied before, or applied in parallel by the call's deadline (FAQ 3.2 scenarios 1-3 and its
    last paragraph).

    A withdrawn cohort application counts as none; a rejected one makes the applicant ineligible for this call
    whatever else holds.
    """
    link, source = case.cohort, setting.source("cohort")
    if link.outcome == "review":
        return CohortVerdict(
            Verdict(
                "unclear",
                "link ambiguous",
                source,
                "We could not settle which city of the UTM City Cohort you are; please send us its name there.",
            )
        )
    status = link.row["status"] if link.row else None
    if link.row is None or status == "withdrawn":
        return _without_row(case, setting, withdrawn=status == "withdrawn")
    named = f"{link.row['utm_id']} is {status}"
    if status == "member":
        differs = _differs(case, "member")
        return CohortVerdict(
            Verdict("met", named, source, "Your city is an accepted member of the UTM City Cohort.", differs),
            1,
        )
    if status == "rejected":
        differs = _differs(case, "rejected")
        message = "The UTM City Cohort did not accept your city, so it cannot take part in this call."
        return CohortVerdict(Verdict("not_met", named, source, message, differs))
    applied = link.row["applied_on"] or case.form["cohort_applied_on"]
    return _pending(case, setting, applied if isinstance(applied, date) else None, named, source)


def _pending(
    case: Case, setting: RuleSettings, applied: date | None, named: str, source: str
) -> CohortVerdict:
    closes = setting.round.closes
    if applied is None:
        return CohortVerdict(
            Verdict(
                "unclear",
                f"{named}, date unknown",
                source,
                "Please tell us when your city applied to the UTM City Cohort.",
            )
        )
    evidence = f"{named}, applied on {applied.isoformat()}"
    scenario = _scenario(case, setting, applied)
    # In scenario 3 the form was sent before the application to the cohort: that it says "not applied" was
    # true then.
    differs = (
        None if scenario == 3 and case.form["cohort_status"] == "not_applied" else _differs(case, "pending")
    )
    differs = differs or _dates_differ(case, applied, closes)
    if applied > closes:
        message = f"Your city applied to the UTM City Cohort after the deadline of {closes:%-d %B %Y}."
        return CohortVerdict(Verdict("not_met", evidence, source, message, differs))
    message = "Your city takes part on condition that the UTM City Cohort accepts its application."
    return CohortVerdict(Verdict("conditional", evidence, source, message, differs), scenario)


def _dates_differ(case: Case, applied: date, closes: date) -> str | None:
    """Only a difference that would change the outcome is worth a person's time."""
    stated = case.form["cohort_applied_on"]
    if not isinstance(stated, date) or (stated > closes) == (applied > closes):
        return None
    return f"the form says applied on {stated.isoformat()}, the register {applied.isoformat()}"


def _scenario(case: Case, setting: RuleSettings, applied: date) -> int | None:
    sent = local_day(case.form["submitted_at"], setting.round)
    if sent is None:
        return None
    return 2 if applied <= sent else 3


def _without_row(case: Case, setting: RuleSettings, *, withdrawn: bool) -> CohortVerdict:
    claims, source = case.form["cohort_status"], setting.source("cohort")
    applied = case.form["cohort_applied_on"]
    found = (
        "cohort application withdrawn"
        if withdrawn
        else "no row" + (" (a person decided)" if case.cohort.ruled_out else " found")
    )
    claimed = {"member": "the form says member", "applied": "the form says applied"}.get(str(claims))
    message = "A city must be in the UTM City Cohort, or apply to it by the call's deadline."
    if not claimed:
        return CohortVerdict(Verdict("not_met", found, source, message))
    if not case.cohort.ruled_out:
        standing = "a member of" if claims == "member" else "an applicant to"
        ask = f"Your form says that your city is {standing} the UTM City Cohort; we did not find it there."
        return CohortVerdict(Verdict("unclear", f"{found}; {claimed}", source, ask))
    if claims == "applied" and not (isinstance(applied, date) and applied > setting.round.closes):
        tell = "Your city takes part on condition that the UTM City Cohort accepts its application."
        scenario = _scenario(case, setting, applied) if isinstance(applied, date) else None
        return CohortVerdict(Verdict("conditional", f"{found}; {claimed}", "form", tell), scenario)
    return CohortVerdict(Verdict("not_met", f"{found}; {claimed}", source, message))


def _differs(case: Case, status: str) -> str | None:
    claims = case.form["cohort_status"]
    agrees = {"member": ("member",), "pending": ("applied",), "rejected": ("applied", "not_applied")}[status]
    return (
        f"the form says {claims}, the register {status}"
        if claims is not None and claims not in agrees
        else None
    )
