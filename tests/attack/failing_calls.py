"""Every call of a story fails in every way: full or failing disk, or done and reported as failed.

Belongs here: the enumeration. Each step of the story is a command of its own, so the step with the failing
call begins where an undisturbed story has come to. What is enumerated is all tried. Must stay out: processes
that end at a call (`crash_states.py`).
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from programme.problems import ProblemsError
from tests.attack import office
from tests.attack.calls import FAILURES, disturbed
from tests.attack.processes import Ended, here
from tests.attack.tally import Attack, Tally

Try = tuple[str, str, int, str]
"""The way, the step, the number of its call, and what the call is."""


def plan(workshop: Path) -> Sequence[Try]:
    """Every call of every step in every way; an undisturbed story says which there are."""
    office.prepare(workshop)
    story, tries = workshop / "counted", []
    shutil.copytree(workshop / "before", story / "data")
    for step in office.STEPS:
        shutil.copytree(story, workshop / f"before {step}")
        with disturbed() as made:
            office.take(step, workshop, story / "data")
        tries += [(way, step, number, what) for number, what in enumerate(made.made) for way in FAILURES]
    shutil.rmtree(story)
    return tries


def attempt(workshop: Path, tried: Try, folder: Path) -> Tally:
    """One failing call, and what comes after it."""
    way, step, number, what = tried
    name = f"{way} at call {number} of {step} ({what})"
    shutil.copytree(workshop / f"before {step}", folder / "first")
    ended, reached = _disturbed(tried, workshop, folder / "first/data")
    # What a process knows of a folder by its path ends with the process.
    (folder / "first").rename(folder / "then")
    tally = Tally()
    tally.note("traceback", f"{name}: {ended.said[-700:]}", when=ended.traceback)
    tally.note("wrong", f"{name}: the call was not made", when=not reached)
    published = (folder / f"then/data/snapshots/round={office.ROUND}/version=0002/datapackage.json").exists()
    failed = step == "run" and isinstance(ended.answer, str) and published
    tally.note("wrong", f"{name}: version 2 stands, and it was told: {ended.answer}", when=failed)
    tally.add(office.aftermath(workshop, folder / "then/data", name=name, do=here))
    return tally


def _disturbed(tried: Try, workshop: Path, data: Path) -> tuple[Ended, bool]:
    """How the step ended for the person who started it, and whether the call was reached."""
    way, step, number, _ = tried

    def taken() -> Any:
        try:
            return office.take(step, workshop, data)
        except ProblemsError as error:
            return str(error)

    with disturbed(way, number) as made:
        ended = here(taken)
    return ended, made.reached


FAILING_CALLS = Attack("every call failing in every way", plan, attempt, whole=True)
