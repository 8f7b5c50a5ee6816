"""What an author writes down about one call; everything else of a form is drawn at random.

Belongs here: the shape of a case, a decision and a call. Must stay out: the cases themselves
(`cases/2025-07.toml`, `cases/2026-01.toml`) and how a case becomes a filled form (`submissions.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from samples.cities import City, find_city


@dataclass(frozen=True)
class SampleCase:
    """One form sent.

    - `city`: a key of `find_city`; for a consortium its largest municipality.
    - `topics`: `mobility 5/1, data 2/4` gives topic, need and experience (0-5) in order of priority.
    - `typed`, `country`: the cells as typed (default: the real names).
    - `sent`: the cell `submitted_at` as exported (default: drawn within the call).
    - `kind`: the cell `applicant_type`.
    - `partners`: part F; each a key of `find_city`, or `city|country` as typed.
    - `answers`: cells that differ from what is drawn, by canonical column; an empty text leaves the cell
      blank.
    - `members`: the municipalities of a consortium, as keys of `find_city`.
    - `key`: tells two forms of one city apart.
    - `shows`, `why`: the trouble it is there for, and a sentence about it for the table in the README.
    - `quality`: what an even-handed evaluator would give (0-5; None: never evaluated).
    - `panel`: `three`, `none` or `disputed`.
    """

    city: str
    topics: str
    typed: str = ""
    country: str = ""
    sent: str = ""
    kind: str = "city"
    partners: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    key: str = ""
    shows: str = ""
    why: str = ""
    quality: float | None = None
    panel: str = "three"

    @property
    def handle(self) -> str:
        """How decisions and evaluations refer to this case: unique within its call."""
        return self.key or self.city

    @property
    def real_city(self) -> City:
        """The real city behind it."""
        return find_city(self.city)


@dataclass(frozen=True)
class SampleDecision:
    """One decision as its author wrote it.

    `subject` is a handle, or `handle:member` for one member of a consortium; `target` is the handle of the
    other form where there is one; `what` is the register or the rule; `value` the outcome or the topic, by
    kind. A link has no value here, because the id in the register follows from its subject.
    """

    kind: str
    subject: str
    reason: str
    at: str
    target: str = ""
    what: str = ""
    value: str = ""
    by: str = "Sample Officer-1"


@dataclass(frozen=True)
class Call:
    """One round of the samples, its cases in the order of their ids.

    Forms are drawn as sent from `opens` until before `last_day`. The cohort register is the one of
    `register_as_of`; the panels had finished on `evaluated_on`. A cooperation is (city, city, programme,
    topic, funded), both cities as keys of `find_city`, the topic empty where the source names none.
    """

    round_id: str
    opens: date
    last_day: date
    register_as_of: date
    evaluated_on: date
    cooperations: tuple[tuple[str, str, str, str, str], ...]
    cases: tuple[SampleCase, ...]
    decisions: tuple[SampleDecision, ...]

    def submission_id(self, handle: str) -> str:
        """The id that the form tool gave to the case with this handle."""
        number = [case.handle for case in self.cases].index(handle) + 1
        return f"SAMPLE-{self.round_id[:4]}-{number:03d}"

    def case(self, handle: str) -> SampleCase:
        """The case with this handle."""
        return next(case for case in self.cases if case.handle == handle)
