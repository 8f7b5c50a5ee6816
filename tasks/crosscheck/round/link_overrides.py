"""Human decisions on links: which of them count, what they say, and which name something that does not exist.

Belongs here: the decisions in force of the kinds `link` and `no_link`. Must stay out: which decisions are in
force (`tasks/decisions`) and the outcome by the rules."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.vocabulary import DecisionKind
from tasks.decisions.effective import of_kinds
from warehouse.dictionary.published import FINDINGS

KINDS: tuple[DecisionKind, ...] = ("link", "no_link")


@dataclass(frozen=True)
class LinkOverrides:
    """`link_overrides`: one row per application, register and member name a person decided on:
    `application_id`, `register`, `member_name`, `decision_id`, `ruled_id` (the register's id; null for no
    link). `findings`: decisions that could not be applied (table FINDINGS)."""

    link_overrides: pl.DataFrame
    findings: pl.DataFrame


def link_overrides(
    decisions: pl.DataFrame, lookups: pl.DataFrame, registers: dict[str, pl.Series]
) -> LinkOverrides:
    """Apply the decisions in force (`tasks/decisions`) to the names looked up; `registers` maps `cohort` and
    `gcom` to their ids."""
    known = {name: set(ids) for name, ids in registers.items()}
    names: dict[tuple[str, str], list[str]] = {}
    for application_id, register, member in lookups.select(
        "application_id", "register", "member_name"
    ).iter_rows():
        names.setdefault((application_id, register), []).append(member)
    rows: list[dict[str, str | None]] = []
    findings: list[dict[str, object]] = []
    for row in of_kinds(decisions, KINDS).sort("decision_id").iter_rows(named=True):
        target, fault = _target(row, names, known)
        if target is None:
            findings.append(_finding(row["decision_id"], fault))
        else:
            ruled = row["value"] if row["kind"] == "link" else None
            rows.append(
                {
                    "application_id": target[0],
                    "register": row["object"],
                    "member_name": target[1],
                    "decision_id": row["decision_id"],
                    "ruled_id": ruled,
                }
            )
    schema = {
        name: pl.String() for name in ("application_id", "register", "member_name", "decision_id", "ruled_id")
    }
    return LinkOverrides(pl.DataFrame(rows, schema=schema), FINDINGS.frame(findings))


def _target(
    row: dict[str, str], names: dict[tuple[str, str], list[str]], known: dict[str, set[str]]
) -> tuple[tuple[str, str] | None, str]:
    """The application and member a decision is about, or why there is none."""
    register, subject = row["object"], row["subject"]
    if register not in known:
        return None, "names no register; expected cohort or gcom as its object"
    if row["kind"] == "link" and row["value"] not in known[register]:
        return None, f"links to a row that is not in the {register} register as it is now"
    if (subject, register) in names:
        members = names[subject, register]
        if len(members) == 1:
            return (subject, members[0]), ""
        return None, "is about a consortium; expected the subject 'submission id:member name'"
    application_id, _, member = subject.partition(":")
    for name in names.get((application_id, register), []):
        if name.casefold().split() == member.casefold().split():
            return (application_id, name), ""
    return None, "is about a submission or member that is not in this round's inputs"


def _finding(decision_id: str, fault: str) -> dict[str, object]:
    message = f"decision {decision_id} {fault}; it was not applied"
    return {
        "table": "decisions",
        "expectation": "link_decision_applies",
        "severity": "warn",
        "row_key": decision_id,
        "column": "subject",
        "message": message,
    }
