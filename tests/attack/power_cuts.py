"""The power fails after any call of a story, and any part of what was not flushed is lost.

Belongs here: making every state that a power cut can leave of folder and database, and what comes after it.
The database flushes each commit itself; so its state is that after the last call. States that are the same
after several calls are tried once. Must stay out: the model of the disk (`power.py`).
"""

from __future__ import annotations

import hashlib
import pickle
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.attack import calls, office, power
from tests.attack.processes import in_child
from tests.attack.tally import Attack, Tally

DATABASE = ("warehouse.db", "warehouse.db-wal")


def plan(workshop: Path) -> Sequence[str]:
    """Every state, each kept as a file; the undisturbed story says which there are."""
    office.prepare(workshop)
    folder = workshop / "power"
    folder.mkdir()
    shutil.copytree(workshop / "before", folder / "data")
    ended = in_child(lambda: _states(workshop, folder / "data", folder), 600)
    assert ended.status == 0, ended.said
    return list(ended.answer)


def _states(workshop: Path, data: Path, folder: Path) -> list[str]:
    """Live the story; before each call the model says what may be left, and the database lies as it is."""
    model, seen, databases = power.Disk(data), {}, {}
    with power.recorded() as recorded:

        class Noticing(calls.Calls):
            def around(self, what: str, call: Any, error: Any) -> Any:
                answer = super().around(what, call, error)
                note(f"after call {len(self.made)} ({what})")
                return answer

        def note(name: str) -> None:
            while recorded:
                model.play(recorded.pop(0))
            database = _database(data, folder, databases)
            for state in model.states():
                content = pickle.dumps((sorted(state.items()), database))
                digest = hashlib.sha256(content).hexdigest()
                if digest not in seen:
                    seen[digest] = name
                    (folder / digest).write_bytes(pickle.dumps((name, state, database)))

        with patch.object(calls, "Calls", Noticing), calls.disturbed():
            office.live(workshop, data)
    return sorted(seen)


def _database(data: Path, folder: Path, known: dict[str, str]) -> str:
    """The folder in which the database's files are kept as they are now."""
    found = {name: (data / name).read_bytes() for name in DATABASE if (data / name).exists()}
    digest = hashlib.sha256(pickle.dumps(found)).hexdigest()
    if digest not in known:
        known[digest] = f"database-{digest}"
        (folder / known[digest]).mkdir()
        for name, content in found.items():
            (folder / known[digest] / name).write_bytes(content)
    return known[digest]


def attempt(workshop: Path, tried: str, folder: Path) -> Tally:
    """One state, and what comes after it."""
    name, state, database = pickle.loads((workshop / "power" / tried).read_bytes())  # noqa: S301  (our own)
    power.write_out({path: it for path, it in state.items() if path not in DATABASE}, folder / "data")
    for path in (workshop / "power" / database).iterdir():
        shutil.copy(path, folder / "data" / path.name)
    return office.aftermath(workshop, folder / "data", name=f"power cut {name}")


POWER_CUTS = Attack("every state after a power cut", plan, attempt, seconds=300, whole=True)
