"""`python -m tests.attack`: every attack, and a table of what each broke; exit status 1 unless all is zero.

Belongs here: the list of attacks, sharing their tries over two processes, and the table. Must stay out: any
attack.
"""

from __future__ import annotations

import argparse
import os
import select
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import warehouse.database.connection
import warehouse.database.ledger  # noqa: F401  (what every child needs is loaded before the first is forked)
from flows.settings import read_settings
from tests.attack.bit_flips import BIT_FLIPS
from tests.attack.crash_states import CRASHES, CRASHES_GOING_BACK, CRASHES_REPAIRING
from tests.attack.failing_calls import (
    FAILING_CALLS,
    FAILING_GOING_BACK,
    FAILING_REPAIRING,
    GOING_BACK_IN_A_BUCKET,
    IN_A_BUCKET,
    REPAIRING_IN_A_BUCKET,
)
from tests.attack.full_disks import FULL_DISKS
from tests.attack.processes import Child, HungError, in_child
from tests.attack.races import RACING
from tests.attack.steps import read_rules_once
from tests.attack.system_calls import SYSTEM_CALLS
from tests.attack.tally import KINDS, Attack, Tally

ATTACKS: tuple[Attack, ...] = (
    CRASHES,
    CRASHES_GOING_BACK,
    CRASHES_REPAIRING,
    FAILING_CALLS,
    FAILING_GOING_BACK,
    FAILING_REPAIRING,
    IN_A_BUCKET,
    GOING_BACK_IN_A_BUCKET,
    REPAIRING_IN_A_BUCKET,
    SYSTEM_CALLS,
    FULL_DISKS,
    BIT_FLIPS,
    RACING,
)
BATCH = 50
"""Tries that one process makes: what it keeps in memory would slow it down."""
SHOWN = 5
"""How many of the things that broke are shown of each kind and attack."""


def main() -> None:
    """Attack, print the table, and say by the exit status whether anything broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument("attacks", nargs="*", metavar="ATTACK", help="parts of the names of those to make")
    parser.add_argument("--most", type=int, default=0, help="at most so many tries of each attack")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    chosen = [one for one in ATTACKS if not options.attacks or any(x in one.name for x in options.attacks)]
    read_rules_once(read_settings({}).programme)
    with tempfile.TemporaryDirectory(prefix="attack-", dir=_fast_folder()) as folder:
        os.environ.setdefault("CITY2CITY_CACHE", f"{folder}/cache")
        rows = [_attack(one, Path(folder), options.most, options.processes) for one in chosen]
    _print_table(rows)
    sys.exit(any(not tally.clean for _, _, tally, _ in rows))


def _fast_folder() -> str | None:
    """A folder in memory where there is one: thousands of small files are made and removed."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def _attack(attack: Attack, folder: Path, most: int, processes: int) -> tuple[str, int, Tally, float]:
    started = time.monotonic()
    if reason := attack.unable():
        return attack.name, 0, Tally(skipped=reason), 0.0
    workshop = folder / "workshop"
    workshop.mkdir(exist_ok=True)
    planned = in_child(lambda: list(attack.plan(workshop)), 900)
    if planned.status != 0:
        tally = Tally()
        tally.note("wrong", f"it could not be planned: {planned.said[-2000:]}")
        return attack.name, 0, tally, time.monotonic() - started
    tries = _spread(planned.answer, most)
    until = None if attack.whole else time.monotonic() + attack.seconds
    batches = [tries[first : first + BATCH] for first in range(0, len(tries), BATCH)]
    tally, names = Tally(), iter(range(len(batches)))
    children: dict[int, Child] = {}
    while batches or children:
        while batches and len(children) < processes:
            batch, place = batches.pop(0), folder / f"tries-{next(names)}"
            child = Child(lambda batch=batch, place=place: _make(attack, workshop, batch, place, until))
            children[child.handle] = child
        for handle in select.select(list(children), [], [])[0]:
            ended = children.pop(handle).end(3600)
            tally.note("wrong", f"the attack itself failed: {ended.said[-2000:]}", when=ended.status != 0)
            if ended.status == 0:
                tally.add(ended.answer)
            broke = sum(map(len, tally.broke.values()))
            line = f"{attack.name}: {tally.tries} of {len(tries)} tried, {broke} broke"
            print(line, file=sys.stderr, flush=True)  # noqa: T201
    return attack.name, len(planned.answer), tally, time.monotonic() - started


def _spread(tries: Sequence[Any], most: int) -> list[Any]:
    """The tries so that the first of them are a sample of all; no more than `most`, unless that is 0."""
    step = next(number for number in (89, 97, 101, 1) if number == 1 or len(tries) % number)
    order = [tries[(place * step) % len(tries)] for place in range(len(tries))]
    return order[:most] if most else order


def _make(attack: Attack, workshop: Path, tries: Sequence[Any], folder: Path, until: float | None) -> Tally:
    tally = Tally()
    for tried in tries:
        if until is not None and time.monotonic() > until:
            break
        tally.add(_try(attack, workshop, tried, folder))
    attack.finish()
    return tally


def _try(attack: Attack, workshop: Path, tried: Any, folder: Path) -> Tally:
    """One try; one in which a process hung is made again, and noted where that helps nothing."""
    tally = Tally(1)
    for _ in range(3):
        folder.mkdir()
        try:
            return attack.attempt(workshop, tried, folder)
        except HungError as error:
            tally.broke["wrong"] = [f"{tried} hung: {str(error)[:2000]}"]
        finally:
            shutil.rmtree(folder)
    return tally


def _print_table(rows: Sequence[tuple[str, int, Tally, float]]) -> None:
    print("\t".join(["attack", "enumerated", "tried", *KINDS, "seconds"]))  # noqa: T201
    for name, enumerated, tally, seconds in rows:
        numbers = [str(len(tally.broke[kind])) for kind in KINDS]
        note = f"not made: {tally.skipped}" if tally.skipped else f"{seconds:.0f}"
        print("\t".join([name, str(enumerated), str(tally.tries), *numbers, note]))  # noqa: T201
    for name, _, tally, _ in rows:
        for kind in KINDS:
            for what in tally.broke[kind][:SHOWN]:
                print(f"{name}, {kind}: {what}")  # noqa: T201


if __name__ == "__main__":
    main()
