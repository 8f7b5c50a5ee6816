"""The words around the points of an early scan's letter, from `letters.toml`.

The section `[results]` of the same file is about the letters of an approved version: `result_letters.py`.
"""

from __future__ import annotations

import string
from typing import Literal

from pydantic import Field, field_validator

from programme.result_letters import Address, ResultLetters
from programme.rules import Rules
from programme.vocabulary import COUNTRY, OPEN_OUTCOMES, RULES, TOPIC_PLACE, OpenOutcome

FIELDS = {"city", "for_city", "on_behalf", "round", "name", "application"}
SET_ASIDE = "set_aside"
"""What the point of a form that could not be used is called, in the place of a rule."""
REPLACED = "replaced"
"""What the point of a form that another one stands in the place of is called, in the place of a rule."""


class LetterWording(Rules):
    """What a letter says before, between and after its points.

    `{city}`, `{round}`, `{name}` and `{application}` are filled in, and `{for_city}` and `{on_behalf}`, which
    say nothing where the form names no city. `how` is by rule and outcome, `answers` by column of the form.
    """

    from_name: str = Field(min_length=1)
    from_address: Address
    reply_to: Address
    subject: str = Field(min_length=1)
    greeting: str
    greeting_without_name: str
    for_city: str
    on_behalf: str
    opening: str
    opening_final: str
    nothing_missing: str
    closing: str
    closing_nothing_missing: str
    closing_final: str
    contact: str
    signature: str
    told_before: str
    clause: str
    partner_outside_cohort: str
    headings: dict[OpenOutcome, str]
    titles: dict[str, str]
    how: dict[Literal["cohort", "gcom"], dict[OpenOutcome, str]]
    answers: dict[str, str]
    results: ResultLetters

    @field_validator(
        "subject",
        "greeting",
        "greeting_without_name",
        "for_city",
        "on_behalf",
        "opening",
        "opening_final",
        "closing",
        "closing_nothing_missing",
        "closing_final",
    )
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

    @field_validator("titles")
    @classmethod
    def _titles_of_rules(cls, value: dict[str, str]) -> dict[str, str]:
        if unknown := set(value) - {*RULES, SET_ASIDE, REPLACED, TOPIC_PLACE, COUNTRY}:
            raise ValueError(f"titles of rules; {', '.join(sorted(unknown))} is none")
        return value

    def of_city(self, city: str) -> dict[str, str]:
        """The fields that say for which city a form was sent; empty where it names none."""
        said = {"for_city": self.for_city, "on_behalf": self.on_behalf}
        return {"city": city} | {name: text.format(city=city) if city else "" for name, text in said.items()}

    def title(self, rule: str) -> str:
        """What a point of that rule is about, as a letter calls it."""
        return self.titles.get(rule) or rule.replace("_", " ").capitalize()

    def how_to(self, rule: str, outcome: str) -> str | None:
        """How a city gets what the rule asks; None where that needs no words."""
        ways: dict[tuple[str, str], str] = {
            (name, key): text for name, by_outcome in self.how.items() for key, text in by_outcome.items()
        }
        return ways.get((rule, outcome))
