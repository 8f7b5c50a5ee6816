"""Which days and hours are proposed for the sessions of a twinning.

Belongs here: spreading the sessions over the time there is, and choosing an hour that suits all. Must stay
out: when offices are open (`common.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from programme.matchmaking import HoursRules
from programme.rounds import Round, Rounds, add_months
from programme.starter import SessionPlan, Starter
from tasks.starter.common import Office, Stretch, common_times
from tasks.starter.days_off import DaysOff

_STEP = timedelta(minutes=15)
_SETTLE_IN = timedelta(minutes=60)
"""How long after an office opens a session begins at best."""
_NEAR = 30
"""Days around another one among which a free one is looked for."""
_STRETCHED_BY = timedelta(minutes=30)


@dataclass(frozen=True)
class Window:
    """The days between which sessions are proposed. `past` says that they lie before the approval already."""

    first: date
    last: date
    past: bool = False


@dataclass(frozen=True)
class Session:
    """One proposed session.

    `number` counts from 1. `begins` and `ends` are in UTC; None where no time zone is known, then `day` alone
    is proposed. `stretched` is how much earlier or later than usual offices must be open for it.
    """

    number: int
    plan: SessionPlan
    day: date
    begins: datetime | None = None
    ends: datetime | None = None
    stretched: timedelta = timedelta(0)


def session_window(round_: Round, rounds: Rounds, months: int, rules: Starter, approved_on: date) -> Window:
    """From the start of the twinnings, or so many days of notice after the approval, to the programme's end.

    A twinning lasts at most so many `months` (FAQ 2.2, 4.1). Where the time after the approval is too short
    for the sessions, the time of the round itself is taken, which a person then has to move.
    """
    notice = approved_on + timedelta(days=rules.notice_days)
    first = max(round_.twinnings_start, notice)
    last = min(rounds.programme_ends, add_months(first, months) - timedelta(days=1))
    if (last - first).days >= 7 * len(rules.sessions):
        return Window(first, last)
    first = round_.twinnings_start
    last = min(rounds.programme_ends, add_months(first, months) - timedelta(days=1))
    return Window(first, max(first, last), past=first < notice)


def propose_sessions(
    offices: Sequence[Office],
    others: Sequence[DaysOff],
    window: Window,
    rules: Starter,
    hours: HoursRules,
) -> list[Session]:
    """The sessions, spread evenly over the window, each in a time in which every office is open.

    `offices` are those of the cities whose time zone is known, `others` the days off of the others. Where
    offices share too few hours, each stretches its day a little, and the session says so.
    """
    times, stretched = _times(offices, others, window, rules, hours)
    found: list[Session] = []
    for number, plan in enumerate(rules.sessions, 1):
        middle = _middle(window, number, len(rules.sessions))
        # The later sessions need a day each, too.
        left = len(rules.sessions) - number
        after = [one for one in times if not found or one[0].date() > found[-1].day]
        open_ = after[: len(after) - left] or after
        if open_:
            best = min(open_, key=lambda one: (abs((one[0].date() - middle).days), one[0]))
            begins = _begin(best, timedelta(minutes=rules.session_minutes))
            ends = begins + timedelta(minutes=rules.session_minutes)
            found.append(Session(number, plan, begins.date(), begins, ends, stretched))
        else:
            found.append(
                Session(number, plan, _day_near(middle, [*others, *(one.days_off for one in offices)]))
            )
    return found


def _times(
    offices: Sequence[Office],
    others: Sequence[DaysOff],
    window: Window,
    rules: Starter,
    hours: HoursRules,
) -> tuple[list[Stretch], timedelta]:
    """The common times, with as little stretching of the day as gives enough days for the sessions."""
    least, most = timedelta(minutes=rules.session_minutes), timedelta(minutes=rules.stretch_minutes)
    stretched = timedelta(0)
    while True:
        common = common_times(offices, window.first, window.last, hours, stretched, least)
        times = [one for one in common if not any(other.is_off(one[0].date()) for other in others)]
        enough = len({begin.date() for begin, _ in times}) >= len(rules.sessions)
        if enough or stretched >= most or not offices:
            return times, stretched
        stretched = min(most, stretched + _STRETCHED_BY)


def _day_near(middle: date, closed: Sequence[DaysOff]) -> date:
    """The day nearest to another one that is a day off for nobody; the day itself where there is none."""
    days = (middle + timedelta(days=sign * n) for n in range(_NEAR) for sign in (1, -1))
    return next((day for day in days if not any(one.is_off(day) for one in closed)), middle)


def _middle(window: Window, number: int, of: int) -> date:
    """The middle of one of the equal parts of the window."""
    return window.first + timedelta(days=(2 * number - 1) * (window.last - window.first).days // (2 * of))


def _begin(stretch: Stretch, length: timedelta) -> datetime:
    """An hour after the latest office opens where there is room, else in the middle."""
    spare = stretch[1] - stretch[0] - length
    late = min(_SETTLE_IN, spare / 2)
    return stretch[0] + (late // _STEP) * _STEP
