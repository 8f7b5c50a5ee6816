"""What makes a good twinning, from `matchmaking.toml`.

Belongs here: the points of each aspect, the balance over the selection, how uncertain both are, and the steps
in which points are counted. Must stay out: how a group is valued (`tasks/matchmaking/value/aspects/`).
"""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from programme.rules import Rules
from programme.vocabulary import ApplicantType, BalanceSubject

STEPS_PER_POINT = 64
"""Points are counted in 1/64, a binary fraction, so that sums of published values are exact."""

Points = Annotated[float, Field(ge=0, le=1000)]


def steps(points: float) -> int:
    """Points as whole steps of 1/64 (half to even)."""
    return round(points * STEPS_PER_POINT)


class TopicalRules(Rules):
    """Points for the place a topic has on a city's own list."""

    points_by_priority: tuple[Points, Points, Points]


class ComplementarityRules(Rules):
    """Points for what a city needs and another can give."""

    points_per_level: Points


class InstitutionalRules(Rules):
    """Points for similar responsibility to act."""

    full_full: Points
    full_partial: Points
    partial_partial: Points
    otherwise: Points
    same_kind: Points
    kinds: dict[str, tuple[ApplicantType, ...]]

    @property
    def kind_of(self) -> dict[str, str]:
        """Applicant type to kind of body."""
        return {applicant: kind for kind, applicants in self.kinds.items() for applicant in applicants}


class GeographyRules(Rules):
    """Points for similar size, setting and climate."""

    size_steps: tuple[tuple[Annotated[float, Field(ge=1)], Points], ...]
    same_setting: Points
    coast_km: float = Field(ge=0, le=100)
    same_climate: Points
    same_climate_group: Points

    @field_validator("size_steps")
    @classmethod
    def _nearest_first(cls, value: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        ratios = [ratio for ratio, _ in value]
        if ratios != sorted(set(ratios)):
            raise ValueError("steps of rising ratio, each ratio once")
        return value


class HoursRules(Rules):
    """When offices work, and how many shared hours a twinning needs."""

    work_starts: time
    work_ends: time
    least_shared_minutes: int = Field(ge=0, le=12 * 60)
    months: int = Field(ge=1, le=24)
    points_per_hour: Points

    @property
    def work_minutes(self) -> int:
        """Length of the working day in minutes."""
        return (
            (self.work_ends.hour - self.work_starts.hour) * 60
            + self.work_ends.minute
            - self.work_starts.minute
        )

    @model_validator(mode="after")
    def _pairs_decide(self) -> HoursRules:
        if self.work_minutes < max(1, self.least_shared_minutes):
            raise ValueError("a working day at least as long as the shared minutes asked for")
        if self.work_minutes - self.least_shared_minutes >= 8 * 60:
            # Three cities eight hours apart around the globe would pass pair by pair and yet share no hour.
            raise ValueError("a working day less than eight hours longer than the shared minutes asked for")
        return self


class PreferenceRules(Rules):
    """Points for partners named in part F of the form."""

    first_choice: Points
    second_choice: Points
    mutual: Points


class CooperationRules(Rules):
    """What an earlier cooperation of a pair costs."""

    funded_elsewhere: Points
    not_funded: Points


class SelectionRules(Rules):
    """What the selection score counts for."""

    points_per_point: float = Field(ge=0, le=10)


class UrbanisationRules(Rules):
    """Size classes of cities: the name of each and the inhabitants from which it counts, smallest first."""

    size_classes: tuple[tuple[str, Annotated[int, Field(ge=0)]], ...]

    def size_class(self, population: int | None) -> str | None:
        """The size class of a city; None where its population is not known or below the smallest class."""
        if population is None:
            return None
        names = [name for name, least in self.size_classes if population >= least]
        return names[-1] if names else None

    @field_validator("size_classes")
    @classmethod
    def _smallest_first(cls, value: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
        names, bounds = [name for name, _ in value], [least for _, least in value]
        if len(set(names)) < len(names) or bounds != sorted(set(bounds)):
            raise ValueError("classes of rising size, each name and size once")
        return value


class BalanceTarget(Rules):
    """Soft bounds on one class, as shares (0-1) of the capacity, and the price of each unit missed.

    `least` is a least number of units beside the least share; the larger of the two counts.
    """

    least_share: float = Field(ge=0, le=1)
    most_share: float = Field(ge=0, le=1)
    price: Points
    least: int = Field(default=0, ge=0, le=50)

    @model_validator(mode="after")
    def _in_order(self) -> BalanceTarget:
        if self.least_share > self.most_share:
            raise ValueError("least_share <= most_share")
        return self


class MinimumWorthRules(Rules):
    """What a twinning must bring at least; lists hold a value for pairs and one for groups of three."""

    least_gain: tuple[Annotated[int, Field(ge=0, le=5)], Annotated[int, Field(ge=0, le=5)]]
    some_jurisdiction: bool
    most_of_one_country: tuple[Annotated[int, Field(ge=1, le=2)], Annotated[int, Field(ge=1, le=3)]]

    def least_gain_of(self, size: int) -> int:
        """Levels (0-5) that each member of a group of this size must gain."""
        return self.least_gain[size - 2]

    def most_of_one_country_of(self, size: int) -> int:
        """How many cities of a group of this size may be of one country."""
        return self.most_of_one_country[size - 2]


class StabilityRules(Rules):
    """What keeping the version before is worth."""

    stays_selected: Points
    stays_together: Points


class RobustnessRules(Rules):
    """How far weights and scores may be off."""

    scenarios: int = Field(ge=1, le=10_000)
    weight_spread: float = Field(ge=0, le=1)
    score_spread: float = Field(ge=0, le=50)


class NearEqualRules(Rules):
    """Which plans are nearly as good as the selection (a share of its worth), and how many are shown."""

    share: float = Field(ge=0, le=1)
    plans: int = Field(ge=1, le=50)


class WeightRules(Rules):
    """When a weight hardly matters (a share of the places), and how much of one is traded for another."""

    hardly: float = Field(ge=0, le=1)
    traded: float = Field(ge=0, le=1)


class FairnessRules(Rules):
    """What a class that came short in one round has in the next: points on each unit that it misses again.

    `points` are those for each unit that it came short of, by subject of the balance (none: no credit), for
    at most `most_units` units.
    """

    enabled: bool = False
    most_units: int = Field(default=0, ge=0, le=50)
    points: dict[BalanceSubject, Points] = Field(default_factory=dict)

    def credit(self, subject: BalanceSubject, short: int) -> float:
        """Points that a class of a subject has on each unit, after it came short of so many."""
        return min(short, self.most_units) * self.points.get(subject, 0.0) if self.enabled else 0.0


class LimitRules(Rules):
    """How much work a proof and its explanations may take, and what is made when it is asked for.

    No table of a version rests on the last two.
    """

    seconds: float = Field(gt=0)
    proof_nodes: int = Field(ge=0)
    explanation_work: int = Field(ge=0)
    sufficient_work: int = Field(default=20_000_000, ge=0)
    on_demand_candidates: int = Field(default=1_000, ge=0)


class MatchmakingRules(Rules):
    """Everything the value of a selection is made of (FAQ 3.5 to 3.7)."""

    smallest_group: Literal[2]
    largest_group: Literal[2, 3]
    topical: TopicalRules
    complementarity: ComplementarityRules
    institutional: InstitutionalRules
    geography: GeographyRules
    hours: HoursRules
    preferences: PreferenceRules
    cooperation: CooperationRules
    selection: SelectionRules
    minimum_worth: MinimumWorthRules
    urbanisation: UrbanisationRules
    balance: dict[BalanceSubject, BalanceTarget]
    stability: StabilityRules
    robustness: RobustnessRules
    near_equal: NearEqualRules
    weights: WeightRules
    fairness: FairnessRules = FairnessRules()
    limits: LimitRules
