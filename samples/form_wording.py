"""What the form said when the calls were open: its questions, and the spellings of its answers.

Belongs here: wording, frozen as it was exported. It repeats parts of `programme/` on purpose: a past export
does not change when the office changes its form. Must stay out: which answer a city gives.
"""

from __future__ import annotations

QUESTIONS = {
    "submission_id": "Contribution ID",
    "submitted_at": "Submission date",
    "city_name": "A1. Name of your city or consortium",
    "country": "A2. Country",
    "applicant_type": "A3. Type of applicant",
    "population": "A4. Number of inhabitants",
    "members": "A5. If a consortium: its municipalities (name | inhabitants | climate plan)",
    "cohort_status": "B1. Is your city part of the UTM City Cohort?",
    "cohort_applied_on": "B2. If you applied to the cohort: when?",
    "gcom_status": "B3. Is your city a signatory of the Global Covenant of Mayors?",
    "plan_type": "B4. Type of climate action plan",
    "plan_status": "B5. Status of the plan",
    "plan_covers_whole_city": "B6. Does the plan cover the whole city?",
    "plan_url": "B7. Link to the plan",
    "contact_name": "C1. Your name",
    "contact_email": "C2. E-mail",
    "contact_role": "C3. Your role",
    "organisation": "C4. Organisation",
    "mandate": "C5. Mandate to apply on behalf of the city",
    "mandate_url": "C6. Mandate document",
    "english_confirmed": "C7. Our team can work in English",
    "resources_confirmed": "C8. We commit adequate time and resources",
    "data_consent": "C9. I agree to the processing of personal data",
    "topic_1": "D1. First priority",
    "topic_1_need": "D1a. Need (0-5)",
    "topic_1_experience": "D1b. Experience (0-5)",
    "topic_2": "D2. Second priority",
    "topic_2_need": "D2a. Need (0-5)",
    "topic_2_experience": "D2b. Experience (0-5)",
    "topic_3": "D3. Third priority",
    "topic_3_need": "D3a. Need (0-5)",
    "topic_3_experience": "D3b. Experience (0-5)",
    "jurisdiction": "D4. Does the city hold jurisdiction over the action?",
    "jurisdiction_gap_plan": "D5. If not fully: how would you overcome the gap?",
    "motivation": "D6. Motivation and expectations",
    "action_summary": "D7. Proposed action",
    "action_stage": "D8. Stage of the action",
    "action_aspects": "D9. Aspects considered so far",
    "innovation_status": "D10. Innovative solutions",
    "aligned_activities": "D11. Related activities",
    "stakeholders": "E1. Stakeholders involved",
    "engagement_status": "E2. State of the engagement",
    "good_practices": "E3. Good practices you can share",
    "lessons": "E4. Missteps and lessons",
    "past_cooperation": "E5. Earlier cooperation with other cities",
    "preferred_city_1": "F1. Preferred partner city 1",
    "preferred_country_1": "F1. Country",
    "preferred_city_2": "F2. Preferred partner city 2",
    "preferred_country_2": "F2. Country",
}
"""Canonical column name -> heading of the export, in the order of the form."""

TOPICS = {
    "renewables": "100% renewable energy generation & technologies",
    "waste-to-energy": "Waste-to-energy",
    "buildings": "Housing/Net-zero buildings",
    "cooling": "Cooling planning, measures & technologies",
    "lighting": "Sustainable integrated lighting",
    "mobility": "Mobility, electric vehicle grid & storage",
    "hydrogen": "Clean hydrogen",
    "resilience": "Resilience of infrastructures",
    "ports": "Sustainable ports/harbours",
    "digital-twins": "Digital twins & solutions",
    "data": "Data management",
    "finance": "Blended finance, SPVs (special-purpose vehicles) & green bonds",
}

SPELLINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "applicant_type": {"city": ("City", "Municipality / city", "city")},
    "cohort_status": {
        "member": ("Yes, member", "member"),
        "applied": ("Application pending", "applied"),
        "not_applied": ("No", "not_applied"),
    },
    "gcom_status": {
        "signatory": ("Yes", "signatory"),
        "will_sign": ("No, but we commit to sign within three months", "will_sign"),
        "not_signatory": ("No",),
    },
    "plan_type": {"other": ("Other",)},
    "plan_status": {"adopted": ("adopted", "Adopted by the council"), "in_preparation": ("in preparation",)},
    "mandate": {
        "official_letter": ("official letter", "official_letter"),
        "confirmed": ("confirmed", "Confirmed by a decision-maker"),
    },
    "jurisdiction": {"full": ("full", "Full")},
    "action_stage": {"feasibility": ("Feasibility study", "feasibility")},
}
"""Column -> canonical value -> how the export of the first call spells it; a value not listed is spelled as
it is.
"""

LIST_SPELLINGS = {
    "public_authorities": "Public authorities",
    "businesses": "Businesses",
    "finance": "Finance sector",
    "research": "Research",
    "civil_society": "Civil society",
}

YES = ("Yes", "yes", "Y", "TRUE", "1", "Oui")
NO = ("No", "no", "N", "FALSE", "0")
