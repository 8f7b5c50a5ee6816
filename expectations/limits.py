"""What the suites measure against, beside the tables themselves.

Belongs here: the limits of one round, from the rules of the programme. Must stay out: the numbers themselves
(`programme/expectations.toml`, `programme/rounds.toml`) and every expectation (`suites/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from programme.expectations import ExpectedCounts
from programme.programme import Programme
from programme.rounds import add_months


@dataclass(frozen=True)
class RoundLimits:
    """The limits of one round.

    `max_twinnings` and `max_cities` are what this round may still give out (the round's capacity less what
    earlier rounds confirmed); `sessions` a twinning has (FAQ 4.1); `opens_at` is zone-aware; `latest` is the
    last day any date of the round's data can be; `topics` and `regions` are the known ids.
    """

    counts: ExpectedCounts
    topics: tuple[str, ...]
    regions: tuple[str, ...]
    opens_at: datetime
    latest: date
    max_twinnings: int
    max_cities: int
    sessions: int = 4

    @classmethod
    def of(
        cls,
        programme: Programme,
        round_id: str,
        as_of: datetime,
        max_twinnings: int | None = None,
        max_cities: int | None = None,
    ) -> RoundLimits:
        """The limits of one round, judged from the moment `as_of` (zone-aware); a capacity that is not given
        is the round's own.
        """
        round_ = programme.rounds.get(round_id)
        over = add_months(round_.twinnings_start, programme.expectations.latest_date.months_after_start)
        return cls(
            counts=programme.expectations,
            topics=programme.topics.ids,
            regions=tuple(programme.regions.regions),
            opens_at=round_.opens_at,
            latest=max(over, as_of.astimezone(round_.zone).date()),
            max_twinnings=round_.max_twinnings if max_twinnings is None else max_twinnings,
            max_cities=round_.max_cities if max_cities is None else max_cities,
            sessions=len(programme.starter.sessions),
        )
