"""The rule `local_government`: who applies (FAQ 3.2, first point; 3.3.1)."""

from __future__ import annotations

from tasks.eligibility.rules.case import Case, RuleSettings
from tasks.eligibility.rules.verdict import Verdict


def local_government(case: Case, settings: RuleSettings) -> Verdict:
    """A local government, or another body with an official letter from one (FAQ 3.2, 3.3.1)."""
    kind, mandate = str(case.form["applicant_type"]), case.form["mandate"]
    if kind in settings.limits.local_government_types:
        return Verdict("met", f"applicant type: {kind}", "form", "You apply as a local government.")
    named = kind.replace("_", " ")
    evidence = f"applicant type: {kind}, mandate: {mandate or 'blank'}"
    if mandate == "official_letter":
        message = f"As a {named} you can apply on behalf of a city once its official letter is confirmed."
        return Verdict("conditional", evidence, "form", message)
    if mandate == "none":
        message = f"A {named} can only apply with a clear mandate from an eligible city."
        return Verdict("not_met", evidence, "form", message)
    message = f"As a {named} you need an official letter from an eligible city; please send it."
    return Verdict("unclear", evidence, "form", message)
