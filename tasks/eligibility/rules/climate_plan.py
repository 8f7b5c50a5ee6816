"""The rule `climate_plan`: an adopted plan that covers the whole city (FAQ 3.2)."""

from __future__ import annotations

import re

from programme.counts import listed
from programme.vocabulary import Outcome
from tasks.eligibility.rules.case import Case, RuleSettings, yes_no
from tasks.eligibility.rules.cohort_membership import met_if_member
from tasks.eligibility.rules.verdict import Verdict

_MET = "Your city has an adopted climate plan that covers the whole city."
_NEEDED = "A climate plan that is adopted and covers the whole city is needed; your form says that {said}."
_NOT_ADOPTED = ("none", "in_preparation")


def climate_plan(case: Case, settings: RuleSettings) -> Verdict:
    """An adopted climate plan that covers the whole city, for every member of a consortium (FAQ 3.2).

    A plan that is not adopted, or for a part of the city only, is not met; anything else that is left open is
    unclear.
    """
    outcome = _outcome(case, settings)
    message = _message(outcome, case, settings)
    return met_if_member(case, settings, Verdict(outcome, _evidence(case), "form", message))


def _message(outcome: Outcome, case: Case, settings: RuleSettings) -> str:
    """What the applicant is told; nobody is asked for what the form says already."""
    if outcome == "met":
        return _MET
    if outcome == "not_met":
        return _NEEDED.format(said=_said_against(case))
    unsaid = _unsaid(case, settings)
    asked = [f"Please tell us {listed(unsaid)}."] if unsaid else []
    if not is_document(case.form["plan_url"]):
        asked.append("Please send us the adopted plan, or the address where we can read it.")
    return " ".join(asked)


def _said_against(case: Case) -> str:
    form = case.form
    without = [str(each["name"]) for each in case.members() if each["plan_status"] in _NOT_ADOPTED]
    if without:
        return f"{listed(without)} has none that is adopted"
    if form["plan_status"] == "in_preparation":
        return "it is in preparation"
    if _no_plan(form["plan_type"], form["plan_status"]):
        return "there is none"
    return "it covers a part of the city only"


def _unsaid(case: Case, settings: RuleSettings) -> list[str]:
    """What the form leaves open about the plan, each as the end of `Please tell us ...`."""
    form, members = case.form, case.members()
    blank = [str(each["name"]) for each in members if each["plan_status"] != "adopted"]
    open_questions = {
        "which municipalities your consortium has": case.is_consortium and not members,
        f"whether {listed(blank)} adopted a plan": bool(blank),
        "whether your climate plan is adopted": not case.is_consortium and form["plan_status"] != "adopted",
        "what kind of plan it is": form["plan_type"] not in settings.limits.accepted_plan_types,
        "whether it covers the whole city": form["plan_covers_whole_city"] is None,
    }
    return [question for question, is_open in open_questions.items() if is_open]


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
