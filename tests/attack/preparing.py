"""The workshop of the attacks: an office before its story, and what an undisturbed story leaves.

Belongs here: making both, once. Must stay out: the story itself (`office.py`).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from flows.signing import key_path
from tests.attack import office
from tests.attack.aftermath import left
from tests.attack.steps import Noting
from tests.hostile.small_round import write_round
from warehouse.signing.keys import make_key


def prepare(workshop: Path) -> None:
    """Make the office as it is before each try (`before`), and as an undisturbed story leaves it (`after`).

    It is made in a process that was not forked: it computes, with all threads that polars wants.
    """
    if not (workshop / "left.json").exists():
        subprocess.run([sys.executable, "-m", "tests.attack.preparing", str(workshop)], check=True)


def _prepare(workshop: Path) -> None:
    before, after = workshop / "before", workshop / "after"
    write_round(before / "inputs", office.inputs())
    make_key(key_path(office.context_of(before)))
    office.run(before, Noting())
    shutil.copytree(before, after)
    subject = office.a_placed_city(before)
    (workshop / "subject").write_text(subject)
    office.decide(after, subject)
    noting = Noting()
    office.run(after, noting)
    noting.save(workshop / "answers")
    office.announce(after)
    office.send(after)
    (workshop / "sent").rename(workshop / "sent.undisturbed")
    (workshop / "left.json").write_text(json.dumps(left(after)))


if __name__ == "__main__":
    _prepare(Path(sys.argv[1]))
