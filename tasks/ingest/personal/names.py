"""What a cell for the name of a person says: persons, titles, and sometimes more than that.

Belongs here: taking a cell apart into persons and their words. Must stay out: finding them in other texts
(`people.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.personal.patterns import addresses, telephones
from tasks.ingest.personal.plain import plain

WORD = re.compile(r"[^\W\d_]+")
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
"""Letters of scripts that write a name without a blank in it."""
_MOST_WORDS = 8
"""Words of a name; a longer text is a sentence."""
_BETWEEN_PERSONS = re.compile(r"\s*(?:[/;|&\n]|\s(?:and|und|et|y|e|en|og|och)\s|\s-\s)\s*", re.IGNORECASE)
_ASIDE = re.compile(r"[(\[{<][^)\]}>]*[)\]}>]?")


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return [comparison_key(found[0]) for found in WORD.finditer(plain(text).text)]


def persons_in(cell: str) -> Iterator[list[str]]:
    """The words of each person that a cell for a name names, as they stand.

    Addresses, numbers and asides in brackets are no part of a name. What has a digit is none ("Applicant 7"),
    and what stands behind a comma is one only with what stands before it ("Rossi, Maria"; "Jane Doe, Mayor").
    """
    bare = plain(cell).text
    pieces = sorted([*addresses(bare), *telephones(bare)], reverse=True)
    for piece in pieces:
        yield from _of_address(bare[piece.start : piece.end])
        bare = f"{bare[: piece.start]};{bare[piece.end :]}"
    for part in _BETWEEN_PERSONS.split(_ASIDE.sub(" ", bare)):
        for person in dict.fromkeys((part, part.partition(",")[0])):
            words = words_of(person)
            if words and len(words) <= _MOST_WORDS and not re.search(r"\d", person):
                yield words


def _of_address(address: str) -> Iterator[list[str]]:
    """Whom an address names before its sign: "maria.rossi@example.org"."""
    words = words_of(re.split(r"[@\[({<\s%=&]", address, maxsplit=1)[0])
    if len(words) == 2 and all(len(word) > 2 for word in words):
        yield words
