"""Every cell of the rule `local_government` (FAQ 3.2, 3.3.1)."""

from __future__ import annotations

import pytest

from tasks.eligibility.rules.local_government import local_government
from tasks.eligibility.rules.mandate import mandate
from tests.tasks.eligibility.making import case, linked_cohort

MEMBER = linked_cohort(status="member")
LOCAL = [
    *(
        (kind.replace("_", " "), {"applicant_type": kind, "mandate": None}, "met")
        for kind in ("city", "town", "consortium", "metropolitan_area", "county", "other_local_authority")
    ),
    *(
        (
            f"{kind} with an official letter".replace("_", " "),
            {"applicant_type": kind, "mandate": "official_letter"},
            "conditional",
        )
        for kind in (
            "national_authority",
            "regional_authority",
            "public_agency",
            "municipal_company",
            "private_company",
            "consultant",
            "university",
            "ngo",
            "individual",
        )
    ),
    ("other kind, mandate in progress", {"applicant_type": "ngo", "mandate": "in_progress"}, "unclear"),
    ("other kind, confirmed but no letter", {"applicant_type": "ngo", "mandate": "confirmed"}, "unclear"),
    ("other kind, mandate left blank", {"applicant_type": "ngo", "mandate": None}, "unclear"),
    ("other kind without a mandate", {"applicant_type": "ngo", "mandate": "none"}, "not_met"),
    (
        "a cohort member is no exception",
        {"applicant_type": "ngo", "mandate": "none", "cohort": MEMBER},
        "not_met",
    ),
]


@pytest.mark.parametrize(("given", "outcome"), [pytest.param(*each[1:], id=each[0]) for each in LOCAL])
def test_local_government(given, outcome, rule_settings):
    assert local_government(case(**given), rule_settings).outcome == outcome


NAMED = [
    (kind, wording)
    for kind, wording in [("ngo", "an NGO"), ("individual", "an individual"), ("university", "a university")]
]


@pytest.mark.parametrize(("kind", "wording"), NAMED)
@pytest.mark.parametrize("answer", ["in_progress", "none", None])
def test_a_body_that_is_no_local_government_is_asked_for_its_letter_once(
    kind, wording, answer, rule_settings
):
    applicant = case(applicant_type=kind, mandate=answer)
    said = {rule(applicant, rule_settings).message for rule in (local_government, mandate)}
    assert said == {
        f"As {wording} you can apply only with an official letter from an eligible city; please send it."
    }
