"""What stands in the place of the answers of a person who was forgotten.

A result of the round rests on some facts of a free text: whether there is one, how many words it has, and
how many of them another answer has too. They are no personal data, and they stay, so that every figure of
the round stays: the words themselves are numbered instead.

Belongs here: the words in place of an answer. Must stay out: which answers are erased (`rows.py`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping

from warehouse.dictionary.decision_ids import ERASED

_WORD = re.compile(r"\w+")
_NOBODY = "erased.invalid"
"""A domain that belongs to nobody (RFC 2606)."""


def numbered_texts(texts: Mapping[str, str | None]) -> dict[str, str | None]:
    """The free texts of one form with numbers for words; a word that two texts share has one number.

    A blank text stays as it is.
    """
    numbers: dict[str, int] = {}
    return {name: text and _numbered(text, numbers) for name, text in texts.items()}


def _numbered(text: str, numbers: dict[str, int]) -> str:
    count = len(text.split())
    names = [
        f"erased{numbers.setdefault(word, len(numbers) + 1)}"
        for word in dict.fromkeys(_WORD.findall(text.lower()))
    ]
    if not count:
        return text
    if not names:
        return " ".join(["-"] * count)
    words = [names[at] if at < len(names) else names[0] for at in range(count)]
    return " ".join([*words[:-1], "-".join(names[count - 1 :])] if len(names) > count else words)


def person(text: str | None) -> str | None:
    """A name or a role that is gone; a blank one stays blank."""
    return ERASED if text and text.strip() else text


class Group:
    """Forms that are erased together: the same organisation or address gets the same name in each of them.

    `name` is the first form's id, `seen` the texts that were met, in order. A name rests on that order and
    never on the text, so nobody can find the text out by trying.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen: dict[str, int] = {}

    def organisation(self, text: str | None, others: Collection[str]) -> str | None:
        """An organisation that is gone; one that another form names too says nothing of this person."""
        if not text or not text.strip() or text.strip().casefold() in others or text.startswith(ERASED):
            return text
        return f"{ERASED} {self._digits(text.strip().casefold())}"

    def address(self, text: str | None, domains: Collection[str]) -> str | None:
        """An address that is gone.

        Its domain stays where others of the round have it too: then it is no secret of one person, and the
        rules still see who works for whom.
        """
        if not text or not text.strip() or text.startswith(("erased-", ERASED)):
            return text
        folded = text.strip().casefold().strip("<>")
        _, at, domain = folded.rpartition("@")
        if not at:
            return ERASED
        kept = domain if domain in domains else f"d{self._digits(domain)}.{_NOBODY}"
        return f"erased-{self._digits(folded)}@{kept}"

    def _digits(self, text: str) -> str:
        number = self._seen.setdefault(text, len(self._seen))
        return hashlib.sha256(f"city2city erased:{self._name}:{number}".encode()).hexdigest()[:8]
