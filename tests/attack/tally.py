"""What an attack is, and what it counts.

Belongs here: the one shape that every attack has. Must stay out: any attack.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KINDS = ("lost", "wrong", "leaked", "traceback")
"""What an attack can break: something that stood is gone; an answer or an end is not right; personal data is
where it must not be; a person is shown a traceback.
"""


@dataclass
class Tally:
    """How often was tried, and each thing that broke, in words, by kind."""

    tries: int = 0
    broke: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    skipped: str = ""

    def add(self, other: Tally) -> None:
        self.tries += other.tries
        self.skipped = self.skipped or other.skipped
        for kind in KINDS:
            self.broke[kind] += other.broke[kind]

    def note(self, kind: str, what: str, *, when: bool = True) -> None:
        """Note that something broke."""
        if when:
            self.broke[kind].append(what)

    @property
    def clean(self) -> bool:
        return not any(self.broke.values())


@dataclass(frozen=True)
class Attack:
    """One way to attack: its name, what is to be tried, and one try in an empty folder of its own.

    `plan` is given the workshop and returns the tries, each a value that `attempt` understands; it may
    prepare things there. `whole` says that every try must be made, whatever the time: the tries are an
    enumeration. `seconds` is how long it may take on two cores; tries beyond that are left out, the others
    being a sample spread evenly. An attack that cannot be made on this machine says why (`unable`). `finish`
    is called at the end in each process that made tries.
    """

    name: str
    plan: Callable[[Path], Sequence[Any]]
    attempt: Callable[[Path, Any, Path], Tally]
    seconds: float = 60
    whole: bool = False
    unable: Callable[[], str] = lambda: ""
    finish: Callable[[], None] = lambda: None
