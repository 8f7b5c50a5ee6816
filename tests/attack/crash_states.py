"""Every state that a crash can leave of a story: the old version stands, and the next run ends as it should.

Belongs here: living the story once while every state is kept, and trying each. After each call that changes
the world a process may be killed: then everything up to that call is there. Or the power may fail: then any
part of what was not flushed is lost (`power.py` says which states that makes; no subset is left out). Killed
before a call is killed after the one before it. The database flushes each commit itself, so its state is that
of the moment; so is what lies outside the office, such as letters that the mail server has. Equal states of
several moments are tried once. Must stay out: calls that fail (`failing_calls.py`).
"""

from __future__ import annotations

import hashlib
import pickle
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.attack import calls, office, power
from tests.attack.mending import REPAIR, ROLLBACK
from tests.attack.processes import here
from tests.attack.stories import OFFICE, Story
from tests.attack.tally import Attack, Tally

DATABASE = ("warehouse.db", "warehouse.db-wal")
Files = dict[str, str]
"""Path to the hash of its bytes; None stands for a folder, whose path ends in `/`."""
Try = tuple[str, Files]
"""What happened, and the files there are then below the folder of a try."""


@dataclass
class Kept:
    """The states found so far, each once; the bytes of files lie in `folder` by their hash."""

    folder: Path
    states: dict[str, Try] = field(default_factory=dict)

    def add(self, name: str, files: Files) -> None:
        digest = hashlib.sha256(pickle.dumps(sorted(files.items()))).hexdigest()
        self.states.setdefault(digest, (name, files))

    def blob(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        path = self.folder / digest
        if not path.exists():
            path.write_bytes(content)
        return digest

    def write_out(self, files: Files, folder: Path) -> None:
        """Make a folder hold one state."""
        for path in sorted(files):
            target = folder / path
            if path.endswith("/"):
                target.mkdir(parents=True, exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.folder / files[path], target)
                target.chmod(0o600)  # as the office keeps what is private


def plan(story: Story, workshop: Path) -> Sequence[Try]:
    """Every state, each once; the undisturbed story says which there are."""
    story.prepare(workshop)
    place = story.place(workshop)
    kept, lived = Kept(_blobs(place)), place / "story"
    shutil.copytree(place / "before", lived / "data")
    _live(story, place, lived / "data", kept)
    shutil.rmtree(lived)
    return list(kept.states.values())


def _blobs(place: Path) -> Path:
    folder = place / "blobs"
    folder.mkdir(exist_ok=True)
    return folder


def _live(story: Story, place: Path, data: Path, kept: Kept) -> None:
    """Live the story, and keep what a crash may leave after each call, and before the first."""
    model = power.Disk(data)
    with power.recorded() as recorded:

        def note(name: str) -> None:
            while recorded:
                model.play(recorded.pop(0))
            around = {f"data/{one}": data / one for one in DATABASE}
            around |= {one: data.parent / one for one in office.OUTSIDE}
            beside = {path: kept.blob(file.read_bytes()) for path, file in around.items() if file.exists()}
            kept.add(f"killed {name}", _files(model.as_it_is(), kept) | beside)
            for state in model.states():
                kept.add(f"power cut {name}", _files(state, kept) | beside)

        class Noticing(calls.Calls):
            def around(self, what: str, call: Any, error: Any) -> Any:
                answer = super().around(what, call, error)
                note(f"after call {len(self.made)} ({what})")
                return answer

        note("before the first call")
        with patch.object(calls, "Calls", Noticing), calls.disturbed():
            story.live(place, data)


def _files(state: dict[str, bytes], kept: Kept) -> Files:
    return {
        f"data/{path}": "" if path.endswith("/") else kept.blob(content)
        for path, content in state.items()
        if path not in DATABASE
    }


def attempt(story: Story, workshop: Path, tried: Try, folder: Path) -> Tally:
    """One state, and what comes after it."""
    name, files = tried
    place = story.place(workshop)
    Kept(_blobs(place)).write_out(files, folder)
    return story.after(place, folder / "data", name=name, do=here)


def _attack(name: str, story: Story) -> Attack:
    return Attack(name, partial(plan, story), partial(attempt, story), whole=True)


CRASHES = _attack("every state after a kill or a power cut", OFFICE)
CRASHES_GOING_BACK = _attack("every state after a crash of a rollback", ROLLBACK)
CRASHES_REPAIRING = _attack("every state after a crash of a repair", REPAIR)
