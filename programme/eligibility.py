"""The limits of the eligibility rules and the FAQ clause of each, from `eligibility.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from programme.rules import HERE, Rules, read_rules
from programme.vocabulary import APPLICANT_TYPES, RULES, ApplicantType


class EligibilityLimits(Rules):
    """What the rules of `tasks/eligibility` measure against (FAQ 3.2, 3.3)."""

    population_minimum: int = Field(ge=1, description="inhabitants; this many pass")
    gcom_months_to_sign: int = Field(ge=0, description="months after the start of the twinnings")
    cohort_months_to_decide: int = Field(ge=0, description="months after the start of the twinnings")
    condition_months: int = Field(ge=0, description="months after the start of the twinnings")
    motivation_minimum_words: int = Field(ge=0)
    local_government_types: tuple[ApplicantType, ...] = Field(min_length=1)
    accepted_plan_types: tuple[Literal["SECAP", "SEACAP", "CAP", "other"], ...] = Field(min_length=1)
    applicants: dict[str, str]
    clauses: dict[str, str]

    @model_validator(mode="after")
    def _every_applicant_is_called_something(self) -> EligibilityLimits:
        others = set(APPLICANT_TYPES) - set(self.local_government_types)
        if others != set(self.applicants):
            raise ValueError(
                f"under applicants, a wording for each of {', '.join(sorted(others))}, and no other"
            )
        return self

    @field_validator("clauses")
    @classmethod
    def _one_clause_a_rule(cls, value: dict[str, str]) -> dict[str, str]:
        if set(value) != set(RULES):
            raise ValueError(f"a clause for each of {', '.join(RULES)}")
        return value


def read_eligibility(folder: Path = HERE) -> EligibilityLimits:
    """Read `eligibility.toml` alone; raises `ProblemsError`."""
    return read_rules(folder, "eligibility.toml", EligibilityLimits)
