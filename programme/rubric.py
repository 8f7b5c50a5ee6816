"""The criteria, their weights and the points of the form's evidence, from `rubric.toml`.

Belongs here: what the numbers are and which of them are impossible together. Must stay out: how points are computed (`tasks/scoring`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from programme.rules import Rules

SCALE_MAXIMUM = 5
"""Best judgement of any criterion; the scale 0 to 5 is fixed by the form of the evaluations, not by the programme office."""

Judgement = Annotated[float, Field(ge=0, le=SCALE_MAXIMUM)]


class Criterion(Rules):
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

    mandate: Criterion
    impact: Criterion
    added_value: Criterion
    engagement: Criterion

    @model_validator(mode="after")
    def _weights_sum_to_100(self) -> Criteria:
        total = sum(round(getattr(self, name).weight * 10_000) for name in type(self).model_fields)
        if total != 100 * 10_000:
            raise ValueError(f"weights of the four criteria that sum to 100; they sum to {total / 10_000:g}")
        return self


class Bonus(Rules):
    """What can only add (FAQ 3.5: "not required")."""

    previous_experience: Criterion

    @field_validator("previous_experience")
    @classmethod
    def _at_most_ten(cls, value: Criterion) -> Criterion:
        if value.weight > 10:
            raise ValueError("a bonus of at most 10 points")
        return value


class Jurisdiction(Rules):
    """Points by jurisdiction over the action, and whether a gap has a plan."""

    full: Judgement
    partial_with_plan: Judgement
    partial: Judgement
    none_with_plan: Judgement
    none: Judgement


class MandateStrength(Rules):
    """Points by strength of the mandate."""

    official_letter: Judgement
    confirmed: Judgement
    in_progress: Judgement
    none: Judgement


class MandateEvidence(Rules):
    """What the form says of the mandate."""

    jurisdiction: Jurisdiction
    mandate: MandateStrength


class ActionStage(Rules):
    """Points by stage of the action."""

    idea: Judgement
    planned: Judgement
    feasibility: Judgement
    pilot: Judgement
    scaling: Judgement


class ImpactEvidence(Rules):
    """What the form says of the impact."""

    action_stage: ActionStage
    each_aspect: Judgement
    described: Judgement


class InnovationStatus(Rules):
    """Points by state of innovative solutions."""

    none: Judgement
    considered: Judgement
    planned: Judgement
    evaluated: Judgement


class AddedValueEvidence(Rules):
    """What the form says of the added value."""

    innovation_status: InnovationStatus
    aligned: Judgement
    repeating: Judgement


class EngagementStatus(Rules):
    """Points by state of the engagement."""

    none: Judgement
    planned: Judgement
    ongoing: Judgement
    formalised: Judgement


class EngagementEvidence(Rules):
    """What the form says of the engagement."""

    engagement_status: EngagementStatus
    each_stakeholder: Judgement


class ExperienceEvidence(Rules):
    """What the form says of previous experience."""

    good_practices: Judgement
    lessons: Judgement
    cooperation_other_topic: Judgement
    cooperation_same_topic: Judgement


N_ASPECTS = N_STAKEHOLDERS = 5
"""How many aspects and kinds of stakeholders the form offers (FAQ 3.5)."""


def best(values: Rules) -> float:
    """The most points a table of choices can give."""
    return max(float(value) for value in values.model_dump().values())


class Evidence(Rules):
    """What the form alone says of each criterion, on the evaluators' scale; the best values of a criterion sum to 5."""

    mandate: MandateEvidence
    impact: ImpactEvidence
    added_value: AddedValueEvidence
    engagement: EngagementEvidence
    previous_experience: ExperienceEvidence

    @property
    def most(self) -> dict[str, float]:
        """The most points the form's evidence can give for each criterion."""
        impact, added, experience = self.impact, self.added_value, self.previous_experience
        cooperation = max(experience.cooperation_other_topic, experience.cooperation_same_topic)
        return {
            "mandate": best(self.mandate.jurisdiction) + best(self.mandate.mandate),
            "impact": best(impact.action_stage) + N_ASPECTS * impact.each_aspect + impact.described,
            "added_value": best(added.innovation_status) + max(added.aligned, added.repeating),
            "engagement": best(self.engagement.engagement_status) + N_STAKEHOLDERS * self.engagement.each_stakeholder,
            "previous_experience": experience.good_practices + experience.lessons + cooperation,
        }

    @model_validator(mode="after")
    def _best_is_five(self) -> Evidence:
        wrong = {name: most for name, most in self.most.items() if abs(most - SCALE_MAXIMUM) > 1e-9}
        if wrong:
            found = ", ".join(f"{name} {most:g}" for name, most in wrong.items())
            raise ValueError(f"best values that sum to {SCALE_MAXIMUM} for each criterion; found {found}")
        return self


class Texts(Rules):
    """When a free text says something."""

    gap_plan_words: int = Field(ge=1)
    action_words: int = Field(ge=1)
    text_words: int = Field(ge=1)
    same_text: float = Field(gt=0, le=1, description="part of the distinct words two texts share")


class Reviews(Rules):
    """How many evaluators, and when their number or their disagreement is a warning."""

    per_application: int = Field(ge=1, le=20, description="evaluators each application is given to")
    minimum: int = Field(ge=1, description="reviews of a criterion from which evaluators' scores count")
    disputed_spread: float = Field(gt=0, le=SCALE_MAXIMUM, description="largest minus smallest score; more is disputed")

    @model_validator(mode="after")
    def _minimum_can_be_met(self) -> Reviews:
        if self.minimum > self.per_application:
            raise ValueError("a minimum of at most per_application")
        return self


class CalibrationRules(Rules):
    """Whether and from when evaluators' severity is corrected."""

    enabled: bool
    minimum_common: int = Field(ge=2, description="applications an evaluator must share with others to be corrected")


class AssignmentRules(Rules):
    """How applications are given to evaluators."""

    topic_match: tuple[Annotated[int, Field(ge=0, le=1000)], Annotated[int, Field(ge=0, le=1000)], Annotated[int, Field(ge=0, le=1000)]]
    load_difference: int = Field(ge=1, description="most minus fewest applications an evaluator is given")
    public_mail: tuple[str, ...]
    shared_domains: tuple[str, ...]


class Certainty(Rules):
    """How the intervals of ranks are drawn."""

    draws: int = Field(ge=2000, le=100_000)
    seed: int = Field(ge=0)
    weight_spread: float = Field(ge=0, le=0.5, description="relative standard deviation of each weight")
    form_spread: Judgement = Field(description="standard deviation of the form's evidence, steps of 0-5")
    coverage: float = Field(gt=0, lt=1, description="part of the draws an interval covers")
    indistinct: float = Field(gt=0, lt=0.5, description="part of the draws in which two applications change places")


Sentence = Annotated[str, Field(min_length=1)]


class Advice(Rules):
    """One sentence for each reason of the form's evidence: what would have raised it."""

    jurisdiction: Sentence
    mandate: Sentence
    action_stage: Sentence
    action_aspects: Sentence
    action_described: Sentence
    innovation_status: Sentence
    alignment: Sentence
    stakeholders: Sentence
    engagement_status: Sentence
    good_practices: Sentence
    lessons: Sentence
    cooperation: Sentence


class Rubric(Rules):
    """Everything that turns an application into points."""

    criteria: Criteria
    bonus: Bonus
    evidence: Evidence
    texts: Texts
    reviews: Reviews
    calibration: CalibrationRules
    certainty: Certainty
    assignment: AssignmentRules
    advice: Advice

    @property
    def by_id(self) -> dict[str, Criterion]:
        """Every criterion by its id, the bonus last."""
        fixed = {name: getattr(self.criteria, name) for name in type(self.criteria).model_fields}
        return fixed | {"previous_experience": self.bonus.previous_experience}

    @property
    def weights(self) -> dict[str, float]:
        """Criterion id to weight in points, the bonus last."""
        return {name: criterion.weight for name, criterion in self.by_id.items()}
