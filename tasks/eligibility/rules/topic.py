"""The rule `topic`: at least one of the programme's topics (FAQ 1.2, 3.3.4)."""

from __future__ import annotations

from tasks.eligibility.rules.case import Case, RuleSettings
from tasks.eligibility.rules.verdict import Verdict


def topic(case: Case, settings: RuleSettings) -> Verdict:
    """At least one of the programme's topics (FAQ 1.2, 3.3.4)."""
    named = [case.form[f"topic_{n}"] for n in (1, 2, 3)]
    known = [str(value) for value in named if value in settings.topic_ids]
    if known:
        message = "You named at least one of the programme's topics."
        return Verdict("met", "topics: " + ", ".join(known), "form", message)
    if any(value is not None for value in named):
        message = "Your form names none of the programme's twelve topics; please name at least one of them."
        return Verdict("unclear", "only a topic outside the twelve", "form", message)
    message = "Your form names no topic; at least one of the programme's twelve is needed."
    return Verdict("not_met", "left blank", "form", message)
