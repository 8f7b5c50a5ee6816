"""What must hold after an office was disturbed: the old stands, the next run ends as an undisturbed one.

Belongs here: looking at an office, living its story again, and comparing it with an undisturbed one. Must
stay out: the story (`office.py`), and disturbing it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from flows.ledger import restore_ledger
from flows.signing import KEY_FILE
from programme.problems import ProblemsError
from tests.attack import office
from tests.attack.mail import LETTERS, sent
from tests.attack.office import ROUND
from tests.attack.processes import Ended, in_child
from tests.attack.tally import Tally
from warehouse.kept_lines import read_lines
from warehouse.signing.attestation import attestation_problems
from warehouse.signing.keys import public_path, read_public_key
from warehouse.snapshots import list_versions, read_package
from warehouse.snapshots.approved import read_approved
from warehouse.snapshots.verify import verify_version

Doing = Callable[[Callable[[], Any]], Ended]


def left(data: Path) -> dict[str, Any]:
    """What the office has: equal for two offices that lived the same, whenever that was."""
    storage = office.storage_of(data)
    files = {item.path: storage.read(item.path) for item in storage.list()}
    kept = {
        path: hashlib.sha256(content).hexdigest()
        for path, content in files.items()
        if path.startswith(("snapshots/", "restricted/rules/", "restricted/working/", "restricted/packages/"))
    }
    for version in list_versions(storage, ROUND):
        for name, digest in read_package(storage, ROUND, version)["inputs"].items():
            content = files.get(f"restricted/inputs/{digest}")
            kept[f"input {name}"] = content is not None and hashlib.sha256(content).hexdigest() == digest
    kept = {path: digest for path, digest in kept.items() if "/attestations/" not in path}
    approved = read_approved(storage, ROUND)
    public = read_public_key(public_path(data / KEY_FILE))
    kept.pop(f"snapshots/round={ROUND}/approved.json", None)
    return {
        "files": kept,
        "names": sorted(path for path in files if path.startswith(("public/", "restricted/starters/"))),
        "lines": sorted(f"{row['kind']} {row['subject']}" for row in read_lines(storage, ROUND, "decisions")),
        "approved": approved and [approved.version, approved.seal, approved.approvals],
        "signed": attestation_problems(storage, ROUND, 2, public),
        **_in_the_database(data / "warehouse.db"),
    }


def _in_the_database(path: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(path)) as connection:

        def ask(query: str) -> list[tuple[Any, ...]]:
            return sorted(connection.execute(query).fetchall(), key=str)

        return {
            "sound": ask("PRAGMA integrity_check"),
            "decisions": ask("SELECT round, kind, subject, value FROM decision"),
            "versions": ask("SELECT round, version, seal FROM version"),
            "inputs": ask('SELECT round, "table", sha256 FROM input_file'),
            "submissions": ask("SELECT round, submission_id, source_sha256, row FROM submission"),
            "letters": ask("SELECT round, application_id, kind, version FROM letter"),
            "running": ask("SELECT id FROM run WHERE outcome = 'running'"),
        }


def inspect(workshop: Path, data: Path) -> list[tuple[str, str]]:
    """What is broken right after a disturbance, as kind and words: the old must stand, the new be whole."""
    storage, found = office.storage_of(data), []
    versions = list_versions(storage, ROUND)
    if versions not in ([1], [1, 2]):
        found.append(("lost", f"the versions are {versions}"))
    old = workshop / "before"
    published = (path for path in sorted(old.glob("snapshots/*/version=*/*")) if path.is_file())
    for path in published:
        name = path.relative_to(old).as_posix()
        if not storage.exists(name) or storage.read(name) != path.read_bytes():
            found.append(("lost", f"{name} is not what was published"))
    for version in versions:
        problems = [one for one in verify_version(storage, ROUND, version) if "latest.json" not in one]
        found += [("wrong", f"version {version}: {one}") for one in problems]
    return found + _lost_decisions(data)


def _lost_decisions(data: Path) -> list[tuple[str, str]]:
    """Decisions that were recorded and are neither in the lines beside the database nor in it."""
    path = data.parent / "promised"
    promised = set(path.read_text().split()) if path.exists() else set()
    if not promised:
        return []
    lines = {row["decision_id"] for row in read_lines(office.storage_of(data), ROUND, "decisions")}
    recorded = set(office.context_of(data).ledger.decisions(ROUND)["decision_id"])
    return [("lost", f"the decision {one}") for one in sorted(promised - lines - recorded)]


def _about_letters(data: Path) -> list[tuple[str, str]]:
    """Whether each letter was sent once, or waits for a person because nobody knows."""
    taken = sent(data.parent)
    twice = sorted({one for one in taken if taken.count(one) > 1})
    found = [("wrong", f"the letter {one} was sent twice") for one in twice]
    of_letters = {line.split()[0] for line in taken}
    rows = office.context_of(data).outbox.letters(ROUND)
    found += [
        ("lost", f"the letter {row['letter_id']} is noted as sent and was not")
        for row in rows
        if row["state"] == "sent" and row["message_id"] not in of_letters
    ]
    told = [row for row in rows if row["state"] in ("sent", "sending")]
    if len(told) != LETTERS:
        found.append(("wrong", f"{len(told)} letters are sent or doubtful: {[row['state'] for row in rows]}"))
    return found


def aftermath(workshop: Path, data: Path, *, name: str, do: Doing = in_child) -> Tally:
    """Inspect a disturbed office, live the story again, and compare with an undisturbed one.

    `do` does each part: in a child, or in this process.
    """
    tally = Tally(1)
    seen = do(lambda: inspect(workshop, data))
    tally.note("wrong", f"{name}: it could not be inspected: {seen.said[-300:]}", when=seen.status != 0)
    for kind, words in seen.answer or ():
        tally.note(kind, f"{name}: {words}")
    again = do(lambda: _live_again(workshop, data))
    tally.note("traceback", f"{name}: the next run: {again.said[-500:]}", when=again.traceback)
    tally.note("wrong", f"{name}: the next run ended with {again.status}", when=again.status != 0)
    if again.status == 0:
        tally.note("wrong", f"{name}: the next run told {again.answer}", when=again.answer != (2, ()))
        tally.add(compare(workshop, data, name, do))
        letters = do(lambda: _about_letters(data))
        tally.note(
            "wrong", f"{name}: no letters can be read: {letters.said[-300:]}", when=letters.status != 0
        )
        for kind, words in letters.answer or ():
            tally.note(kind, f"{name}: {words}")
    return tally


def _live_again(workshop: Path, data: Path) -> Any:
    """Live the story again; where the program says that the record must be put back first, do so.

    A decision is kept beside the database before it is in it. A crash between the two is told, with the
    command that makes it good.
    """
    try:
        return office.live(workshop, data)
    except ProblemsError as error:
        if "city2city ledger restore" not in str(error):
            raise
        context = office.context_of(data)
        restore_ledger(context, context.round(ROUND))
        return office.live(workshop, data)


def compare(workshop: Path, data: Path, name: str, do: Doing = in_child) -> Tally:
    """What differs from an undisturbed office."""
    tally, wanted = Tally(), json.loads((workshop / "left.json").read_text())
    found = do(lambda: left(data)).answer or {}
    for part, value in json.loads(json.dumps(found)).items():
        kind = "lost" if part in ("decisions", "lines") else "wrong"
        tally.note(
            kind, f"{name}: {part} differ: {_difference(value, wanted[part])}", when=value != wanted[part]
        )
    tally.note("wrong", f"{name}: nothing can be compared", when=not found)
    return tally


def _difference(one: Any, other: Any) -> str:
    if isinstance(one, dict) and isinstance(other, dict):
        return ", ".join(sorted(key for key in {**one, **other} if one.get(key) != other.get(key)))[:300]
    return f"{[x for x in one if x not in other]} instead of {[x for x in other if x not in one]}"[:300]
