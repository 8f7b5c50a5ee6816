"""The rule `participation`: ready to take part in English, with adequate resources (FAQ 3.3.2)."""

from __future__ import annotations

from programme.counts import listed
from tasks.eligibility.rules.case import Case, RuleSettings, yes_no
from tasks.eligibility.rules.verdict import Verdict

_ASKED = {"English": "your team can work in English", "resources": "your city commits the resources"}


def participation(case: Case, _settings: RuleSettings) -> Verdict:
    """Ready to take part in English, with adequate resources (FAQ 3.3.2)."""
    answers = {"English": case.form["english_confirmed"], "resources": case.form["resources_confirmed"]}
    evidence = ", ".join(f"{name}: {yes_no(value)}" for name, value in answers.items())
    refused = listed(_ASKED[name] for name, value in answers.items() if value is False)
    if refused:
        message = f"Your form says no to the question whether {refused}; taking part needs it."
        return Verdict("not_met", evidence, "form", message)
    blank = listed(_ASKED[name] for name, value in answers.items() if value is None)
    if blank:
        message = f"Please tell us whether {blank}; your form leaves it blank."
        return Verdict("unclear", evidence, "form", message)
    message = "You confirmed that your team can work in English and that resources are committed."
    return Verdict("met", evidence, "form", message)
