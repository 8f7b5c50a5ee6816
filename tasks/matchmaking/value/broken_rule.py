"""A hard rule that a group breaks, as a name and in words."""

from __future__ import annotations

from dataclasses import dataclass

from programme.vocabulary import HardRule


@dataclass(frozen=True)
class BrokenRule:
    """A hard rule that a group breaks: its name, and in words what was found."""

    rule: HardRule
    words: str
