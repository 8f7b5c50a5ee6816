"""Why a fact changed: the decision, register, form, rules or program behind it.

Belongs here: tracing one changed fact after another to its cause. Must stay out: which facts there are
(`facts.py`) and finding those that changed (`changes.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from tasks.publish.relations import Relations

Row = Mapping[str, str | None]
"""One changed fact: a row of `facts.FACTS` with the same columns of the later version under `_after`."""

_PHASES = ("links", "city", "state", "input", "checks", "scores", "selection")
"""Facts in the order in which they follow from each other, so that the causes of a cause are known when it is
needed.
"""
_ON_FORMS = ("accept_late", "withdraw", "merge")
_ON_TWINNINGS = ("pin", "forbid", "confirm", "release", "withdraw")
_RESTS_ON_LINKS = {
    "cohort": ("cohort",),
    "gcom": ("gcom", "cohort"),
    "population": ("gcom", "cohort"),
    "climate_plan": ("cohort",),
}
"""Rule to the registers whose link it looks at."""
_LABELS = {
    "cohort": "cohort register",
    "gcom": "gcom register",
    "earlier_rounds": "twinnings confirmed in earlier rounds",
}
SHOWN = 3
"""How many causes of other changes are named before the rest is counted."""


@dataclass(frozen=True)
class Origin:
    """What a version was made from: sha256 of each input by table name, of the rules, the program's version,
    and the decisions that stood.

    `decisions` is a frame of the dictionary's DECISIONS; the other two are plain texts.
    """

    inputs: Mapping[str, str]
    rules: str
    program: str
    decisions: pl.DataFrame = field(repr=False)


def phase(row: Row) -> tuple[int, str, str]:
    """Where a changed fact stands in the order of tracing."""
    what, root = str(row["what"]), _root(row)
    kind = "links" if what.startswith("link to ") else root if root in _PHASES else "input"
    return _PHASES.index(kind), str(row["subject"]), what


def _root(row: Row) -> str:
    return row["root_after"] or row["root"] or "submissions"


class Causes:
    """The causes of the changes between two versions; to be asked in the order of `phase`."""

    def __init__(self, made: Origin, makes: Origin, relations: Relations) -> None:
        self._made, self._makes, self._relations = made, makes, relations
        known, now = set(made.decisions["decision_id"]), set(makes.decisions["decision_id"])
        taken = [
            (row, f"decision {row['decision_id']} ({row['kind']})")
            for row in _in_time(makes.decisions)
            if row["decision_id"] not in known
        ]
        gone = [
            (row, f"decision {row['decision_id']} ({row['kind']}) taken back")
            for row in _in_time(made.decisions)
            if row["decision_id"] not in now
        ]
        self._decisions = taken + gone
        self._known: dict[str, dict[str, list[str]]] = {}

    def of(self, row: Row) -> str:
        """The cause of one changed fact, in words; decisions are named by id and kind, never by who or
        why.
        """
        found = list(dict.fromkeys(self._own_decision(row) or self._traced(row))) or self._everything()
        self._known.setdefault(str(row["subject"]), {})[str(row["what"])] = found
        return "; ".join(found)

    def _traced(self, row: Row) -> list[str]:
        root = _root(row)
        if root == "selection":
            return self._of_selection(row)
        if row["subject"] not in self._relations.lasting:
            return self._inputs(row, ("submissions",))
        if root in ("checks", "scores"):
            return self._of_following(row)
        return {"city": self._of_city, "state": self._of_state}.get(root, self._of_input)(row)

    def _own_decision(self, row: Row) -> list[str]:
        if row["decided_after"] and row["decided_after"] != row["decided"]:
            return [row["decided_after"]]
        return [f"{row['decided']} taken back"] if row["decided"] and not row["decided_after"] else []

    def _of_city(self, row: Row) -> list[str]:
        return self._causes_of(str(row["subject"]), "link to ") or self._inputs(row, ("submissions",))

    def _of_state(self, row: Row) -> list[str]:
        forms = self._relations.same_city(str(row["subject"]))
        decided = self._about(_ON_FORMS, forms) + self._about(("rule",), forms, object_="on_time")
        moved = [cause for form in sorted(forms) for cause in self._causes_of(form, "city_id")]
        return decided or moved or self._inputs(row, ("submissions",))

    def _of_input(self, row: Row) -> list[str]:
        subject, what = str(row["subject"]), str(row["what"])
        if moved := self._causes_of(subject, "state") if not what.startswith("link to ") else []:
            return moved
        if what == "rule mandate":
            rivals = [
                cause
                for form in sorted(self._relations.same_city(subject))
                for cause in self._causes_of(form, "state")
            ]
            if rivals:
                return rivals
        registers = _RESTS_ON_LINKS.get(what.removeprefix("rule "), ()) if what.startswith("rule ") else ()
        linked = [
            cause for register in registers for cause in self._causes_of(subject, f"link to {register}")
        ]
        if any(cause.startswith("decision ") for cause in linked):
            return linked
        return self._inputs(row, (_root(row), str(row["root"] or _root(row)), "submissions"))

    def _of_following(self, row: Row) -> list[str]:
        subject = str(row["subject"])
        first = "rule " if _root(row) == "checks" else "points for "
        return self._causes_of(subject, first) or self._causes_of(subject, "") or self._elsewhere()

    def _of_selection(self, row: Row) -> list[str]:
        related = self._relations.selected_with(str(row["subject"]))
        decided = self._about(_ON_TWINNINGS, related)
        return (
            decided
            or [cause for subject in sorted(related) for cause in self._causes_of(subject, "")]
            or self._elsewhere()
        )

    def _causes_of(self, subject: str, first: str) -> list[str]:
        """Causes already found for the facts of a subject whose name starts with `first`."""
        return [
            cause
            for what, causes in self._known.get(subject, {}).items()
            if what.startswith(first)
            for cause in causes
        ]

    def _elsewhere(self) -> list[str]:
        others = list(
            dict.fromkeys(
                cause for facts in self._known.values() for causes in facts.values() for cause in causes
            )
        )
        others = [cause for cause in others if not cause.startswith("follows from other changes")]
        more = f"; and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        return [f"follows from other changes: {'; '.join(others[:SHOWN])}{more}"] if others else []

    def _about(
        self, kinds: Iterable[str], subjects: Collection[str], object_: str | None = None
    ) -> list[str]:
        """Decisions taken or taken back, of these kinds, that name any of the subjects."""
        named = [
            (row, text)
            for row, text in self._decisions
            if row["kind"] in kinds and {row["subject"], row["object"]} & set(subjects)
        ]
        return [text for row, text in named if object_ is None or row["object"] == object_]

    def _inputs(self, row: Row, names: Iterable[str]) -> list[str]:
        """The first of the inputs that differs; also rules and program where they differ and the evidence
        does not settle it.
        """
        differing = next((name for name in names if self._differs(name)), None)
        if differing is None:
            return []
        evidence = _evidence(row)
        return [self._input(differing) + evidence] + ([] if evidence else self._rules_and_program())

    def _differs(self, name: str) -> bool:
        return self._made.inputs.get(name) != self._makes.inputs.get(name)

    def _input(self, name: str) -> str:
        before, after = (
            inputs[name][:8] if name in inputs else "absent"
            for inputs in (self._made.inputs, self._makes.inputs)
        )
        return f"{_LABELS.get(name, name)}, version {before} -> {after}"

    def _rules_and_program(self) -> list[str]:
        found = []
        if self._made.rules != self._makes.rules:
            found.append(f"rules, version {self._made.rules[:8]} -> {self._makes.rules[:8]}")
        if self._made.program != self._makes.program:
            found.append(f"program, version {self._made.program} -> {self._makes.program}")
        return found

    def _everything(self) -> list[str]:
        """The cause where no single one explains a change: all that differs between the two versions."""
        inputs = [name for name in sorted({**self._made.inputs, **self._makes.inputs}) if self._differs(name)]
        decided = [text for _, text in self._decisions]
        found = (
            decided
            + [self._input(name) for name in inputs if name != "decisions" or not decided]
            + self._rules_and_program()
        )
        return found or ["the version before it: what fits equally well stays as it was"]


def _in_time(decisions: pl.DataFrame) -> list[dict[str, str]]:
    return (
        decisions.sort("decided_at", "decision_id")
        .select("decision_id", "kind", "subject", "object")
        .to_dicts()
    )


def _evidence(row: Row) -> str:
    before, after = row["evidence"], row["evidence_after"]
    return f": {before} -> {after}" if before and after and before != after else ""
