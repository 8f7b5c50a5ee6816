"""What became of each recorded decision, and which of them contradict each other.

Belongs here: telling a person about the record: what is in force, what was taken back or replaced, and by
which decision. Must stay out: which decisions count (`effective.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import polars as pl

from tasks.decisions.effective import (
    effective_decisions,
    side_by_side,
    standing_decisions,
    undone_by,
)
from tasks.decisions.kinds import KINDS
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
    """One finding of severity stop for each two decisions of the same moment that cannot both count.

    Of two decisions on one matter the later counts. Where both were made at the same moment, nobody can say
    which; a person must. Decisions that were taken back, or that a later one replaces, contradict nothing.
    """
    rows = [_plain(row) for row in standing_decisions(recorded).rows(named=True)]
    by_moment: dict[object, list[dict[str, Any]]] = {}
    for row in rows:
        by_moment.setdefault(row["decided_at"], []).append(row)
    return [
        _finding(one, other)
        for together in by_moment.values()
        for one, other in combinations(together, 2)
        if _contradict(one, other) and not _decided_later(one, rows)
    ]


def _decided_later(row: Row, rows: list[dict[str, Any]]) -> bool:
    return any(one["decided_at"] > row["decided_at"] and same_matter(row, one) for one in rows)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A late form that is accepted is the outcome `met` of the rule `on_time`."""
    if row["kind"] == "accept_late":
        return row | {"kind": "rule", "object": "on_time", "value": "met"}
    return row


def _contradict(one: Row, other: Row) -> bool:
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
    kinds = (first.same_matter_as or one["kind"], second.same_matter_as or other["kind"])
    same_object = first.matter == "subject" or one["object"] == other["object"]
    return kinds[0] == kinds[1] and one["subject"] == other["subject"] and same_object


def _finding(one: Row, other: Row) -> Finding:
    first, second = sorted((one, other), key=lambda row: str(row["decision_id"]))
    return Finding.stop(
        "decisions",
        "decisions_do_not_contradict",
        f"The decisions {first['decision_id']} ({first['kind']}) and {second['decision_id']} "
        f"({second['kind']}) are about the same matter, were made at the same moment and say different "
        "things. Take one of them back (undo), or correct its decided_at.",
        row_key=str(first["decision_id"]),
        column="decided_at",
    )
