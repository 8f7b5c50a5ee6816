"""A story that is disturbed: its steps, the office before it, and what must hold afterwards.

Belongs here: the one shape of every story, and the story of a round from a decision to its letters. Must stay
out: what disturbs a story (`crash_states.py`, `failing_calls.py`), and other stories (`mending.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.attack import office
from tests.attack.aftermath import aftermath
from tests.attack.preparing import prepare
from tests.attack.tally import Tally


@dataclass(frozen=True)
class Story:
    """One story.

    `folder` is its place below the workshop, where `before` is the office as each try finds it; `prepare`
    makes it from the workshop. `take` takes one step and `after` says what broke; both are given the place.
    `publishes` is the version that stands once a step has published it.
    """

    folder: str
    steps: tuple[str, ...]
    take: Callable[[str, Path, Path], Any]
    prepare: Callable[[Path], None]
    after: Callable[..., Tally]
    publishes: Mapping[str, int]

    def place(self, workshop: Path) -> Path:
        return workshop / self.folder

    def live(self, place: Path, data: Path) -> None:
        """Take every step."""
        for step in self.steps:
            self.take(step, place, data)


OFFICE = Story("", office.STEPS, office.take, prepare, aftermath, {"run": 2})
