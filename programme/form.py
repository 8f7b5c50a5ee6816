"""What the form and the registers ask: columns, parts, headings and choices, read from `form.toml`.

Belongs here: the shape of that description and its consistency. Must stay out: types and meanings of columns
(the data dictionary) and how a cell is read (`tasks/ingest`).
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from programme.rules import Rules
from programme.vocabulary import ToolMark

Kind = Literal[
    "id",
    "name",
    "line",
    "text",
    "verbatim",
    "country",
    "choice",
    "choices",
    "yes_no",
    "whole_number",
    "number",
    "points",
    "moment",
    "day",
    "topic",
    "criterion",
    "members",
    "cooperation",
]
"""How a cell of a column is read; `tasks/ingest/cells/column_readers.py` has one reader a kind."""
N_MONTHS = 12


class FormColumn(Rules):
    """One column of one input.

    `required`: the column must be there and a row without its value is set aside. `part`: number of the
    question on the form. `headings`: other headings that mean it. `choices`: name of its list under
    `[choices]`. `default`: what a blank cell means. `open`: a value that is on no list is kept as written
    instead of being refused. `least`: a smaller number is not believable and counts as unknown.
    """

    kind: Kind
    required: bool = False
    part: str = ""
    headings: tuple[str, ...] = ()
    choices: str = ""
    default: str = ""
    open: bool = False
    least: int | None = None


class ExportProfile(Rules):
    """How one form tool writes its exports of submissions: what tells it apart, how it differs from a table.

    `signs`: headings only it writes, of which `signs_needed` must be there. `headings`: its own headings of
    our columns. `own`: columns about the tool itself, neither used nor reported. `options`: pattern (groups
    `question`, `option`) of headings where it writes one column a choice; `numbered_option`: pattern of an
    option that is only a number, counting our choices in order. `path`: what stands between a question and
    the groups it is in. `naive_times`: the zone of a time stamp without one. `no_moment`: what it writes
    where it keeps no time stamps. `day_first`: how it writes dates that leave it open. `id_from`: columns
    that make up an id where the tool gives none.
    """

    title: str = Field(min_length=1)
    signs: tuple[str, ...] = Field(min_length=1)
    signs_needed: int = Field(default=1, ge=1)
    headings: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    own: tuple[str, ...] = ()
    options: str = ""
    numbered_option: str = ""
    path: str = ""
    naive_times: Literal["round", "UTC"] = "round"
    no_moment: tuple[str, ...] = ()
    day_first: bool | None = None
    id_from: tuple[str, ...] = ()

    @field_validator("options", "numbered_option")
    @classmethod
    def _is_pattern(cls, value: str) -> str:
        return _check_pattern(value)


class ToolDoubt(Rules):
    """What form tools say of a response that speaks against counting it.

    `mark`: the reason. `headings`: columns in which it stands. `words`: what then stands in the cell, in any
    case of letters; `below`: the cell then holds a number below this one.
    """

    mark: ToolMark
    headings: tuple[str, ...] = Field(min_length=1)
    words: tuple[str, ...] = ()
    below: float | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> ToolDoubt:
        if bool(self.words) == (self.below is not None):
            raise ValueError("either words or below")
        return self


def _check_pattern(value: str) -> str:
    try:
        groups = re.compile(value).groupindex
    except re.error as error:
        raise ValueError(f"a regular expression ({error})") from error
    if value and not set(groups) & {"option", "number"}:
        raise ValueError("a pattern with the groups question and option, or number")
    return value


Columns = Annotated[dict[str, FormColumn], Field(min_length=1)]


class FormRules(Rules):
    """All inputs, column by column, and the words their cells are written in.

    `yes`, `no`: words for either. `blank`: ways to leave a cell blank. `blank_words`: words that mean blank
    where they cannot be a name. `months`: the names of each month, January's first. `before_noon`,
    `after_noon`: words for the halves of a day. `zones`: names of time zones and their hours ahead of UTC.
    `letters`: countries to the letters of their names, or the name of their script, where these are not
    western ones. `day_first`: how dates are read that leave the order of day and month open.
    `close_spelling`: how alike (0-100) a spelling must be to the wording it stands for. `option_patterns`:
    patterns (groups `question`, `option`) of headings of one choice each that several tools write. `doubts`:
    what tools say against a response. `last_change`: headings of the moment at which a response was changed
    last. `choices`: list to id to wordings. `profiles`: form tool to how it writes.
    """

    yes: tuple[str, ...] = Field(min_length=1)
    no: tuple[str, ...] = Field(min_length=1)
    titles: tuple[str, ...] = ()
    spreadsheet_yes_no: tuple[str, ...] = Field(min_length=1)
    blank: tuple[str, ...]
    blank_words: tuple[str, ...]
    months: tuple[tuple[str, ...], ...] = Field(min_length=N_MONTHS, max_length=N_MONTHS)
    day_first: bool
    close_spelling: float = Field(ge=50, le=100)
    before_noon: tuple[str, ...] = Field(min_length=1)
    after_noon: tuple[str, ...] = Field(min_length=1)
    zones: dict[str, float]
    letters: dict[str, str]
    option_patterns: tuple[str, ...]
    doubts: tuple[ToolDoubt, ...]
    last_change: tuple[str, ...]
    topic_wordings: dict[str, tuple[str, ...]]
    choices: dict[str, dict[str, tuple[str, ...]]]
    profiles: dict[str, ExportProfile]
    submissions: Columns
    cohort: Columns
    gcom: Columns
    evaluations: Columns
    collaborations: Columns
    decisions: Columns
    corrections: Columns
    evaluators: Columns
    feedback: Columns = Field(default_factory=dict)

    @field_validator("option_patterns")
    @classmethod
    def _are_patterns(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(_check_pattern, values))

    @field_validator("months")
    @classmethod
    def _months_differ(cls, months: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        names = [name for same in months for name in same]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"names that each mean one month; {', '.join(twice)} stands twice")
        if not all(months):
            raise ValueError("a name for every month")
        return months

    @model_validator(mode="after")
    def _choices_exist(self) -> FormRules:
        for table, columns in self.tables.items():
            for name, column in columns.items():
                needs_list = column.kind in ("choice", "choices")
                has_list = column.choices in self.choices
                if needs_list != bool(column.choices) or (needs_list and not has_list):
                    raise ValueError(
                        f"for {table}.{name}, kind {column.kind}, a list that is under [choices]; "
                        f"found {column.choices!r}"
                    )
        return self

    def letters_of(self, iso3: str | None) -> frozenset[str]:
        """Letters beside the western ones in which a country's names are written, and its scripts."""
        return frozenset(
            letter
            for countries, written in self.letters.items()
            if iso3 and iso3 in countries.split()
            for part in written.split()
            for letter in ([part] if part.isupper() and part.isascii() else part)
        )

    @property
    def tool_headings(self) -> tuple[str, ...]:
        """Headings of columns in which form tools say something of a response."""
        return (*self.last_change, *(heading for doubt in self.doubts for heading in doubt.headings))

    @property
    def tables(self) -> dict[str, dict[str, FormColumn]]:
        """Input table to its columns, in order."""
        return {
            "submissions": self.submissions,
            "cohort": self.cohort,
            "gcom": self.gcom,
            "evaluations": self.evaluations,
            "collaborations": self.collaborations,
            "decisions": self.decisions,
            "corrections": self.corrections,
            "evaluators": self.evaluators,
            "feedback": self.feedback,
        }
