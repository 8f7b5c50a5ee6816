"""The words around the points of an early scan's letter, from `letters.toml`."""

from __future__ import annotations

import string

from pydantic import Field, field_validator

from programme.rules import Rules
from programme.vocabulary import OPEN_OUTCOMES, OpenOutcome

FIELDS = {"city", "round", "name"}


class LetterWording(Rules):
    """What a letter says before, between and after its points.

    `{city}`, `{round}` and `{name}` are filled in.
    """

    subject: str = Field(min_length=1)
    greeting: str
    greeting_without_name: str
    opening: str
    closing: str
    contact: str
    signature: str
    partner_outside_cohort: str
    headings: dict[OpenOutcome, str]

    @field_validator("subject", "greeting", "greeting_without_name", "opening", "closing")
    @classmethod
    def _known_fields(cls, value: str) -> str:
        found = {name for _, name, _, _ in string.Formatter().parse(value) if name is not None}
        if found - FIELDS:
            raise ValueError(f"no other fields than {', '.join(sorted(FIELDS))}")
        return value

    @field_validator("partner_outside_cohort")
    @classmethod
    def _names_the_partner(cls, value: str) -> str:
        if [name for _, name, _, _ in string.Formatter().parse(value) if name is not None] != ["partner"]:
            raise ValueError("the field {partner} once, and no other")
        return value

    @field_validator("headings")
    @classmethod
    def _a_heading_each(cls, value: dict[str, str]) -> dict[str, str]:
        if set(value) != set(OPEN_OUTCOMES):
            raise ValueError(f"a heading for each of {', '.join(OPEN_OUTCOMES)}")
        return value
