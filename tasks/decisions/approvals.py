"""Decisions about versions: who approved which, whether that is enough, and to which a round went back.

Belongs here: counting people and judging four eyes, from decisions alone. Must stay out: what speaks against
a version, and what follows from an approval.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from programme.vocabulary import DecisionKind
from tasks.decisions.findings import without_effect
from tasks.decisions.people import person, same_person
from warehouse.dictionary.findings import Finding

NOT_IN_A_VERSION: tuple[DecisionKind, ...] = (
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
)
"""Kinds about versions, runs and what follows an announcement; who decided one of these decided nothing that
is in a version.
"""


@dataclass(frozen=True)
class ApprovalState:
    """The approvals in force of one version.

    `content` is the content hash that they name; `people` are the names as they were given, each person once,
    in the order in which they approved; `at` is when the last of them did (UTC).
    """

    version: int
    content: str
    people: tuple[str, ...]
    at: datetime


def approvals(in_force: pl.DataFrame, round_id: str) -> dict[int, ApprovalState]:
    """The approvals of a round's versions, by version.

    `in_force` are the decisions in force (dictionary table DECISIONS). Of approvals of one version that name
    different contents, those of the content that was approved last count.
    """
    found: dict[int, ApprovalState] = {}
    rows = in_force.filter(pl.col("kind") == "approve")
    for subject, content, name, at in rows.select(
        "subject", "object", "decided_by", "decided_at"
    ).iter_rows():
        of_round, _, version = subject.rpartition(":")
        if of_round != round_id:
            continue
        before = found.get(int(version))
        people = before.people if before and before.content == content else ()
        if not any(same_person(name, one) for one in people):
            people = (*people, name)
        found[int(version)] = ApprovalState(int(version), content, people, at)
    return found


def is_enough(people: Collection[str], needed: int, involved: Iterable[str]) -> bool:
    """Whether these people are enough: as many as are needed, and one of them not involved.

    `involved` started the run or decided something that is in the version. Where no approval is needed, one
    of anybody is enough.
    """
    if needed == 0:
        return bool(people)
    known = {person(name) for name in involved}
    return len(people) >= needed and any(person(name) not in known for name in people)


def involved_people(in_version: pl.DataFrame, started_by: Iterable[str]) -> tuple[str, ...]:
    """Who started the run of a version, or decided something that is in force in it.

    `in_version` are the decisions that the version was made with (dictionary table DECISIONS).
    """
    decided = in_version.filter(~pl.col("kind").is_in(NOT_IN_A_VERSION))["decided_by"]
    return tuple(dict.fromkeys([*started_by, *decided]))


def pinned_version(in_force: pl.DataFrame, round_id: str, latest: int | None) -> int | None:
    """The version to whose inputs and rules a round is pinned, by the last rollback; None where it is not.

    `in_force` are the decisions in force (dictionary table DECISIONS), `latest` is the number of the round's
    newest version. A rollback of another round, or to a version that was never published, pins nothing: a
    decisions file may hold any line.
    """
    subjects = in_force.filter(pl.col("kind") == "rollback")["subject"].to_list()
    named = [_version_of(subject, round_id) for subject in subjects]
    return next((one for one in reversed(named) if 1 <= one <= (latest or 0)), None)


def rollbacks_to_nothing(in_force: pl.DataFrame, round_id: str, latest: int | None) -> list[Finding]:
    """One finding for each rollback in force that pins nothing, in order of recording."""
    rows = in_force.filter(pl.col("kind") == "rollback").select("decision_id", "subject").iter_rows()
    why = "goes back to no published version of this round. Go back with: city2city rollback"
    return [
        without_effect(key, why)
        for key, subject in rows
        if not 1 <= _version_of(subject, round_id) <= (latest or 0)
    ]


def _version_of(subject: str, round_id: str) -> int:
    """The version of the round that `ROUND:VERSION` names; 0 where it is of another round."""
    of_round, _, version = subject.rpartition(":")
    return int(version) if of_round == round_id else 0


def pin_text(round_id: str, version: int) -> str:
    """What a person is told of a pinned round, with the way out."""
    return (
        f"The round is pinned to the inputs and rules of version {version}, because it was rolled back. "
        f"Its files are not read. To end that: city2city run {round_id} --unpin"
    )
