"""E-mail addresses and telephone numbers in a text.

Belongs here: the patterns. Must stay out: names of persons (`people.py`), which no pattern knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from tasks.ingest.personal.plain import plain

What = Literal[
    "an e-mail address", "a telephone number", "the name of a person", "a text in the place of an id"
]


class Piece(NamedTuple):
    """A personal piece of a text: from `start` to before `end`, and what it is."""

    start: int
    end: int
    what: What


_ESCAPED = r"%40|=40|&#0{0,3}64;|&#x0{0,3}40;|&commat;|\\u0040|\\x40"
"""The sign as links, mails, pages and programs write it."""
_AT = rf"(?:\s?[\[({{<]\s?(?:at|arroba|arobase|ät|chiocciola|собака|@)\s?[\])}}>]\s?|@{{1,3}}|{_ESCAPED})"
_DOT = r"(?:\.|\s?[\[({<]\s?(?:dot|punkt|point|punto|ponto|\.)\s?[\])}>]\s?)"
_SIGN = re.compile(rf"{_AT}|\bat\b|_at_|arroba|arobase|[\[({{]\s?a\s?[\])}}]", re.IGNORECASE)
_EMAIL = re.compile(rf"[\w.+'’%-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,6}}", re.IGNORECASE)
"""An address, also one whose signs are written out: "maria [at] example [dot] org"."""
_BARE_EMAIL = re.compile(rf"(?<![\w@])[\w.+-]{{2,64}}(?:@|{_ESCAPED})[\w-]{{2,63}}(?![\w.])", re.IGNORECASE)
"""An address within a network: "maria@intranet"."""
_OF_A_MACHINE = re.compile(r"[\w.+-]{1,64}@\[[\w.:]{3,45}\]", re.IGNORECASE)
"""An address at a machine's number: "maria@[192.0.2.1]"."""
_BETWEEN_WORDS = r"(?:\s{1,3}|[_-])"
_IN_WORDS = re.compile(
    rf"(?<![\w.+-])[a-z0-9][\w.+]{{0,63}}?"
    rf"(?:{_BETWEEN_WORDS}(?:at|arroba|arobase){_BETWEEN_WORDS}|\s@\s?|@\s|-at-\s|\s-at-\s|\s?[\[(]a[\])]\s?)"
    rf"[a-z0-9][a-z0-9-]{{0,62}}?(?:(?:\.|{_BETWEEN_WORDS}dot{_BETWEEN_WORDS})[a-z0-9-]{{1,63}}?){{0,5}}"
    rf"(?:\.|{_BETWEEN_WORDS}dot{_BETWEEN_WORDS})[a-z]{{2,24}}(?![\w-])",
    re.IGNORECASE,
)
"""An address in words: "maria at example dot org". Only where the text is no sentence about files."""
_BETWEEN = r"[\s().\-/_]{0,3}"
_ABROAD = re.compile(rf"(?<![\w+])\(?(?:\+|00)\s?\d{{1,3}}\)?{_BETWEEN}(?:\d{_BETWEEN}){{6,13}}\d?(?!\d)")
"""A number with the code of a country: "+32 475 12 34 56", "0032475123456"."""
_INLAND = re.compile(
    r"(?<![\w.,/:-])(?:\(0\d{1,4}\)|0\d{1,5})(?:[\s./-]{1,3}\d{2,7}){1,5}(?![\w:]|[.,/-]\d)"
    r"|(?<![\w.,/:-])(?:[18][\s.-])?\(\d{2,5}\)[\s-]?\d{3,5}(?:[\s-]?\d{2,4}){1,3}(?![\w:]|[.,/-]\d)"
    r"|(?<![\w.,/:-])(?:[18][\s.-])?\d{3}([\s.-])\d{3}\1\d{2}(?:\d{2}|\1\d{2})(?![\w:]|[.,/-]\d)"
    r"|(?<![\w.,/:-])(?:1[3-9]\d[\s-]\d{4}[\s-]\d{4}|\d{5}[\s-]\d{5}|\d{2}[\s-]9\d{4}[\s-]\d{4})(?![\w:]|[.,/-]\d)"
)
"""A number with the code of an area: "0475 12 34 56", "(02) 555-1234", "415-555-2671", "138 0013 8000"."""
_WITHOUT_BLANKS = re.compile(r"(?<![\w.,/:+-])(?:0[1-9]\d{7,9}|[1-9]\d{9,11})(?![\w:]|[.,/-]\d)")
"""A number in one piece, longer than any count of people: "0475123456", "13800138000"."""
_CALLED = re.compile(
    r"(?:\bt[eé]l(?:[eé]fon\w*|efoon|ephone|[.])?|\bphone|\bmob(?:ile|il|[.])?|\bm[oó]vil|\bcell(?:ulare|ular)?"
    r"|\bcelular|\bfax|\bhandy|\btlf|\bgsm|\bwhats\s?app|\bcall|\bring|☎|📞|тел\w*\.?|电话|電話|手机|手機|전화|هاتف|تلفون)"
    rf"(?:\s?(?:no|nr|number|n°|№))?\s?[:.：]?\s{{0,3}}(\(?\+?\d(?:{_BETWEEN}\d){{5,14}})",
    re.IGNORECASE,
)
"""A number that is said to be one: "tel. 5551234"."""
_DATE = re.compile(
    r"^\D*(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|(?:19|20)\d\d[01]\d[0-3]\d[0-2]\d[0-5]\d)\D*$"
)
_YEARS = re.compile(r"^\D*(?:(?:19|20)\d\d\D+)*(?:19|20)\d\d\D*$")
_DIGITS = range(7, 16)
"""How many digits a telephone number has; 15 are the most of E.164."""


def addresses(text: str, *, in_words: bool = True) -> Iterator[Piece]:
    """The e-mail addresses of a text; `in_words` looks for those without any sign too ("x at y.org")."""
    seen = plain(text)
    if not _SIGN.search(seen.text):
        return
    patterns = (_EMAIL, _BARE_EMAIL, _OF_A_MACHINE, *((_IN_WORDS,) if in_words else ()))
    for pattern in patterns:
        for found in pattern.finditer(seen.text):
            yield Piece(*seen.span(*found.span()), "an e-mail address")


def telephones(text: str, *, in_id: bool = False) -> Iterator[Piece]:
    """The telephone numbers of a text.

    An id may be a number of its own: there only a number counts that is abroad, that is called one, or that
    is the whole id in groups of digits.
    """
    seen = plain(text)
    if not any(character.isdigit() for character in seen.text):
        return
    spans = [found.span() for found in _ABROAD.finditer(seen.text) if _is_one(found[0])]
    inland = [found for found in _INLAND.finditer(seen.text) if _is_one(found[0])]
    spans += [found.span() for found in inland if not in_id or _is_written_as_one(found[0], seen.text)]
    spans += [found.span(1) for found in _CALLED.finditer(seen.text) if _is_one(found[1], 6)]
    if not in_id:
        spans += [found.span() for found in _WITHOUT_BLANKS.finditer(seen.text) if _is_one(found[0])]
    for start, end in spans:
        yield Piece(*seen.span(*_bare(start, end, seen.text)), "a telephone number")


def _is_one(number: str, least: int = _DIGITS.start) -> bool:
    digits = sum(character.isdigit() for character in number)
    return least <= digits < _DIGITS.stop and not _DATE.match(number) and not _YEARS.match(number)


def _is_written_as_one(number: str, text: str) -> bool:
    """Whether a whole id is written as people write a telephone number, with blanks, points or brackets."""
    return number.strip() == text.strip() and bool(re.search(r"[\s(.]", number.strip()))


def _bare(start: int, end: int, text: str) -> tuple[int, int]:
    """The number alone, without the bracket or point that stands around it."""
    end = start + len(text[start:end].rstrip(" .-/(_"))
    found = text[start:end]
    if found.startswith("(") and (")" not in found or found.endswith(")")):
        start += 1
    if found.endswith(")"):
        end -= 1
    return start, end
