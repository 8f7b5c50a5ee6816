"""Every call of a story fails in every way: full or failing disk, or done and reported as failed.

Belongs here: the enumeration. Each step of the story is a command of its own, so the step with the failing
call begins where an undisturbed story has come to. What is enumerated is all tried. Must stay out: processes
that end at a call (`crash_states.py`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from programme.problems import ProblemsError
from tests.attack import office
from tests.attack.buckets import buckets, move_to_a_bucket
from tests.attack.calls import FAILURES, KilledError, disturbed
from tests.attack.mending import REPAIR, ROLLBACK
from tests.attack.processes import Ended, here
from tests.attack.stories import OFFICE, Story
from tests.attack.tally import Attack, Tally

Try = tuple[str, str, int, str]
"""The way, the step, the number of its call, and what the call is."""
FAR = ("bucket", "COMMIT")
"""Calls that go to a server: their answer can be lost. The other ways are those of a folder."""
FAR_WAYS = ("killed", "failing", "unheard")


def plan(story: Story, workshop: Path) -> Sequence[Try]:
    """Every call of every step in every way; an undisturbed story says which there are."""
    tries = []
    for step, made in _counted(story, workshop):
        tries += [(way, step, number, what) for number, what in enumerate(made) for way in FAILURES]
    return tries


def _counted(story: Story, workshop: Path) -> Iterator[tuple[str, list[str]]]:
    """Each step with the calls that it makes; the office before it is kept."""
    story.prepare(workshop)
    place = story.place(workshop)
    lived = place / "counted"
    shutil.copytree(place / "before", lived / "data")
    for step in story.steps:
        shutil.rmtree(place / f"before {step}", ignore_errors=True)
        shutil.copytree(lived, place / f"before {step}")
        with disturbed() as made:
            story.take(step, place, lived / "data")
        yield step, made.made
    shutil.rmtree(lived)


def plan_of_a_bucket(story: Story, workshop: Path) -> Sequence[Try]:
    """Every PUT, COPY, DELETE and COMMIT of an office with a bucket, killed before it or failing."""
    tries = []
    place = story.place(workshop)
    for step, _ in _counted(story, workshop):
        lived = place / "in a bucket"
        shutil.copytree(place / f"before {step}", lived)
        with buckets():
            move_to_a_bucket(lived / "data")
            with disturbed() as made:
                story.take(step, place, lived / "data")
        shutil.rmtree(lived)
        far = [(number, what) for number, what in enumerate(made.made) if what.startswith(FAR)]
        tries += [(way, step, number, what) for number, what in far for way in FAR_WAYS]
    return tries


def attempt(story: Story, workshop: Path, tried: Try, folder: Path) -> Tally:
    """One failing call, and what comes after it."""
    place = story.place(workshop)
    shutil.copytree(place / f"before {tried[1]}", folder / "first")
    return _after(story, place, tried, folder)


def attempt_in_a_bucket(story: Story, workshop: Path, tried: Try, folder: Path) -> Tally:
    """The same for an office with a bucket."""
    place = story.place(workshop)
    shutil.copytree(place / f"before {tried[1]}", folder / "first")
    with buckets():
        move_to_a_bucket(folder / "first/data")
        return _after(story, place, tried, folder)


def _after(story: Story, place: Path, tried: Try, folder: Path) -> Tally:
    way, step, number, what = tried
    name = f"{way} at call {number} of {step} ({what})"
    ended, reached = _disturbed(story, tried, place, folder / "first/data")
    # What a process knows of a folder by its path ends with the process.
    data = (folder / "first").rename(folder / "then") / "data"
    tally = Tally()
    tally.note("traceback", f"{name}: {ended.said[-700:]}", when=ended.traceback)
    tally.note("wrong", f"{name}: the call was not made", when=not reached)
    told = isinstance(ended.answer, str) and ended.answer
    if step in story.publishes and told:
        version = story.publishes[step]
        stands = office.storage_of(data).exists(
            f"snapshots/round={office.ROUND}/version={version:04d}/datapackage.json"
        )
        tally.note("wrong", f"{name}: version {version} stands, and it was told: {told}", when=stands)
    tally.add(story.after(place, data, name=name, do=here))
    return tally


def _disturbed(story: Story, tried: Try, place: Path, data: Path) -> tuple[Ended, bool]:
    """How the step ended for the person who started it, and whether the call was reached."""
    way, step, number, _ = tried

    def taken() -> Any:
        try:
            return story.take(step, place, data)
        except ProblemsError as error:
            return str(error)
        except KilledError:
            return None

    with disturbed(way, number) as made:
        ended = here(taken)
    return ended, made.reached


def _in_a_bucket(name: str, story: Story) -> Attack:
    return Attack(name, partial(plan_of_a_bucket, story), partial(attempt_in_a_bucket, story), whole=True)


def _failing(name: str, story: Story) -> Attack:
    return Attack(name, partial(plan, story), partial(attempt, story), whole=True)


IN_A_BUCKET = _in_a_bucket("every PUT and COMMIT of a bucket", OFFICE)
GOING_BACK_IN_A_BUCKET = _in_a_bucket("every PUT and COMMIT of a rollback", ROLLBACK)
REPAIRING_IN_A_BUCKET = _in_a_bucket("every PUT and COMMIT of a repair", REPAIR)
FAILING_CALLS = _failing("every call failing in every way", OFFICE)
FAILING_GOING_BACK = _failing("every call of a rollback failing", ROLLBACK)
FAILING_REPAIRING = _failing("every call of a repair failing", REPAIR)
