"""Who is who among the names of people: one person is one, however the name is written.

Belongs here: comparing names of people. Must stay out: names of cities (`tasks/crosscheck/names`).
"""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\w+")


def person(name: str) -> str:
    """A name folded, so that one person is one: without case, accents, punctuation, and order of words."""
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(one for one in plain if not unicodedata.combining(one)).casefold()
    return " ".join(sorted(_WORD.findall(letters))) or letters.strip()


def same_person(one: str, other: str) -> bool:
    """Whether two names are those of one person."""
    return person(one) == person(other)
