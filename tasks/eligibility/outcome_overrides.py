"""What people decided about the forms of a round: outcomes in place of computed ones, withdrawals, merges.

Belongs here: applying the decisions in force of the kinds `rule`, `accept_late`, `withdraw` and `merge`, and
saying which of them have no effect. Must stay out: which decisions are in force (`tasks/decisions`),
decisions on links (step crosscheck) and on twinnings (step matchmaking).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

from programme.vocabulary import OUTCOMES, RULES, DecisionKind, Outcome
from tasks.decisions.effective import of_kinds
from tasks.decisions.findings import without_effect
from warehouse.dictionary.findings import Finding

KINDS: tuple[DecisionKind, ...] = ("rule", "accept_late", "withdraw", "merge")
Decision = Mapping[str, str]


@dataclass(frozen=True)
class Override:
    """An outcome that a person decided for one rule of one application, and the id of the decision."""

    outcome: Outcome
    decision_id: str


@dataclass(frozen=True)
class OutcomeOverrides:
    """What holds by decision.

    `overrides` by application and rule; `withdrawn` are ids of applications; `merged` maps the replaced form
    to the one that counts in its place; `findings` has one for each decision without effect.
    """

    overrides: Mapping[tuple[str, str], Override] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    merged: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def outcome_overrides(decisions: pl.DataFrame, known: Collection[str]) -> OutcomeOverrides:
    """Apply the decisions in force (dictionary table DECISIONS) to the forms whose ids are `known`.

    Later outranks earlier, whatever the order of rows: of two outcomes for one rule (`accept_late` is the
    outcome met of `on_time`), of two merges of one form, and of two merges that would go in a circle. A
    decision about a form that is not known changes nothing and becomes a finding.
    """
    overrides: dict[tuple[str, str], Override] = {}
    withdrawn: set[str] = set()
    merges: list[Decision] = []
    findings: list[Finding] = []
    for row in of_kinds(decisions, KINDS).iter_rows(named=True):
        if why := _without_effect(row, known):
            findings.append(without_effect(row["decision_id"], why))
        elif row["kind"] == "merge":
            merges.append(row)
        elif row["kind"] == "withdraw":
            withdrawn.add(row["subject"])
        elif row["kind"] == "accept_late":
            overrides[row["subject"], "on_time"] = Override("met", row["decision_id"])
        else:
            overrides[row["subject"], row["object"]] = Override(row["value"], row["decision_id"])
    merged, replaced = _merged(merges)
    return OutcomeOverrides(overrides, frozenset(withdrawn), merged, (*findings, *replaced))


def _without_effect(row: Decision, known: Collection[str]) -> str | None:
    """Why a decision changes nothing; None where it does."""
    forms = [row["subject"], row["object"]] if row["kind"] == "merge" else [row["subject"]]
    unknown = [str(name) for name in forms if name not in known]
    if unknown:
        return f"names a submission that is not among the usable forms of this round ({', '.join(unknown)})"
    if row["kind"] == "merge" and row["subject"] == row["object"]:
        return "merges a form with itself"
    if row["kind"] == "rule" and (row["object"] not in RULES or row["value"] not in OUTCOMES):
        return "names a rule or an outcome that does not exist"
    return None


def _merged(merges: list[Decision]) -> tuple[dict[str, str], list[Finding]]:
    """Replaced form to the one that counts; the latest first, so that an earlier merge gives way."""
    merged: dict[str, str] = {}
    findings: list[Finding] = []
    for row in reversed(merges):
        counts, replaced = row["subject"], row["object"]
        if replaced in merged or _leads_to(counts, replaced, merged):
            why = "is about a form on which a later merge decided otherwise"
            findings.append(without_effect(row["decision_id"], why))
        else:
            merged[replaced] = counts
    return merged, findings


def _leads_to(form: str, target: str, merged: Mapping[str, str]) -> bool:
    """Whether following the merges from a form arrives at another."""
    while form in merged:
        form = merged[form]
        if form == target:
            return True
    return False
