"""The registry of eligibility rules: the name of each rule, and the function that applies it.

Belongs here: one line for each rule. The clause of the FAQ that a rule rests on is beside its name in
`programme/eligibility.toml` (`clauses`), and the names themselves are `programme.vocabulary.RULES`. Must stay
out: what any rule says, and decisions over its outcome (`tasks/eligibility/checks.py`).
"""

from __future__ import annotations

from collections.abc import Callable

from programme.vocabulary import RuleName
from tasks.eligibility.rules.case import Case, RuleSettings
from tasks.eligibility.rules.climate_plan import climate_plan
from tasks.eligibility.rules.cohort import cohort
from tasks.eligibility.rules.gcom import gcom
from tasks.eligibility.rules.local_government import local_government
from tasks.eligibility.rules.mandate import mandate
from tasks.eligibility.rules.motivation import motivation
from tasks.eligibility.rules.on_time import on_time
from tasks.eligibility.rules.participation import participation
from tasks.eligibility.rules.population import population
from tasks.eligibility.rules.topic import topic
from tasks.eligibility.rules.verdict import Verdict

RuleFunction = Callable[[Case, RuleSettings], Verdict]
"""A rule: a pure function of one case and what it is measured against."""

ANSWERS: dict[RuleName, tuple[str, ...]] = {
    "on_time": ("submitted_at",),
    "local_government": ("applicant_type",),
    "population": ("population", "members"),
    "gcom": ("gcom_status", "members"),
    "climate_plan": ("plan_type", "plan_status", "plan_covers_whole_city", "plan_url", "members"),
    "cohort": ("cohort_status", "cohort_applied_on"),
    "mandate": ("mandate", "mandate_url"),
    "participation": ("english_confirmed", "resources_confirmed"),
    "motivation": ("motivation",),
    "topic": ("topic_1", "topic_2", "topic_3", "jurisdiction", "jurisdiction_gap_plan"),
}
"""The answers of the form that each rule asks for; one that could not be read makes the rule unclear."""

RULE_FUNCTIONS: dict[RuleName, RuleFunction] = {
    "on_time": on_time,
    "local_government": local_government,
    "population": population,
    "gcom": gcom,
    "climate_plan": climate_plan,
    "cohort": cohort,
    "mandate": mandate,
    "participation": participation,
    "motivation": motivation,
    "topic": topic,
}
