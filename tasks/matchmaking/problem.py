"""What the matchmaking is given and what it answers, as frozen shapes for its modules and its callers.

Belongs here: shapes. Must stay out: anything that computes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from programme.matchmaking import MatchmakingRules
from programme.vocabulary import MinimumWorthRule
from warehouse.dictionary.certificate import CERTIFICATE, MATCHING_FACTS
from warehouse.dictionary.findings import Finding
from warehouse.dictionary.other_rounds import CREDITS, EARLIER
from warehouse.dictionary.published import TWINNING_MEMBERS, TWINNINGS


@dataclass(frozen=True)
class Capacity:
    """What the round may give out, after what earlier rounds confirmed; both are counts from 0."""

    max_twinnings: int
    max_cities: int


@dataclass(frozen=True)
class BaselineTwinnings:
    """The twinnings that the selection is to stay close to: those of the version before.

    Dictionary TWINNINGS and TWINNING_MEMBERS; empty where there is no version before.
    """

    twinnings: pl.DataFrame = field(default_factory=TWINNINGS.empty)
    members: pl.DataFrame = field(default_factory=TWINNING_MEMBERS.empty)


@dataclass(frozen=True)
class Pin:
    """Two cities that must be in one twinning: on `topic`, or on any topic where it is None.

    `source` names who asked, for messages (`decision 3f2a…`, `--pin`); so it does in all decisions below.
    `overrides` are hard rules that do not hold between the two, because somebody insists on the pin.
    """

    city_a: str
    city_b: str
    topic: str | None
    source: str
    overrides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Forbid:
    """Two cities that must not be in one twinning: on `topic`, or on any topic where it is None."""

    city_a: str
    city_b: str
    topic: str | None
    source: str


@dataclass(frozen=True)
class Withdrawal:
    """A city that takes no part."""

    city_id: str
    source: str


@dataclass(frozen=True)
class Whereabouts:
    """What became of applications that are no candidates.

    `absences` says why an application takes no part; `successors` names the form that stands in its place;
    `names` is the city of any application.
    """

    absences: Mapping[str, str] = field(default_factory=dict)
    successors: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Absence:
    """A member of a confirmed twinning that takes no part: its application, its city's name or id, and why.

    `why` completes the sentence "CITY left the twinning: ..."."""

    application_id: str
    city: str
    why: str


@dataclass(frozen=True)
class Confirmation:
    """A twinning that a person confirmed: its id then, its topic, and the city ids of those that take part.

    The city ids are sorted, as they are today. `absences` are the members that take no part. `renamed` says
    that a member's city has another id today, so the twinning has another id too.
    """

    twinning_id: str
    topic: str
    cities: tuple[str, ...]
    source: str
    absences: tuple[Absence, ...] = ()
    renamed: bool = False


@dataclass(frozen=True)
class Waiver:
    """A rule of the minimum worth that a person lets pass.

    One city in `cities`: for every twinning with it. Several: for exactly the twinning of these, on `topic`
    (None: on any).
    """

    rule: MinimumWorthRule
    cities: tuple[str, ...]
    topic: str | None
    source: str


@dataclass(frozen=True)
class Constraints:
    """What people decided about the matching, and findings about decisions without effect."""

    pins: tuple[Pin, ...] = ()
    forbids: tuple[Forbid, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class MatchingProblem:
    """Everything that the answer depends on.

    `candidates`, `preferences` and `cooperations` are the dictionary's tables of those names. `elsewhere` are
    the cities that confirmed twinnings of other rounds hold (dictionary EARLIER); they count in the balance.
    `credits` are what classes that came short in the round before have in this one (dictionary CREDITS).
    `starts` is the day on which time zones are compared. `seed` moves only the robustness scenarios, never
    the selection.
    """

    round_id: str
    candidates: pl.DataFrame
    preferences: pl.DataFrame
    cooperations: pl.DataFrame
    constraints: Constraints
    capacity: Capacity
    rules: MatchmakingRules
    starts: date
    baseline: BaselineTwinnings = field(default_factory=BaselineTwinnings)
    elsewhere: pl.DataFrame = field(default_factory=EARLIER.empty)
    credits: pl.DataFrame = field(default_factory=CREDITS.empty)
    seed: int = 0


@dataclass(frozen=True)
class Proof:
    """How good the selection is and how that is known; all but the counts are in points.

    `objective` = `value` + `stability_bonus` - `balance_cost`. `bound` is an objective that no selection can
    exceed; `gap` = `bound` - `objective` (0: proven best). `free_gain` is what value and balance would gain
    if the baseline counted for nothing. The proof looked at `columns` of `groups` possible groups, in
    `iterations` solutions of the linear relaxation.
    """

    objective: float = 0.0
    bound: float = 0.0
    gap: float = 0.0
    value: float = 0.0
    balance_cost: float = 0.0
    stability_bonus: float = 0.0
    free_gain: float = 0.0
    groups: int = 0
    columns: int = 0
    iterations: int = 0


@dataclass(frozen=True)
class MatchingResult:
    """The answer: published tables, findings, the proof, and the explanations.

    The frames are the dictionary's tables of their names; `twinning_reasons`, `twinning_sensitivity` and
    `balance` are working tables. `preferences` has those of candidates for candidates only.
    """

    twinnings: pl.DataFrame
    twinning_members: pl.DataFrame
    unplaced: pl.DataFrame
    preferences: pl.DataFrame
    findings: pl.DataFrame
    proof: Proof
    twinning_reasons: pl.DataFrame
    twinning_sensitivity: pl.DataFrame
    balance: pl.DataFrame
    matching_facts: pl.DataFrame = field(default_factory=MATCHING_FACTS.empty)
    certificate: pl.DataFrame = field(default_factory=CERTIFICATE.empty)
