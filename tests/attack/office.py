"""The office under attack: one round published, one decision about to be made, and what must hold afterwards.

Belongs here: preparing the office, the story that is disturbed (`live`), and comparing what is left of it.
Must stay out: disturbing it. Everything here runs in a child (`processes.py`).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.approving import approve
from flows.context import AppContext, open_context
from flows.ledger import record_decisions
from flows.procedure import process
from flows.round_inputs import RunRequest
from flows.run_record import record_run
from flows.settings import read_settings
from flows.signing import KEY_FILE, key_path
from tasks.decisions.kinds import make_decision
from tests.attack.mail import LETTERS, send_letters, sent
from tests.attack.processes import Ended, in_child
from tests.attack.steps import Answering, Noting, nothing_computed
from tests.attack.tally import Tally
from tests.hostile.small_round import Records, small_round, write_round
from warehouse.dictionary.inputs import DECISIONS
from warehouse.kept_lines import read_lines
from warehouse.signing.attestation import attestation_problems
from warehouse.signing.keys import make_key, public_path, read_public_key
from warehouse.snapshots import list_versions, read_package, read_table
from warehouse.snapshots.approved import read_approved
from warehouse.snapshots.verify import verify_version
from warehouse.storage import open_storage

ROUND = "2025-07"
DECIDED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
REASON = "an attack"
STEPS = ("decide", "run", "approve", "letters")
"""The steps of the story, each a command of its own."""
OUTSIDE = ("promised", "sent")
"""Files beside the data folder that no crash of the office changes."""
DATABASE: dict[str, str] = {}
"""The variable that names the database, where it is not the one in the data folder."""
Runner = Any
Doing = Callable[[Callable[[], Any]], Ended]


def settings_of(data: Path) -> dict[str, str]:
    """The environment of an office whose data is in a folder."""
    own = {"CITY2CITY_DATA": str(data), "CITY2CITY_CACHE": os.environ["CITY2CITY_CACHE"]}
    return own | DATABASE


def context_of(data: Path) -> AppContext:
    return open_context(read_settings(settings_of(data)))


def prepare(workshop: Path) -> None:
    """Make the office as it is before each try (`before`), and as an undisturbed story leaves it (`after`).

    It is made in a process that was not forked: it computes, with all threads that polars wants.
    """
    if not (workshop / "left.json").exists():
        subprocess.run([sys.executable, "-m", "tests.attack.office", str(workshop)], check=True)


def _prepare(workshop: Path) -> None:
    before, after = workshop / "before", workshop / "after"
    write_round(before / "inputs", inputs())
    make_key(key_path(context_of(before)))
    run(before, Noting())
    shutil.copytree(before, after)
    subject = _a_placed_city(before)
    (workshop / "subject").write_text(subject)
    decide(after, subject)
    noting = Noting()
    run(after, noting)
    noting.save(workshop / "answers")
    _approve(after)
    _send(after)
    (workshop / "sent").rename(workshop / "sent.undisturbed")
    (workshop / "left.json").write_text(json.dumps(left(after)))


def inputs() -> Records:
    """A small round, with registers as long as they must be."""
    records = small_round()
    for table, key, count in (("cohort", "utm_id", 30), ("gcom", "gcom_id", 110)):
        first = records[table][0]
        more = range(len(records[table]), count)
        records[table] += [
            first | {key: f"MORE-{n}", "name": f"Vale of {n}", "gcom_id": f"MORE-{n}"} for n in more
        ]
    return records


def _a_placed_city(data: Path) -> str:
    placed = read_table(open_storage(str(data)), ROUND, 1, "twinning_members")
    return str(placed["application_id"].sort()[0])


def decide(data: Path, subject: str) -> str:
    """Record the decision of the story, and return its id."""
    context = context_of(data)
    row = make_decision(
        kind="withdraw",
        subject=subject,
        object_=None,
        value=None,
        reason="looked at it",
        decided_by="ops",
        decided_at=DECIDED_AT,
    )
    record_decisions(context, context.round(ROUND), DECISIONS.frame([row]), "cli", DECIDED_AT)
    return str(row["decision_id"])


def run(data: Path, runner: Runner) -> tuple[int, tuple[str, ...]]:
    """Process the round; the version that stands, and the faults that were told."""
    context = context_of(data)
    request = RunRequest(ROUND, REASON, str(data / "inputs"), None, (), "ops")
    with record_run(context, ROUND, "process", REASON, None) as record:
        version = process(context, request, record, runner).publication.version
    return version, tuple(record.faults)


def live(workshop: Path, data: Path) -> tuple[int, tuple[str, ...]]:
    """The story: a decision, the run that follows it, its approval, its letters. It may be told again."""
    ended = [take(step, workshop, data) for step in STEPS]
    return ended[STEPS.index("run")]


def take(step: str, workshop: Path, data: Path) -> Any:
    """Take one step of the story."""
    with nothing_computed():
        match step:
            case "decide":
                _promise(data, decide(data, (workshop / "subject").read_text()))
            case "run":
                return run(data, Answering(workshop / "answers"))
            case "approve":
                _approve(data)
            case "letters":
                _send(data)
    return None


def _promise(data: Path, decision_id: str) -> None:
    """Note outside the office that a decision was recorded: from now on it must never be lost."""
    with (data.parent / "promised").open("a") as file:
        file.write(f"{decision_id}\n")


def _approve(data: Path) -> None:
    """Approve the version that the story made."""
    context = context_of(data)
    approve(context, context.round(ROUND), 2, by="boss", reason="looked at it")


def _send(data: Path) -> None:
    """Send the letters of the approved version."""
    context = context_of(data)
    send_letters(context, context.round(ROUND), data.parent)


def left(data: Path) -> dict[str, Any]:
    """What the office has: equal for two offices that lived the same, whenever that was."""
    storage = open_storage(str(data))
    files = {item.path: storage.read(item.path) for item in storage.list()}
    kept = {
        path: hashlib.sha256(content).hexdigest()
        for path, content in files.items()
        if path.startswith(("snapshots/", "restricted/rules/", "restricted/working/"))
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
    storage, found = open_storage(str(data)), []
    versions = list_versions(storage, ROUND)
    if versions not in ([1], [1, 2]):
        found.append(("lost", f"the versions are {versions}"))
    old, now = workshop / "before/snapshots", data / "snapshots"
    for path in sorted(old.rglob("*.parquet")) + sorted(old.rglob("datapackage.json")):
        there = now / path.relative_to(old)
        if not there.is_file() or there.read_bytes() != path.read_bytes():
            found.append(("lost", f"{path.relative_to(old)} is not what was published"))
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
    lines = {row["decision_id"] for row in read_lines(open_storage(str(data)), ROUND, "decisions")}
    recorded = set(context_of(data).ledger.decisions(ROUND)["decision_id"])
    return [("lost", f"the decision {one}") for one in sorted(promised - lines - recorded)]


def _about_letters(data: Path) -> list[tuple[str, str]]:
    """Whether each letter was sent once, or waits for a person because nobody knows."""
    taken = sent(data.parent)
    twice = sorted({one for one in taken if taken.count(one) > 1})
    found = [("wrong", f"the letter {one} was sent twice") for one in twice]
    of_letters = {line.split()[0] for line in taken}
    rows = context_of(data).outbox.letters(ROUND)
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
    again = do(lambda: live(workshop, data))
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


if __name__ == "__main__":
    _prepare(Path(sys.argv[1]))
