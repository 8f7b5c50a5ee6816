"""Stripping: administrative words are taken off a name, those of the languages of its country only.

"Roveredo di Gu" in Italy keeps its "Gu", which in Korea would say that it is a district. Belongs here:
finding the words at the ends of a name. Must stay out: the words (`programme/linking.toml`), and which
language is used where (`languages.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from programme.linking import Words
from tasks.crosscheck.names.languages import languages_of

POSTCODE = re.compile(r"^(?:[a-z]{1,2} )?\d{4,6} ")
YEAR = re.compile(r" (?:19|20)\d\d$")
LEADING = frozenset(["the", "la", "el", "le", "il", "die", "a", "o", "and", "of", "for"])
"""Words that may stand before an administrative word, as may a Roman number ("XIV Ayuntamiento")."""
NUMBER = re.compile(r"[ivx]{2,5}")
OF = re.compile(r"^(?:and )?of ")

Phrases = dict[str, tuple[tuple[str, ...], ...]]
"""The phrases by their first word (by their last, for words behind a name), the longest first."""


@dataclass(frozen=True)
class Affixes:
    """The administrative words of the languages of one country.

    `city_words` are the single words of the affixes of cities that occur in none of a level above.
    """

    before: Phrases
    after: Phrases
    upper_before: Phrases
    upper_after: Phrases
    connectors: frozenset[str]
    city_words: frozenset[str]
    attached: re.Pattern[str]

    def take_apart(self, folded: str) -> dict[str, str | bool]:
        """The name without the words around it (`head`), and with some of them.

        Those before it stay in `titled`, those behind it in `trailed`. `upper` and `upper_first` say whether
        a word of a level above the city stands around it, or before it.
        """
        if not self._may_have_any(folded):
            return {"head": folded, "titled": folded, "trailed": folded, "upper": False, "upper_first": False}
        return {
            "head": self.strip(folded),
            "titled": self.without_after(folded),
            "trailed": self.without_before(folded),
            "upper": self.is_upper(folded),
            "upper_first": self.is_upper_first(folded),
        }

    def _may_have_any(self, folded: str) -> bool:
        """Whether a word could stand at an end of the name: false for most names, and soon known."""
        first, _, _ = folded.partition(" ")
        _, _, last = folded.rpartition(" ")
        return (
            first in self.before
            or first in LEADING
            or last in self.after
            or last in self.upper_after
            or not folded.isascii()
            or folded[:1].isdigit()
            or folded[-1:].isdigit()
            or NUMBER.fullmatch(first) is not None
            or folded[2:4].strip().isdigit()
        )

    def strip(self, folded: str) -> str:
        """The name without the words around it, post code and year; as it is where nothing would be left."""
        rest = self.without_before(self.without_after(folded))
        return rest if rest.isascii() else self.attached.sub("", rest).strip() or folded

    def without_before(self, folded: str) -> str:
        """The name without the words before it; those behind it stay."""
        tokens = folded.split(" ")
        start = self._end_of_leading(tokens)
        while (size := _at(tokens, start, self.before)) and start + size < len(tokens):
            start += size
            while start + 1 < len(tokens) and tokens[start] in self.connectors:
                start += 1
        if start and start == self._end_of_leading(tokens):
            start = 0
        return OF.sub("", " ".join(tokens[start:])) or folded

    def without_after(self, folded: str) -> str:
        """The name without post code, year and the words behind it; the words before it stay."""
        tokens = YEAR.sub("", POSTCODE.sub("", folded)).split(" ")
        end = len(tokens)
        while (size := _ending(tokens, end, self.after)) and size < end:
            end -= size
        return " ".join(tokens[:end]) or folded

    def is_upper_first(self, folded: str) -> bool:
        """Whether a word for a level above a city stands before the name."""
        tokens = folded.split(" ")
        start = self._end_of_leading(tokens)
        size = _at(tokens, start, self.upper_before)
        return bool(size) and start + size < len(tokens)

    def is_upper(self, folded: str) -> bool:
        """Whether such a word stands before or behind the name."""
        tokens = folded.split(" ")
        size = _ending(tokens, len(tokens), self.upper_after)
        behind = bool(size) and len(" ".join(tokens[: len(tokens) - size])) > 1
        return behind or self.is_upper_first(folded)

    def _end_of_leading(self, tokens: list[str]) -> int:
        start = 0
        while start < len(tokens) and not _at(tokens, start, self.before):
            if tokens[start] not in LEADING and not NUMBER.fullmatch(tokens[start]):
                break
            start += 1
        return start


def _at(tokens: list[str], start: int, phrases: Phrases) -> int:
    """How many words the longest phrase has that stands at `start`; 0 for none."""
    if start >= len(tokens):
        return 0
    for phrase in phrases.get(tokens[start], ()):
        if tuple(tokens[start : start + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def _ending(tokens: list[str], end: int, phrases: Phrases) -> int:
    """How many words the longest phrase has that ends before `end`; 0 for none."""
    for phrase in phrases.get(tokens[end - 1], ()):
        if len(phrase) <= end and tuple(tokens[end - len(phrase) : end]) == phrase:
            return len(phrase)
    return 0


@lru_cache(maxsize=1024)
def affixes(country_iso3: str | None, words: Words) -> Affixes:
    """The words of a country's languages, or of all where it is not known; each country's are made once."""
    return _affixes_of(languages_of(country_iso3), words)


@lru_cache(maxsize=1024)
def _affixes_of(used: frozenset[str] | None, words: Words) -> Affixes:
    languages = [language for code, language in words.languages.items() if used is None or code in used]
    upper_before = [word for language in languages for word in language.upper_before]
    upper_after = [word for language in languages for word in language.upper_after]
    before = [word for language in languages for word in language.before]
    after = [word for language in languages for word in language.after]
    attached = "|".join(re.escape(word) for word in sorted(words.attached, key=len, reverse=True))
    return Affixes(
        before=_by_word((*before, *upper_before), 0),
        after=_by_word((*after, *upper_after), -1),
        upper_before=_by_word(upper_before, 0),
        upper_after=_by_word(upper_after, -1),
        connectors=frozenset(words.connectors),
        city_words=frozenset(
            {word for phrase in (*before, *after) for word in phrase.split()}
            - {word for phrase in (*upper_before, *upper_after) for word in phrase.split()}
        ),
        attached=re.compile(rf"(?:{attached})$"),
    )


def _by_word(phrases: Iterable[str], at: int) -> Phrases:
    table: dict[str, set[tuple[str, ...]]] = {}
    for phrase in phrases:
        tokens = tuple(phrase.split(" "))
        table.setdefault(tokens[at], set()).add(tokens)
    return {word: tuple(sorted(found, key=lambda item: (-len(item), item))) for word, found in table.items()}


def by_country(
    country: pl.Expr, text: pl.Expr, words: Words, made: Callable[[Affixes, str], object], dtype: pl.DataType
) -> pl.Expr:
    """`made` of each text with the words of its country; null for null."""

    def one_by_one(pairs: pl.Series) -> pl.Series:
        fields = pairs.struct.unnest()
        known: dict[str | None, Affixes] = {}
        for iso3 in fields["country"].unique():
            known[iso3] = affixes(iso3, words)
        values = [
            None if folded is None else made(known[iso3], folded)
            for iso3, folded in zip(fields["country"], fields["text"], strict=True)
        ]
        return pl.Series(values, dtype=dtype)

    return pl.struct(country=country, text=text).map_batches(one_by_one, return_dtype=dtype)
