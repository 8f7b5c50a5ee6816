"""What changed between two versions, each change with its cause.

Belongs here: comparing the facts of two versions and tracing every difference to the input, decision, rules or program that made it. Must stay
out: which facts there are (`facts.py`) and how versions are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from tasks.publish.facts import facts
from warehouse.dictionary.published import CHANGES

_FOLLOWS = ("checks", "scores", "selection")


@dataclass(frozen=True)
class Origin:
    """What a version was made from: sha256 of each input by table name, of the rules, the program's version, and the decisions that stood.

    `decisions` is a frame of the dictionary's DECISIONS; the other two are plain texts.
    """

    inputs: Mapping[str, str]
    rules: str
    program: str
    decisions: pl.DataFrame = field(repr=False)


def changes(before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame], made: Origin, makes: Origin) -> pl.DataFrame:
    """One row a changed fact (dictionary table CHANGES); `before`/`made` are the parent's tables and origin, `after`/`makes` this version's.

    A fact that rests on a register or form is traced to the input that changed, one that a person decided to the decision, one that follows
    from others (a status, a total, a twinning) to their causes.
    """
    joined = facts(before).join(facts(after), on=["subject", "what"], how="full", coalesce=True, suffix="_after")
    moved = joined.filter(pl.col("value").ne_missing(pl.col("value_after"))).sort("subject", "what")
    tracer = _Tracer(made, makes)
    rows = list(moved.iter_rows(named=True))
    # Facts that follow from others come last, when the causes of those are known.
    for row in sorted(rows, key=lambda row: _FOLLOWS.index(_root(row)) + 1 if _root(row) in _FOLLOWS else 0):
        row["cause"] = tracer.trace(row)
    return CHANGES.frame(
        [{"subject": r["subject"], "what": r["what"], "before": r["value"], "after": r["value_after"], "cause": r["cause"]} for r in rows]
    )


def _root(row: Mapping[str, str | None]) -> str:
    return row["root_after"] or row["root"] or "submissions"


class _Tracer:
    """Finds the cause of one changed fact after another, remembering them by subject."""

    def __init__(self, made: Origin, makes: Origin) -> None:
        self._made, self._makes = made, makes
        known = set(made.decisions["decision_id"])
        self._new = makes.decisions.filter(~pl.col("decision_id").is_in(list(known)))
        self._gone = made.decisions.filter(~pl.col("decision_id").is_in(makes.decisions["decision_id"].to_list()))
        self._causes: dict[str, list[str]] = {}

    def trace(self, row: Mapping[str, str | None]) -> str:
        cause = self._by_decision(row) or self._by_root(row)
        known = self._causes.setdefault(str(row["subject"]), [])
        if cause not in known:
            known.append(cause)
        return cause

    def _by_decision(self, row: Mapping[str, str | None]) -> str | None:
        if row["decided_after"] and row["decided_after"] != row["decided"]:
            return row["decided_after"]
        if row["decided"] and not row["decided_after"]:
            return f"{row['decided']} taken back"
        about = self._decisions_about(row)
        return "; ".join(about) if about else None

    def _decisions_about(self, row: Mapping[str, str | None]) -> list[str]:
        subjects = {str(row["subject"])}
        what, root = row["what"], _root(row)
        if root == "selection":
            kinds = ["pin", "forbid", "confirm", "release", "withdraw"]
            subjects |= (
                _members(row["value"])
                | _members(row["value_after"])
                | {str(v).removeprefix("in twinning ") for v in (row["value"], row["value_after"])}
            )
        elif what in ("state", "superseded_by"):
            kinds = ["accept_late", "withdraw", "merge"]
        else:
            return []
        named = pl.col("kind").is_in(kinds) & (pl.col("subject").is_in(list(subjects)) | pl.col("object").is_in(list(subjects)))
        new = [f"decision {d} ({k})" for d, k in self._new.filter(named).select("decision_id", "kind").iter_rows()]
        return new + [f"decision {d} ({k}) taken back" for d, k in self._gone.filter(named).select("decision_id", "kind").iter_rows()]

    def _by_root(self, row: Mapping[str, str | None]) -> str:
        root = _root(row)
        if root in _FOLLOWS:
            return self._by_following(row)
        for name in dict.fromkeys((root, str(row["root"] or root), "submissions")):
            if self._made.inputs.get(name) != self._makes.inputs.get(name) and name in {**self._made.inputs, **self._makes.inputs}:
                return self._input(name) + _evidence(row)
        return self._whole()

    def _by_following(self, row: Mapping[str, str | None]) -> str:
        subjects = [str(row["subject"]), *sorted(_members(row["value"]) | _members(row["value_after"]))]
        causes = list(dict.fromkeys(cause for subject in subjects for cause in self._causes.get(subject, ())))
        if causes:
            return "; ".join(causes)
        others = list(dict.fromkeys(cause for causes in self._causes.values() for cause in causes))
        return f"follows from other changes: {'; '.join(others[:3])}" if others else self._whole()

    def _input(self, name: str) -> str:
        def short(inputs: Mapping[str, str]) -> str:
            return inputs[name][:8] if name in inputs else "absent"

        label = f"{name} register" if name in ("cohort", "gcom") else name
        return f"{label}, version {short(self._made.inputs)} -> {short(self._makes.inputs)}"

    def _whole(self) -> str:
        """The cause where no single input explains a change: everything that differs between the two versions."""
        found = [self._input(name) for name in sorted({**self._made.inputs, **self._makes.inputs}) if self._differs(name)]
        if self._made.rules != self._makes.rules:
            found.append(f"rules, version {self._made.rules[:8]} -> {self._makes.rules[:8]}")
        if self._made.program != self._makes.program:
            found.append(f"program, version {self._made.program} -> {self._makes.program}")
        return "; ".join(found) or "twinnings confirmed in an earlier round"

    def _differs(self, name: str) -> bool:
        return self._made.inputs.get(name) != self._makes.inputs.get(name)


def _members(value: str | None) -> set[str]:
    return set(value.split(": ", 1)[1].split(" + ")) if value and ": " in value else set()


def _evidence(row: Mapping[str, str | None]) -> str:
    before, after = row["evidence"], row["evidence_after"]
    return f": {before} -> {after}" if before and after and before != after else ""
