"""One line of what is found about an installation: what was looked at, how it is, what was found, what to do.

Belongs here: the shape of a line and of facts that could not be had. Must stay out: when something is
broken (`prefect_health.py`, `house_health.py`, `machine_health.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Health = Literal["fine", "look", "broken"]
"""`fine`: nothing to do; `look`: it works, and a person should look; `broken`: rounds are not processed, or
nobody would hear of it.
"""


@dataclass(frozen=True)
class Line:
    """One thing that was looked at.

    `what` names it; `found` says how it is; `remedy` says what to do, and is empty where nothing is to be
    done.
    """

    what: str
    health: Health
    found: str
    remedy: str = ""


@dataclass(frozen=True)
class NoAnswer:
    """What could not be learnt, and why; `why` holds no secret."""

    why: str


def fine(what: str, found: str) -> Line:
    """A line about something that is as it should be."""
    return Line(what, "fine", found)


def look(what: str, found: str, remedy: str) -> Line:
    """A line about something that works, and that a person should look at."""
    return Line(what, "look", found, remedy)


def broken(what: str, found: str, remedy: str) -> Line:
    """A line about something with which rounds cannot be processed, or nobody would hear of it."""
    return Line(what, "broken", found, remedy)


def is_broken(lines: Iterable[Line]) -> bool:
    """Whether anything is broken."""
    return any(line.health == "broken" for line in lines)
