"""E-mail addresses and telephone numbers in a text.

Belongs here: the patterns. Must stay out: names of persons (`people.py`), which no pattern knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

What = Literal["an e-mail address", "a telephone number", "the name of a person"]


class Piece(NamedTuple):
    """A personal piece of a text: from `start` to before `end`, and what it is."""

    start: int
    end: int
    what: What


_AT = r"(?:[@＠﹫]|\s?[\[({<]\s?(?:at|arroba|ät)\s?[\])}>]\s?)"
_DOT = r"(?:\.|。|\s?[\[({]\s?(?:dot|punkt|point|punto)\s?[\])}]\s?)"
_SIGN = re.compile(_AT, re.IGNORECASE)
_EMAIL = re.compile(rf"[\w.+'’%-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,6}}", re.IGNORECASE)
"""An address, also one whose signs are written out: "maria [at] example [dot] org"."""
_BARE_EMAIL = re.compile(r"(?<![\w@])[\w.+-]{2,64}[@＠﹫][\w-]{2,63}(?![\w.])")
"""An address within a network: "maria@intranet"."""
_BETWEEN = r"[\s\u00a0().\-/]{0,3}"
_ABROAD = re.compile(rf"(?<![\w+])\(?(?:\+|00)\d{{1,3}}\)?{_BETWEEN}(?:\d{_BETWEEN}){{6,13}}\d?(?!\w)")
"""A number with the code of a country: "+32 475 12 34 56", "0032475123456"."""
_INLAND = re.compile(
    r"(?<![\w.,/:-])(?:\(0\d{1,4}\)|0\d{1,4})(?:[\s\u00a0./-]{1,3}\d{2,4}){2,5}(?![\w:]|[.,/-]\d)"
    r"|(?<![\w.,/:-])\(\d{2,5}\)[\s\u00a0-]?\d{3,4}(?:[\s\u00a0-]?\d{2,4}){1,3}(?![\w:]|[.,/-]\d)"
)
"""A number with the code of an area: "0475 12 34 56", "(02) 555-1234"."""
_CALLED = re.compile(
    r"(?:\btel(?:efon\w*|ephone|\.)?|\bphone|\bmob(?:ile|\.)?|\bcell|\bfax|\bwhats\s?app|\bcall|☎|📞|тел\w*\.?)"
    rf"\s?[:.]?\s{{0,3}}(\(?\+?\d(?:{_BETWEEN}\d){{5,14}})",
    re.IGNORECASE,
)
"""A number that is said to be one: "tel. 5551234"."""
_DATE = re.compile(r"^\D*(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})\D*$")
_DIGITS = range(7, 16)
"""How many digits a telephone number has; 15 are the most of E.164."""


def addresses(text: str) -> Iterator[Piece]:
    """The e-mail addresses of a text."""
    if not _SIGN.search(text):
        return
    for pattern in (_EMAIL, _BARE_EMAIL):
        for found in pattern.finditer(text):
            yield Piece(*found.span(), "an e-mail address")


def telephones(text: str, *, only_abroad: bool = False) -> Iterator[Piece]:
    """The telephone numbers of a text; `only_abroad` leaves out what could be another number, as in an id."""
    for pattern in (_ABROAD,) if only_abroad else (_ABROAD, _INLAND):
        yield from (_piece(found.span(), text) for found in pattern.finditer(text) if _is_one(found[0]))
    if not only_abroad:
        yield from (_piece(found.span(1), text) for found in _CALLED.finditer(text) if _is_one(found[1], 6))


def _is_one(number: str, least: int = _DIGITS.start) -> bool:
    digits = sum(character.isdigit() for character in number)
    return least <= digits < _DIGITS.stop and not _DATE.match(number)


def _piece(span: tuple[int, int], text: str) -> Piece:
    """The number alone, without the bracket or point that stands around it."""
    start, end = span
    end = start + len(text[start:end].rstrip(" \u00a0.-/("))
    found = text[start:end]
    if found.startswith("(") and (")" not in found or found.endswith(")")):
        start += 1
    if found.endswith(")"):
        end -= 1
    return Piece(start, end, "a telephone number")
