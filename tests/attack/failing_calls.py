"""Every call of a story fails in every way: full or failing disk, or done and reported as failed.

Belongs here: the enumeration. Each step of the story is a command of its own, so the step with the failing
call begins where an undisturbed story has come to. What is enumerated is all tried. Must stay out: processes
that end at a call (`crash_states.py`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from programme.problems import ProblemsError
from tests.attack import office
from tests.attack.aftermath import aftermath
from tests.attack.buckets import buckets, move_to_a_bucket
from tests.attack.calls import FAILURES, KilledError, disturbed
from tests.attack.preparing import prepare
from tests.attack.processes import Ended, here
from tests.attack.tally import Attack, Tally

Try = tuple[str, str, int, str]
"""The way, the step, the number of its call, and what the call is."""
FAR = ("bucket", "COMMIT")
"""Calls that go to a server: their answer can be lost. The other ways are those of a folder."""
FAR_WAYS = ("killed", "failing", "unheard")


def plan(workshop: Path) -> Sequence[Try]:
    """Every call of every step in every way; an undisturbed story says which there are."""
    tries = []
    for step, made in _counted(workshop):
        tries += [(way, step, number, what) for number, what in enumerate(made) for way in FAILURES]
    return tries


def _counted(workshop: Path) -> Iterator[tuple[str, list[str]]]:
    """Each step with the calls that it makes; the office before it is kept."""
    prepare(workshop)
    story = workshop / "counted"
    shutil.copytree(workshop / "before", story / "data")
    for step in office.STEPS:
        shutil.rmtree(workshop / f"before {step}", ignore_errors=True)
        shutil.copytree(story, workshop / f"before {step}")
        with disturbed() as made:
            office.take(step, workshop, story / "data")
        yield step, made.made
    shutil.rmtree(story)


def plan_of_a_bucket(workshop: Path) -> Sequence[Try]:
    """Every PUT, DELETE and COMMIT of an office with a bucket, killed before it or failing."""
    tries = []
    for step, _ in _counted(workshop):
        story = workshop / "in a bucket"
        shutil.copytree(workshop / f"before {step}", story)
        with buckets():
            move_to_a_bucket(story / "data")
            with disturbed() as made:
                office.take(step, workshop, story / "data")
        shutil.rmtree(story)
        far = [(number, what) for number, what in enumerate(made.made) if what.startswith(FAR)]
        tries += [(way, step, number, what) for number, what in far for way in FAR_WAYS]
    return tries


def attempt(workshop: Path, tried: Try, folder: Path) -> Tally:
    """One failing call, and what comes after it."""
    shutil.copytree(workshop / f"before {tried[1]}", folder / "first")
    return _after(workshop, tried, folder)


def attempt_in_a_bucket(workshop: Path, tried: Try, folder: Path) -> Tally:
    """The same for an office with a bucket."""
    shutil.copytree(workshop / f"before {tried[1]}", folder / "first")
    with buckets():
        move_to_a_bucket(folder / "first/data")
        return _after(workshop, tried, folder)


def _after(workshop: Path, tried: Try, folder: Path) -> Tally:
    way, step, number, what = tried
    name = f"{way} at call {number} of {step} ({what})"
    ended, reached = _disturbed(tried, workshop, folder / "first/data")
    # What a process knows of a folder by its path ends with the process.
    data = (folder / "first").rename(folder / "then") / "data"
    tally = Tally()
    tally.note("traceback", f"{name}: {ended.said[-700:]}", when=ended.traceback)
    tally.note("wrong", f"{name}: the call was not made", when=not reached)
    published = office.storage_of(data).exists(
        f"snapshots/round={office.ROUND}/version=0002/datapackage.json"
    )
    failed = step == "run" and isinstance(ended.answer, str) and published
    tally.note("wrong", f"{name}: version 2 stands, and it was told: {ended.answer}", when=failed)
    tally.add(aftermath(workshop, data, name=name, do=here))
    return tally


def _disturbed(tried: Try, workshop: Path, data: Path) -> tuple[Ended, bool]:
    """How the step ended for the person who started it, and whether the call was reached."""
    way, step, number, _ = tried

    def taken() -> Any:
        try:
            return office.take(step, workshop, data)
        except ProblemsError as error:
            return str(error)
        except KilledError:
            return None

    with disturbed(way, number) as made:
        ended = here(taken)
    return ended, made.reached


IN_A_BUCKET = Attack("every PUT and COMMIT of a bucket", plan_of_a_bucket, attempt_in_a_bucket, whole=True)
FAILING_CALLS = Attack("every call failing in every way", plan, attempt, whole=True)
