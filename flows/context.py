"""What every command and flow needs at hand: settings, rules, storage, ledger, opened once and only when
asked for.

Belongs here: opening. Must stay out: what is done with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings import Settings, read_settings

if TYPE_CHECKING:
    from programme.programme import Programme
    from programme.rounds import Round, Rounds
    from warehouse.database.ledger import Ledger
    from warehouse.storage import Storage


@dataclass(frozen=True)
class AppContext:
    """One process's access to the rules and the warehouse. Every part is opened on first use: `status` needs
    no gazetteer, `verify` no database.
    """

    settings: Settings

    @cached_property
    def programme(self) -> Programme:
        """All rules; raises `ProblemsError` with every mistake in them."""
        from programme.programme import read_programme  # noqa: PLC0415

        return read_programme(self.settings.programme)

    @cached_property
    def rounds(self) -> Rounds:
        """The rounds alone, without the rest of the rules."""
        from programme.rounds import read_rounds  # noqa: PLC0415

        return read_rounds(self.settings.programme)

    @cached_property
    def storage(self) -> Storage:
        """Snapshots, restricted files and inputs."""
        from warehouse.storage import open_storage  # noqa: PLC0415

        return open_storage(self.settings.data, self.settings.storage_options)

    @cached_property
    def ledger(self) -> Ledger:
        """The warehouse database, migrated where it is older."""
        from warehouse.database.connection import open_database  # noqa: PLC0415
        from warehouse.database.ledger import Ledger  # noqa: PLC0415

        return Ledger(open_database(self.settings.database_url))

    def inputs(self, folder: str | None) -> tuple[Storage, str]:
        """Where the rounds' folders are: the folder named (`--inputs`), else `inputs` of the data folder; a
        storage and a path in it.
        """
        from warehouse.storage import open_storage  # noqa: PLC0415

        return (
            (open_storage(folder, self.settings.storage_options), "") if folder else (self.storage, "inputs")
        )

    def latest(self, round_id: str) -> int:
        """Number of the round's latest version; raises `ProblemsError` where there is none yet, or no such
        round.
        """
        from programme.problems import problem  # noqa: PLC0415
        from warehouse.snapshots import latest_version  # noqa: PLC0415

        version = latest_version(self.storage, self.round(round_id).id)
        if version is None:
            remedy = f"Run it first: city2city run {round_id}"
            raise problem(
                found="no version yet", expected="a processed round", where=f"round {round_id}", remedy=remedy
            )
        return version

    def round(self, round_id: str) -> Round:
        """The round of that id; raises `ProblemsError` naming those there are."""
        return self.rounds.get(round_id)


def open_context(settings: Settings | None = None) -> AppContext:
    """The context of this process."""
    return AppContext(settings or read_settings())


def program_version() -> str:
    """The program's version, as a snapshot names it."""
    return version("city2city")


def cache_folder(context: AppContext) -> Path:
    """Folder of rebuildable caches, made where it is not there."""
    context.settings.cache.mkdir(parents=True, exist_ok=True)
    return context.settings.cache
