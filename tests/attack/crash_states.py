"""Every call of a story disturbed in every way: the old version stands, and the next run ends as it should.

Belongs here: the enumeration. What is enumerated is all tried; the table says both numbers.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.attack import office
from tests.attack.calls import WAYS, disturbed
from tests.attack.processes import Ended, in_child
from tests.attack.tally import Attack, Tally

Try = tuple[str, int, str]
"""The way, the number of the call, and what the call is."""


def plan(workshop: Path) -> Sequence[Try]:
    """Every call in every way. The first run of a story says which calls there are."""
    office.prepare(workshop)
    data = workshop / "counted"
    shutil.copytree(workshop / "before", data)
    made = _disturbed(workshop, data, "", -1).answer[0]
    shutil.rmtree(data)
    return [(way, number, what) for number, what in enumerate(made) for way in WAYS]


def _disturbed(workshop: Path, data: Path, way: str, at: int) -> Ended:
    """Live the story with one call disturbed; answers the calls that were made, and how the story ended."""

    def lived() -> tuple[list[str], Any]:
        with disturbed(way, at) as calls:
            ended: Any = _told(workshop, data)
        return calls.made, ended

    return in_child(lived)


def _told(workshop: Path, data: Path) -> Any:
    """How the story ended for the person who started it: the version and what was told, or the message."""
    from programme.problems import ProblemsError

    try:
        return office.live(workshop, data)
    except ProblemsError as error:
        return str(error)


def attempt(workshop: Path, tried: Try, folder: Path) -> Tally:
    """One disturbance, and what comes after it."""
    way, number, what = tried
    name, data = f"{way} at call {number} ({what})", folder / "data"
    shutil.copytree(workshop / "before", data)
    ended = _disturbed(workshop, data, way, number)
    tally = Tally()
    tally.note("traceback", f"{name}: {ended.said[-700:]}", when=ended.traceback)
    if way == "killed":
        tally.note("wrong", f"{name}: it was not killed", when=ended.status != -9)
    elif ended.status == 0:
        told = ended.answer[1]
        published = (data / f"snapshots/round={office.ROUND}/version=0002/datapackage.json").exists()
        failed = isinstance(told, str) and not (folder / "ran").exists()
        tally.note("wrong", f"{name}: version 2 stands, and it was told: {told}", when=published and failed)
    tally.add(office.aftermath(workshop, data, name=name))
    return tally


CRASH_STATES = Attack("every call disturbed in every way", plan, attempt, seconds=600, whole=True)
