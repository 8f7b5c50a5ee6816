"""What an author writes down about one application; everything else of the form is drawn for it.

Belongs here: the shape of a case and of a call. Must stay out: the cases themselves (`first_call.py`,
`second_call.py`) and how a case becomes a filled form (`submissions.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from samples.places import Place, place


@dataclass(frozen=True)
class Case:
    """One form sent.

    `city` is a key of `places.place`; for a consortium its largest municipality. `topics` reads `mobility
    5/1, data 2/4`: topic, need and experience (0-5) in order of priority. `typed` and `country` are the cells
    as typed (default: the real names). `sent` is the cell `submitted_at` as exported (default: drawn within
    the call). `answers` are cells that differ from what is drawn, by canonical column name; an empty text
    leaves the cell blank. `partners` are part F: a key, or `city|country` as typed. `key` tells two forms of
    one city apart. `shows` names the trouble it is there for, `why` says it in a sentence for the table in
    the README. `quality` is what an even-handed evaluator would give (0-5; null: never evaluated); `panel` is
    `three`, `none` or `disputed`.
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
    def place(self) -> Place:
        """The real city behind it."""
        return place(self.city)


@dataclass(frozen=True)
class Call:
    """One round of the samples, its cases in the order of their ids.

    Forms are drawn as sent from `opens` until before `last_day`; the cohort register is the one of
    `register_as_of`; the panels had finished on `evaluated_on`.
    """

    round_id: str
    opens: date
    last_day: date
    register_as_of: date
    evaluated_on: date
    cases: tuple[Case, ...]

    def submission_id(self, handle: str) -> str:
        """The id the form tool gave to the case with this handle."""
        number = [case.handle for case in self.cases].index(handle) + 1
        return f"SAMPLE-{self.round_id[:4]}-{number:03d}"

    def case(self, handle: str) -> Case:
        """The case with this handle."""
        return next(case for case in self.cases if case.handle == handle)
