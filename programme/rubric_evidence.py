"""The points of the form's evidence and the advice that goes with each, the tables `evidence` and `advice` of
`rubric.toml`.

Belongs here: one model a criterion, and that the best values of a criterion make a full judgement. Must stay
out: the rest of the rubric (`rubric.py`), and how the form's answers are looked up
(`tasks/scoring/form_evidence.py`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from programme.rules import Rules

SCALE_MAXIMUM = 5
"""Best judgement of any criterion; the scale 0 to 5 is fixed by the form of the evaluations, not by the
programme office.
"""

Judgement = Annotated[float, Field(ge=0, le=SCALE_MAXIMUM)]


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
    """What the form alone says of each criterion, on the evaluators' scale; the best values of a criterion
    sum to 5.
    """

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
            "engagement": best(self.engagement.engagement_status)
            + N_STAKEHOLDERS * self.engagement.each_stakeholder,
            "previous_experience": experience.good_practices + experience.lessons + cooperation,
        }

    @model_validator(mode="after")
    def _best_is_five(self) -> Evidence:
        wrong = {name: most for name, most in self.most.items() if abs(most - SCALE_MAXIMUM) > 1e-9}
        if wrong:
            found = ", ".join(f"{name} {most:g}" for name, most in wrong.items())
            raise ValueError(f"best values that sum to {SCALE_MAXIMUM} for each criterion; found {found}")
        return self


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
