"""Writes the sample inputs: `python -m samples.make [--out DIR]`.

Belongs here: which file of which round has which content and format. Must stay out: everything about the
content. The same program writes the same files: nothing depends on the clock, the machine or the order of a
set.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from samples.bundle import INPUTS
from samples.calls import FIRST_CALL, SECOND_CALL
from samples.cohort import register_on
from samples.evaluations import evaluations
from samples.files import as_csv, as_json, as_xlsx
from samples.inventory import README, with_inventory
from samples.office_records import collaborations, decisions
from samples.signatories import gcom_ids, signatory_list
from samples.submissions import canonical_rows, exported_rows

CONTENTS: dict[str, Callable[[], bytes]] = {
    "2025-07/submissions.xlsx": lambda: as_xlsx(exported_rows(FIRST_CALL), "Contributions"),
    "2025-07/cohort.csv": lambda: as_csv(
        register_on(FIRST_CALL.register_as_of, gcom_ids()), ";", "utf-8-sig"
    ),
    "2025-07/gcom.csv": lambda: as_csv(signatory_list(), ",", "utf-8"),
    "2025-07/evaluations.xlsx": lambda: as_xlsx(evaluations(FIRST_CALL), "Scores"),
    "2025-07/collaborations.csv": lambda: as_csv(collaborations(FIRST_CALL), ";", "cp1252"),
    "2025-07/decisions.json": lambda: as_json(decisions(FIRST_CALL)),
    "2026-01/submissions.csv": lambda: as_csv(canonical_rows(SECOND_CALL), ";", "utf-8-sig"),
    "2026-01/cohort.csv": lambda: as_csv(register_on(SECOND_CALL.register_as_of, gcom_ids()), "\t", "utf-8"),
    "2026-01/gcom.csv": lambda: as_csv(signatory_list(), ",", "utf-8"),
    "2026-01/evaluations.csv": lambda: as_csv(evaluations(SECOND_CALL), ",", "utf-8"),
    "2026-01/collaborations.csv": lambda: as_csv(collaborations(SECOND_CALL), "\t", "utf-16-le"),
    "2026-01/decisions.csv": lambda: as_csv(decisions(SECOND_CALL), ",", "utf-8"),
}
"""File below the folder of inputs -> what makes its bytes. The formats differ on purpose: they are those that
rounds arrive in.
"""


def write_samples(out: Path) -> list[Path]:
    """Write every sample file below `out` (one folder per round), and return their paths."""
    paths = []
    for name, content in CONTENTS.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content())
        paths.append(path)
    return paths


def main(arguments: list[str] | None = None) -> None:
    """Command line of the module."""
    parser = argparse.ArgumentParser(
        prog="python -m samples.make",
        description="Write two rounds of invented applications about real cities.",
    )
    parser.add_argument(
        "--out", type=Path, default=INPUTS, help="folder for the rounds (default: samples/inputs)"
    )
    out = parser.parse_args(arguments).out
    if out == INPUTS and README.is_file():
        README.write_text(with_inventory(README.read_text("utf-8")), "utf-8")
    for path in write_samples(out):
        print(f"{path}  {path.stat().st_size:,} bytes")  # noqa: T201 - a command tells what it wrote


if __name__ == "__main__":
    main()
