"""What the value of a `pin` says: the topic, and the hard rules that the pin is insisted on against.

It is written as `TOPIC; override RULE, RULE`. Both parts may be left out.

Belongs here: writing and reading this text. Must stay out: what a rule is (`tasks/matchmaking/value`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from programme.vocabulary import OVERRIDABLE_RULES

OVERRIDE = "override"


@dataclass(frozen=True)
class PinValue:
    """The topic (None: any) and the names of the overridden rules, known or not."""

    topic: str | None = None
    overrides: tuple[str, ...] = ()

    @property
    def unknown(self) -> tuple[str, ...]:
        """What stands in place of a rule that can be overridden."""
        return tuple(name for name in self.overrides if name not in OVERRIDABLE_RULES)


def read_pin_value(value: str | None) -> PinValue:
    """The parts of a value as it was recorded."""
    topic, overrides = None, list[str]()
    for part in (value or "").split(";"):
        first, _, rest = part.strip().partition(" ")
        if first == OVERRIDE:
            overrides += [name.strip() for name in rest.split(",")]
        elif part.strip():
            topic = part.strip()
    return PinValue(topic, tuple(dict.fromkeys(overrides)))


def pin_value(topic: str | None, overrides: Sequence[str]) -> str | None:
    """The value as it is recorded; rules in order of their names, so that one pin has one wording."""
    insisted = f"{OVERRIDE} {', '.join(sorted(set(overrides)))}" if overrides else None
    return "; ".join(part for part in (topic, insisted) if part) or None
