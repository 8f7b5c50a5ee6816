"""What lies behind an application: its form with the cells as they were written, and the registers.

Belongs here: reading them from where they are kept. Personal data: it goes into a page and nowhere else. Must
stay out: what a page shows of it (`desk/views`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import polars as pl

from desk.work.office import Office, Version
from programme.problems import ProblemsError
from programme.vocabulary import Register
from tasks.ingest.step import SourceFile, read_table
from warehouse.inputs.kept import read_input
from warehouse.sandbox import open_in_sandbox

MOST_REGISTERS = 6


@dataclass(frozen=True)
class Form:
    """A form as it was understood (`cells`), and the cells that were not taken as they stood.

    `readings` maps a column to what was written and the rule that read it. `erased` says that its content was
    erased at the applicant's wish.
    """

    cells: Mapping[str, Any]
    readings: Mapping[str, tuple[str, str]]
    row: int | None
    erased: bool


class Evidence:
    """Registers are read once for each file; forms are read each time, so that what was erased is gone."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._registers: dict[str, pl.DataFrame] = {}
        self._reading = Lock()

    def register(self, version: Version, register: Register) -> pl.DataFrame | None:
        """A register as the version was made from it; None where its file is not kept any more."""
        sha256 = version.package["inputs"].get(register)
        if sha256 is None:
            return None
        with self._reading:
            if sha256 not in self._registers:
                frame = self._read(version, register, sha256)
                if frame is None:
                    return None
                self._registers[sha256] = frame
                for old in list(self._registers)[:-MOST_REGISTERS]:
                    del self._registers[old]
            return self._registers[sha256]

    def _read(self, version: Version, register: Register, sha256: str) -> pl.DataFrame | None:
        context = self._office.context
        names = {item["sha256"]: item["name"] for item in context.ledger.inputs(version.round_.id)}
        try:
            source = SourceFile(register, names.get(sha256, register), read_input(context.storage, sha256))
            return read_table(
                source, context.programme, version.round_, open_binary=open_in_sandbox
            ).frame.rechunk()
        except ProblemsError:
            return None

    def form(self, version: Version, application_id: str) -> Form | None:
        """The form of an application; None where the database does not have it."""
        carried = version.applications[application_id].get("carried_from")
        round_id = carried or version.round_.id
        package = version.package if not carried else self._package_of(round_id)
        sha256 = str(package["inputs"].get("submissions", ""))
        rows = self._office.context.ledger.submissions(round_id, sha256)
        ours = [row for row in rows if row["submission_id"] == application_id]
        if not ours:
            return None
        row = ours[-1]
        return Form(
            cells=row["payload"] or {},
            readings=_readings(version.working("readings"), application_id),
            row=row["row"],
            erased=row["payload"] is None,
        )

    def _package_of(self, round_id: str) -> Mapping[str, Any]:
        earlier = self._office.latest(round_id)
        return earlier.package if earlier else {"inputs": {}}


def _readings(readings: pl.DataFrame, application_id: str) -> dict[str, tuple[str, str]]:
    own = readings.filter(pl.col("table") == "submissions", pl.col("row_key") == application_id)
    return {row["column"]: (row["before"] or "", row["rule"]) for row in own.iter_rows(named=True)}
