"""What stands in the place of a personal text.

A whole cell, or an id that has a personal piece, becomes `masked-` and eight hex digits of its hash: the same
text has the same mask in every table, file and version, so that rows still join; two texts have two. A piece
of a longer text becomes `[masked]`.

The hash has no key. The same inputs must give the same tables on any machine, years later, and a key would be
one more secret to keep with every copy and to hand to whoever checks a version. Without a key a person who
already knows an address can see whether it is behind a mask; nobody can read one out of it.

Belongs here: the mask of one text. Must stay out: which texts are looked at (`masking.py`).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from tasks.ingest.personal.patterns import Piece, What, addresses, telephones
from tasks.ingest.personal.people import People

MASKED = "[masked]"
_DIGITS = 8
_LONGEST_ID = 64
"""No tool writes longer ids; a longer one is a text, or a row that was not split, and may hold anything."""
_PARTS = re.compile(r"([;=])")
"""What parts the ids of a cell of several (`APPLICATION=CITY;...`)."""


@dataclass(frozen=True)
class Masked:
    """A text with its masks, and what was masked; nothing where it is as it was."""

    text: str
    what: tuple[What, ...] = ()


def pseudonym(text: str) -> str:
    """The stable mask of a whole text."""
    return f"masked-{hashlib.sha256(f'city2city mask:{text}'.encode()).hexdigest()[:_DIGITS]}"


def mask_text(text: str, people: People) -> Masked:
    """A name or a line without what is personal in it."""
    return _with_masks(text, [*addresses(text), *telephones(text), *people.in_text(text)])


def _with_masks(text: str, found: list[Piece]) -> Masked:
    pieces = _merged(found)
    if not pieces:
        return Masked(text)
    what = tuple(dict.fromkeys(piece.what for piece in pieces))
    rest, end = [], 0
    for piece in pieces:
        rest += [text[end : piece.start], MASKED]
        end = piece.end
    rest.append(text[end:])
    masked = "".join(rest)
    is_whole = not any(character.isalnum() for character in masked.replace(MASKED, ""))
    return Masked(pseudonym(text) if is_whole else masked, what)


def mask_link(text: str, people: People) -> Masked:
    """A link or a sentence without addresses and names; numbers in it are those of pages and rows."""
    return _with_masks(text, [*addresses(text, in_words=False), *people.in_text(text)])


def mask_id(text: str, people: People) -> Masked:
    """An id; if anything in it is personal, a mask in its place, since ids must stay different."""
    if len(text) > _LONGEST_ID or "\n" in text:
        return Masked(pseudonym(text), ("a text in the place of an id",))
    pieces = [*addresses(text), *telephones(text, in_id=True), *people.in_text(text)]
    if not pieces and not people.is_one(text):
        return Masked(text)
    what = tuple(dict.fromkeys(piece.what for piece in pieces)) or ("the name of a person",)
    return Masked(pseudonym(text), what)


def mask_reference(text: str, people: People) -> Masked:
    """A reference to ids: an id, `ID:NAME` for a member of it, or several `ID=ID` behind each other."""
    found = [_mask_member(part, people) for part in _PARTS.split(text)]
    what = tuple(dict.fromkeys(kind for one in found for kind in one.what))
    return Masked("".join(one.text for one in found), what)


def without_addresses(text: str) -> str:
    """A text of the office, such as a reason, without e-mail addresses and telephone numbers."""
    return mask_text(text, People()).text


def reference_without_addresses(text: str | None) -> str | None:
    """A reference as the tables have it, from one as a person typed it."""
    return text and mask_reference(text, People()).text


def _mask_member(text: str, people: People) -> Masked:
    key, colon, name = text.partition(":")
    first, second = mask_id(key, people), mask_text(name, people)
    return Masked(first.text + colon + second.text, (*first.what, *second.what))


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Pieces in order, those that overlap as one."""
    merged: list[Piece] = []
    for piece in sorted(pieces):
        if merged and piece.start < merged[-1].end:
            last = merged.pop()
            merged.append(Piece(last.start, max(last.end, piece.end), last.what))
        else:
            merged.append(piece)
    return merged
