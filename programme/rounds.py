"""The rounds: when each opens and closes, in which time zone a day ends, and how many twinnings it may give.

Belongs here: the model of `rounds.toml` with the gates before publishing, and everything that is computed
from it (the moment of the deadline, the morning on which the flow runs), so that the schedule, the rule
`on_time` and `city2city status` cannot disagree. Must stay out: whether a form is on time
(`tasks/eligibility`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator

from programme.problems import problem
from programme.rules import HERE, Rules, read_rules
from programme.vocabulary import GateName, OpenPointKind, Severity

RUN_AT = time(6, 0)
"""Local time at which a round is processed, on the morning after its deadline.

By then every last-minute form is in, and the office has not opened yet.
"""


class Round(Rules):
    """One round of the call."""

    id: str = Field(pattern=r"^\d{4}-\d{2}$")
    title: str = Field(min_length=1)
    opens: date
    originally_closes: date
    closes: date
    timezone: str
    closes_at: time
    grace_minutes: int = Field(ge=0, le=7 * 24 * 60)
    twinnings_start: date
    max_twinnings: int = Field(ge=1)
    max_cities: int = Field(ge=2)
    evaluations_expected: bool = False
    answer_by: date | None = None
    approvals: Literal[0, 1, 2] | None = None

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("an IANA time zone such as Europe/Brussels")
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Round:
        if not self.opens <= self.originally_closes <= self.closes < self.twinnings_start:
            raise ValueError("opens <= originally_closes <= closes < twinnings_start")
        if self.answer_by is not None and self.answer_by <= self.closes:
            raise ValueError("answer_by after closes")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the deadline day ends."""
        return ZoneInfo(self.timezone)

    @property
    def opens_at(self) -> datetime:
        """The first moment of the round."""
        return datetime.combine(self.opens, time(0), self.zone)

    @property
    def deadline(self) -> datetime:
        """The last second at which a form is on time (FAQ 3.1), without grace, zone-aware.

        Where the clocks are put back over it, that second comes twice; the later one counts, in the
        applicant's favour.
        """
        both = (
            datetime.combine(self.closes, self.closes_at.replace(fold=fold), self.zone) for fold in (0, 1)
        )
        return max(both, key=lambda moment: moment.astimezone(UTC))

    @property
    def accepted_until(self) -> datetime:
        """The first moment that is too late: deadline and grace are over.

        It is computed in UTC, so that a change of clocks cannot shift it.
        """
        return self.deadline.astimezone(UTC) + timedelta(seconds=1, minutes=self.grace_minutes)

    @property
    def processed_at(self) -> datetime:
        """When the schedule processes the round: on the morning after the deadline, in its time zone."""
        return datetime.combine(self.closes + timedelta(days=1), RUN_AT, self.zone)


class Gates(Rules):
    """What a closed gate does (`stop` or `warn`), and the limits that close some of them."""

    call_open: Severity = "stop"
    evaluations_missing: Severity = "warn"
    earlier_round_unsettled: Severity = "stop"
    applications_fell: Severity = "stop"
    share_set_aside: Severity = "stop"
    share_superseded: Severity = "stop"
    unreadable_times: Severity = "stop"
    no_twinnings: Severity = "stop"
    ledger_incomplete: Literal["stop"] = "stop"
    most_applications_gone: float = Field(default=0.1, ge=0, le=1)

    def severity(self, gate: GateName) -> Severity:
        """What that gate does when it is closed."""
        severity: Severity = getattr(self, gate)
        return severity


class Rounds(Rules):
    """All rounds, and how many cities and twinnings they may take together (FAQ 3.8).

    `approvals` is how many people must approve a version, unless a round says so for itself; `blocking` are
    the kinds of open points with which none is approved.
    """

    max_cities: int = Field(ge=2)
    max_twinnings: int = Field(ge=1)
    results_due_months: int = Field(ge=0)
    programme_ends: date = date(2026, 12, 31)
    answer_days: int = Field(default=14, ge=1)
    approvals: Literal[0, 1, 2] = 1
    blocking: tuple[OpenPointKind, ...] = ("at_risk", "conflict")
    gates: Gates = Gates()
    rounds: Annotated[tuple[Round, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _distinct_and_ordered(self) -> Rounds:
        ids = [item.id for item in self.rounds]
        if ids != sorted(set(ids)):
            raise ValueError(f"round ids that are distinct and in order of time; found {ids}")
        if late := [item.id for item in self.rounds if item.twinnings_start > self.programme_ends]:
            raise ValueError(f"twinnings that start before programme_ends; found later: {', '.join(late)}")
        return self

    def get(self, round_id: str) -> Round:
        """The round of that id; raises `ProblemsError` naming the rounds there are."""
        for item in self.rounds:
            if item.id == round_id:
                return item
        raise problem(
            found=f"round {round_id!r}",
            expected=f"one of {', '.join(item.id for item in self.rounds)}",
            where="ROUND",
            remedy="Correct the id, or add the round to programme/rounds.toml.",
        )

    def before(self, round_id: str) -> tuple[Round, ...]:
        """The rounds earlier than this one."""
        return tuple(item for item in self.rounds if item.id < round_id)

    def approvals_needed(self, round_: Round) -> int:
        """How many people must approve a version of the round."""
        return self.approvals if round_.approvals is None else round_.approvals

    def results_due(self, round_: Round) -> date:
        """The day by which applicants hear the result (FAQ 3.8)."""
        return add_months(round_.closes, self.results_due_months)

    def answer_until(self, round_: Round, told_on: date) -> date:
        """The last day on which a city told on that day can accept its place.

        It is the round's `answer_by`, but never less than `answer_days` after the letter.
        """
        least = told_on + timedelta(days=self.answer_days)
        return least if round_.answer_by is None else max(least, round_.answer_by)

    def after(self, round_id: str) -> tuple[Round, ...]:
        """The rounds later than this one."""
        return tuple(item for item in self.rounds if item.id > round_id)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day where the month is shorter.

    One month after 31 January is 28 or 29 February.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (first_of_next - timedelta(days=1)).day))


def read_rounds(folder: Path = HERE) -> Rounds:
    """Read `rounds.toml`; raises `ProblemsError`."""
    return read_rules(folder, "rounds.toml", Rounds)
