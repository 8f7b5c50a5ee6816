"""The letters of 3,000 applications: previewed, and written as files, from the command to its end.

`make bench-letters`. It makes an approved version of its own, with most kinds of applications, in a temporary
folder.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows import cli
from flows.context import open_context
from flows.settings import read_settings
from tests.flows.post_office import ROUND, SOURCE, form
from tests.tasks.letters.making import application, check, preference, status, tables, twinning, unplaced
from warehouse.dictionary.inputs import SUBMISSIONS
from warehouse.snapshots import read_package, write_snapshot
from warehouse.snapshots.approved import Approved, write_approved
from warehouse.snapshots.descriptor import VersionMetadata

APPLICATIONS = 3_000
MOST_SECONDS = 10.0


def many(count: int) -> dict[str, list[dict[str, Any]]]:
    """Applications in turn: two twinned, one waiting, two not eligible, one under review."""
    names = [f"A{n:05}" for n in range(count)]
    rows: dict[str, list[dict[str, Any]]] = {"applications": [application(name) for name in names]}
    words = ("eligible", "eligible", "eligible", "ineligible", "ineligible", "needs_review")
    rows["eligibility"] = [status(name, words[n % 6]) for n, name in enumerate(names)]
    rows["eligibility_checks"] = [
        check(name, rule, "not_met" if n % 6 in (3, 4) else "unclear", f"A sentence about {rule}.")
        for n, name in enumerate(names)
        if n % 6 > 2
        for rule in ("climate_plan", "mandate", "motivation")
    ]
    rows["unplaced"] = [unplaced(name, "capacity", float(n)) for n, name in enumerate(names) if n % 6 == 2]
    rows["preferences"] = [preference(name, None, "unknown_city") for name in names[::3]]
    rows |= {"twinnings": [], "twinning_members": []}
    for n in range(0, count - 1, 6):
        for table, some in twinning(f"T{n}", {names[n]: (5, 1), names[n + 1]: (1, 5)}).items():
            rows[table] += some
    return rows


def approve(count: int) -> None:
    """Publish and approve the version in the data folder of the environment."""
    context = open_context(read_settings())
    round_, rows = context.round(ROUND), many(count)
    context.ledger.record_round(ROUND, round_.title, round_.deadline)
    forms = [form(row["application_id"]) | {"row": n} for n, row in enumerate(rows["applications"], 2)]
    context.ledger.record_submissions(ROUND, SOURCE, SUBMISSIONS.frame(forms))
    rules = context.programme.fingerprint
    metadata = VersionMetadata("processed", "bench", None, {"submissions": SOURCE}, rules)
    version = write_snapshot(context.storage, ROUND, tables(**rows), metadata)
    assert version is not None
    package = read_package(context.storage, ROUND, version)
    at = datetime(2026, 1, 20, 9, tzinfo=UTC)
    write_approved(context.storage, Approved(ROUND, version, package["seal"], package["content"], at, 1))


def seconds(*arguments: str) -> float:
    """How long a command takes."""
    began = time.perf_counter()
    try:
        cli.main(["letters", ROUND, *arguments])
    except SystemExit as end:
        if end.code:
            raise
    return time.perf_counter() - began


def main() -> None:
    """Measure both, and say whether they are fast enough."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CITY2CITY_DATA"] = f"{folder}/data"
        approve(APPLICATIONS)
        taken = {
            "preview": seconds("--preview"),
            "files": seconds("--eml", f"{folder}/out"),
            "nothing new": seconds(),
        }
        assert len(list(Path(f"{folder}/out").iterdir())) == APPLICATIONS
    for name, took in taken.items():
        verdict = "" if took <= MOST_SECONDS else f" (more than {MOST_SECONDS:.0f} s)"
        print(f"{APPLICATIONS:,} letters, {name}: {took:.1f} s{verdict}")  # noqa: T201


if __name__ == "__main__":
    main()
