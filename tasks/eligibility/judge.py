"""The step: from linked forms to what became of each form, every rule's outcome, and each city's status.

Belongs here: the order of the parts, and the row of the table `eligibility`. Must stay out: any single rule
(`rules/`), decisions over outcomes (`checks.py`) and which form counts (`form_states.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from programme.programme import Programme
from programme.rounds import Round
from programme.senders import Senders
from programme.vocabulary import COUNTRY_UNKNOWN, OPEN_OUTCOMES, status_of
from tasks.eligibility.applications import applications_table, superseded_by_none
from tasks.eligibility.checks import Check, check_rule, check_rules
from tasks.eligibility.form_states import FormState, form_states
from tasks.eligibility.outcome_overrides import OutcomeOverrides, outcome_overrides
from tasks.eligibility.rules.case import Case, RuleSettings, build_cases
from tasks.eligibility.several_forms import several_forms
from tasks.eligibility.topic_places import topic_places
from tasks.ingest.tables.senders import NO_MANDATE, Sender, sender_of, standing_of
from warehouse.dictionary.findings import findings_frame
from warehouse.dictionary.published import ELIGIBILITY, ELIGIBILITY_CHECKS
from warehouse.dictionary.working import FORM_MARKS, TOPIC_PLACES


@dataclass(frozen=True)
class Judged:
    """What the step hands on: `applications`, `eligibility_checks`, `eligibility`, `findings` and
    `topic_places` of the dictionary.
    """

    applications: pl.DataFrame
    checks: pl.DataFrame
    eligibility: pl.DataFrame
    findings: pl.DataFrame
    topic_places: pl.DataFrame = field(default_factory=TOPIC_PLACES.empty)


@dataclass(frozen=True)
class EligibilityInputs:
    """What there is to judge: frames as in the dictionary.

    `submissions`, `cohort` and `gcom` are canonical inputs, `set_aside` the rows that could not be used,
    `cities` and `crosscheck` what the linking came to, `decisions` those in force (`tasks/decisions`),
    `marks` why forms must not be taken as they stand, `carried` the forms carried over with the round they
    were sent in.
    """

    submissions: pl.DataFrame
    set_aside: pl.DataFrame
    cities: pl.DataFrame
    crosscheck: pl.DataFrame
    cohort: pl.DataFrame
    gcom: pl.DataFrame
    decisions: pl.DataFrame
    marks: pl.DataFrame = field(default_factory=FORM_MARKS.empty)
    carried: Mapping[str, str] = field(default_factory=dict)


def judge(
    inputs: EligibilityInputs, *, programme: Programme, round_: Round, register_versions: Mapping[str, str]
) -> Judged:
    """Judge every form of the round (FAQ 3.1-3.4).

    `register_versions` maps a register to the short sha256 of its file, for the evidence. An accepted form
    gets a row for every rule; a late one its `on_time` row, the rest not applicable; superseded and withdrawn
    ones none.
    """
    settings = RuleSettings(round_, programme.eligibility, programme.topics.ids, register_versions)
    cases = build_cases(
        submissions=inputs.submissions,
        cities=inputs.cities,
        crosscheck=inputs.crosscheck,
        cohort=inputs.cohort,
        gcom=inputs.gcom,
        marks=inputs.marks,
        carried=inputs.carried,
    )
    decided = outcome_overrides(inputs.decisions, cases)
    states = _states(cases, inputs, settings, decided, programme.senders)
    cases = {key: _among_others(case, states[key]) for key, case in cases.items()}
    checks = {
        key: check_rules(case, settings, decided.overrides, late=states[key].state == "late")
        for key, case in cases.items()
        if states[key].state in ("accepted", "late")
    }
    every = [check for rows in checks.values() for check in rows]
    of_forms = (*decided.findings, *superseded_by_none(states), *several_forms(states, round_.id))
    contradictions = [finding for check in every if (finding := check.contradiction())]
    applications = applications_table(cases, states, inputs.cities, inputs.set_aside, inputs.carried)
    places = topic_places(applications, inputs.decisions, programme.topics)
    return Judged(
        applications,
        ELIGIBILITY_CHECKS.frame([check.row(settings.limits.clauses[check.rule]) for check in every]),
        ELIGIBILITY.frame(list(_eligibility_rows(checks, states, _city_of(inputs)))),
        findings_frame([*of_forms, *contradictions, *places.findings]),
        places.table,
    )


def _city_of(inputs: EligibilityInputs) -> dict[str, str]:
    return dict(inputs.cities.select("application_id", "city_id").iter_rows())


def _states(
    cases: Mapping[str, Case],
    inputs: EligibilityInputs,
    settings: RuleSettings,
    decided: OutcomeOverrides,
    rules: Senders,
) -> dict[str, FormState]:
    on_time = {
        key: check_rule("on_time", case, settings, decided.overrides).verdict.outcome
        for key, case in cases.items()
    }
    marked = {
        key for key, case in cases.items() if case.tool_marks and (key, "on_time") not in decided.overrides
    }
    return form_states(
        inputs.submissions,
        senders={key: _sender(case, settings, decided, rules) for key, case in cases.items()},
        city_of=_city_of(inputs),
        on_time=on_time,
        withdrawn=decided.withdrawn,
        merged=decided.merged,
        marked=frozenset(marked),
        carried=inputs.carried,
    )


def _sender(case: Case, settings: RuleSettings, decided: OutcomeOverrides, rules: Senders) -> Sender:
    """Who sent a form, with the mandate that a person found."""
    sender = sender_of(case.form, rules, settings.limits.local_government_types)
    override = decided.overrides.get((case.application_id, "mandate"))
    if override is None or override.outcome not in ("met", "not_met"):
        return sender
    found = standing_of(rules.mandates[-1], rules, is_local_government=True)
    return replace(sender, standing=found if override.outcome == "met" else NO_MANDATE)


def _among_others(case: Case, state: FormState) -> Case:
    """The case with what became of the other forms of its city."""
    return replace(case, competing_forms=state.competing_forms, waits_behind=state.waits_behind)


def _eligibility_rows(
    checks: Mapping[str, Sequence[Check]], states: Mapping[str, FormState], city_of: Mapping[str, str]
) -> Iterator[dict[str, object]]:
    """A row of the table ELIGIBILITY for each accepted form."""
    for key, rows in checks.items():
        if states[key].state == "accepted":
            yield _eligibility_row(key, city_of[key], rows)


def _eligibility_row(application_id: str, city_id: str, checks: Sequence[Check]) -> dict[str, object]:
    """The row of the table ELIGIBILITY: the status that the outcomes make, and the sentences of the open
    points.
    """
    in_force = next(check.verdict for check in checks if check.rule == "cohort")
    waiting = [check.verdict for check in checks if check.verdict.outcome in OPEN_OUTCOMES]
    # Whatever depends on the country comes after it.
    open_points = [one.message for one in sorted(waiting, key=lambda one: one.evidence != COUNTRY_UNKNOWN)]
    return {
        "application_id": application_id,
        "city_id": city_id,
        "scenario": in_force.scenario if in_force.outcome in ("met", "conditional") else None,
        "status": status_of(check.verdict.outcome for check in checks),
        "reasons": " ".join(dict.fromkeys(open_points)),
    }
