"""The fixed words of the programme: what outcomes, statuses, states and kinds there are, each list once.

Belongs here: names that forms, rules, tables and pages share, and what follows from them alone (which status
a list of outcomes makes, who may be selected). Must stay out: numbers and wordings, which the programme
office may change (`programme/*.toml`), and what a table looks like (`warehouse/dictionary`).

Each word has a `Literal` type for functions and a tuple, in a fixed order, for tables and checks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

ApplicantType = Literal[
    "city",
    "town",
    "consortium",
    "metropolitan_area",
    "county",
    "other_local_authority",
    "national_authority",
    "regional_authority",
    "public_agency",
    "municipal_company",
    "private_company",
    "consultant",
    "university",
    "ngo",
    "individual",
]
APPLICANT_TYPES: tuple[ApplicantType, ...] = get_args(ApplicantType)
"""Kinds of bodies that apply (form, part A)."""

PlanStatus = Literal["adopted", "in_preparation", "none"]
PLAN_STATUSES: tuple[PlanStatus, ...] = get_args(PlanStatus)

Mandate = Literal["official_letter", "confirmed", "in_progress", "none"]
MANDATES: tuple[Mandate, ...] = get_args(Mandate)
"""What a form says of the mandate of who sent it (form, part C); `senders.toml` says how strong each is."""

ActionAspect = Literal["technical", "regulatory", "financial", "social", "environmental"]
ACTION_ASPECTS: tuple[ActionAspect, ...] = get_args(ActionAspect)
"""Aspects of an action that an application says it considered (form, part D)."""

Stakeholder = Literal["public_authorities", "businesses", "finance", "research", "civil_society"]
STAKEHOLDERS: tuple[Stakeholder, ...] = get_args(Stakeholder)
"""Kinds of stakeholders that an application involves (form, part E)."""

TOPIC_OTHER = "other"
"""What a topic cell holds when it was filled with something that is none of the twelve topics."""

Register = Literal["cohort", "gcom"]
REGISTERS: tuple[Register, ...] = get_args(Register)
"""The registers that applicants are looked up in: the UTM City Cohort and the GCoM list of signatories."""

LinkOutcome = Literal["linked", "review", "none"]
LINK_OUTCOMES: tuple[LinkOutcome, ...] = get_args(LinkOutcome)
"""What looking one name up in a register came to; `review` asks a person."""

State = Literal["accepted", "superseded", "late", "withdrawn", "set_aside"]
STATES: tuple[State, ...] = get_args(State)
"""What became of a form before anybody judged its city."""

ToolMark = Literal["changed_after_deadline", "not_approved", "preview", "unfinished"]
TOOL_MARKS: tuple[ToolMark, ...] = get_args(ToolMark)
"""What a form tool may say of a response that speaks against counting it before a person was asked."""

FormMark = Literal["unreadable_cell", "changed_after_deadline", "not_approved", "preview", "unfinished"]
FORM_MARKS: tuple[FormMark, ...] = get_args(FormMark)
"""Why a form must not be taken as it stands: a cell that could not be read, or a mark of its form tool."""

RuleName = Literal[
    "on_time",
    "local_government",
    "population",
    "gcom",
    "climate_plan",
    "cohort",
    "mandate",
    "participation",
    "motivation",
    "topic",
]
RULES: tuple[RuleName, ...] = get_args(RuleName)
"""The eligibility rules (FAQ 3.1-3.4), in the order in which an applicant reads them."""

COUNTRY = "country"
"""What the open point is about where a form's country is not known: without it no register can be
searched.
"""
COUNTRY_UNKNOWN = "the country is not known"
"""The evidence of a rule that waits for the country."""

Outcome = Literal["met", "conditional", "unclear", "not_met", "not_applicable"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""What one rule answers about one application."""

OpenOutcome = Literal["not_met", "unclear", "conditional"]
OPEN_OUTCOMES: tuple[OpenOutcome, ...] = get_args(OpenOutcome)
"""Outcomes that leave something to be done, the most decisive first."""

Status = Literal["eligible", "tentative", "needs_review", "ineligible"]
STATUSES: tuple[Status, ...] = get_args(Status)
"""What the rules together say of an accepted application."""

SELECTABLE: tuple[Status, ...] = ("eligible", "tentative")
"""Statuses of applications that may be selected (FAQ 3.2)."""

STATUS_OF_OUTCOME: dict[Outcome, Status] = {
    "not_met": "ineligible",
    "unclear": "needs_review",
    "conditional": "tentative",
    "met": "eligible",
    "not_applicable": "eligible",
}
"""The status that one outcome allows at best, the most decisive outcome first."""

Criterion = Literal["mandate", "impact", "added_value", "engagement", "previous_experience"]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
"""What applications are scored by (FAQ 3.5)."""

Aspect = Literal[
    "topical",
    "complementarity",
    "institutional",
    "geography",
    "hours",
    "preferences",
    "cooperation",
    "selection",
]
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
"""What the value of a twinning is made of (FAQ 3.6); each is a column `aspect_NAME` of the table `twinnings`,
and they sum to `value`."""

BalanceSubject = Literal["region", "climate", "urbanisation", "topic"]
BALANCE_SUBJECTS: tuple[BalanceSubject, ...] = get_args(BalanceSubject)
"""What is balanced over all rounds (FAQ 3.5): cities of a world region, a climate or a size class, twinnings
of a topic.
"""

HardRule = Literal[
    "group_size",
    "one_city",
    "common_topic",
    "topic_place",
    "shared_hours",
    "funded_together",
    "least_gain",
    "some_jurisdiction",
    "most_of_one_country",
]
HARD_RULES: tuple[HardRule, ...] = get_args(HardRule)
"""What no twinning may break (FAQ 1.1, 3.6)."""

TOPIC_PLACE: HardRule = "topic_place"
"""The rule that a city lies where its topic can be worked on. A city that fails it is asked, and takes no
part on the topic until a person agrees (a decision `waive` with this word as its object).
"""

MinimumWorthRule = Literal["least_gain", "some_jurisdiction", "most_of_one_country"]
MINIMUM_WORTH_RULES: tuple[MinimumWorthRule, ...] = get_args(MinimumWorthRule)
"""The hard rules that keep a twinning from being proposed only because a place is left. A pin or a confirmed
twinning is not broken by them, and a decision `waive` lets one of them pass.
"""

OVERRIDABLE_RULES: tuple[HardRule, ...] = ("shared_hours", "funded_together")
"""Hard rules that a pin may be insisted on against.

Those of the minimum worth give way to a pin by themselves. The others say what a twinning is: of two or three
cities, on a topic that each of them chose.
"""

IN_COHORT: frozenset[str] = frozenset({"member", "pending"})
"""Statuses in the cohort's register of a city that need not be told to join."""

UnplacedKind = Literal[
    "no_partner",
    "below_minimum_worth",
    "better_twinnings",
    "capacity",
    "balance",
    "decisions",
    "withdrawn",
    "same_city",
    "earlier_twinning",
]
UNPLACED_KINDS: tuple[UnplacedKind, ...] = get_args(UnplacedKind)
"""Why an application that could be selected is in no twinning."""

PreferenceOutcome = Literal[
    "honoured",
    "not_applied",
    "not_eligible",
    "no_common_topic",
    "out_of_place",
    "too_few_hours",
    "works_together_already",
    "forbidden",
    "already_confirmed",
    "below_minimum_worth",
    "costs_too_much",
    "unknown_city",
]
PREFERENCE_OUTCOMES: tuple[PreferenceOutcome, ...] = get_args(PreferenceOutcome)
"""What became of a partner that an applicant named in part F of the form (FAQ 3.7)."""

TwinningState = Literal["proposed", "confirmed"]
TWINNING_STATES: tuple[TwinningState, ...] = get_args(TwinningState)

DecisionKind = Literal[
    "link",
    "no_link",
    "rule",
    "accept_late",
    "withdraw",
    "merge",
    "pin",
    "forbid",
    "confirm",
    "release",
    "carry_over",
    "no_conflict",
    "choose",
    "waive",
    "approve",
    "revoke_approval",
    "rollback",
    "accept",
    "accept_place",
    "decline_place",
    "reconsider",
    "change_contact",
    "share_contact",
    "undo",
]
DECISION_KINDS: tuple[DecisionKind, ...] = get_args(DecisionKind)
"""Kinds of human decisions; what each takes is in `tasks/decisions/kinds.py`."""

OpenPointKind = Literal[
    "declined",
    "silent",
    "reconsider",
    "letter",
    "at_risk",
    "set_aside",
    "country",
    "link",
    "contested",
    "replaced",
    "rule",
    "place",
    "conflict",
    "consent",
    "disputed",
    "unconfirmed",
]
OPEN_POINT_KINDS: tuple[OpenPointKind, ...] = get_args(OpenPointKind)
"""What may wait for a person, the most urgent kind first."""

WorkbookStanding = Literal["counts", "same", "waits", "not_chosen", "unproven", "unusable"]
WORKBOOK_STANDINGS: tuple[WorkbookStanding, ...] = get_args(WorkbookStanding)
"""What becomes of a workbook that an evaluator returned."""

GateName = Literal[
    "call_open",
    "evaluations_missing",
    "earlier_round_unsettled",
    "applications_fell",
    "share_set_aside",
    "share_superseded",
    "unreadable_times",
    "no_twinnings",
    "ledger_incomplete",
]
GATES: tuple[GateName, ...] = get_args(GateName)
"""Gates: what must hold before a version is published. A person can let one pass once, but the last never."""

Severity = Literal["stop", "warn"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""`stop`: nothing is published; `warn`: a person should look."""


def worst_outcome(outcomes: Iterable[Outcome]) -> Outcome:
    """The most decisive of several outcomes: a consortium is judged by its worst member.

    `not_applicable` weighs less than `met`; of no outcomes at all it is the answer.
    """
    order = list(STATUS_OF_OUTCOME)
    return min(outcomes, key=order.index, default="not_applicable")


def status_of(outcomes: Iterable[Outcome]) -> Status:
    """The status of an application from the outcomes of its rules: the worst of them decides.

    `ineligible` (a rule is not met) comes before `needs_review` (one is unclear), `tentative` (one is
    conditional) and `eligible`.
    """
    return STATUS_OF_OUTCOME[worst_outcome(outcomes)]
