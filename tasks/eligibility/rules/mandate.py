"""The rule `mandate`: an official mandate to apply on behalf of the city (FAQ 3.3.1, 3.4)."""

from __future__ import annotations

from tasks.eligibility.rules.applicant import is_local_government, letter_needed
from tasks.eligibility.rules.case import Case, RuleSettings
from tasks.eligibility.rules.verdict import Verdict


def mandate(case: Case, settings: RuleSettings) -> Verdict:
    """A clear, official mandate to apply on behalf of the city (FAQ 3.3.1, 3.4).

    Two departments of one city with different topics cannot both have it, nor can two senders.
    """
    answer = case.form["mandate"]
    # Whoever is no local government is asked for one thing, the letter, and not for it twice in other words.
    asked = None if is_local_government(case, settings) else letter_needed(case, settings)
    if answer == "none":
        message = asked or (
            "An official mandate to apply on behalf of the city is needed; your form says that there is none."
        )
        return Verdict("not_met", "mandate: none", "form", message)
    if case.competing_forms:
        others = ", ".join(case.competing_forms)
        evidence = f"another department of the same city applied with other topics: {others}"
        message = (
            "More than one department of your city applied, with different topics; "
            "please tell us which application stands."
        )
        return Verdict("unclear", evidence, "form", message)
    if case.waits_behind:
        evidence = f"another sender applied for the same city: {', '.join(case.waits_behind)}"
        message = (
            "Somebody else applied for your city too; please send us the letter by which the city gives you "
            "its mandate, or agree with the city which application stands."
        )
        return Verdict("unclear", evidence, "form", message)
    if answer in ("official_letter", "confirmed"):
        message = "You hold a mandate to apply on behalf of the city."
        return Verdict("met", f"mandate: {answer}", "form", message)
    if answer == "in_progress":
        message = asked or "Your form says that the mandate is in progress; please tell us once it is given."
        return Verdict("unclear", "mandate: in_progress", "form", message)
    message = asked or "Please tell us whether you hold a mandate to apply on behalf of the city."
    return Verdict("unclear", "mandate left blank", "form", message)
