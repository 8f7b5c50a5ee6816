"""Which of several possible causes made a change: the version processed again without each of them.

Belongs here: comparing what each cause makes. Must stay out: processing again (`flows/attribution.py`) and
the words for one cause (`causes.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from programme.counts import listed
from tasks.publish.differences import Difference
from tasks.publish.facts import facts

FactKey = tuple[str, str]
Values = Mapping[FactKey, str]
Without = Callable[[Sequence[Difference]], Mapping[str, pl.DataFrame] | None]
"""Processes a version again without some causes; None where it cannot be made."""


@dataclass(frozen=True)
class Attribution:
    """The facts of a version, and what they would be without each possible cause.

    None stands for a version that could not be made without that cause. `enough` are causes that together
    make the facts for which no single cause is needed; none of them can be left out.
    """

    made: Values
    without: Mapping[Difference, Values | None] = field(default_factory=dict)
    enough: tuple[Difference, ...] = ()

    @classmethod
    def of(
        cls,
        tables: Mapping[str, pl.DataFrame],
        without: Mapping[Difference, Mapping[str, pl.DataFrame] | None],
    ) -> Attribution:
        """From published tables by name."""
        return cls(
            values_of(tables),
            {cause: None if made is None else values_of(made) for cause, made in without.items()},
        )

    def causes_of(self, fact: FactKey, traced: Sequence[str]) -> list[Difference]:
        """The causes without which the fact would be another.

        `traced` are the texts of the causes that were traced: where the version could not be made without a
        cause, it counts if it is among them.
        """
        return [
            cause
            for cause, values in self.without.items()
            if (
                any(speaks_of(text, cause) for text in traced)
                if values is None
                else values.get(fact) != self.made.get(fact)
            )
        ]

    def with_enough(self, before: Mapping[str, pl.DataFrame], process: Without) -> Attribution:
        """The same with `enough`, for a version that follows one with the tables `before`.

        Of several causes that would each be enough by themselves the earlier ones stay.
        """
        earlier = values_of(before)
        changed = [key for key in earlier.keys() | self.made.keys() if self._changed(key, earlier)]
        open_facts = [key for key in changed if not self.causes_of(key, ())]
        if not open_facts:
            return self
        idle = [cause for cause, values in self.without.items() if values == self.made]
        left_out = idle if self._stays(open_facts, idle, process) else []
        for cause in reversed(tuple(self.without)):
            if cause not in left_out and self._stays(open_facts, [*left_out, cause], process):
                left_out.append(cause)
        return replace(self, enough=tuple(cause for cause in self.without if cause not in left_out))

    def _changed(self, key: FactKey, earlier: Values) -> bool:
        return earlier.get(key) != self.made.get(key)

    def _stays(self, keys: Collection[FactKey], left_out: Sequence[Difference], process: Without) -> bool:
        """Whether facts come out the same without some causes."""
        tables = process(left_out) if left_out else None
        if tables is None:
            return False
        values = values_of(tables)
        return all(values.get(key) == self.made.get(key) for key in keys)


def values_of(tables: Mapping[str, pl.DataFrame]) -> Values:
    """Subject and name of each fact to its value."""
    rows = facts(tables).select("subject", "what", "value").iter_rows()
    return {(subject, what): value for subject, what, value in rows}


def speaks_of(text: str, cause: Difference) -> bool:
    """Whether the text of a traced cause is about this one."""
    return text.startswith(cause.prefixes)


def in_words(causes: Sequence[Difference], traced: Sequence[str]) -> str:
    """Causes in words: with the evidence that was traced for them, where there is some."""
    texts = []
    for cause in causes:
        own = [text for text in traced if speaks_of(text, cause)]
        texts.append("; ".join(own) if own else cause.name)
    if len(texts) < 2:
        return "".join(texts)
    return f"{texts[0]} together with {listed(texts[1:])}"
