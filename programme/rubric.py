"""The criteria, their weights and the points of the form's evidence, from `rubric.toml`.

Belongs here: what the numbers are and which of them are impossible together; those of the form's evidence are
in `rubric_evidence.py`. Must stay out: how points are computed (`tasks/scoring`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from programme.rubric_evidence import SCALE_MAXIMUM, Advice, Evidence, Judgement
from programme.rules import Rules


class CriterionRules(Rules):
    """One criterion: how much it weighs, and in which words evaluators are asked."""

    title: str = Field(min_length=1)
    weight: float = Field(ge=0, le=100, description="points of 100; for a bonus, points on top")
    question: str = Field(min_length=1)
    scale: tuple[str, ...] = Field(description="what each judgement from 0 to 5 means")

    @field_validator("weight")
    @classmethod
    def _in_ten_thousandths(cls, value: float) -> float:
        if abs(value * 10_000 - round(value * 10_000)) > 1e-6:
            raise ValueError("at most four decimals")
        return value

    @field_validator("scale")
    @classmethod
    def _one_wording_a_step(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(value) != SCALE_MAXIMUM + 1 or not all(value):
            raise ValueError(f"a wording for each of 0 to {SCALE_MAXIMUM}")
        return value


class Criteria(Rules):
    """The four criteria every applicant is judged by."""

    mandate: CriterionRules
    impact: CriterionRules
    added_value: CriterionRules
    engagement: CriterionRules

    @model_validator(mode="after")
    def _weights_sum_to_100(self) -> Criteria:
        total = sum(round(getattr(self, name).weight * 10_000) for name in type(self).model_fields)
        if total != 100 * 10_000:
            raise ValueError(f"weights of the four criteria that sum to 100; they sum to {total / 10_000:g}")
        return self


class Bonus(Rules):
    """What can only add (FAQ 3.5: "not required")."""

    previous_experience: CriterionRules

    @field_validator("previous_experience")
    @classmethod
    def _at_most_ten(cls, value: CriterionRules) -> CriterionRules:
        if value.weight > 10:
            raise ValueError("a bonus of at most 10 points")
        return value


class TextRules(Rules):
    """When a free text says something."""

    gap_plan_words: int = Field(ge=1)
    action_words: int = Field(ge=1)
    text_words: int = Field(ge=1)
    same_text: float = Field(gt=0, le=1, description="part of the distinct words two texts share")


class ReviewRules(Rules):
    """How many evaluators, and when their number or their disagreement is a warning."""

    per_application: int = Field(ge=1, le=20, description="evaluators each application is given to")
    minimum: int = Field(ge=1, description="reviews of a criterion from which evaluators' scores count")
    disputed_spread: float = Field(
        gt=0, le=SCALE_MAXIMUM, description="largest minus smallest score; more is disputed"
    )

    @model_validator(mode="after")
    def _minimum_can_be_met(self) -> ReviewRules:
        if self.minimum > self.per_application:
            raise ValueError("a minimum of at most per_application")
        return self


class CalibrationRules(Rules):
    """Whether and from when evaluators' severity is corrected."""

    enabled: bool
    minimum_common: int = Field(
        ge=2, description="applications an evaluator must share with others to be corrected"
    )


class AssignmentRules(Rules):
    """How applications are given to evaluators."""

    topic_match: tuple[
        Annotated[int, Field(ge=0, le=1000)],
        Annotated[int, Field(ge=0, le=1000)],
        Annotated[int, Field(ge=0, le=1000)],
    ]
    load_difference: int = Field(ge=1, description="most minus fewest applications an evaluator is given")
    public_mail: tuple[str, ...]
    shared_domains: tuple[str, ...]


class RankIntervalRules(Rules):
    """How the intervals of ranks are drawn."""

    draws: int = Field(ge=2000, le=100_000)
    seed: int = Field(ge=0)
    weight_spread: float = Field(ge=0, le=0.5, description="relative standard deviation of each weight")
    form_spread: Judgement = Field(description="standard deviation of the form's evidence, steps of 0-5")
    coverage: float = Field(gt=0, lt=1, description="part of the draws an interval covers")
    indistinct: float = Field(
        gt=0, lt=0.5, description="part of the draws in which two applications change places"
    )


class Rubric(Rules):
    """Everything that turns an application into points."""

    criteria: Criteria
    bonus: Bonus
    evidence: Evidence
    texts: TextRules
    reviews: ReviewRules
    calibration: CalibrationRules
    rank_intervals: RankIntervalRules
    assignment: AssignmentRules
    advice: Advice

    @property
    def by_id(self) -> dict[str, CriterionRules]:
        """Every criterion by its id, the bonus last."""
        fixed = {name: getattr(self.criteria, name) for name in type(self.criteria).model_fields}
        return fixed | {"previous_experience": self.bonus.previous_experience}

    @property
    def weights(self) -> dict[str, float]:
        """CriterionRules id to weight in points, the bonus last."""
        return {name: criterion.weight for name, criterion in self.by_id.items()}
