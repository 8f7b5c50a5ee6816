"""The rule `climate_plan`: an adopted plan that covers the whole city (FAQ 3.2)."""

from __future__ import annotations

import re

from programme.vocabulary import Outcome
from tasks.eligibility.rules.case import Case, RuleSettings, yes_no
from tasks.eligibility.rules.cohort_membership import met_if_member
from tasks.eligibility.rules.verdict import Verdict

_MESSAGES: dict[Outcome, str] = {
    "met": "Your city has an adopted climate plan that covers the whole city.",
    "unclear": "Please send us the adopted climate plan and say whether it covers the whole city.",
    "not_met": "A climate plan that is adopted and covers the whole city is needed.",
}
_NOT_ADOPTED = ("none", "in_preparation")


def climate_plan(case: Case, settings: RuleSettings) -> Verdict:
    """An adopted climate plan that covers the whole city, for every member of a consortium (FAQ 3.2).

    A plan that is not adopted, or for a part of the city only, is not met; anything else that is left open is
    unclear.
    """
    outcome = _outcome(case, settings)
    return met_if_member(case, settings, Verdict(outcome, _evidence(case), "form", _MESSAGES[outcome]))


def _outcome(case: Case, settings: RuleSettings) -> Outcome:
    form, members = case.form, case.members()
    status, kind, covers = form["plan_status"], form["plan_type"], form["plan_covers_whole_city"]
    statuses = [member["plan_status"] for member in members] if case.is_consortium else [status]
    if covers is False or _no_plan(kind, status) or any(each in _NOT_ADOPTED for each in statuses):
        return "not_met"
    complete = (
        statuses
        and all(each == "adopted" for each in statuses)
        and covers
        and is_document(form["plan_url"])
        and kind in settings.limits.accepted_plan_types
    )
    return "met" if complete else "unclear"


def _evidence(case: Case) -> str:
    form, members = case.form, case.members()
    document = "given" if is_document(form["plan_url"]) else "missing"
    evidence = (
        f"{form['plan_type'] or 'no kind'}, {form['plan_status'] or 'no status'}, "
        f"whole city: {yes_no(form['plan_covers_whole_city'])}, document: {document}"
    )
    if members:
        each = (f"{member['name']}: {member['plan_status'] or 'no status'}" for member in members)
        return f"{evidence}; {', '.join(each)}"
    return evidence + ("; no municipality named" if case.is_consortium else "")


def _no_plan(kind: object, status: object) -> bool:
    """Whether the form says that no plan is adopted.

    An adopted plan of no kind contradicts itself; a person must look at it.
    """
    return status in _NOT_ADOPTED or (kind == "none" and status is None)


def is_document(url: object) -> bool:
    """Whether a cell can be the address of a document: one word with a dot in it. It is never followed."""
    return bool(re.fullmatch(r"\S+\.\S+", str(url or "").strip()))
