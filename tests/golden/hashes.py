"""Content hashes of every table of four processed rounds: the samples' two and the realistic two.

    make golden          compares what this program publishes with `hashes.json`, table by table
    make golden-write    writes `hashes.json` anew, after a change that was meant to change what is published

A content hash is taken over a table's columns, types and values (`warehouse/snapshots/parquet.py`), so it
does not depend on the machine, the libraries or who wrote the file. The realistic rounds are no part of the
product: where their folder is absent, they are left out with a line that says so.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from flows.context import open_context
from flows.procedure import process as process_round
from flows.round_inputs import RunRequest
from flows.run_record import record_run
from flows.settings import read_settings
from flows.settling import confirm_proposed
from samples.bundle import copy_inputs
from tests.conftest import find_shared_data
from warehouse.snapshots import read_package

HASHES = Path(__file__).with_name("hashes.json")
REALISTIC = find_shared_data() / "rounds"
ROUNDS = ("2025-07", "2026-01")

Hashes = dict[str, dict[str, str]]
"""Round (`samples 2025-07`) to table to content hash."""


def process(name: str, inputs: Path | None, folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Process both rounds in a data folder of their own; yields each round with the hash of every table."""
    context = open_context(read_settings({"CITY2CITY_DATA": str(folder)}))
    if inputs is None:
        inputs = folder / "inputs"
        copy_inputs(inputs)
    for round_id in ROUNDS:
        for earlier in context.rounds.before(round_id):
            confirm_proposed(context, earlier, "agreed", "golden")
        with record_run(context, round_id, "process", "golden", None) as record:
            processed = process_round(context, RunRequest(round_id, "golden", str(inputs)), record)
        package = read_package(context.storage, round_id, processed.publication.version)
        yield (
            f"{name} {round_id}",
            {resource["name"]: resource["content"] for resource in package["resources"]},
        )


def hashes(*, realistic: bool) -> Hashes:
    """The hashes of the samples' rounds, and of the realistic ones where asked for."""
    with tempfile.TemporaryDirectory() as folder:
        found = dict(process("samples", None, Path(folder) / "samples"))
        if realistic:
            found.update(process("realistic", REALISTIC, Path(folder) / "realistic"))
    return found


def differences(expected: Mapping[str, Mapping[str, str]], found: Hashes) -> list[str]:
    """One line for each table of a processed round whose content is not the expected one."""
    return [
        f"{round_}: {table}: expected {expected.get(round_, {}).get(table)}, found {tables.get(table)}"
        for round_, tables in found.items()
        for table in sorted({*tables, *expected.get(round_, {})})
        if tables.get(table) != expected.get(round_, {}).get(table)
    ]


def main(arguments: list[str]) -> int:
    """Compare or, with `--write`, write; returns 1 where anything differs."""
    realistic = REALISTIC.is_dir()
    if not realistic:
        sys.stdout.write("The realistic rounds are not here; only the samples are looked at.\n")
    found = hashes(realistic=realistic)
    kept: Hashes = json.loads(HASHES.read_text("utf-8")) if HASHES.is_file() else {}
    if "--write" in arguments:
        HASHES.write_text(json.dumps({**kept, **found}, indent=1, sort_keys=True) + "\n", "utf-8")
        return 0
    wrong = differences(kept, found)
    tables = sum(len(item) for item in found.values())
    summary = f"{tables - len(wrong)} of {tables} tables of {len(found)} rounds are the same."
    sys.stdout.write("\n".join([*wrong, summary]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
