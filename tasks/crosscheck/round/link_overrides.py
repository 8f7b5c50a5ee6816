"""Link overrides: which row, or that no row, a person decided a name to be.

Belongs here: the decisions `link` and `no_link`, the name each is about, and findings for those that cannot
be applied. Must stay out: which decisions are in force (`tasks/decisions`), and the links by the rules
(`registers.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from programme.vocabulary import DecisionKind
from tasks.decisions.effective import of_kinds
from warehouse.dictionary.findings import Finding, findings_frame

KINDS: tuple[DecisionKind, ...] = ("link", "no_link")
SCHEMA = pl.Schema(
    {
        "application_id": pl.String(),
        "register": pl.String(),
        "member_name": pl.String(),
        "decision_id": pl.String(),
        "chosen_id": pl.String(),
    }
)

Names = dict[tuple[str, str], list[str]]
"""Application id and register to the names that are looked up there."""


@dataclass(frozen=True)
class LinkOverrides:
    """What human decisions say of links.

    `overrides`: one row per application, register and member name that a person decided on: `application_id`,
    `register`, `member_name`, `decision_id`, `chosen_id` (the register's id; null for no link). `findings`:
    the decisions that could not be applied (table FINDINGS).
    """

    overrides: pl.DataFrame
    findings: pl.DataFrame


def link_overrides(
    decisions: pl.DataFrame, queries: pl.DataFrame, registers: dict[str, pl.Series]
) -> LinkOverrides:
    """The overrides of the names looked up.

    `decisions`: the decisions in force (table DECISIONS); kinds other than `link` and `no_link` are left to
    other steps. One member may be named in several ways: of decisions about it, the last counts. `queries`:
    see `register_queries`. `registers`: the ids of `cohort` and `gcom`.
    """
    known = {name: set(ids) for name, ids in registers.items()}
    names: Names = {}
    for application_id, register, member in queries.select(
        "application_id", "register", "member_name"
    ).iter_rows():
        names.setdefault((application_id, register), []).append(member)
    chosen: dict[tuple[str, str, str], tuple[str, str | None]] = {}
    findings: list[Finding] = []
    for row in of_kinds(decisions, KINDS).iter_rows(named=True):
        target, fault = _target(row, names, known)
        if target is None:
            findings.append(_finding(row["decision_id"], fault))
        else:
            place = (target[0], row["object"], target[1])
            if place in chosen:
                findings.append(_finding(chosen[place][0], f"gave way to decision {row['decision_id']}"))
            chosen[place] = (row["decision_id"], row["value"] if row["kind"] == "link" else None)
    rows = [(*place, *decided) for place, decided in chosen.items()]
    return LinkOverrides(pl.DataFrame(rows, schema=SCHEMA, orient="row"), findings_frame(findings))


def _target(
    row: dict[str, str], names: Names, known: dict[str, set[str]]
) -> tuple[tuple[str, str] | None, str]:
    """The application and the name that a decision is about; or None, and why there is none."""
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


def _finding(decision_id: str, fault: str) -> Finding:
    return Finding.about_decision(
        decision_id,
        f"decision {decision_id} {fault}; it was not applied",
        expectation="link_decision_applies",
    )
