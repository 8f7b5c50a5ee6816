"""One bit of one file turned over, in every kind of file, with every command that reads it.

Belongs here: which files and commands there are, and what counts as an answer: the same as without the flip,
or a refusal in words. An answer that differs and does not say why is wrong.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

from flows import cli
from tests.attack import office
from tests.attack.preparing import prepare
from tests.attack.processes import Ended, in_child
from tests.attack.tally import Attack, Tally

KINDS_OF_FILES = {
    "table of a version": "snapshots/*/version=0002/*.parquet",
    "descriptor": "snapshots/*/version=0002/datapackage.json",
    "parent": "snapshots/*/version=0001/*",
    "latest.json": "snapshots/*/latest.json",
    "kept input": "restricted/inputs/*",
    "working table": "restricted/working/*/version=0002/*.parquet",
    "kept lines": "restricted/ledger/*/*.jsonl",
    "database": "warehouse.db",
    "kept problem": "cache/matching-*.json",
    "lock": "locks/*",
}
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "status": ("status", office.ROUND, "--as-of", "2026-02-01", "--json"),
    "review": ("review", office.ROUND, "--as-of", "2026-02-01"),
    "explain": ("explain", office.ROUND, "SUBJECT"),
    "decisions": ("decisions", office.ROUND),
    "diff": ("diff", office.ROUND, "1", "2"),
    "verify": ("verify", office.ROUND),
    "run": (),
}
FLIPS = 8
"""Flips tried of each kind of file with each command."""
NOT_SEALED = ("database", "working table", "kept problem")
"""Files of which a flip may change what is read without being seen: they are no record of what was published,
and can be made again.
"""
TOLD = ("is damaged", "void: ")
TELLING = ("status", "decisions")
"""Commands that say of a version that it was changed, and tell what else they know all the same."""
Try = tuple[str, str, int]
"""Kind of file, command, and the number that chooses file and bit."""


def plan(workshop: Path) -> Sequence[Try]:
    """Each kind with each command; what they answer without a flip is kept."""
    prepare(workshop)
    answers = {}
    for command in COMMANDS:
        data = workshop / "undisturbed"
        _copy(workshop, data)
        ended = _answer(workshop, data, command)
        assert ended.status == 0, ended.said
        answers[command] = ended.said.replace(str(data), "")
        shutil.rmtree(data)
    (workshop / "answers.json").write_text(json.dumps(answers))
    return [(kind, command, n) for n in range(FLIPS) for kind in KINDS_OF_FILES for command in COMMANDS]


def _copy(workshop: Path, data: Path) -> None:
    shutil.copytree(workshop / "after", data)
    (data / "cache").mkdir()
    for path in Path(os.environ["CITY2CITY_CACHE"]).iterdir():
        with suppress(OSError):
            (data / "cache" / path.name).symlink_to(path)


def _answer(workshop: Path, data: Path, command: str) -> Ended:
    """What the command line says."""
    subject = (workshop / "subject").read_text()
    arguments = [subject if word == "SUBJECT" else word for word in COMMANDS[command]]

    def ask() -> None:
        environment = office.settings_of(data) | {"CITY2CITY_CACHE": str(data / "cache")}
        with patch.dict(os.environ, environment):
            if arguments:
                cli.main(arguments)
                return
            with patch.object(cli, "app", lambda **_: print(office.live(workshop, data))):  # noqa: T201
                cli.main([])

    return in_child(ask)


def attempt(workshop: Path, tried: Try, folder: Path) -> Tally:
    """One flip, and one command."""
    kind, command, number = tried
    data, chance = folder / "data", random.Random(f"{kind} {command} {number}")  # noqa: S311  (a draw of tries)
    _copy(workshop, data)
    files = sorted(path for path in data.glob(KINDS_OF_FILES[kind]) if path.stat().st_size)
    if not files:
        return Tally()
    path = chance.choice(files)
    content = bytearray(path.read_bytes())
    place, bit = chance.randrange(len(content)), chance.randrange(8)
    content[place] ^= 1 << bit
    path.unlink()
    path.write_bytes(content)
    ended = _answer(workshop, data, command)
    name = f"{command} with bit {bit} of byte {place} of {path.relative_to(data)} turned over"
    return judged(workshop, data, ended, (kind, command, name))


def judged(workshop: Path, data: Path, ended: Ended, what: tuple[str, str, str]) -> Tally:
    """Whether the answer is the right one, or a refusal."""
    kind, command, name = what
    tally, undisturbed = Tally(1), json.loads((workshop / "answers.json").read_text())[command]
    said = ended.said.replace(str(data), "")
    tally.note("traceback", f"{name}: {said[-600:]}", when=ended.traceback)
    if ended.traceback:
        return tally
    tally.note(
        "wrong", f"{name}: exit status {ended.status}: {said[-300:]}", when=ended.status not in (0, 1, 2)
    )
    tally.note("wrong", f"{name}: refused without a word", when=ended.status != 0 and not said.strip())
    of_version = kind in ("table of a version", "descriptor", "parent")
    unseen = of_version and command == "verify" and ended.status == 0
    tally.note("wrong", f"{name}: it was not seen", when=unseen)
    told = command in TELLING and any(word in said for word in TOLD)
    other = ended.status == 0 and said != undisturbed and kind not in NOT_SEALED and not told
    tally.note("wrong", f"{name}: another answer: {said[-300:]}", when=other)
    return tally


BIT_FLIPS = Attack("bit flips in every kind of file", plan, attempt, seconds=100)
