"""The whole verdict of each branch of the rules on the city: what the team and the applicant read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tasks.eligibility.rules.registry import RULE_FUNCTIONS
from tasks.eligibility.rules.verdict import Verdict
from tests.tasks.eligibility.making import case, linked_cohort, linked_gcom, member, none, review

COHORT, GCOM = "cohort register, version c0ffee00", "gcom register, version badcafe0"
IN_COHORT = linked_cohort(status="member")
MEMBER = "Your city is an accepted member of the UTM City Cohort."
CHECKED = "accepted cohort member; the cohort checked this when it accepted the city"
DEADLINE = "4 September 2025, 23:59 (Europe/Brussels)"
TWO = {"applicant_type": "consortium", "members": [member("One"), member("Two", plan=None)]}

ON_TIME = [
    (
        "on_time",
        {},
        Verdict("met", "received 2025-07-20 11:00:00 Europe/Brussels", "form", "Your form arrived on time."),
    ),
    (
        "on_time",
        {"submitted_at": datetime(2025, 9, 1, tzinfo=UTC)},
        Verdict(
            "met",
            "received 2025-09-01 02:00:00 Europe/Brussels, within the extension",
            "form",
            "Your form arrived on time.",
        ),
    ),
    (
        "on_time",
        {"submitted_at": datetime(2025, 9, 5, tzinfo=UTC)},
        Verdict(
            "not_met",
            "received 2025-09-05 02:00:00 Europe/Brussels",
            "form",
            f"Your form arrived after the deadline of {DEADLINE}.",
        ),
    ),
    (
        "on_time",
        {"submitted_at": None},
        Verdict(
            "unclear",
            "the time stamp of the form could not be read",
            "form",
            f"We could not read when your form was sent; it had to be sent by {DEADLINE}.",
        ),
    ),
]
LETTER = (
    "As a public agency you can apply only with an official letter from an eligible city; please send it."
)
LOCAL_GOVERNMENT = [
    (
        "local_government",
        {},
        Verdict("met", "applicant type: city", "form", "You apply as a local government."),
    ),
    (
        "local_government",
        {"applicant_type": "public_agency"},
        Verdict(
            "conditional",
            "applicant type: public_agency, mandate: official_letter",
            "form",
            "As a public agency you can apply on behalf of a city; we still have to confirm its official "
            "letter with the city.",
        ),
    ),
    (
        "local_government",
        {"applicant_type": "public_agency", "mandate": "none"},
        Verdict(
            "not_met",
            "applicant type: public_agency, mandate: none",
            "form",
            LETTER,
        ),
    ),
    (
        "local_government",
        {"applicant_type": "public_agency", "mandate": None},
        Verdict(
            "unclear",
            "applicant type: public_agency, mandate: blank",
            "form",
            LETTER,
        ),
    ),
]
POPULATION = [
    (
        "population",
        {"population": 50_000},
        Verdict("met", "form 50,000", "form", "Your city has at least 50,000 inhabitants."),
    ),
    (
        "population",
        {"population": None, "gcom": (linked_gcom(population=49_000),)},
        Verdict(
            "not_met",
            "gcom 49,000",
            GCOM,
            (
                "A city needs at least 50,000 inhabitants; yours has fewer (the list of GCoM signatories: "
                "49,000). If that is not right, please send us an official figure."
            ),
        ),
    ),
    (
        "population",
        {"population": 51_000, "cohort": linked_cohort(population=49_000)},
        Verdict(
            "unclear",
            "cohort 49,000; form 51,000",
            COHORT,
            "Our sources disagree on whether your city has at least 50,000 inhabitants (the cohort's "
            "register: 49,000, your form: 51,000); please send us an official figure.",
        ),
    ),
    (
        "population",
        {"population": None},
        Verdict(
            "unclear", "no figure in any source", "form", "Please tell us how many inhabitants your city has."
        ),
    ),
    (
        "population",
        {"population": 10_000, "gazetteer": 60_000, "cohort": IN_COHORT},
        Verdict(
            "met",
            f"{CHECKED}; gazetteer 60,000; form 10,000",
            COHORT,
            MEMBER,
            "below 50,000 by: gazetteer 60,000; form 10,000",
        ),
    ),
]
GCOM_SIGNED = "Your city is a signatory of the Global Covenant of Mayors."
GCOM_NEEDED = (
    "A city must be a signatory of the Global Covenant of Mayors, or commit to sign within three months; "
    "your form says neither."
)
GCOM_UNSETTLED = (
    "We could not tell which signatory of the Global Covenant of Mayors your city is; please send us its "
    "name or id on the list of signatories."
)
GCOM_NOT_FOUND = (
    "Your form says that your city has signed the Global Covenant of Mayors; we did not find it on the "
    "list of signatories. Please send us the name or id under which it signed."
)
GCOM_CASES = [
    ("gcom", {}, Verdict("met", "Alpha: active signatory G1", GCOM, GCOM_SIGNED)),
    (
        "gcom",
        {"gcom_status": "will_sign"},
        Verdict(
            "met",
            "Alpha: active signatory G1",
            GCOM,
            GCOM_SIGNED,
            "the form does not say so, the list does",
        ),
    ),
    ("gcom", {"gcom": (review(),)}, Verdict("unclear", "Alpha: link ambiguous", GCOM, GCOM_UNSETTLED)),
    (
        "gcom",
        {"gcom": (none(),)},
        Verdict("unclear", "Alpha: no signatory found; the form says signatory", GCOM, GCOM_NOT_FOUND),
    ),
    (
        "gcom",
        {"gcom": (none(decided=True),)},
        Verdict("not_met", "Alpha: no signatory (a person decided)", GCOM, GCOM_NEEDED),
    ),
    (
        "gcom",
        {"gcom": (linked_gcom("One", status="withdrawn"), none("Two")), "gcom_status": "will_sign"},
        Verdict(
            "conditional",
            "One: signatory G1 is withdrawn; commits to sign; Two: no signatory found; commits to sign; "
            "due by 2026-01-06",
            GCOM,
            "Your city commits to sign the Global Covenant of Mayors; it has to do so by 6 January 2026.",
        ),
    ),
    (
        "gcom",
        {"applicant_type": "consortium", "members": None},
        Verdict(
            "unclear", "no municipality named", GCOM, "Please name the municipalities of your consortium."
        ),
    ),
    (
        "gcom",
        {"cohort": IN_COHORT, "gcom": (none(),), "gcom_status": None},
        Verdict("met", f"{CHECKED}; Alpha: no signatory found", COHORT, MEMBER, "Alpha: no signatory found"),
    ),
]
PLAN_OPEN = (
    "Please tell us whether your climate plan is adopted, what kind of plan it is and whether it covers "
    "the whole city. Please send us the adopted plan, or the address where we can read it."
)
CLIMATE_PLAN = [
    (
        "climate_plan",
        {},
        Verdict(
            "met",
            "SECAP, adopted, whole city: yes, document: given",
            "form",
            "Your city has an adopted climate plan that covers the whole city.",
        ),
    ),
    (
        "climate_plan",
        {"plan_type": None, "plan_status": None, "plan_covers_whole_city": None, "plan_url": None},
        Verdict("unclear", "no kind, no status, whole city: blank, document: missing", "form", PLAN_OPEN),
    ),
    (
        "climate_plan",
        {"plan_covers_whole_city": False},
        Verdict(
            "not_met",
            "SECAP, adopted, whole city: no, document: given",
            "form",
            "A climate plan that is adopted and covers the whole city is needed; your form says that it "
            "covers a part of the city only.",
        ),
    ),
    (
        "climate_plan",
        TWO,
        Verdict(
            "unclear",
            "SECAP, adopted, whole city: yes, document: given; One: adopted, Two: no status",
            "form",
            "Please tell us whether Two adopted a plan.",
        ),
    ),
    (
        "climate_plan",
        {"applicant_type": "consortium", "members": None},
        Verdict(
            "unclear",
            "SECAP, adopted, whole city: yes, document: given; no municipality named",
            "form",
            "Please tell us which municipalities your consortium has.",
        ),
    ),
]
VERDICTS = [*ON_TIME, *LOCAL_GOVERNMENT, *POPULATION, *GCOM_CASES, *CLIMATE_PLAN]


@pytest.mark.parametrize(
    ("rule", "given", "verdict"),
    [pytest.param(*each, id=f"{each[0]}: {each[2].outcome}, {each[2].evidence}") for each in VERDICTS],
)
def test_the_whole_verdict(rule, given, verdict, rule_settings):
    assert RULE_FUNCTIONS[rule](case(**given), rule_settings) == verdict
