"""An office that processes a small round again and again, each time from nothing."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import psycopg

from flows.context import AppContext, open_context
from flows.errors import StoppedError
from flows.settings import read_settings
from tests.flows.office import Office
from tests.hostile.small_round import ROUND, with_cells, write_round
from warehouse.snapshots import read_tables
from warehouse.snapshots.verify import verify_version

_MAY_STOP = {"decisions_can_hold_together", "one_twinning_a_city"}
"""Expectations by which a cell of the file of decisions may stop a round: people contradict each other."""


@dataclass
class HostileOffice:
    """A folder, rules, caches, and the address of a database ("" for one in the folder)."""

    folder: Path
    rules: Path
    cache: Path
    database: str = ""

    def context(self) -> AppContext:
        """The context of a new data folder with an empty database."""
        shutil.rmtree(self.folder, ignore_errors=True)
        environment = {
            "CITY2CITY_DATA": str(self.folder / "data"),
            "CITY2CITY_CACHE": str(self.cache),
            "CITY2CITY_PROGRAMME": str(self.rules),
        }
        if self.database:
            environment["CITY2CITY_DATABASE_URL"] = self.database
            with psycopg.connect(self.database, autocommit=True) as connection:
                connection.execute("DROP SCHEMA public CASCADE")
                connection.execute("CREATE SCHEMA public")
        return open_context(read_settings(environment))

    def process(self, cells: Mapping[tuple[str, int, str], Any]) -> dict[str, pl.DataFrame]:
        """The tables published of the small round with these cells; none where people contradict each other.

        Fails where a cell raised, stopped the round, or lost a row, and where the version does not verify.
        """
        context = self.context()
        write_round(self.folder / "inputs", with_cells(cells))
        try:
            Office(context, self.folder / "inputs").run(ROUND)
        except StoppedError as stop:
            if {row["expectation"] for row in stop.summary} <= _MAY_STOP:
                return {}
            raise
        assert not verify_version(context.storage, ROUND, 1)
        return read_tables(context.storage, ROUND, 1)
