"""What the form and the registers ask: columns, parts, headings and choices, from `form.toml`.

Belongs here: the shape of that description and its consistency. Must stay out: types and meanings of columns (the data dictionary) and how
a cell is understood (`tasks/ingest`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from programme.rules import Rules

Kind = Literal[
    "id", "name", "line", "text", "country", "choice", "choices", "yes_no", "whole_number", "number", "points",
    "moment", "day", "topic", "criterion", "members", "cooperation",
]  # fmt: skip
"""How a cell of a column is understood; `tasks/ingest/readers.py` has one reader a kind."""


class FormColumn(Rules):
    """One column of one input.

    `required`: the column must be there and a row without its value is set aside. `part`: number of the question on the form. `headings`: other
    headings that mean it. `choices`: name of its list under `[choices]`. `default`: what a blank cell means. `open`: a value that is on no list is
    kept as written instead of being refused.
    """

    kind: Kind
    required: bool = False
    part: str = ""
    headings: tuple[str, ...] = ()
    choices: str = ""
    default: str = ""
    open: bool = False


Columns = Annotated[dict[str, FormColumn], Field(min_length=1)]


class FormRules(Rules):
    """All inputs, column by column, and the words their cells are written in."""

    yes: tuple[str, ...] = Field(min_length=1)
    no: tuple[str, ...] = Field(min_length=1)
    blank: tuple[str, ...]
    blank_words: tuple[str, ...]
    day_first: bool
    population_believable: int = Field(ge=1)
    close_spelling: float = Field(ge=50, le=100)
    topic_wordings: dict[str, tuple[str, ...]]
    choices: dict[str, dict[str, tuple[str, ...]]]
    submissions: Columns
    cohort: Columns
    gcom: Columns
    evaluations: Columns
    collaborations: Columns
    decisions: Columns

    @model_validator(mode="after")
    def _choices_exist(self) -> FormRules:
        for table, columns in self.tables.items():
            for name, column in columns.items():
                needs = column.kind in ("choice", "choices")
                if needs != bool(column.choices) or (needs and column.choices not in self.choices):
                    raise ValueError(f"for {table}.{name}, kind {column.kind}, a list that is under [choices]; found {column.choices!r}")
        return self

    @property
    def tables(self) -> dict[str, dict[str, FormColumn]]:
        """Input table to its columns, in order."""
        return {
            "submissions": self.submissions, "cohort": self.cohort, "gcom": self.gcom, "evaluations": self.evaluations,
            "collaborations": self.collaborations, "decisions": self.decisions,
        }  # fmt: skip
