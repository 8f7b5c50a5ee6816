"""Two more stories: a round goes back to its first version, and a damaged version is repaired.

Belongs here: the office before each, its one step, and what must hold afterwards. Both begin where the story
of `office.py` has ended: version 2 is approved, signed and announced. Must stay out: what disturbs them.
"""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typer

from flows import repair_sources
from flows.commands.repair import repair
from flows.commands.rollback import rollback
from flows.ledger import restore_ledger
from flows.signing import KEY_FILE
from programme.problems import ProblemsError
from tests.attack import office, preparing
from tests.attack.aftermath import Doing, compare, left
from tests.attack.office import ROUND
from tests.attack.processes import in_child
from tests.attack.steps import Answering, Noting, Runner, nothing_computed
from tests.attack.stories import Story
from tests.attack.tally import Tally
from warehouse.kept_lines import read_lines
from warehouse.signing.attestation import attestation_problems
from warehouse.signing.keys import public_path, read_public_key
from warehouse.snapshots import list_versions
from warehouse.snapshots.approved import read_approved
from warehouse.snapshots.verify import verify_version

WRITER = "ann@person.example"
"""Whom the reason of the rollback names; the new version must not."""
PUBLISHED = ("snapshots/", "public/")
ASIDE = "restricted/damaged/"
KEPT_WORKING = "form_evidence"
"""The working table that the office keeps of a version: each is written like the next."""
_OLD = f"snapshots/round={ROUND}/version=0001"
_NEW = f"snapshots/round={ROUND}/version=0002"
DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    f"{_NEW}/datapackage.json": lambda data: data[:-7],
    f"{_NEW}/applications.parquet": lambda data: data[:60] + bytes([data[60] ^ 1]) + data[61:],
    f"{_NEW}/twinnings.parquet": lambda _: None,
    f"{_NEW}/foreign.txt": lambda _: b"a file that belongs to no version",
    f"public/round={ROUND}/version=0002/cities.csv": lambda _: b"",
    f"snapshots/round={ROUND}/latest.json": lambda data: data[:20],
}
"""What is damaged before the repair, by path: the bytes that are there instead; None for none."""


def _go_back(data: Path, runner: Runner) -> Any:
    """`city2city rollback`, as a person gives it."""
    reason = f"a wrong file, says {WRITER}"
    with patch("flows.rolling_back.run_plain", runner):
        return _given(data, "rollback", lambda: rollback(ROUND, 1, reason=reason, by="boss", as_json=True))


def _repair(data: Path, made_again: Callable[..., Any]) -> Any:
    """`city2city repair`, as a person gives it."""
    with patch.object(repair_sources, "made_again", made_again):
        return _given(data, "repair", lambda: repair(ROUND, 2, as_json=True))


def _given(data: Path, command: str, call: Callable[[], None]) -> str:
    """What a command answers to an office; empty where it ends as it should."""
    with patch(f"flows.commands.{command}.open_context", lambda: office.context_of(data)):
        try:
            call()
        except typer.Exit as end:
            return f"exit status {end.exit_code}"
    return ""


@cache
def _remembered(path: Path) -> Any:
    return pickle.loads(path.read_bytes())  # noqa: S301  (written by this program a moment ago)


def take(step: str, place: Path, data: Path) -> Any:
    """Take the one step of one of the stories."""
    with nothing_computed():
        if step == "rollback":
            return _go_back(data, Answering(place / "answers"))
        return _repair(data, lambda *_: _remembered(place / "made"))


def _prepare(folder: str, workshop: Path) -> None:
    preparing.prepare(workshop)
    if not (workshop / folder / "left.json").exists():
        command = [sys.executable, "-m", "tests.attack.mending", str(workshop), folder]
        subprocess.run(command, check=True)


def _prepare_rollback(place: Path) -> None:
    """An office that has not gone back yet, and what one has that did."""
    with _undisturbed(place) as after:
        noting = Noting()
        assert _go_back(after, noting) == ""
        noting.save(place / "answers")


def _prepare_repair(place: Path) -> None:
    """An office with a damaged version, and what it had before the damage; the repair gives that back."""
    with _undisturbed(place) as after:
        made: list[Any] = []
        original = repair_sources.made_again
        _damage(place / "before")
        shutil.copytree(place / "before", place / "tried")
        noting = lambda *given: made.append(original(*given)) or made[-1]  # noqa: E731
        assert _repair(place / "tried", noting) == ""
        (place / "made").write_bytes(pickle.dumps(made[-1]))
        shutil.rmtree(place / "tried")
    assert after.exists()


@contextmanager
def _undisturbed(place: Path) -> Iterator[Path]:
    """The office of which is noted what it has at the end of the block; `before` is a copy from its begin."""
    after = place / "after"
    place.mkdir(exist_ok=True)
    shutil.copytree(place.parent / "after", after)
    for path in (after / "restricted/working").rglob("*.parquet*"):
        if not path.name.startswith(KEPT_WORKING):
            path.unlink()
    shutil.copytree(after, place / "before")
    yield after
    (place / "left.json").write_text(json.dumps(left(after)))


def _damage(data: Path) -> None:
    for path, harm in DAMAGES.items():
        file = data / path
        bad = harm(file.read_bytes() if file.exists() else b"")
        file.unlink(missing_ok=True)
        if bad is not None:
            file.write_bytes(bad)


def after(story: str, place: Path, data: Path, *, name: str, do: Doing = in_child) -> Tally:
    """Inspect a disturbed office, give the command again, and compare with an undisturbed one."""
    tally = Tally(1)

    def note(what: str, work: Callable[[], list[tuple[str, str]]]) -> bool:
        ended = do(work)
        tally.note("traceback", f"{name}: {what}: {ended.said[-700:]}", when=ended.traceback)
        tally.note("wrong", f"{name}: {what} ended with {ended.status}", when=ended.status != 0)
        for kind, words in ended.answer or ():
            tally.note(kind, f"{name}: {what}: {words}")
        return ended.status == 0

    note("right after", lambda: [*_lost(place, data), *_unsound(story, data)])
    if note("given again", lambda: _again(story, place, data)):
        tally.add(compare(place, data, name, do))
        note("in the end", lambda: [*_lost(place, data), *_unsound("", data), *_not_aside(story, data)])
    return tally


def _lost(place: Path, data: Path) -> list[tuple[str, str]]:
    """What was published, and is neither there nor was damaged before; and damaged bytes that are nowhere."""
    storage, before, whole = office.storage_of(data), place / "before", place.parent / "after"
    published = {item.path for item in storage.list()}
    found = []
    for path in sorted(whole.rglob("*")):
        name = path.relative_to(whole).as_posix()
        if not path.is_file() or not name.startswith(PUBLISHED) or name.endswith("latest.json"):
            continue
        there = storage.read(name) if name in published else None
        was = (before / name).read_bytes() if (before / name).exists() else None
        if there != path.read_bytes() and (name not in DAMAGES or there not in (was, None)):
            found.append(("lost", f"{name} is not what was published"))
    return found


def _not_aside(story: str, data: Path) -> list[tuple[str, str]]:
    """Damaged bytes that are not kept aside after a repair; what was found missing or empty has none."""
    if story != "repair":
        return []
    storage = office.storage_of(data)
    kept = {storage.read(item.path) for item in storage.list(ASIDE.rstrip("/"))}
    whole = {item.path: storage.read(item.path) for item in storage.list() if item.path in DAMAGES}
    bad = {path: harm(whole.get(path, b"")) for path, harm in DAMAGES.items()}
    return [
        ("lost", f"the damaged bytes of {path}")
        for path, data in bad.items()
        if data is not None and data not in kept
    ]


def _unsound(story: str, data: Path) -> list[tuple[str, str]]:
    """What does not verify, or is approved or signed no longer; and what names a person."""
    storage, found = office.storage_of(data), []
    versions = list_versions(storage, ROUND)
    if versions not in ([1, 2], [1, 2, 3]):
        found.append(("lost", f"the versions are {versions}"))
    for version in versions:
        problems = verify_version(storage, ROUND, version)
        wrong = [one for one in problems if "latest.json" not in one]
        if not (story == "repair" and version == 2):
            found += [("wrong", f"version {version}: {one}") for one in wrong]
    if story != "repair":
        approved = read_approved(storage, ROUND)
        if approved is None or approved.version != 2:
            found.append(("lost", f"the approval: {approved}"))
        public = read_public_key(public_path(data / KEY_FILE))
        found += [("wrong", one) for one in attestation_problems(storage, ROUND, 2, public)]
    files = [item.path for item in storage.list() if item.path.startswith(PUBLISHED)]
    found += [("leaked", path) for path in files if WRITER.encode() in storage.read(path)]
    lines = {row["decision_id"] for row in read_lines(storage, ROUND, "decisions")}
    recorded = set(office.context_of(data).ledger.decisions(ROUND)["decision_id"])
    return found + [("lost", f"the line of decision {one}") for one in sorted(recorded - lines)]


def _again(story: str, place: Path, data: Path) -> list[tuple[str, str]]:
    """Give the command again; where it says that the record must be put back first, do so."""
    try:
        told = take(story, place, data)
    except ProblemsError as error:
        if "city2city ledger restore" not in str(error):
            raise
        context = office.context_of(data)
        restore_ledger(context, context.round(ROUND))
        told = take(story, place, data)
    return [("wrong", told)] if told else []


ROLLBACK = Story(
    "rollback",
    ("rollback",),
    take,
    partial(_prepare, "rollback"),
    partial(after, "rollback"),
    {"rollback": 3},
)
REPAIR = Story("repair", ("repair",), take, partial(_prepare, "repair"), partial(after, "repair"), {})


if __name__ == "__main__":
    making = {"rollback": _prepare_rollback, "repair": _prepare_repair}[sys.argv[2]]
    making(Path(sys.argv[1]) / sys.argv[2])
