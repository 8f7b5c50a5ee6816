"""The season: what the programme has given out, and where each round stands.

Belongs here: figures and sentences of the season's page. Must stay out: reading them (`flows/standing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pages.views.words import POINT_NAMES, country_name, day, in_words, moment
from programme.rounds import Round, Rounds
from tasks.matchmaking.capacity import GivenOut

Row = Mapping[str, Any]
MOST_RUNS = 4


@dataclass(frozen=True)
class Share:
    """What is given out of one thing: confirmed, proposed and left, and each as a share of all (0-100)."""

    name: str
    all: int
    confirmed: int
    proposed: int

    @property
    def left(self) -> int:
        """How much is neither confirmed nor proposed; never less than nothing."""
        return max(0, self.all - self.confirmed - self.proposed)

    def part(self, count: int) -> float:
        """A count in hundredths of the whole, which grows where more is given out than there is."""
        return 100 * count / max(1, self.all, self.confirmed + self.proposed)


@dataclass(frozen=True)
class ConditionLine:
    """What a city still has to bring, by when."""

    application_id: str
    city: str
    country: str
    what: str
    due: str
    overdue: bool


@dataclass(frozen=True)
class RunLine:
    """A run: when, what it came to, why."""

    at: str
    outcome: str
    reason: str
    version: int | None
    tone: str


@dataclass(frozen=True)
class RoundCard:
    """A round on the season's page."""

    id: str
    title: str
    state: str
    tone: str
    opens: str
    deadline: str
    results_due: str
    due_in: str
    overdue: bool
    version: int | None
    approved: str
    pinned: int | None
    open_points: int
    kinds: tuple[tuple[str, str, int], ...]
    twinnings: int
    confirmed: int
    cities: int
    at_risk: tuple[str, ...]
    conditions: tuple[ConditionLine, ...]
    runs: tuple[RunLine, ...]
    drafted: int
    letters: tuple[tuple[str, int], ...]
    gaps: tuple[str, ...]


TONES = {"published": "good", "unchanged": "good", "stopped": "bad", "failed": "bad", "running": "accent"}


def shares(rounds: Rounds, given: GivenOut) -> list[Share]:
    """What the programme has given out, all rounds together (FAQ 3.8)."""
    return [
        Share("twinnings", rounds.max_twinnings, given.confirmed_twinnings, given.proposed_twinnings),
        Share("cities", rounds.max_cities, given.confirmed_cities, given.proposed_cities),
    ]


def round_card(
    round_: Round,
    standing: Row,
    given: GivenOut,
    runs: Sequence[Row],
    *,
    drafted: int,
    letters: Sequence[str],
    gaps: Sequence[str],
) -> RoundCard:
    """A round's card; `standing` is the answer of `round_standing`, `given` what its version gives out."""
    due: date = standing["results_due"]
    points = standing["open_points"] or {}
    return RoundCard(
        id=round_.id,
        title=round_.title,
        state=standing["state"],
        tone={"open": "accent", "processed": "good"}.get(standing["state"], "warn"),
        opens=day(round_.opens),
        deadline=f"{day(round_.deadline.date())}, {round_.deadline:%H:%M}, {round_.timezone}",
        results_due=day(due),
        due_in=standing["due"],
        overdue=standing["overdue"],
        version=standing["latest_version"],
        approved=_approved(standing),
        pinned=standing["pinned_to"],
        open_points=sum(points.values()),
        kinds=tuple((kind, POINT_NAMES.get(kind, in_words(kind)), count) for kind, count in points.items()),
        twinnings=given.confirmed_twinnings + given.proposed_twinnings,
        confirmed=given.confirmed_twinnings,
        cities=given.confirmed_cities + given.proposed_cities,
        at_risk=tuple(standing["confirmed_at_risk"]),
        conditions=tuple(_condition(one) for one in standing["conditions"]),
        runs=tuple(run_line(row) for row in runs[:MOST_RUNS]),
        drafted=drafted,
        letters=tuple((in_words(state), letters.count(state)) for state in sorted(set(letters))),
        gaps=tuple(gaps),
    )


def _approved(standing: Row) -> str:
    """Which version is approved and how that stands, in words; nothing where none is."""
    number = "" if standing["approved"] is None else f"version {standing['approved']}, "
    return f"{number}{standing['approval']}"


def _condition(row: Row) -> ConditionLine:
    return ConditionLine(
        row["application_id"],
        row["city_name"] or row["application_id"],
        country_name(row["country_iso3"]),
        row["what"],
        day(row["due"]),
        row["overdue"],
    )


def run_line(row: Row) -> RunLine:
    """A run of the ledger in words."""
    started: datetime = row["started_at"]
    return RunLine(
        at=moment(started),
        outcome=row["outcome"] if row["kind"] == "process" else f"early scan, {row['outcome']}",
        reason=row["reason"],
        version=row["version"],
        tone=TONES.get(row["outcome"], ""),
    )
