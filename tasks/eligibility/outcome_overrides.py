"""What people decided about the forms of a round: outcomes in place of computed ones, withdrawals, merges.

Belongs here: reading the kinds `rule`, `accept_late`, `withdraw` and `merge`, and saying which of them can
have no effect. Must stay out: decisions on links (step crosscheck) and twinnings (step matchmaking), and
which decisions stand at all (`tasks/decisions/effective.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import cast, get_args

import polars as pl

from programme.vocabulary import RULES, Outcome

KINDS = ("rule", "accept_late", "withdraw", "merge")


@dataclass(frozen=True)
class Override:
    """An outcome a person recorded for one rule of one application, and the id of the decision."""

    outcome: Outcome
    decision_id: str


@dataclass(frozen=True)
class OutcomeOverrides:
    """What holds by decision. `overrides` by (application, rule); `withdrawn` applications; `merged` the
    replaced form to the one that stands; `findings` rows of the dictionary's FINDINGS, one a decision without
    effect.
    """

    overrides: Mapping[tuple[str, str], Override] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    merged: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[dict[str, object], ...] = ()


def read_outcome_overrides(decisions: pl.DataFrame, known: Collection[str]) -> OutcomeOverrides:
    """Decisions (dictionary DECISIONS, those that stand) about the forms whose ids are `known`.

    Later outranks earlier, whatever the order of rows: of two outcomes for one rule (`accept_late` is the
    outcome met of `on_time`), of two merges of one form, and of two merges that would go in a circle. A
    decision about a form that is not known changes nothing and becomes a finding.
    """
    overrides: dict[tuple[str, str], Override] = {}
    withdrawn: set[str] = set()
    merges: list[Mapping[str, str]] = []
    findings: list[dict[str, object]] = []
    for row in (
        decisions.filter(pl.col("kind").is_in(KINDS)).sort("decided_at", "decision_id").iter_rows(named=True)
    ):
        if fault := _fault(row, known):
            findings.append(idle(row["decision_id"], fault))
        elif row["kind"] == "merge":
            merges.append(row)
        elif row["kind"] == "withdraw":
            withdrawn.add(row["subject"])
        else:
            rule, outcome = (
                ("on_time", "met") if row["kind"] == "accept_late" else (row["object"], row["value"])
            )
            overrides[row["subject"], rule] = Override(cast("Outcome", outcome), row["decision_id"])
    merged, lost = _merged(merges)
    return OutcomeOverrides(overrides, frozenset(withdrawn), merged, tuple(findings + lost))


def _fault(row: Mapping[str, str | None], known: Collection[str]) -> str | None:
    forms = [row["subject"], row["object"]] if row["kind"] == "merge" else [row["subject"]]
    unknown = [str(name) for name in forms if name not in known]
    if unknown:
        return f"names a submission that is not among the usable forms of this round ({', '.join(unknown)})"
    if row["kind"] == "merge" and row["subject"] == row["object"]:
        return "merges a form with itself"
    if row["kind"] == "rule" and (row["object"] not in RULES or row["value"] not in get_args(Outcome)):
        return "names a rule or an outcome that does not exist"
    return None


def _merged(merges: list[Mapping[str, str]]) -> tuple[dict[str, str], list[dict[str, object]]]:
    """Replaced form to the one that stands; the latest first, so that an earlier merge gives way."""
    merged: dict[str, str] = {}
    findings: list[dict[str, object]] = []
    for row in reversed(merges):
        stands, replaced = row["subject"], row["object"]
        if replaced in merged or _leads_to(stands, replaced, merged):
            findings.append(
                idle(row["decision_id"], "is about a form on which a later merge decided otherwise")
            )
        else:
            merged[replaced] = stands
    return merged, findings


def _leads_to(form: str, target: str, merged: Mapping[str, str]) -> bool:
    while form in merged:
        form = merged[form]
        if form == target:
            return True
    return False


def idle(decision_id: str, why: str) -> dict[str, object]:
    """The finding for a decision that changes nothing."""
    return {
        "table": "decisions",
        "expectation": "decision_has_effect",
        "severity": "warn",
        "row_key": decision_id,
        "column": "subject",
        "message": f"The decision has no effect: it {why}.",
    }
