"""What differs between the origins of two versions, each a possible cause of a change.

Belongs here: the list of possible causes, and an origin with one of them taken away. Must stay out: which of
them caused what (`attribution.py`, `causes.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from programme.vocabulary import DecisionKind
from tasks.decisions.approvals import NOT_IN_A_VERSION
from tasks.decisions.standing import same_matter
from tasks.publish.origin import Origin

Row = Mapping[str, Any]

WITHOUT_RESULTS: tuple[DecisionKind, ...] = (*NOT_IN_A_VERSION, "choose")
"""Kinds of decisions that change no result by themselves: an approval acts through the input `approved`, a
rollback through the inputs and rules that it names, the choice of a workbook through the evaluations.
"""
DECISIONS_INPUT = "decisions"
LABELS = {
    "cohort": "cohort register",
    "gcom": "gcom register",
    "earlier_rounds": "twinnings confirmed in other rounds",
    "approved": "twinnings of the approved version",
    "carried_over": "forms carried over from earlier rounds",
}
MOST = 12
"""Most possible causes that are looked at one by one; more decisions than that are looked at by kind."""


@dataclass(frozen=True)
class Difference:
    """One possible cause: an input that differs, or decisions that were taken or taken back.

    `name` is how a person is told of it; `prefixes` are the beginnings of texts that speak of it. `taken` are
    ids that only the later version has, `gone` those that only the earlier one has; `input` is None for
    decisions.
    """

    name: str
    prefixes: tuple[str, ...]
    input: str | None = None
    taken: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()


def differences(before: Origin, after: Origin) -> tuple[Difference, ...]:
    """Every possible cause of a change but rules and program, which cannot be taken away one by one."""
    decided = _decisions(before, after)
    inputs = [
        Difference(name, (name,), input=key)
        for key in sorted({*before.inputs, *after.inputs} - {DECISIONS_INPUT})
        if (name := name_of_input(before, after, key)) is not None
    ]
    if len(decided) + len(inputs) > MOST:
        decided = _by_kind(decided)
    return (*decided, *inputs)


def name_of_input(before: Origin, after: Origin, key: str) -> str | None:
    """An input that differs, with its versions; None where it is the same."""
    versions = [origin.inputs.get(key) for origin in (before, after)]
    if versions[0] == versions[1]:
        return None
    first, second = ((version or "absent")[:8] for version in versions)
    return f"{LABELS.get(key, key)}, version {first} -> {second}"


def decisions_without(before: Origin, after: Origin, *left_out: Difference) -> pl.DataFrame:
    """The decisions in force of the later version, as they would be without some differences."""
    taken = {name for one in left_out for name in one.taken}
    gone = {name for one in left_out for name in one.gone}
    kept = after.decisions.filter(~pl.col("decision_id").is_in(sorted(taken)))
    back = before.decisions.filter(pl.col("decision_id").is_in(sorted(gone)))
    return pl.concat([kept, back.select(kept.columns)])


def named_decisions(decisions: pl.DataFrame, others: pl.DataFrame, ending: str) -> list[tuple[Row, str]]:
    """Decisions that are not among others, in order of recording, each with its name in words."""
    known = set(others["decision_id"])
    return [
        (row, f"decision {row['decision_id']} ({row['kind']}){ending}")
        for row in decisions.iter_rows(named=True)
        if row["decision_id"] not in known and row["kind"] not in WITHOUT_RESULTS
    ]


def _decisions(before: Origin, after: Origin) -> list[Difference]:
    """One difference a matter: a decision that another one replaced goes with that one."""
    taken = named_decisions(after.decisions, before.decisions, "")
    gone = named_decisions(before.decisions, after.decisions, " taken back")
    found, replaced = [], set()
    for row, name in taken:
        old = {one["decision_id"] for one, _ in gone if same_matter(row, one)}
        replaced |= old
        found.append(_difference(name, {row["decision_id"]}, old))
    found += [
        _difference(name, set(), {row["decision_id"]})
        for row, name in gone
        if row["decision_id"] not in replaced
    ]
    return found


def _difference(name: str, taken: set[str], gone: set[str]) -> Difference:
    prefixes = tuple(f"decision {one}" for one in sorted(taken or gone))
    return Difference(name, prefixes, taken=frozenset(taken), gone=frozenset(gone))


def _by_kind(decided: list[Difference]) -> list[Difference]:
    groups: dict[str, list[Difference]] = {}
    for one in decided:
        groups.setdefault(one.name.partition("(")[2], []).append(one)
    return [
        group[0]
        if len(group) == 1
        else Difference(
            f"{len(group)} decisions ({kind}",
            tuple(prefix for one in group for prefix in one.prefixes),
            taken=frozenset().union(*(one.taken for one in group)),
            gone=frozenset().union(*(one.gone for one in group)),
        )
        for kind, group in groups.items()
    ]
