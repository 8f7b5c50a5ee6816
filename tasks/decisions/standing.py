"""What became of each recorded decision, and which of them a person should look at again.

Belongs here: telling a person about the record: what is in force, what was taken back or replaced, and by
which decision, and where the moments that decisions claim do not agree with the order of recording. Must
stay out: which decisions count (`effective.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import polars as pl

from tasks.decisions.effective import (
    effective_decisions,
    side_by_side,
    standing_decisions,
    undone_by,
)
from tasks.decisions.kinds import KINDS
from tasks.decisions.people import same_person
from warehouse.dictionary.findings import Finding

Row = Mapping[str, Any]


def standings(recorded: pl.DataFrame) -> dict[str, str]:
    """Every recorded decision by id, with `in force`, `undone by ID` or `replaced by ID`.

    `recorded` are all decisions of a round (dictionary table DECISIONS). An `undo` is in force while it takes
    something back.
    """
    undone = undone_by(recorded)
    in_force = set(effective_decisions(recorded)["decision_id"])
    standing = standing_decisions(recorded).rows(named=True)
    found = {}
    for row in recorded.iter_rows(named=True):
        name = row["decision_id"]
        if name in undone:
            found[name] = f"undone by {undone[name]}"
        elif name in in_force or row["kind"] == "undo":
            found[name] = "in force"
        else:
            later = [one for one in standing if same_matter(row, one) and one["decision_id"] in in_force]
            found[name] = f"replaced by {later[-1]['decision_id']}" if later else "replaced"
    return found


def contradictions(recorded: pl.DataFrame) -> list[Finding]:
    """One warning for each decision in force whose claimed moment does not explain why it counts.

    Of decisions on one matter the one recorded last counts. Where it says that it was made at the same moment
    as the one whose place it takes, or before, it may be the old one that was meant. Decisions that were
    taken back, or that a third one replaces, are not looked at.
    """
    about: dict[object, list[dict[str, Any]]] = {}
    for row in (_plain(row) for row in standing_decisions(recorded).rows(named=True)):
        pair = KINDS[row["kind"]].matter == "pair"
        about.setdefault(frozenset((row["subject"], row["object"])) if pair else row["subject"], []).append(
            row
        )
    return [finding for rows in about.values() for finding in _odd_moments(rows)]


def _odd_moments(rows: list[dict[str, Any]]) -> Iterator[Finding]:
    for place, later in enumerate(rows):
        if any(_contradict(one, later) for one in rows[place + 1 :]):
            continue
        replaced = [one for one in rows[:place] if _contradict(later, one)]
        if replaced and later["decided_at"] <= replaced[-1]["decided_at"]:
            yield _finding(later, replaced[-1])


def not_decided_yet(decisions: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """The decisions that claim a moment which is still to come: none of them counts, or is recorded."""
    return decisions.filter(pl.col("decided_at") > now)


def about_the_future(decisions: pl.DataFrame) -> list[Finding]:
    """One warning for each of the decisions that `not_decided_yet` found."""
    return [
        Finding.about_decision(
            row["decision_id"],
            f"decided_at of the decision ({row['kind']}) is {row['decided_at']:%-d %B %Y, %H:%M} UTC, which "
            "is still to come. It does not count. Correct decided_at.",
            expectation="decided_by_now",
            column="decided_at",
        )
        for row in decisions.iter_rows(named=True)
    ]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A late form that is accepted is the outcome `met` of the rule `on_time`."""
    if row["kind"] == "accept_late":
        return row | {"kind": "rule", "object": "on_time", "value": "met"}
    return row


def _contradict(one: Row, other: Row) -> bool:
    """Whether two decisions cannot both count and do not say the same."""
    if not same_matter(one, other):
        return False
    if KINDS[one["kind"]].matter == "pair" and side_by_side(
        (one["kind"], one["value"]), (other["kind"], other["value"])
    ):
        return False
    return _content(one) != _content(other)


def _content(row: Row) -> tuple[object, ...]:
    pair = KINDS[row["kind"]].matter == "pair"
    return (row["kind"], row["value"]) if pair else (row["kind"], row["object"], row["value"])


def same_matter(one: Row, other: Row) -> bool:
    """Whether two decisions (rows of DECISIONS) are about one matter, so that the later one counts."""
    first, second = KINDS[one["kind"]], KINDS.get(other["kind"])
    if second is None or first.matter != second.matter:
        return False
    if first.matter == "pair":
        return {one["subject"], one["object"]} == {other["subject"], other["object"]}
    if first.matter == "approval":
        each_for_themselves = one["kind"] == other["kind"] == "approve"
        one_of_many = each_for_themselves and not same_person(one["decided_by"], other["decided_by"])
        return one["subject"] == other["subject"] and not one_of_many
    kinds = (first.same_matter_as or one["kind"], second.same_matter_as or other["kind"])
    same_object = first.matter == "subject" or one["object"] == other["object"]
    return kinds[0] == kinds[1] and one["subject"] == other["subject"] and same_object


def _finding(later: Row, earlier: Row) -> Finding:
    names = f"{later['decision_id']} ({later['kind']})", f"{earlier['decision_id']} ({earlier['kind']})"
    same = later["decided_at"] == earlier["decided_at"]
    claim = "at the same moment" if same else "earlier"
    return Finding.about_decision(
        str(later["decision_id"]),
        f"Decision {names[0]} takes the place of decision {names[1]}, although it says that it was made "
        f"{claim}. The one recorded last counts. If the other is meant, take {later['decision_id']} back "
        "(undo).",
        expectation="decisions_do_not_contradict" if same else "decided_in_order",
        column="decided_at",
    )
