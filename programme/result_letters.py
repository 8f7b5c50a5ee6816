"""The words and the sender's data of the letters about results, from the section `[results]` of
`letters.toml`.

What a letter says is in its template (`programme/letters/`); here is what all templates share, and
what stands outside the text. Must stay out: the letters of the early scan (`letters.py`).
"""

from __future__ import annotations

import string
from typing import Annotated

from pydantic import Field, field_validator

from programme.letter_vocabulary import LETTER_KINDS, LetterKind
from programme.rules import Rules
from programme.vocabulary import RULES, RuleName

SUBJECT_FIELDS = {"round", "for_city", "application"}
Address = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Sentence = Annotated[str, Field(min_length=1)]


class TwinningContact(Rules):
    """Who a selected city writes to about its twinning."""

    name: str = Field(min_length=1)
    address: Address


class ResultLetters(Rules):
    """What all letters about results share.

    `subjects` is by kind of letter; `correction` goes before the subject of a letter that corrects another
    one. `said` are the words for what a letter of a kind told. `remedies` say by rule what a city can do
    about it. `contacts_without_consent` gives partners each other's contacts whatever their forms say.
    """

    twinning_contact: TwinningContact
    contacts_without_consent: bool
    correction: str
    subjects: dict[LetterKind, Sentence]
    said: dict[LetterKind, Sentence]
    remedies: dict[RuleName, Sentence]

    @field_validator("subjects")
    @classmethod
    def _known_fields(cls, value: dict[str, str]) -> dict[str, str]:
        for text in value.values():
            found = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
            if found - SUBJECT_FIELDS:
                raise ValueError(f"no other fields than {', '.join(sorted(SUBJECT_FIELDS))}")
        return value

    @field_validator("subjects", "said")
    @classmethod
    def _every_kind(cls, value: dict[str, str]) -> dict[str, str]:
        if lacking := set(LETTER_KINDS) - set(value):
            raise ValueError(f"words for every kind of letter; {', '.join(sorted(lacking))} has none")
        return value

    @field_validator("remedies")
    @classmethod
    def _every_rule(cls, value: dict[str, str]) -> dict[str, str]:
        if lacking := set(RULES) - set(value):
            raise ValueError(f"words for every rule; {', '.join(sorted(lacking))} has none")
        return value
