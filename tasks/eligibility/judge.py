"""The step: from linked forms to what became of each, the evidence rule by rule, and whether its city may
take part.

Belongs here: applying the rules to every case, human decisions over computed outcomes, and the order in which
outcomes make a status. Must stay out: any single rule (`rules_form.py`, `rules_city.py`, `rule_cohort.py`)
and which form counts (`states.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import cast

import polars as pl

from programme.programme import Programme
from programme.rounds import Round
from programme.vocabulary import RULES, Outcome, status_of
from tasks.eligibility.outcome_overrides import Override, read_outcome_overrides
from tasks.eligibility.rules import city as rules_city
from tasks.eligibility.rules import form as rules_form
from tasks.eligibility.rules.case import Case, RuleSettings, build_cases
from tasks.eligibility.rules.cohort import cohort
from tasks.eligibility.rules.verdict import Verdict
from tasks.eligibility.states import State, states
from warehouse.dictionary.published import APPLICATIONS, ELIGIBILITY, ELIGIBILITY_CHECKS, FINDINGS

RULE_FUNCTIONS: dict[str, Callable[[Case, RuleSettings], Verdict]] = {
    "on_time": rules_form.on_time,
    "local_government": rules_city.local_government,
    "population": rules_city.population,
    "gcom": rules_city.gcom,
    "climate_plan": rules_city.climate_plan,
    "cohort": lambda case, setting: cohort(case, setting).verdict,
    "mandate": rules_form.mandate,
    "participation": rules_form.participation,
    "motivation": rules_form.motivation,
    "topic": rules_form.topic,
}


@dataclass(frozen=True)
class Judged:
    """`applications`, `eligibility_checks`, `eligibility` and `findings`, as in the dictionary."""

    applications: pl.DataFrame
    checks: pl.DataFrame
    eligibility: pl.DataFrame
    findings: pl.DataFrame


@dataclass(frozen=True)
class EligibilityInputs:
    """What there is to judge: frames as in the dictionary; `decisions` are those that stand
    (`tasks/decisions/effective.py`).
    """

    submissions: pl.DataFrame
    set_aside: pl.DataFrame
    cities: pl.DataFrame
    crosscheck: pl.DataFrame
    cohort: pl.DataFrame
    gcom: pl.DataFrame
    decisions: pl.DataFrame


def judge(
    material: EligibilityInputs, programme: Programme, round_: Round, versions: Mapping[str, str]
) -> Judged:
    """Judge every form of the round (FAQ 3.1-3.4).

    `versions` holds the short sha256 of the registers by table name, for the evidence. An accepted form gets
    a row for every rule; a late one its `on_time` row, the rest not applicable; superseded and withdrawn ones
    none.
    """
    submissions, cities, decisions = material.submissions, material.cities, material.decisions
    setting = RuleSettings(round_, programme.eligibility, programme.topics.ids, versions)
    cases = build_cases(submissions, cities, material.crosscheck, material.cohort, material.gcom)
    decided = read_outcome_overrides(decisions, cases)
    overrides, findings = decided.overrides, list(decided.findings)
    on_time = {
        key: _decided(rules_form.on_time(case, setting), overrides.get((key, "on_time")))
        for key, case in cases.items()
    }
    became = states(submissions, cities, on_time, decided.withdrawn, decided.merged)
    findings += _lost_merges(became)
    cases = {key: replace(case, rivals=became[key].rivals) for key, case in cases.items()}
    rows: list[dict[str, object]] = []
    eligible: list[dict[str, object]] = []
    city_of = dict(cities.select("application_id", "city_id").iter_rows())
    for key, case in cases.items():
        if became[key].state not in ("accepted", "late"):
            continue
        checks = [
            _check(rule, case, setting, overrides.get((key, rule)), late=became[key].state == "late")
            for rule in RULES
        ]
        rows += [check for check, _ in checks]
        findings += [finding for _, finding in checks if finding]
        if became[key].state == "accepted":
            eligible.append(_status(case, setting, [check for check, _ in checks], city_of[key]))
    return Judged(
        _applications(cases, became, cities, material.set_aside),
        ELIGIBILITY_CHECKS.frame(rows),
        ELIGIBILITY.frame(eligible),
        FINDINGS.frame(findings),
    )


def _check(
    rule: str, case: Case, setting: RuleSettings, override: Override | None, *, late: bool
) -> tuple[dict[str, object], dict[str, object] | None]:
    if late and rule != "on_time":
        computed = Verdict(
            "not_applicable",
            "not examined: the form arrived late",
            "form",
            "Not examined, because your form arrived late.",
        )
    else:
        computed = RULE_FUNCTIONS[rule](case, setting)
    verdict = _decided(computed, override)
    row: dict[str, object] = {
        "application_id": case.application_id,
        "rule": rule,
        "outcome": verdict.outcome,
        "computed_outcome": computed.outcome,
        "evidence": verdict.evidence,
        "source": verdict.source,
        "clause": setting.limits.clauses[rule],
        "message": verdict.message,
        "overridden_by": f"decision {override.decision_id}" if override else None,
    }
    return row, _contradiction(case, rule, verdict)


def _contradiction(case: Case, rule: str, verdict: Verdict) -> dict[str, object] | None:
    if verdict.contradiction is None:
        return None
    return {
        "table": "eligibility_checks",
        "expectation": "registers_and_form_agree",
        "severity": "warn",
        "row_key": f"{case.application_id} {rule}",
        "column": "outcome",
        "message": f"The register's word counts for rule {rule}, but other evidence speaks against it: {verdict.contradiction}.",
    }


def _lost_merges(became: Mapping[str, State]) -> list[dict[str, object]]:
    """A form that gave way to one that takes no part itself: nobody stands for it any more, which a person
    should know.
    """
    return [
        {
            "table": "applications",
            "expectation": "superseding_form_stands",
            "severity": "warn",
            "row_key": key,
            "column": "superseded_by",
            "message": f"The form that stands in its place, {state.superseded_by}, is {became[state.superseded_by].state}.",
        }
        for key, state in became.items()
        if state.superseded_by is not None and became[state.superseded_by].state != "accepted"
    ]


def _decided(verdict: Verdict, override: Override | None) -> Verdict:
    if override is None:
        return verdict
    evidence = f"decision {override.decision_id}: {override.outcome}; without it {verdict.outcome} ({verdict.evidence})"
    return replace(
        verdict,
        outcome=override.outcome,
        evidence=evidence,
        source="decision",
        message=_DECIDED_MESSAGES[override.outcome],
    )


_DECIDED_MESSAGES: dict[Outcome, str] = {
    "met": "The programme team has confirmed this point for your city.",
    "conditional": "The programme team has accepted this point on a condition that is still to be fulfilled.",
    "unclear": "The programme team is still examining this point.",
    "not_met": "The programme team has found that this point is not fulfilled.",
    "not_applicable": "The programme team has found that this point does not apply to your city.",
}


def _status(
    case: Case, setting: RuleSettings, checks: list[dict[str, object]], city_id: str
) -> dict[str, object]:
    open_points = [
        str(check["message"]) for check in checks if check["outcome"] in ("not_met", "unclear", "conditional")
    ]
    in_force = next(check for check in checks if check["rule"] == "cohort")
    scenario = cohort(case, setting).scenario if in_force["outcome"] in ("met", "conditional") else None
    return {
        "application_id": case.application_id,
        "city_id": city_id,
        "scenario": scenario,
        "status": status_of([cast("Outcome", check["outcome"]) for check in checks]),
        "reasons": " ".join(open_points),
    }


def _applications(
    cases: Mapping[str, Case], became: Mapping[str, State], cities: pl.DataFrame, set_aside: pl.DataFrame
) -> pl.DataFrame:
    city_rows = {row["application_id"]: row for row in cities.iter_rows(named=True)}
    rows: list[dict[str, object]] = []
    for key, case in cases.items():
        form, city = case.form, city_rows.get(key, {})
        rows.append(
            {
                name: city.get(name)
                for name in (
                    "city_id",
                    "city_name",
                    "country_iso3",
                    "region",
                    "latitude",
                    "longitude",
                    "timezone",
                )
            }
            | {
                name: form[name]
                for name in ("applicant_type", "submitted_at", "topic_1", "topic_2", "topic_3")
            }
            | {
                "application_id": key,
                "population": next(iter(rules_city.population_figures(case).values()), None),
                "state": became[key].state,
                "superseded_by": became[key].superseded_by,
            }
        )
    taken = set(cases)
    for row in set_aside.filter(pl.col("table") == "submissions").sort("row").iter_rows(named=True):
        # Two rows may carry one id, or a row set aside the id of one that was used: each still gets a line of
        # its own.
        name = row["row_key"] if row["row_key"] not in taken else f"{row['row_key']} (row {row['row']})"
        taken.add(name)
        rows.append({"application_id": name, "state": "set_aside"})
    return APPLICATIONS.frame(rows)
