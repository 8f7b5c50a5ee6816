"""Why a fact changed: the decision, register, form, rules or program behind it.

Belongs here: tracing one changed fact after another to its cause. Must stay out: which facts there are
(`facts.py`) and finding those that changed (`changes.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from programme.vocabulary import DecisionKind
from tasks.publish.attribution import Attribution, in_words
from tasks.publish.differences import differences, name_of_input, named_decisions
from tasks.publish.origin import Origin
from tasks.publish.relations import Relations

ChangedFact = Mapping[str, str | None]
"""A row of `facts.FACTS` of the earlier version, and the same columns of the later one with `_after`."""

_TRACING_ORDER = ("links", "city", "state", "input", "checks", "scores", "selection")
"""Facts in the order in which they follow from each other: the causes of a fact are known when those that
follow from it are traced.
"""
_ON_FORMS: tuple[DecisionKind, ...] = ("accept_late", "withdraw", "merge")
_ON_RULES: tuple[DecisionKind, ...] = ("rule",)
_ON_TWINNINGS: tuple[DecisionKind, ...] = ("pin", "forbid", "confirm", "release", "withdraw")
_REGISTERS_OF_RULE = {
    "cohort": ("cohort",),
    "gcom": ("gcom", "cohort"),
    "population": ("gcom", "cohort"),
    "climate_plan": ("cohort",),
}
"""Rule to the registers whose link it looks at."""
_NAMES_OF_BASIS = {"checks": "rule ", "scores": "points for "}
"""How the names of the facts start that a status or a total follows from."""
_FOLLOWS = "follows from other changes"
SHOWN = 3
"""How many causes of other changes are named before the rest is counted."""


def tracing_order(fact: ChangedFact) -> tuple[int, str, str]:
    """The sort key by which changed facts are traced."""
    what, rests_on = str(fact["what"]), _rests_on(fact)
    group = "links" if what.startswith("link to ") else rests_on if rests_on in _TRACING_ORDER else "input"
    return _TRACING_ORDER.index(group), str(fact["subject"]), what


def _rests_on(fact: ChangedFact) -> str:
    return fact["rests_on_after"] or fact["rests_on"] or "submissions"


class Causes:
    """The causes of the changes between two versions; to be asked in the order of `tracing_order`."""

    def __init__(
        self,
        before: Origin,
        after: Origin,
        relations: Relations,
        attribution: Attribution | None = None,
    ) -> None:
        self._before, self._after, self._relations = before, after, relations
        self._attribution = attribution
        taken = named_decisions(after.decisions, before.decisions, "")
        taken_back = named_decisions(before.decisions, after.decisions, " taken back")
        self._decisions = taken + taken_back
        self._known: dict[str, dict[str, list[str]]] = {}

    def cause_of(self, fact: ChangedFact) -> str:
        """The cause of one changed fact, in words.

        Decisions are named by id and kind, never by who made them or why.
        """
        traced = self._own_decision(fact) or self._traced(fact)
        found = list(dict.fromkeys(traced)) or self._all_differences()
        self._known.setdefault(str(fact["subject"]), {})[str(fact["what"])] = found
        return self._attributed(fact, found) or "; ".join(found)

    def _attributed(self, fact: ChangedFact, traced: list[str]) -> str:
        """The causes without which the fact would be another; empty where they were not asked for.

        Where no single one is needed, rules and program are the cause if they differ, else those that are
        enough together.
        """
        if self._attribution is None:
            return ""
        key = (str(fact["subject"]), str(fact["what"]))
        causes = self._attribution.causes_of(key, traced)
        if causes:
            return in_words(causes, traced)
        rest = self._rules_and_program()
        together = self._attribution.enough or differences(self._before, self._after)
        return "; ".join(rest) if rest else in_words(together, traced)

    def _own_decision(self, fact: ChangedFact) -> list[str]:
        """The decision on the fact itself, taken or taken back."""
        before, after = fact["decided"], fact["decided_after"]
        if after and after != before:
            return [after]
        return [f"{before} taken back"] if before and not after else []

    def _traced(self, fact: ChangedFact) -> list[str]:
        rests_on, subject = _rests_on(fact), str(fact["subject"])
        if rests_on == "selection":
            return self._of_selection(subject)
        if subject not in self._relations.in_both:
            return self._differing_input(fact, ("submissions",))
        if rests_on in _NAMES_OF_BASIS:
            return self._of_following(subject, _NAMES_OF_BASIS[rests_on])
        if rests_on == "city":
            return self._known_causes(subject, "link to ") or self._differing_input(fact, ("submissions",))
        return self._of_state(fact) if rests_on == "state" else self._of_input(fact)

    def _of_state(self, fact: ChangedFact) -> list[str]:
        forms = self._relations.same_city(str(fact["subject"]))
        decided = self._decisions_on(_ON_FORMS, forms) + self._decisions_on(_ON_RULES, forms, "on_time")
        moved = [cause for form in sorted(forms) for cause in self._known_causes(form, "city_id")]
        return decided or moved or self._differing_input(fact, ("submissions",))

    def _of_input(self, fact: ChangedFact) -> list[str]:
        subject, what = str(fact["subject"]), str(fact["what"])
        if not what.startswith("link to ") and (state := self._known_causes(subject, "state")):
            return state
        if what == "rule mandate" and (others := self._of_other_forms(subject)):
            return others
        registers = _REGISTERS_OF_RULE.get(what.removeprefix("rule "), ()) if what.startswith("rule ") else ()
        linked = [cause for name in registers for cause in self._known_causes(subject, f"link to {name}")]
        if any(cause.startswith("decision ") for cause in linked):
            return linked
        rests_on = _rests_on(fact)
        return self._differing_input(fact, (rests_on, fact["rests_on"] or rests_on, "submissions"))

    def _of_other_forms(self, subject: str) -> list[str]:
        """The causes of what became of the other forms of the city: whether two departments compete."""
        forms = sorted(self._relations.same_city(subject))
        return [cause for form in forms for cause in self._known_causes(form, "state")]

    def _of_following(self, subject: str, first: str) -> list[str]:
        return self._known_causes(subject, first) or self._known_causes(subject) or self._causes_of_others()

    def _of_selection(self, subject: str) -> list[str]:
        related = self._relations.selected_with(subject)
        decided = self._decisions_on(_ON_TWINNINGS, related)
        known = [cause for each in sorted(related) for cause in self._known_causes(each)]
        return decided or known or self._causes_of_others()

    def _known_causes(self, subject: str, first: str = "") -> list[str]:
        """Causes already found for the facts of a subject whose name starts with `first`."""
        of_subject = self._known.get(subject, {})
        return [cause for what, causes in of_subject.items() if what.startswith(first) for cause in causes]

    def _causes_of_others(self) -> list[str]:
        every = (
            cause for of_subject in self._known.values() for causes in of_subject.values() for cause in causes
        )
        others = [cause for cause in dict.fromkeys(every) if not cause.startswith(_FOLLOWS)]
        more = f"; and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        return [f"{_FOLLOWS}: {'; '.join(others[:SHOWN])}{more}"] if others else []

    def _decisions_on(
        self, kinds: Collection[DecisionKind], subjects: Collection[str], object_: str | None = None
    ) -> list[str]:
        """Decisions taken or taken back, of these kinds, that name any of the subjects."""
        return [
            text
            for row, text in self._decisions
            if row["kind"] in kinds
            and (row["subject"] in subjects or row["object"] in subjects)
            and object_ in (None, row["object"])
        ]

    def _differing_input(self, fact: ChangedFact, names: Iterable[str]) -> list[str]:
        """The first of the inputs that differs, with the evidence.

        Where the evidence is the same or absent, rules and program are named too, if they differ.
        """
        differing = next((name for name in names if self._differs(name)), None)
        if differing is None:
            return []
        evidence = _evidence(fact)
        return [self._versions_of(differing) + evidence] + ([] if evidence else self._rules_and_program())

    def _differs(self, name: str) -> bool:
        return name_of_input(self._before, self._after, name) is not None

    def _versions_of(self, name: str) -> str:
        return name_of_input(self._before, self._after, name) or name

    def _rules_and_program(self) -> list[str]:
        found = []
        if self._before.rules != self._after.rules:
            found.append(f"rules, version {self._before.rules[:8]} -> {self._after.rules[:8]}")
        if self._before.program != self._after.program:
            found.append(f"program, version {self._before.program} -> {self._after.program}")
        return found

    def _all_differences(self) -> list[str]:
        """The cause where no single one explains a change: all that differs between the two versions."""
        decided = [text for _, text in self._decisions]
        names = sorted({**self._before.inputs, **self._after.inputs})
        inputs = [name for name in names if self._differs(name) and (name != "decisions" or not decided)]
        found = decided + [self._versions_of(name) for name in inputs] + self._rules_and_program()
        return found or ["nothing that is recorded differs"]


def _evidence(fact: ChangedFact) -> str:
    before, after = fact["evidence"], fact["evidence_after"]
    return f": {before} -> {after}" if before and after and before != after else ""
