"""Dates and times of day in the languages that form tools write, brought into one spelling.

Belongs here: marks of year, month, day and hour, words for the halves of a day, names of time zones. Must
stay out: what the numbers then mean (`dates.py`), and the words themselves (`programme/form.toml`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tasks.ingest.cells.comparison import comparison_key

_BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_HIDDEN = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_EAST_DAY = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")
_EAST_TIME = re.compile(r"(\d{1,2})\s*[時时点點시]\s*(\d{1,2})\s*[分분](?:\s*(\d{1,2})\s*[秒초])?")
_YEAR_DOTS = re.compile(r"^(\d{4})\.\s?(\d{1,2})\.\s?(\d{1,2})\.?(?=\s|$)")
_YEAR_MARK = re.compile(r"(?<=\d{4})\s?(?:г|р|g|god|m|й|ж)\.?,?(?=\s|$)|(?<=\d{4})\.(?=\s|$)", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_CLOCK = r"\d{1,2}(?:[:.h]\d{2}){1,2}"


@dataclass(frozen=True)
class SpelledWords:
    """The words that stand in dates beside numbers: patterns of the halves of a day, and the zones."""

    before: re.Pattern[str]
    behind: re.Pattern[str]
    is_after_noon: Mapping[str, bool]
    zones: Mapping[str, float]


@cache
def spelled_words(
    before_noon: tuple[str, ...], after_noon: tuple[str, ...], zones: tuple[tuple[str, float], ...]
) -> SpelledWords:
    """The words as the rules name them (`before_noon`, `after_noon`, `zones` of `programme/form.toml`)."""
    is_after = {_bare(word): False for word in before_noon} | {_bare(word): True for word in after_noon}
    words = "|".join(_spaced(word) for word in sorted({*before_noon, *after_noon}, key=len, reverse=True))
    return SpelledWords(
        before=re.compile(rf"(?<![^\W\d_])({words})\s*({_CLOCK})", re.IGNORECASE),
        behind=re.compile(rf"({_CLOCK})\s*({words})(?![^\W\d_])", re.IGNORECASE),
        is_after_noon=is_after,
        zones=dict(zones),
    )


def _bare(word: str) -> str:
    """A word without points and blanks; it stays in its letters, whose accents may tell words apart."""
    return re.sub(r"[\s.]", "", unicodedata.normalize("NFKC", word)).casefold()


def _spaced(word: str) -> str:
    """A pattern of a word with any points and blanks between and behind its letters."""
    return r"[.\s]*".join(map(re.escape, re.sub(r"[\s.]", "", unicodedata.normalize("NFKC", word)))) + r"\.?"


def usual_spelling(text: str, words: SpelledWords) -> str:
    """A date in the spelling that `dates.py` reads: "2025. 8. 14 오후 1:05" becomes "2025-8-14 1:05 pm"."""
    text = _BLANKS.sub(" ", _HIDDEN.sub("", unicodedata.normalize("NFKC", text))).strip()
    text = _EAST_DAY.sub(r"\1-\2-\3 ", text)
    text = _EAST_TIME.sub(lambda found: ":".join(filter(None, found.groups())), text)
    text = _YEAR_DOTS.sub(r"\1-\2-\3", text)
    text = _YEAR_MARK.sub("", _BRACKETS.sub("", text))
    text = words.before.sub(lambda found: f"{found[2]} {_half(found[1], words)}", text, count=1)
    text = words.behind.sub(lambda found: f"{found[1]} {_half(found[2], words)}", text, count=1)
    return _with_zone(_BLANKS.sub(" ", text).strip(), words.zones)


def _half(word: str, words: SpelledWords) -> str:
    return "pm" if words.is_after_noon[_bare(word)] else "am"


def _with_zone(text: str, zones: Mapping[str, float]) -> str:
    """The text with a zone that is written out at its end as an offset ("+02:00")."""
    clock = re.search(rf"{_CLOCK}(?: [ap]m)? (?=[^\W\d_])", text)
    if not clock:
        return text
    hours = zones.get(comparison_key(text[clock.end() :]))
    if hours is None:
        return text
    minutes = round(hours * 60)
    return f"{text[: clock.end()]}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
