"""What every command and flow needs at hand: settings, rules, storage and ledger, opened on first use.

Belongs here: opening. Must stay out: what is done with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings import Settings, read_settings
from programme.problems import problem
from programme.programme import Programme, read_programme, rules_files
from programme.rounds import Round, Rounds, read_rounds
from warehouse.snapshots import latest_version
from warehouse.storage import Storage, open_storage

if TYPE_CHECKING:
    from warehouse.database.erasure import Erasures
    from warehouse.database.ledger import Ledger
    from warehouse.database.outbox import Outbox


@dataclass(frozen=True)
class AppContext:
    """One process's access to the rules and the warehouse.

    Every part is opened on first use: `status` reads the rounds alone, `verify` opens no database.
    """

    settings: Settings

    @cached_property
    def programme(self) -> Programme:
        """All rules; raises `ProblemsError` with every mistake in them."""
        return read_programme(self.settings.programme)

    @cached_property
    def rules_files(self) -> dict[str, str]:
        """The texts of the files that `programme` is read from, to be kept with a version."""
        return rules_files(self.settings.programme)

    @cached_property
    def rounds(self) -> Rounds:
        """The rounds alone, without the rest of the rules."""
        return read_rounds(self.settings.programme)

    @cached_property
    def storage(self) -> Storage:
        """Snapshots, restricted files and inputs."""
        return open_storage(self.settings.data, self.settings.storage_options)

    @cached_property
    def ledger(self) -> Ledger:
        """The warehouse database, migrated where it is older."""
        # SQLAlchemy alone takes half a second; `status`, `verify` and `diff` answer from files without it.
        from warehouse.database.connection import open_database  # noqa: PLC0415
        from warehouse.database.ledger import Ledger  # noqa: PLC0415

        return Ledger(open_database(self.settings.database_url))

    @cached_property
    def outbox(self) -> Outbox:
        """The letters about results, in the same database."""
        from warehouse.database.connection import open_database  # noqa: PLC0415
        from warehouse.database.outbox import Outbox  # noqa: PLC0415

        return Outbox(open_database(self.settings.database_url))

    @cached_property
    def erasures(self) -> Erasures:
        """What was forgotten, in the same database."""
        from warehouse.database.connection import open_database  # noqa: PLC0415
        from warehouse.database.erasure import Erasures  # noqa: PLC0415

        return Erasures(open_database(self.settings.database_url))

    def inputs(self, folder: str | None) -> tuple[Storage, str]:
        """Where the rounds' folders are, as a storage and a path in it.

        It is the folder named (`--inputs`), else `inputs` of the data folder.
        """
        if folder:
            return open_storage(folder, self.settings.storage_options), ""
        return self.storage, "inputs"

    def latest_version(self, round_id: str) -> int:
        """Number of the round's latest version.

        Raises `ProblemsError` where there is none yet, or no such round.
        """
        version = latest_version(self.storage, self.round(round_id).id)
        if version is None:
            raise problem(
                found="no version yet",
                expected="a processed round",
                where=f"round {round_id}",
                remedy=f"Run it first: city2city run {round_id}",
            )
        return version

    def round(self, round_id: str) -> Round:
        """The round of that id; raises `ProblemsError` naming those there are."""
        return self.rounds.get(round_id)


def open_context(settings: Settings | None = None) -> AppContext:
    """The context of this process; `settings` are read from the environment unless given."""
    return AppContext(settings or read_settings())


def cache_folder(context: AppContext) -> Path:
    """Folder of rebuildable caches; raises `ProblemsError` where it is not there and cannot be made."""
    folder = context.settings.cache
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise problem(
            found=f"that it cannot be made ({error.strerror})",
            expected="a folder that can be written",
            where=f"the cache folder {folder}",
            remedy="Correct CITY2CITY_CACHE, or the permissions of the data folder.",
        ) from error
    return folder
