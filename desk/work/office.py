"""A round as it stands now, for every page: its newest version, what was decided since, what is still open.

Belongs here: reading, each version once (a version never changes). Must stay out: what a page shows
(`desk/views`), and recording (`answering.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from threading import Lock, RLock
from typing import Any

import polars as pl

from desk.access.guard import RefusedError
from flows.context import AppContext
from flows.ledger import ledger_gaps
from flows.points_now import points_now
from flows.published_versions import origin_of, read_version
from flows.what_if import latest_problem
from flows.working_tables import read_working_table
from pages.views.twinnings import Twinning, twinnings
from programme.clauses import read_clauses
from programme.desk import DeskRules
from programme.rounds import Round
from tasks.matchmaking.problem import MatchingProblem
from warehouse.dictionary import WORKING_TABLES
from warehouse.snapshots import DamagedVersionError, latest_version, read_package, version_path
from warehouse.snapshots.verify import verify_version

Row = Mapping[str, Any]
HERE_FOR = timedelta(minutes=4)
"""How long somebody who opened a point counts as being at it."""
MOST_VERSIONS = 12
"""How many versions are held in memory."""


@dataclass(frozen=True)
class Version:
    """A version that was read and verified, with what belongs to it."""

    context: AppContext
    round_: Round
    number: int
    tables: Mapping[str, pl.DataFrame]
    package: Mapping[str, Any]
    decided: pl.DataFrame

    def working(self, name: str) -> pl.DataFrame:
        """A working table of the version; no rows where it was not kept."""
        if name not in self._working:
            frame = read_working_table(self.context, self.round_.id, self.number, name)
            self._working[name] = WORKING_TABLES[name].empty() if frame.is_empty() else frame
        return self._working[name]

    @cached_property
    def _working(self) -> dict[str, pl.DataFrame]:
        return {}

    @cached_property
    def twinnings(self) -> list[Twinning]:
        """The twinnings as pages show them."""
        names = ("twinning_reasons", "twinning_sensitivity", "alternatives")
        working = {name: self.working(name) for name in names}
        return twinnings(self.tables, working, self.context.programme, self.round_)

    @cached_property
    def applications(self) -> Mapping[str, Row]:
        """The rows of the table `applications` by id."""
        return {row["application_id"]: row for row in self.tables["applications"].iter_rows(named=True)}


@dataclass(frozen=True)
class Point:
    """An open point and the decision that answers it at the next run (None: it is open)."""

    row: Row
    answer: Row | None

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.row["id"])

    @property
    def seen(self) -> str:
        """The decision that an answer to it must know of; empty where there is none."""
        return str(self.answer["decision_id"]) if self.answer else ""


@dataclass(frozen=True)
class RoundNow:
    """A round as it stands: its newest version and what was decided.

    `recorded` are all decisions of the ledger, `in_force` those that count, `pending` those of them that the
    version does not know yet.
    """

    version: Version
    recorded: pl.DataFrame
    in_force: pl.DataFrame
    pending: Sequence[Row]
    points: Sequence[Point] = field(default=())

    @property
    def open(self) -> list[Point]:
        """The points that nobody has answered."""
        return [point for point in self.points if point.answer is None]

    @property
    def answered(self) -> list[Point]:
        """The points that take effect with the next run."""
        return [point for point in self.points if point.answer is not None]


class Office:
    """The rounds of one data folder, shared by everybody at this desk."""

    def __init__(self, context: AppContext, rules: DeskRules, *, blind: bool = False) -> None:
        self.context, self.rules, self.blind = context, rules, blind
        self.clauses = read_clauses(context.settings.programme)
        self.deciding = Lock()
        """Held while an answer is checked and recorded, so that the second of two people is told."""
        self._versions: dict[tuple[str, int, str], Version] = {}
        self._reading = RLock()
        self._problem: tuple[Version, MatchingProblem] | None = None
        self._at: dict[tuple[str, str], dict[str, datetime]] = {}

    def version(self, round_id: str, number: int) -> Version:
        """A version, verified when it is read first.

        Raises `ProblemsError` where there is none, and `RefusedError` where it does not verify.
        """
        published = _seal(self.context, round_id, number)
        key = (round_id, number, published)
        with self._reading:
            if key not in self._versions:
                self._versions[key] = self._read(round_id, number)
                for old in list(self._versions)[:-MOST_VERSIONS]:
                    del self._versions[old]
            return self._versions[key]

    def _read(self, round_id: str, number: int) -> Version:
        round_ = self.context.round(round_id)
        with suppress(DamagedVersionError):
            read_package(self.context.storage, round_id, number)  # raises where there is no such version
        if problems := verify_version(self.context.storage, round_id, number, proof=False):
            shown = " ".join(f"{text.rstrip('.')}." for text in problems[:5])
            raise RefusedError(
                409,
                f"Version {number} of round {round_id} does not verify",
                f"Somebody or something changed its files after it was published. {shown}",
                f"Rebuild it: city2city repair {round_id} {number}. See everything that is wrong with: "
                f"city2city verify {round_id} {number}",
            )
        published = read_version(self.context, round_id, number)
        decided = origin_of(self.context, published).decisions
        return Version(self.context, round_, number, published.tables, published.package, decided)

    def latest(self, round_id: str) -> Version | None:
        """The newest version; None before the first."""
        number = latest_version(self.context.storage, self.context.round(round_id).id)
        return None if number is None else self.version(round_id, number)

    def now_if_whole(self, round_id: str) -> RoundNow | None:
        """The round as it stands; None also where its latest version is damaged, for a page about others."""
        try:
            return self.now(round_id)
        except (RefusedError, DamagedVersionError):
            return None

    def now(self, round_id: str) -> RoundNow | None:
        """The round as it stands; None before its first version."""
        version = self.latest(round_id)
        if version is None:
            return None
        moment = datetime.now(UTC)
        found = points_now(self.context, version.round_, version.tables, version.decided, moment)
        points = [Point(row, answer) for row, answer in found.points]
        return RoundNow(version, found.recorded, found.in_force, found.pending, points)

    def problem(self, version: Version) -> tuple[int, MatchingProblem]:
        """The matching problem of the newest version, read once."""
        with self._reading:
            if self._problem is None or self._problem[0] is not version:
                self._problem = (version, latest_problem(self.context, version.round_.id)[1])
            return version.number, self._problem[1]

    def gaps(self, round_id: str) -> tuple[str, ...]:
        """What the database lacks of what is kept, in sentences; nothing where it is whole."""
        return ledger_gaps(self.context, [round_id])

    def also_at(self, round_id: str, point: str, name: str) -> list[str]:
        """Who else opened a point a moment ago; and that this person is at it now."""
        now = datetime.now(UTC)
        with self._reading:
            people = self._at.setdefault((round_id, point), {})
            people[name] = now
            return sorted(one for one, since in people.items() if one != name and now - since < HERE_FOR)


def _seal(context: AppContext, round_id: str, number: int) -> str:
    """What a version is known by in memory: where its descriptor changes, it is read again."""
    path = f"{version_path(round_id, number)}/datapackage.json"
    try:
        return sha256(context.storage.read(path)).hexdigest()
    except FileNotFoundError:
        return ""
